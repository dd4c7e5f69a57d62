// SPDX-License-Identifier: Apache-2.0

import NIOCore

// The pair that NIO's documentation shows for a wire with headers: a decoder that is asked for one
// packet at a time, and an encoder that gets one packet at a time.

struct PacketDecoder: ByteToMessageDecoder {
    typealias InboundOut = Packet

    mutating func decode(
        context: ChannelHandlerContext,
        buffer: inout ByteBuffer
    ) throws -> DecodingState {
        guard let size = try sizeOfPacket(in: buffer) else { return .needMoreData }
        let start = buffer.readerIndex
        let tables = HeaderChecksum.tables
        // SAFETY: the packet is whole, so its header lies within the buffer.
        let isRight = buffer.withUnsafeReadableBytes { bytes in
            guard let header = bytes.baseAddress else { return false }
            let checksum = header.loadUnaligned(fromByteOffset: 20, as: UInt32.self)
            return HeaderChecksum.of(header, tables) == checksum
        }
        guard isRight,
            let (version, flags) = buffer.getMultipleIntegers(
                at: start + 4,
                endianness: .little,
                as: (UInt16, UInt16).self
            ),
            let seq = buffer.getInteger(at: start + 12, endianness: .little, as: UInt64.self)
        else { throw PacketError() }
        buffer.moveReaderIndex(forwardBy: Packet.headerSize)
        guard let payload = buffer.readSlice(length: size - Packet.headerSize) else {
            throw PacketError()
        }
        let packet = Packet(version: version, flags: flags, seq: seq, payload: payload)
        context.fireChannelRead(wrapInboundOut(packet))
        return .continue
    }

    mutating func decodeLast(
        context: ChannelHandlerContext,
        buffer: inout ByteBuffer,
        seenEOF: Bool
    ) throws -> DecodingState { .needMoreData }

    /// `nil` while not all of it is there.
    private func sizeOfPacket(in buffer: ByteBuffer) throws -> Int? {
        let start = buffer.readerIndex
        guard buffer.readableBytes >= Packet.headerSize,
            let magic = buffer.getInteger(at: start, endianness: .little, as: UInt32.self),
            let size = buffer.getInteger(at: start + 8, endianness: .little, as: UInt32.self)
        else { return nil }
        guard magic == Packet.magic, size >= Packet.headerSize, size <= Packet.maxSize else {
            throw PacketError()
        }
        return buffer.readableBytes >= Int(size) ? Int(size) : nil
    }
}

struct PacketEncoder: MessageToByteEncoder {
    typealias OutboundIn = Packet

    func encode(data packet: Packet, out: inout ByteBuffer) throws {
        let size = UInt32(Packet.headerSize + packet.payload.readableBytes)
        let word0 =
            UInt64(Packet.magic) | UInt64(packet.version) << 32 | UInt64(packet.flags) << 48
        let word1 = UInt64(size) | packet.seq << 32
        let last = UInt32(packet.seq >> 32)
        let checksum = HeaderChecksum.of(word0, word1, last, HeaderChecksum.tables)
        out.reserveCapacity(minimumWritableBytes: Int(size))
        out.writeMultipleIntegers(word0, word1, last, checksum, endianness: .little)
        out.writeImmutableBuffer(packet.payload)
    }
}

final class PacketEchoHandler: ChannelInboundHandler {
    typealias InboundIn = Packet
    typealias OutboundOut = Packet

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.write(data, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
