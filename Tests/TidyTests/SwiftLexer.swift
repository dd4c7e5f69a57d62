// SPDX-License-Identifier: Apache-2.0

/// A piece of a Swift file: a word, a string literal with its quotes, or one byte of punctuation.
///
/// `try!` and `as!` are words, and so is a name in backticks, with the backticks.
struct Token: Sendable, Equatable {
    var text: String
    var line: Int

    var isString: Bool { text.hasSuffix("\"") || text.hasSuffix("#") && text.count > 1 }
}

/// Cuts Swift text into tokens and comments, so that rules see code where code is.
///
/// It knows nested comments, raw and multi-line strings, interpolations (whose tokens are code) and
/// `#/regexes/#`; it does not know `/regexes/` without `#`.
struct SwiftLexer {
    private(set) var tokens: [Token] = []
    private(set) var comments: [Token] = []
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
        readCode(isInterpolation: false)
    }

    /// Reads to the end of the text, or behind the parenthesis that ends an interpolation.
    private mutating func readCode(isInterpolation: Bool) {
        var openCount = 1
        while index < bytes.count, openCount > 0 {
            let start = (index, line)
            let byte = bytes[index]
            if Self.isOfWord(byte) {
                while index < bytes.count, Self.isOfWord(bytes[index]) { advance() }
                if isAhead("!"), ["try", "as"].contains(text(from: start.0)) { advance() }
                append(from: start)
            } else if byte == UInt8(ascii: "\"") || isAhead("#"), readString() {
                append(from: start)
            } else if byte == UInt8(ascii: "/"), readComment() {
                comments.append(Token(text: text(from: start.0), line: start.1))
            } else if byte == UInt8(ascii: "`") {
                repeat { advance() } while index < bytes.count && !isAhead("`")
                advance()
                append(from: start)
            } else {
                advance()
                if byte > UInt8(ascii: " ") { append(from: start) }
                if isInterpolation, byte == UInt8(ascii: "(") { openCount += 1 }
                if isInterpolation, byte == UInt8(ascii: ")") { openCount -= 1 }
            }
        }
    }

    /// Reads a comment if one begins here.
    private mutating func readComment() -> Bool {
        if isAhead("//") {
            while index < bytes.count, !isAhead("\n") { advance() }
            return true
        }
        guard isAhead("/*") else { return false }
        var depth = 0
        repeat {
            if isAhead("/*") { depth += 1 }
            if isAhead("*/") { depth -= 1 }
            advance(isAhead("/*") || isAhead("*/") ? 2 : 1)
        } while depth > 0 && index < bytes.count
        return true
    }

    /// Reads a string, or a regex with `#`, if one begins here.
    private mutating func readString() -> Bool {
        let poundCount = bytes[index...].prefix { $0 == UInt8(ascii: "#") }.count
        let pounds = String(repeating: "#", count: poundCount)
        let quotes = poundCount > 0 ? ["\"\"\"", "\"", "/"] : ["\"\"\"", "\""]
        guard let quote = quotes.first(where: { isAhead(pounds + $0) }) else { return false }
        let (end, escape, interpolation) = (quote + pounds, "\\" + pounds, "\\" + pounds + "(")
        advance(end.utf8.count)
        while index < bytes.count, !isAhead(end) {
            if isAhead(interpolation) {
                advance(interpolation.utf8.count)
                readCode(isInterpolation: true)
            } else {
                advance(isAhead(escape) ? escape.utf8.count + 1 : 1)
            }
        }
        advance(end.utf8.count)
        return true
    }

    private func isAhead(_ text: String) -> Bool {
        bytes[index...].starts(with: text.utf8)
    }

    private mutating func advance(_ byteCount: Int = 1) {
        let end = min(index + byteCount, bytes.count)
        while index < end {
            if bytes[index] == UInt8(ascii: "\n") { line += 1 }
            index += 1
        }
    }

    private func text(from start: Int) -> String {
        String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func append(from start: (index: Int, line: Int)) {
        tokens.append(Token(text: text(from: start.index), line: start.line))
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...: true
        default: false
        }
    }
}
