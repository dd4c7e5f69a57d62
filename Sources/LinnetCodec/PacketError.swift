// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a packet: what was wrong, where, and which section of Specs/protocol.md says
/// so.
@frozen
public struct PacketError: Error, Hashable, Sendable {
    /// The stable names of section 4.2.
    @frozen
    public enum Code: String, Hashable, Sendable, CaseIterable {
        case badMagic = "bad-magic"
        case badHeaderChecksum = "bad-header-checksum"
        case unsupportedVersion = "unsupported-version"
        case unsupportedFlag = "unsupported-flag"
        case sizeTooSmall = "size-too-small"
        case sizeTooLarge = "size-too-large"
        case badSequence = "bad-sequence"
        case truncated = "truncated"
        case badPayloadChecksum = "bad-payload-checksum"
    }

    public let code: Code
    /// Offset of the field from the packet's first byte; for `truncated` the bytes that arrived.
    public let byteOffset: Int
    /// What the field holds.
    public let found: UInt64
    /// What it should hold; the limit, where there is one.
    public let expected: UInt64

    public init(code: Code, byteOffset: Int, found: UInt64, expected: UInt64) {
        self.code = code
        self.byteOffset = byteOffset
        self.found = found
        self.expected = expected
    }

    /// The field that is wrong.
    public var field: PacketField {
        switch code {
        case .badMagic: .magic
        case .badHeaderChecksum: .checksum
        case .unsupportedVersion: .version
        case .unsupportedFlag: .flags
        case .sizeTooSmall, .sizeTooLarge: .size
        case .badSequence: .seq
        case .truncated: byteOffset < PacketHeader.byteCount ? .header : .payload
        case .badPayloadChecksum: .trailer
        }
    }

    /// The section of Specs/protocol.md that the packet breaks.
    public var section: String {
        switch code {
        case .badMagic: "2.2"
        case .badHeaderChecksum: "2.1"
        case .unsupportedVersion: "2.3"
        case .unsupportedFlag: "2.4"
        case .sizeTooSmall: "3.1"
        case .sizeTooLarge: "3"
        case .badSequence: "5"
        case .truncated: "6.2"
        case .badPayloadChecksum: "2.5"
        }
    }
}

extension PacketError: CustomStringConvertible {
    /// `bad-magic: magic is 0x20544547, expected 0x544E4E4C (offset 0, Specs/protocol.md 2.2)`
    public var description: String {
        "\(code.rawValue): \(explanation) (offset \(byteOffset), Specs/protocol.md \(section))"
    }

    /// The middle of the description: a sentence without name, offset and section.
    public var explanation: String {
        switch code {
        case .badMagic:
            "magic is \(hexadecimal(found)), expected \(hexadecimal(expected))"
        case .badHeaderChecksum:
            "the header's checksum is \(hexadecimal(found)),"
                + " its bytes give \(hexadecimal(expected))"
        case .unsupportedVersion:
            "version \(found) is not accepted, \(expected) would be"
        case .unsupportedFlag:
            "flags \(hexadecimal(found, digitCount: 4)) have bits that level 0 does not know: "
                + "\(PacketFlags(rawValue: UInt16(truncatingIfNeeded: found & ~expected)))"
        case .sizeTooSmall:
            "size \(found) is less than the \(expected) bytes that header and trailer need"
        case .sizeTooLarge:
            "size \(found) is more than the maximum of \(expected) bytes"
        case .badSequence:
            "seq is \(found), expected \(expected)"
        case .truncated:
            "the stream ended after \(found) of \(expected) bytes"
                + " of the \(field == .header ? "header" : "packet")"
        case .badPayloadChecksum:
            "the trailer is \(hexadecimal(found)),"
                + " the payload's checksum is \(hexadecimal(expected))"
        }
    }

    private func hexadecimal(_ value: UInt64, digitCount: Int = 8) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: max(0, digitCount - digits.count)) + digits
    }
}
