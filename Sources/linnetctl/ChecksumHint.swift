// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import LinnetBytes
internal import LinnetCodec

/// Why a checksum may be wrong: the mistakes of senders, tried one by one, and single damaged bits.
struct ChecksumHint {
    let found: UInt32
    let expected: UInt32
    /// From the packet's first byte on; at least what the checksum covers.
    let bytes: Data

    var headerText: String {
        if let text = commonText { return text }
        if found == Checksum.crc32(bytes.prefix(20).bytes) {
            return """
                It is the CRC-32 of the header's first 20 bytes. The rule is: of all 24, with the \
                four of the checksum taken as zero.
                """
        }
        if let bit = damagedBit {
            return """
                One bit turned over would explain it: bit \(bit.bit) of byte \(bit.byte), in \
                \(bit.field.rawValue). Then the header was damaged on its way.
                """
        }
        return """
            The header was damaged, or changed after its checksum was computed, which a sender \
            does last (7.1). None of it can be believed, not even where the packet ends.
            """
    }

    /// - Parameter payload: where the payload stands within the packet.
    func trailerText(payload: Range<Int>) -> String {
        if let text = commonText { return text }
        let packet = bytes.prefix(payload.upperBound)
        if found == Checksum.crc32(packet.bytes) {
            return "It is the CRC-32 of header and payload. The rule is: of the payload alone."
        }
        return """
            The header is right, so payload or trailer were damaged on their way, or the sender \
            changed the payload after it computed the trailer.
            """
    }

    private var commonText: String? {
        if found == 0 {
            return "It is zero: the sender seems not to fill it in."
        }
        if found == expected.byteSwapped {
            return """
                Its bytes are in reverse order: the sender writes big-endian numbers, the protocol \
                has little-endian ones (1.3).
                """
        }
        if found == ~expected {
            return """
                Each bit is the opposite of what it should be: the sender leaves out the final XOR \
                of CRC-32 (1.5).
                """
        }
        return nil
    }

    /// The bit of the header that makes the checksum right if it is turned over.
    private var damagedBit: (byte: Int, bit: Int, field: PacketField)? {
        let difference = found ^ expected
        if difference.nonzeroBitCount == 1 {
            let bit = difference.trailingZeroBitCount
            return (PacketField.checksumOffset + bit / 8, bit % 8, .checksum)
        }
        var header = Data(bytes.prefix(PacketHeader.byteCount))
        for bit in 0..<PacketField.checksumOffset * 8 {
            header[bit / 8] ^= 1 << UInt8(bit % 8)
            defer { header[bit / 8] ^= 1 << UInt8(bit % 8) }
            if Checksum.header(header.bytes) == found {
                return (bit / 8, bit % 8, field(at: bit / 8))
            }
        }
        return nil
    }

    private func field(at offset: Int) -> PacketField {
        HeaderField.all.last { $0.offset <= offset }?.field ?? .magic
    }
}

/// A field of the header: where it stands.
struct HeaderField {
    let field: PacketField
    let offset: Int
    let byteCount: Int

    static let all = [
        HeaderField(field: .magic, offset: PacketField.magicOffset, byteCount: 4),
        HeaderField(field: .version, offset: PacketField.versionOffset, byteCount: 2),
        HeaderField(field: .flags, offset: PacketField.flagsOffset, byteCount: 2),
        HeaderField(field: .size, offset: PacketField.sizeOffset, byteCount: 4),
        HeaderField(field: .seq, offset: PacketField.seqOffset, byteCount: 8),
        HeaderField(field: .checksum, offset: PacketField.checksumOffset, byteCount: 4),
    ]
}
