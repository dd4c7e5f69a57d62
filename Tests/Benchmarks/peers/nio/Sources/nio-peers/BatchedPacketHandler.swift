// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Packets as fast as NIO lets them be: one handler, which takes all packets of a read in a loop
/// over raw memory and writes the answers into one buffer, which it has once for a connection.
final class BatchedPacketHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The beginning of a packet.
    private var incomplete = ByteBuffer()
    private var output = ByteBuffer()
    private let tables = HeaderChecksum.tables

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var input = unwrapInboundIn(data)
        do {
            guard incomplete.readableBytes > 0 else {
                try answer(&input, context)
                if input.readableBytes > 0 { incomplete = input }
                return
            }
            incomplete.writeBuffer(&input)
            try answer(&incomplete, context)
            if incomplete.readableBytes == 0 { incomplete = ByteBuffer() }
        } catch {
            context.close(promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ input: inout ByteBuffer, _ context: ChannelHandlerContext) throws {
        // The memory is the same as before, unless the socket has not taken all of it.
        output.clear(minimumCapacity: input.readableBytes)
        // SAFETY: what is loaded and copied lies within the readable bytes, as the loop makes sure,
        // and the answers are as long as the packets, for which there is room.
        let count = try output.writeWithUnsafeMutableBytes(
            minimumWritableBytes: input.readableBytes
        ) { answers in
            try input.withUnsafeReadableBytes { try answerPackets($0, into: answers) }
        }
        input.moveReaderIndex(forwardBy: count)
        if count > 0 { context.write(wrapOutboundOut(output), promise: nil) }
    }

    /// Returns how many bytes the whole packets among the bytes have.
    private func answerPackets(
        _ bytes: UnsafeRawBufferPointer,
        into answers: UnsafeMutableRawBufferPointer
    ) throws -> Int {
        guard let input = bytes.baseAddress, let output = answers.baseAddress else { return 0 }
        let tables = tables
        var offset = 0
        while bytes.count - offset >= Packet.headerSize {
            let packet = input + offset
            let word0 = packet.loadUnaligned(as: UInt64.self)
            let word1 = packet.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            let last = packet.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
            let checksum = packet.loadUnaligned(fromByteOffset: 20, as: UInt32.self)
            let size = Int(UInt32(truncatingIfNeeded: word1))
            guard UInt32(truncatingIfNeeded: word0) == Packet.magic, size >= Packet.headerSize,
                size <= Packet.maxSize
            else { throw PacketError() }
            guard bytes.count - offset >= size else { break }
            guard HeaderChecksum.of(word0, word1, last, tables) == checksum else {
                throw PacketError()
            }
            let answer = output + offset
            let version = UInt16(truncatingIfNeeded: word0 >> 32)
            let flags = UInt16(truncatingIfNeeded: word0 >> 48)
            let front = UInt64(Packet.magic) | UInt64(version) << 32 | UInt64(flags) << 48
            answer.storeBytes(of: front, as: UInt64.self)
            answer.storeBytes(of: word1, toByteOffset: 8, as: UInt64.self)
            answer.storeBytes(of: last, toByteOffset: 16, as: UInt32.self)
            let own = HeaderChecksum.of(answer, tables)
            answer.storeBytes(of: own, toByteOffset: 20, as: UInt32.self)
            let payload = size - Packet.headerSize
            (answer + Packet.headerSize).copyMemory(
                from: packet + Packet.headerSize,
                byteCount: payload
            )
            offset += size
        }
        return offset
    }
}
