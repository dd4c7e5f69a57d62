// SPDX-License-Identifier: Apache-2.0

/// Writes where each byte of messages is, what they take at most and what verifying them costs, as
/// tables of plain text.
public struct LayoutEmitter {
    private let schema: Schema

    public init(_ schema: Schema) {
        self.schema = schema
    }

    /// The text for the messages of those names, or for all. Ends with a newline. O(fields).
    public func text(of names: [String] = []) -> String {
        let messages = schema.messages.filter { names.isEmpty || names.contains($0.name) }
        return messages.map(text).joined(separator: "\n")
    }

    private func text(_ message: Message) -> String {
        let cost = schema.verifyCost(of: message)
        var lines = [
            "\(message.name) = \(message.number)",
            "  \(message.minByteCount) to \(message.maxByteCount) bytes; verifying takes at most "
                + "\(cost.stepCount) steps and a look at \(cost.textByteCount) bytes of text",
        ]
        var builder = ReferenceBuilder(schema)
        builder.add(message)
        // The first heading says what is said above.
        for item in builder.page.items.dropFirst() {
            switch item {
            case .heading(_, let text, _): lines += ["", "  \(text)"]
            case .table(let head, let rows): lines += [""] + table(head, rows)
            case .paragraph, .diagram: break
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func table(_ head: [String], _ rows: [[ReferencePage.Cell]]) -> [String] {
        let cells = [head] + rows.map { row in row.map { text($0.content) } }
        let isNumber = head.indices.map { column in rows.contains { $0[column].isNumber } }
        let widths = head.indices.map { column in
            cells.map { $0[column].unicodeScalars.count }.max() ?? 0
        }
        return cells.map { row in
            var line = "   "
            for (column, cell) in row.enumerated() {
                let gap = String(
                    repeating: " ",
                    count: widths[column] - cell.unicodeScalars.count
                )
                line += " " + (isNumber[column] ? gap + cell : cell + gap) + " "
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    private func text(_ content: [ReferencePage.Inline]) -> String {
        content.map { part in
            switch part {
            case .text(let text), .code(let text), .link(let text, _): printable(text)
            }
        }.joined()
    }
}

extension Message {
    /// Of the header, the fixed part and the ends.
    var minByteCount: Int { 8 + block.fixedByteCount + block.endCount * endByteCount }
}
