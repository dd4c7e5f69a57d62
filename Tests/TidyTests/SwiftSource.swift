// SPDX-License-Identifier: Apache-2.0

/// A Swift file as the rules look at it.
struct SwiftSource: Sendable {
    /// A function, initializer, deinitializer, subscript or computed property.
    struct Function: Sendable, Equatable {
        var name: String
        /// From the line of its keyword to that of its last brace.
        var lines: ClosedRange<Int>
    }

    let path: String
    let lines: [(number: Int, text: Substring)]
    let tokens: [Token]
    let comments: [Token]
    /// In the order of their first lines.
    let functions: [Function]
    /// The lines from each brace to the one that closes it.
    let blocks: [ClosedRange<Int>]
    /// The line of a brace without its other half: the lexer did not understand the file.
    let unmatchedBraceLine: Int?

    init(path: String, text: String) {
        let lexer = SwiftLexer(text)
        self.path = path
        lines = text.numberedLines
        tokens = lexer.tokens
        comments = lexer.comments
        let braces = Braces(tokens)
        unmatchedBraceLine = braces.unmatched.first.map { [tokens] in tokens[$0].line }
        blocks = braces.closing.map { [tokens] in tokens[$0].line...tokens[$1].line }
        functions = tokens.indices.compactMap { [tokens] index in
            guard
                let open = Self.bodyStart(ofFunctionAt: index, in: tokens),
                let close = braces.closing[open]
            else { return nil }
            return Function(
                name: tokens[index].text == "func" ? tokens[index + 1].text : tokens[index].text,
                lines: tokens[index].line...tokens[close].line
            )
        }
    }

    /// The lines at which these tokens stand one behind the other.
    func lines(of words: [String]) -> [Int] {
        tokens.indices.filter { index in
            tokens[index].text == words[0]
                && tokens[index...].prefix(words.count).map(\.text) == words
        }.map { tokens[$0].line }
    }

    /// The first of the comments and attributes that stand directly above a line.
    func firstLineOfIntroduction(to line: Int) -> Int {
        var first = line
        while first > 1 {
            let above = lines[first - 2].text.drop { $0 == " " }
            guard above.hasPrefix("//") || above.hasPrefix("@") else { break }
            first -= 1
        }
        return first
    }

    private static let functionWords: Set = ["func", "init", "deinit", "subscript", "var"]
    /// Words before which a declaration without a body has ended.
    private static let statementWords: Set = [
        "func", "init", "deinit", "subscript", "var", "let", "case", "associatedtype", "typealias",
        "struct", "class", "enum", "actor", "protocol", "extension", "import", "return", "if",
        "guard", "for", "while", "repeat", "switch", "do", "defer",
    ]

    /// The index of the brace that begins the body, if a function with a body is declared here.
    private static func bodyStart(ofFunctionAt index: Int, in tokens: [Token]) -> Int? {
        let keyword = tokens[index].text
        guard functionWords.contains(keyword) else { return nil }
        if index > 0, tokens[index - 1].text == "." { return nil }
        var depth = 0
        for next in tokens.indices[(index + 1)...] {
            let text = tokens[next].text
            switch text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            case "{" where depth == 0: return next
            case "}" where depth == 0: return nil
            case "=" where depth == 0 && keyword == "var": return nil
            default: if depth == 0, statementWords.contains(text) { return nil }
            }
            if depth < 0 { return nil }
        }
        return nil
    }
}

/// Which brace closes which, by index of token.
private struct Braces {
    private(set) var closing: [Int: Int] = [:]
    private(set) var unmatched: [Int] = []

    init(_ tokens: [Token]) {
        var open: [Int] = []
        for (index, token) in tokens.enumerated() {
            if token.text == "{" { open.append(index) }
            guard token.text == "}" else { continue }
            if let start = open.popLast() {
                closing[start] = index
            } else {
                unmatched.append(index)
            }
        }
        unmatched += open
    }
}
