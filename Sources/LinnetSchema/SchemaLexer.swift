// SPDX-License-Identifier: Apache-2.0

/// Text to tokens (§2.1). Reports what is no token, and goes on behind it. O(bytes).
struct SchemaLexer {
    /// Longer ones have no meaning that a 64-bit value could have.
    static let maxNumberByteCount = 128

    private let bytes: [UInt8]
    private var offset = 0
    private var isFirstOnLine = true
    private(set) var tokens: [Token] = []
    private(set) var comments: [Comment] = []
    let findings = Findings()

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            findings.report(
                .byteOrderMark,
                at: 0,
                "a file has no byte order mark",
                fix: "save it as UTF-8 without one"
            )
            offset = 3
        }
        while offset < bytes.count { scan() }
        append(.end, from: offset)
    }

    private func byte(_ distance: Int = 0) -> UInt8 {
        offset + distance < bytes.count ? bytes[offset + distance] : 0
    }

    private mutating func append(_ kind: Token.Kind, from start: Int) {
        tokens.append(
            Token(
                kind: kind,
                start: start,
                end: offset,
                commentEndIndex: comments.count,
                isFirstOnLine: isFirstOnLine
            )
        )
        isFirstOnLine = false
    }

    private mutating func scan() {
        let start = offset
        switch byte() {
        case UInt8(ascii: "\n"):
            offset += 1
            isFirstOnLine = true
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
            offset += 1
        case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"):
            scanComment()
        case UInt8(ascii: "\""):
            scanString()
        case UInt8(ascii: "-") where byte(1).isDigit, UInt8(ascii: "0")...UInt8(ascii: "9"):
            while byte().isNamePart || isInsideNumber(start) { offset += 1 }
            append(.number, from: start)
        case let first where first.isNamePart:
            while byte().isNamePart { offset += 1 }
            append(.name, from: start)
        default:
            scanSymbol()
        }
    }

    /// The sign in front, a point before a digit, a sign behind `e`.
    private func isInsideNumber(_ start: Int) -> Bool {
        guard offset > start else { return byte() == UInt8(ascii: "-") }
        switch byte() {
        case UInt8(ascii: "."):
            return byte(1).isDigit
        case UInt8(ascii: "-"), UInt8(ascii: "+"):
            let before = bytes[offset - 1] | 0x20
            let second = start + (bytes[start] == UInt8(ascii: "-") ? 2 : 1)
            let isHexadecimal = bytes[second] | 0x20 == UInt8(ascii: "x")
            return before == UInt8(ascii: "e") && !isHexadecimal && byte(1).isDigit
        default:
            return false
        }
    }

    private mutating func scanComment() {
        let start = offset
        while offset < bytes.count, byte() != UInt8(ascii: "\n") { offset += 1 }
        var end = offset
        while end > start, [0x20, 0x09, 0x0D].contains(bytes[end - 1]) { end -= 1 }
        let slashCount = bytes[start..<end].prefix { $0 == UInt8(ascii: "/") }.count
        comments.append(
            Comment(
                start: start,
                end: end,
                isDocumentation: slashCount == 3,
                isFirstOnLine: isFirstOnLine
            )
        )
    }

    private mutating func scanString() {
        let start = offset
        offset += 1
        while offset < bytes.count, byte() != UInt8(ascii: "\n") {
            if byte() == UInt8(ascii: "\"") {
                offset += 1
                append(.string, from: start)
                return
            }
            offset += byte() == UInt8(ascii: "\\") && byte(1) != UInt8(ascii: "\n") ? 2 : 1
        }
        offset = min(offset, bytes.count)
        findings.report(
            .stringUnterminated,
            at: start,
            "the string does not end on its line",
            fix: "close it with `\"`, and write `\\n` for a new line"
        )
        append(.string, from: start)
    }

    private func symbol() -> Token.Symbol? {
        switch byte() {
        case UInt8(ascii: "{"): .openBrace
        case UInt8(ascii: "}"): .closeBrace
        case UInt8(ascii: "["): .openBracket
        case UInt8(ascii: "]"): .closeBracket
        case UInt8(ascii: "("): .openParenthesis
        case UInt8(ascii: ")"): .closeParenthesis
        case UInt8(ascii: ":"): .colon
        case UInt8(ascii: "="): .equals
        case UInt8(ascii: "?"): .question
        case UInt8(ascii: ","): .comma
        case UInt8(ascii: ";"): .semicolon
        case UInt8(ascii: "@"): .at
        case UInt8(ascii: "."):
            byte(1) == UInt8(ascii: ".") && byte(2) == UInt8(ascii: ".") ? .ellipsis : .dot
        case UInt8(ascii: "<"): byte(1) == UInt8(ascii: "=") ? .atMost : nil
        case UInt8(ascii: "-"): byte(1) == UInt8(ascii: ">") ? .arrow : nil
        default: nil
        }
    }

    private mutating func scanSymbol() {
        let start = offset
        if let symbol = symbol() {
            offset += symbol.rawValue.utf8.count
            append(.symbol(symbol), from: start)
            return
        }
        if byte() == UInt8(ascii: "<") {
            offset += 1
            findings.report(.unexpectedCharacter, at: start, "`<` means nothing", fix: "write `<=`")
            append(.symbol(.atMost), from: start)
            return
        }
        while offset < bytes.count, !byte().beginsToken { offset += 1 }
        offset = max(offset, start + 1)
        let text = String(decoding: bytes[start..<min(offset, start + 16)], as: UTF8.self)
        findings.report(
            .unexpectedCharacter,
            at: start,
            "`\(text)` means nothing here",
            fix: text == "/" ? "comments begin with `//`" : nil
        )
    }
}

extension UInt8 {
    var isDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }

    var isLetter: Bool { UInt8(ascii: "a") <= self | 0x20 && self | 0x20 <= UInt8(ascii: "z") }

    var isCapital: Bool { UInt8(ascii: "A") <= self && self <= UInt8(ascii: "Z") }

    var isNamePart: Bool { isDigit || isLetter || self == UInt8(ascii: "_") }

    /// Whether bytes that mean nothing end before this one.
    fileprivate var beginsToken: Bool {
        self <= 0x20 || isNamePart || "{}[]():=?.,;@\"<-/".utf8.contains(self)
    }
}
