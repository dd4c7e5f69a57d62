// SPDX-License-Identifier: Apache-2.0

/// The documentation of a schema, before it is Markdown or HTML.
struct ReferencePage {
    enum Item {
        case heading(level: Int, String, anchor: String?)
        /// One paragraph; text of authors is plain text.
        case paragraph([Inline])
        case table([String], [[Cell]])
        case diagram(ByteDiagram)
    }

    /// A part of a line.
    enum Inline {
        case text(String)
        case code(String)
        case link(code: String, anchor: String)
    }

    struct Cell: ExpressibleByStringLiteral {
        var content: [Inline]
        var isNumber = false

        init(_ content: [Inline]) { self.content = content }

        init(stringLiteral value: String) { content = [.text(value)] }

        static func text(_ text: String) -> Cell { Cell(text.isEmpty ? [] : [.text(text)]) }

        static func code(_ text: String) -> Cell { Cell([.code(text)]) }

        static func number(_ number: some BinaryInteger) -> Cell {
            var cell = Cell.text("\(number)")
            cell.isNumber = true
            return cell
        }
    }

    var title: String
    var items: [Item] = []

    mutating func heading(_ level: Int, _ text: String, anchor: String? = nil) {
        items.append(.heading(level: level, text, anchor: anchor))
    }

    mutating func paragraph(_ text: String) {
        if !text.isEmpty { items.append(.paragraph([.text(text)])) }
    }

    mutating func paragraph(_ content: [Inline]) {
        items.append(.paragraph(content))
    }

    /// Paragraphs of a documentation comment: an empty line ends one.
    mutating func documentation(_ lines: [String]) {
        for part in lines.split(separator: "", omittingEmptySubsequences: true) {
            paragraph(part.joined(separator: " "))
        }
    }

    mutating func table(_ head: [String], _ rows: [[Cell]]) {
        if !rows.isEmpty { items.append(.table(head, rows)) }
    }
}
