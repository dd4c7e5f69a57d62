// SPDX-License-Identifier: Apache-2.0

// The parser's hands: looking at tokens, taking them, and getting on after what is wrong.

extension SchemaParser {
    var current: Token { tokens[index] }

    var currentText: String { text(current) }

    var previousEnd: Int { index > 0 ? tokens[index - 1].end : 0 }

    func text(_ token: Token) -> String {
        String(decoding: bytes[token.start..<token.end], as: UTF8.self)
    }

    /// For messages.
    var currentDescription: String {
        if current.kind == .end { return "the end of the file" }
        let text = currentText
        return text.utf8.count > 40 ? "`\(text.prefix(40))…`" : "`\(text)`"
    }

    func isWord(_ word: String) -> Bool { isWord(word, at: index) }

    func isWord(_ word: String, at index: Int) -> Bool {
        let token = tokens[index]
        guard token.kind == .name, token.end - token.start == word.utf8.count else {
            return false
        }
        return bytes[token.start..<token.end].elementsEqual(word.utf8)
    }

    func isNext(_ symbol: Token.Symbol, after distance: Int = 0) -> Bool {
        let place = min(index + distance, tokens.count - 1)
        return tokens[place].kind == .symbol(symbol)
    }

    mutating func skipWord(_ word: String) -> Bool {
        guard isWord(word) else { return false }
        index += 1
        return true
    }

    mutating func skip(_ symbol: Token.Symbol) -> Bool {
        guard isNext(symbol) else { return false }
        index += 1
        return true
    }

    /// Whether there was a `;` or `,`.
    mutating func skipSeparators() -> Bool {
        let start = index
        while isNext(.semicolon) || isNext(.comma) { index += 1 }
        return index > start
    }

    mutating func expect(
        _ symbol: Token.Symbol,
        _ what: String,
        fix: String? = nil
    ) throws(SyntaxFailure) {
        if skip(symbol) { return }
        throw failMissing(.unexpectedToken, "`\(symbol.rawValue)` and \(what) are", fix: fix)
    }

    /// Reports it at the current token.
    func fail(_ rule: Rule, _ message: String, fix: String? = nil) -> SyntaxFailure {
        findings.report(rule, at: current.start, message, fix: fix)
        return SyntaxFailure()
    }

    /// Reports what is missing: before the current token, or at the end of the line before if the
    /// current token begins one.
    func failMissing(_ rule: Rule, _ what: String, fix: String? = nil) -> SyntaxFailure {
        if current.isFirstOnLine || current.kind == .end {
            findings.report(rule, at: previousEnd, "\(what) missing", fix: fix)
        } else {
            let message = "\(what) missing before \(currentDescription)"
            findings.report(rule, at: current.start, message, fix: fix)
        }
        return SyntaxFailure()
    }

    /// Whether the next field begins here, rather than what the one before lacks.
    var isAtNextMember: Bool {
        current.isFirstOnLine && current.kind == .name
            && (isNext(.colon, after: 1) || isNext(.equals, after: 1))
    }

    /// The `///` between the last token that is no separator and this one, without the slashes and
    /// one space.
    func documentation() -> [String] {
        var last = index - 1
        while last >= 0, [.symbol(.comma), .symbol(.semicolon)].contains(tokens[last].kind) {
            last -= 1
        }
        let first = last >= 0 ? tokens[last].commentEndIndex : 0
        return comments[first..<current.commentEndIndex].filter(\.isDocumentation).map { comment in
            var text = bytes[(comment.start + 3)..<comment.end]
            if text.first == UInt8(ascii: " ") { text = text.dropFirst() }
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// A keyword and a name: no field, case or item begins like this.
    var isAtDeclaration: Bool {
        guard current.kind == .name, tokens[index + 1].kind == .name else { return false }
        return Self.keywords.contains(currentText)
            || isWord("closed") && isWord("enum", at: index + 1)
    }

    /// To a declaration that begins a line.
    mutating func skipToDeclaration() {
        while current.kind != .end {
            guard current.isFirstOnLine, current.kind == .name else {
                index += 1
                continue
            }
            if isAtDeclaration || isWord("const") || isWord("import") { return }
            index += 1
        }
    }

    /// To the next line, separator or the brace that closes the block around. What is in braces
    /// is jumped over.
    mutating func skipMember(from start: Int) {
        if index == start, !isNext(.closeBrace) { skipOneOrBraces() }
        while current.kind != .end, !isNext(.closeBrace), !isNext(.semicolon), !isNext(.comma) {
            if current.isFirstOnLine, !isNext(.openBrace), index > start { return }
            skipOneOrBraces()
        }
    }

    /// One token, or all from `{` to its `}`.
    mutating func skipOneOrBraces() {
        var depth = 0
        repeat {
            if isNext(.openBrace) { depth += 1 }
            if isNext(.closeBrace) { depth -= 1 }
            if current.kind == .end || current.isFirstOnLine && depth > 0 && isAtDeclaration {
                return
            }
            index += 1
        } while depth > 0
    }
}
