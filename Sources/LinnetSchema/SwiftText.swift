// SPDX-License-Identifier: Apache-2.0

/// Swift source that is being written: indented, and broken at 100 columns as `swift format` does.
struct SwiftText {
    static let maxColumns = 100

    private(set) var text = ""
    /// Whether a line of code is too wide: of names that are so long that `swift format` would
    /// break it in ways of its own. Texts and comments stay as they are.
    private(set) var isTooWide = false
    private var depth = 0

    private var indentation: String { String(repeating: "    ", count: depth) }

    /// Whether a line of that text stays within the columns. What stands behind a line end within
    /// it has its indentation already.
    func fits(_ line: String) -> Bool {
        var indentation = depth * 4
        return line.split(separator: "\n", omittingEmptySubsequences: false).allSatisfy { part in
            defer { indentation = 0 }
            return indentation + part.count <= Self.maxColumns
        }
    }

    /// A line as it is. An empty one has no indentation.
    mutating func line(_ line: String) {
        if !line.isEmpty { text += indentation + line }
        if !fits(line), !line.hasPrefix("\""), !line.hasPrefix("///") { isTooWide = true }
        text += "\n"
    }

    /// A line as far out as the line before the block's: the cases of a `switch`.
    mutating func dedentedLine(_ line: String) {
        depth -= 1
        self.line(line)
        depth += 1
    }

    /// `target = value`, broken behind the `=` if it does not fit.
    mutating func assignment(_ target: String, _ value: String) {
        if fits("\(target) = \(value)") { return line("\(target) = \(value)") }
        line("\(target) =")
        indented { $0.line(value) }
    }

    mutating func indented(_ body: (inout SwiftText) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }

    /// `head {`, the body, `}`. Without a body `head {}`.
    mutating func block(_ head: String, _ body: (inout SwiftText) -> Void) {
        if fits(head + " {") {
            line(head + " {")
        } else {
            line(head)
            line("{")
        }
        let before = text.utf8.count
        indented(body)
        guard text.utf8.count == before else { return line("}") }
        text.removeLast(3)
        text += " {}\n"
    }

    /// `head(first, second)tail`, on one line if it fits, and otherwise with a line for each.
    mutating func call(_ head: String, _ arguments: [String], _ tail: String = "") {
        let whole = head + "(" + arguments.joined(separator: ", ") + ")" + tail
        if arguments.isEmpty || (fits(whole) && !whole.contains("\n")) { return line(whole) }
        line(head + "(")
        indented { text in
            for (index, argument) in arguments.enumerated() {
                text.line(argument + (index < arguments.count - 1 ? "," : ""))
            }
        }
        line(")" + tail)
    }

    /// `head { body }`, on one line if it fits.
    mutating func accessor(_ head: String, _ body: SwiftCall) {
        let whole = "\(head) { \(body.whole) }"
        if fits(whole) { return line(whole) }
        block(head) { $0.call(body) }
    }

    mutating func call(_ call: SwiftCall) {
        guard let arguments = call.arguments else { return line(call.head) }
        self.call(call.head, arguments, call.tail)
    }

    /// An extension of a generic type for some of its arguments.
    mutating func extensionOf(
        _ type: String,
        where requirements: [String],
        _ body: (inout SwiftText) -> Void
    ) {
        let clause = "where " + requirements.joined(separator: ", ")
        if fits("extension \(type) \(clause) {") {
            return block("extension \(type) \(clause)", body)
        }
        line("extension \(type)")
        if fits("\(clause) {") { return block(clause, body) }
        line("where")
        indented { $0.filled(requirements) }
        line("{")
        indented(body)
        line("}")
    }

    /// Items with commas between them, as many on each line as fit.
    mutating func filled(_ items: [String]) {
        var current = ""
        for (index, item) in items.enumerated() {
            let next = item + (index < items.count - 1 ? "," : "")
            if !current.isEmpty, !fits(current + " " + next) {
                line(current)
                current = ""
            }
            current += (current.isEmpty ? "" : " ") + next
        }
        if !current.isEmpty { line(current) }
    }

    /// A documentation comment of text that others wrote: no character of it can end the comment.
    mutating func documentation(_ lines: [String]) {
        for documented in lines {
            let words = SwiftNames.comment(documented)
            guard !words.isEmpty else {
                line("///")
                continue
            }
            for part in wrapped(words) { line("/// " + part) }
        }
    }

    private func wrapped(_ words: String) -> [String] {
        let room = max(40, Self.maxColumns - depth * 4 - 4)
        guard words.count > room else { return [words] }
        var lines: [String] = []
        var current = ""
        for word in words.split(separator: " ") {
            if !current.isEmpty, current.count + 1 + word.count > room {
                lines.append(current)
                current = ""
            }
            current += (current.isEmpty ? "" : " ") + word
        }
        return lines + [current]
    }
}

/// An expression that can be broken at its arguments.
struct SwiftCall {
    var head: String
    /// `nil`: only the head.
    var arguments: [String]?
    var tail = ""

    init(_ head: String, _ arguments: [String]? = nil, _ tail: String = "") {
        self.head = head
        self.arguments = arguments
        self.tail = tail
    }

    var whole: String {
        guard let arguments else { return head }
        return head + "(" + arguments.joined(separator: ", ") + ")" + tail
    }
}
