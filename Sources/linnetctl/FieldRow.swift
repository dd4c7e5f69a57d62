// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import LinnetBytes
internal import LinnetCodec

/// One line of a listing: a field, where it stands, its bytes, and what they mean.
struct FieldRow {
    let field: PacketField
    /// Where the field stands in the capture, as far as it is there.
    let range: Range<Int>
    let value: String
    /// Whether the packet's error is in this field.
    let isWrong: Bool
}

/// The rows of one packet of a capture, in the order of the wire.
struct FieldRows {
    private let packet: PacketFinding
    private let analysis: CaptureAnalysis

    init(of packet: PacketFinding, in analysis: CaptureAnalysis) {
        self.packet = packet
        self.analysis = analysis
    }

    /// Header, payload and trailer, as far as they are there and can be believed: of bytes that do
    /// not begin with the magic only the magic.
    var all: [FieldRow] {
        let fields = packet.error?.code == .badMagic ? [HeaderField.all[0]] : HeaderField.all
        return fields.compactMap(row) + [payloadRow, trailerRow].compactMap(\.self)
    }

    private func row(of part: HeaderField) -> FieldRow? {
        let start = packet.offset + part.offset
        guard start < analysis.bytes.count else { return nil }
        let range = start..<min(start + part.byteCount, analysis.bytes.count)
        guard range.count == part.byteCount else {
            return incompleteRow(of: part.field, range, byteCount: part.byteCount)
        }
        return row(of: part.field, range, value(of: part.field, at: start))
    }

    private var payloadRow: FieldRow? {
        guard let header = packet.header, let range = packet.payloadRange else { return nil }
        let byteCount = header.payloadRange.count
        guard range.count == byteCount else {
            return incompleteRow(of: .payload, range, byteCount: byteCount)
        }
        return row(of: .payload, range, byteCount == 0 ? "empty" : counted(byteCount, "byte"))
    }

    private var trailerRow: FieldRow? {
        guard let payload = packet.payloadRange, let range = packet.trailerRange else { return nil }
        guard range.count == 4 else { return incompleteRow(of: .trailer, range, byteCount: 4) }
        let all = analysis.bytes.bytes
        let computed = Checksum.crc32(all.extracting(payload))
        let found: UInt32 = all.loadLittleEndian(at: range.lowerBound)
        return row(of: .trailer, range, checksumValue(found: found, computed: computed))
    }

    private func row(of field: PacketField, _ range: Range<Int>, _ value: String) -> FieldRow {
        // What is all there is not what was cut off.
        let isWrong = packet.error?.field == field && packet.error?.code != .truncated
        return FieldRow(field: field, range: range, value: value, isWrong: isWrong)
    }

    private func incompleteRow(
        of field: PacketField,
        _ range: Range<Int>,
        byteCount: Int
    ) -> FieldRow {
        FieldRow(
            field: field,
            range: range,
            value: "only \(range.count) of \(counted(byteCount, "byte")) are there",
            isWrong: packet.error?.code == .truncated
        )
    }
}

extension FieldRows {
    /// What a field of the header says. All of its bytes are there.
    private func value(of field: PacketField, at offset: Int) -> String {
        let all = analysis.bytes.bytes
        switch field {
        case .magic:
            return magicValue(all.loadLittleEndian(at: offset))
        case .version:
            return "\(all.loadLittleEndian(at: offset, as: UInt16.self))"
        case .flags:
            let flags = PacketFlags(rawValue: all.loadLittleEndian(at: offset))
            return "0x\(flags.rawValue.hexadecimal.uppercased()) \(flags)"
        case .size:
            return sizeValue(all.loadLittleEndian(at: offset))
        case .seq:
            return seqValue(all.loadLittleEndian(at: offset))
        default:
            // The checksum is the last field, so the whole header is there.
            let header = all.extracting(packet.offset..<packet.offset + PacketHeader.byteCount)
            let found: UInt32 = all.loadLittleEndian(at: offset)
            return checksumValue(found: found, computed: Checksum.header(header))
        }
    }

    private func magicValue(_ magic: UInt32) -> String {
        let value = named(magic)
        return magic == analysis.framing.magic
            ? value : "\(value), expected \(named(analysis.framing.magic))"
    }

    /// A magic as number and, if its bytes are printable, as text.
    private func named(_ magic: UInt32) -> String {
        let bytes = littleEndianBytes(of: magic)
        let number = "0x\(magic.hexadecimal.uppercased())"
        guard bytes.allSatisfy(\.isPrintable) else { return number }
        return "\(number) \"\(String(decoding: bytes, as: UTF8.self))\""
    }

    private func sizeValue(_ size: UInt32) -> String {
        guard let header = packet.header else { return "\(size)" }
        guard size >= header.minSize else { return "\(size), the minimum is \(header.minSize)" }
        let trailer = header.flags.contains(.payloadChecksum) ? " + 4 trailer" : ""
        let parts = "\(size) = 24 header + \(header.payloadRange.count) payload\(trailer)"
        let max = analysis.framing.limits.maxPacketByteCount
        return Int(size) > max ? "\(parts), the maximum is \(max)" : parts
    }

    private func seqValue(_ seq: UInt64) -> String {
        guard let error = packet.error, error.code == .badSequence else { return "\(seq)" }
        return "\(seq), expected \(error.expected)"
    }

    private func checksumValue(found: UInt32, computed: UInt32) -> String {
        let (found, right) = (found.hexadecimal.uppercased(), computed.hexadecimal.uppercased())
        return found == right ? "0x\(found) ok" : "wrong: found 0x\(found), computed 0x\(right)"
    }
}

/// `1 byte`, `2 bytes`.
func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
}
