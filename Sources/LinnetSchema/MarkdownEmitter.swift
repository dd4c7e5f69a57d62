// SPDX-License-Identifier: Apache-2.0

/// Writes the documentation of a schema as Markdown with tables (GitHub's dialect). What authors
/// wrote stays text: it is escaped.
public struct MarkdownEmitter {
    private let schema: Schema

    public init(_ schema: Schema) {
        self.schema = schema
    }

    /// The text. Ends with a newline. O(fields).
    public func text() -> String {
        var builder = ReferenceBuilder(schema)
        let blocks = builder.build().items.compactMap(text)
        return blocks.joined(separator: "\n\n") + "\n"
    }

    private func text(_ item: ReferencePage.Item) -> String? {
        switch item {
        case .heading(let level, let text, let anchor):
            let target = anchor.map { "<a id=\"\(anchorName($0))\"></a>" } ?? ""
            return "\(String(repeating: "#", count: level)) \(target)\(Self.escaped(text))"
        case .paragraph(let content): return text(content)
        case .table(let head, let rows):
            let numbers = head.indices.map { column in
                rows.contains { $0[column].isNumber }
                    && rows.allSatisfy { $0[column].isNumber || $0[column].content.isEmpty }
            }
            var lines = [
                line(head.map(Self.escaped)), line(numbers.map { $0 ? "---:" : "---" }),
            ]
            lines += rows.map { row in line(row.map { text($0.content) }) }
            return lines.joined(separator: "\n")
        case .diagram: return nil
        }
    }

    private func line(_ cells: [String]) -> String {
        "| \(cells.joined(separator: " | ")) |"
    }

    private func text(_ content: [ReferencePage.Inline]) -> String {
        content.map { part in
            switch part {
            case .text(let text): Self.escaped(text)
            case .code(let text): Self.code(text)
            case .link(let text, let anchor): "[\(Self.code(text))](#\(anchorName(anchor)))"
            }
        }.joined()
    }

    /// Types and names have no characters that end a code span or a cell.
    private static func code(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0.isASCII && $0 != "`" && $0 != "|" }
        return isPlain ? "`\(text)`" : escaped(text)
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\\", "`", "*", "_", "{", "}", "[", "]", "(", ")", "#", "+", "-", "!", "|", "~":
                // A hyphen within a word begins nothing, but one may begin a line.
                if scalar == "-" || scalar == "+" || scalar == "(" || scalar == ")",
                    !result.isEmpty
                {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += "\\"
                    result.unicodeScalars.append(scalar)
                }
            case "\n", "\r", "\t": result += " "
            default:
                if scalar.properties.generalCategory != .control {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}

/// The same in Markdown and HTML.
func anchorName(_ name: String) -> String { "type-\(name)" }
