// SPDX-License-Identifier: Apache-2.0

import LinnetBytes

/// Bytes in hexadecimal beside what they are, in columns.
struct DumpText {
    private struct Row {
        var offset: Int
        var byteCount: Int
        var path: String
        var value: String
    }

    private var rows: [Row] = []

    private static let bytesOfLine = 8
    private static let maxPathWidth = 32
    private static let maxValueWidth = 60

    /// Bytes that mean something. None if there are no bytes.
    mutating func add(_ offset: Int, _ byteCount: Int, _ path: String, _ value: String) {
        guard byteCount > 0 else { return }
        rows.append(Row(offset: offset, byteCount: byteCount, path: path, value: value))
    }

    func lines(of bytes: RawSpan) -> String {
        let offsetWidth = max(4, "\(bytes.byteCount)".utf8.count)
        let longest = rows.lazy.map(\.path.utf8.count).max() ?? 0
        let pathWidth = min(longest, Self.maxPathWidth)
        var text = ""
        for row in rows {
            var offset = row.offset
            let end = row.offset + row.byteCount
            while offset < end {
                let count = min(Self.bytesOfLine, end - offset)
                let hexadecimal = Self.hexadecimal(bytes.extracting(offset..<offset + count))
                text += Self.padded("\(offset)", offsetWidth, atFront: true) + "  " + hexadecimal
                if offset == row.offset {
                    text += String(repeating: "   ", count: Self.bytesOfLine - count) + "  "
                    text += Self.padded(row.path, pathWidth) + "  " + Self.cut(row.value)
                }
                text += "\n"
                offset += count
            }
        }
        return text
    }

    /// Bytes that mean nothing, with a mark below the byte at an offset.
    static func plain(_ bytes: RawSpan, mark: Int) -> String {
        var text = ""
        var offset = 0
        let width = max(4, "\(bytes.byteCount)".utf8.count)
        repeat {
            let count = min(16, bytes.byteCount - offset)
            text += padded("\(offset)", width, atFront: true) + "  "
            text += hexadecimal(bytes.extracting(offset..<offset + count)) + "\n"
            if mark >= offset, mark < offset + 16, mark <= bytes.byteCount {
                text += String(repeating: " ", count: width + 2 + (mark - offset) * 3) + "^^\n"
            }
            offset += 16
        } while offset < bytes.byteCount
        return text
    }

    private static func hexadecimal(_ bytes: RawSpan) -> String {
        var text = ""
        for offset in 0..<bytes.byteCount {
            let digits = String(bytes.byte(at: offset), radix: 16)
            text += (offset == 0 ? "" : " ") + (digits.utf8.count == 1 ? "0" : "") + digits
        }
        return text
    }

    private static func padded(_ text: String, _ width: Int, atFront: Bool = false) -> String {
        let spaces = String(repeating: " ", count: max(0, width - text.utf8.count))
        return atFront ? spaces + text : text + spaces
    }

    private static func cut(_ value: String) -> String {
        value.count <= maxValueWidth ? value : value.prefix(maxValueWidth - 1) + "…"
    }
}
