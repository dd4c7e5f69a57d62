// SPDX-License-Identifier: Apache-2.0

public import LinnetTestSupport

/// The settings of both decoders, chosen by one byte.
///
/// | bits | choice |
/// | --- | --- |
/// | 0 | 1: checksums in the input are made right first, so that deep paths are reached |
/// | 1 | magic: the default, or 0x31504B43 |
/// | 2 to 3 | versions: 1 to 1, 2 to 4, 0 to 65535, 1 to 1 |
/// | 4 | sequence policy: strict, or ignore |
/// | 5 to 6 | maximum packet size: 1,048,576, 32, 28, 4,096 |
/// | 7 | 1, with bit 0: all fields are made right, so that any bytes are a row of packets |
public struct PacketSettings: Sendable {
    public let naive: NaiveDecoder
    private let repairsChecksums: Bool
    private let repairsFields: Bool

    public init(_ byte: UInt8) {
        var naive = NaiveDecoder()
        naive.magic = byte & 2 == 0 ? 0x544E_4E4C : 0x3150_4B43
        naive.versions = [1...1, 2...4, 0...UInt16.max, 1...1][Int(byte >> 2 & 3)]
        naive.isStrict = byte & 16 == 0
        naive.maxPacketByteCount = [1_048_576, 32, 28, 4_096][Int(byte >> 5 & 3)]
        self.naive = naive
        repairsChecksums = byte & 1 == 1
        repairsFields = byte & 128 == 128
    }

    /// The bytes under test: `stream`, made right as far as the settings say.
    public func prepared(_ stream: [UInt8]) -> [UInt8] {
        guard repairsChecksums else { return stream }
        var bytes = stream
        var start = 0
        var seq: UInt64 = 0
        while bytes.count - start >= 24 {
            if repairsFields { repairFields(of: &bytes, at: start, seq: seq) }
            let header = bytes[start..<start + 20] + [0, 0, 0, 0]
            bytes.store(NaiveDecoder.crc32(Array(header)), at: start + 20)
            let size = Int(bytes.load(at: start + 8, as: UInt32.self))
            let hasTrailer = bytes[start + 6] & 2 != 0
            guard size >= (hasTrailer ? 28 : 24), size <= bytes.count - start else { break }
            if hasTrailer {
                let trailer = start + size - 4
                bytes.store(NaiveDecoder.crc32(Array(bytes[start + 24..<trailer])), at: trailer)
            }
            start += size
            seq &+= 1
        }
        return bytes
    }

    /// Makes any 24 bytes the header of a packet that ends within the stream and has at most 255
    /// bytes of payload. A short packet that is right already stays as it is.
    private func repairFields(of bytes: inout [UInt8], at start: Int, seq: UInt64) {
        let restByteCount = bytes.count - start
        var flags = bytes.load(at: start + 6, as: UInt16.self) & 0xF003
        if restByteCount < 28 { flags &= ~2 }
        let minByteCount = flags & 2 == 0 ? 24 : 28
        let announced = Int(bytes.load(at: start + 8, as: UInt32.self))
        let maxByteCount = min(restByteCount, naive.maxPacketByteCount)
        let size = min(minByteCount + (announced - minByteCount) & 0xFF, maxByteCount)
        bytes.store(naive.magic, at: start)
        bytes.store(naive.versions.lowerBound, at: start + 4)
        bytes.store(flags, at: start + 6)
        bytes.store(UInt32(size), at: start + 8)
        bytes.store(seq, at: start + 12)
    }
}

extension [UInt8] {
    /// The little-endian number at `offset`.
    fileprivate func load<Number: FixedWidthInteger>(at offset: Int, as: Number.Type) -> Number {
        var number: Number = 0
        for position in 0..<Number.bitWidth / 8 {
            number |= Number(self[offset + position]) << (8 * position)
        }
        return number
    }

    fileprivate mutating func store(_ number: some FixedWidthInteger, at offset: Int) {
        for position in 0..<number.bitWidth / 8 {
            self[offset + position] = UInt8(truncatingIfNeeded: number >> (8 * position))
        }
    }
}
