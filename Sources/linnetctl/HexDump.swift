// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Lines of a classic dump: offset, sixteen bytes in hexadecimal, the same in ASCII.
struct HexDump {
    /// Bytes in one line.
    static let lineByteCount = 16

    let bytes: Data
    /// What to show of `bytes`.
    let range: Range<Int>

    var lines: [String] {
        stride(from: range.lowerBound, to: range.upperBound, by: Self.lineByteCount).map { start in
            line(of: start..<min(start + Self.lineByteCount, range.upperBound))
        }
    }

    private func line(of part: Range<Int>) -> String {
        let (left, right) = (bytes[part].prefix(8), bytes[part].dropFirst(8))
        let digits = left.hexadecimal(separator: " ") + "  " + right.hexadecimal(separator: " ")
        let text = bytes[part].map { $0.isPrintable ? Character(UnicodeScalar($0)) : "." }
        return "\(Self.offset(part.lowerBound))  \(padded(digits, to: 48))  |\(String(text))|"
    }

    /// Eight digits or more.
    static func offset(_ offset: Int) -> String {
        UInt32(exactly: offset)?.hexadecimal ?? UInt64(offset).hexadecimal
    }
}

extension UInt8 {
    /// Whether the byte is an ASCII character that can be seen, or a space.
    var isPrintable: Bool { (0x20...0x7E).contains(self) }
}

/// `text` with spaces behind it, so that what follows it stands in a column.
func padded(_ text: String, to count: Int) -> String {
    text + String(repeating: " ", count: max(0, count - text.count))
}
