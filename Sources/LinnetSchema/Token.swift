// SPDX-License-Identifier: Apache-2.0

/// A word of the language, with its place in the bytes of the file.
struct Token {
    enum Kind: Equatable {
        case name
        case number
        case string
        case symbol(Symbol)
        case end
    }

    enum Symbol: String {
        case openBrace = "{"
        case closeBrace = "}"
        case openBracket = "["
        case closeBracket = "]"
        case openParenthesis = "("
        case closeParenthesis = ")"
        case colon = ":"
        case equals = "="
        case question = "?"
        case dot = "."
        case ellipsis = "..."
        case comma = ","
        case semicolon = ";"
        case at = "@"
        case atMost = "<="
        case arrow = "->"
    }

    var kind: Kind
    var start: Int
    var end: Int
    /// Comments up to here stand before the token.
    var commentEndIndex: Int
    var isFirstOnLine: Bool
}

/// `// text` or `/// text`.
struct Comment {
    var start: Int
    /// Of the text, without white space at its end.
    var end: Int
    /// `///`, but not `////`.
    var isDocumentation: Bool
    var isFirstOnLine: Bool
}

/// A number in the text.
struct SyntaxNumber {
    var start: Int
    var end: Int
    var text: String
    /// `nil` if it has a fraction or an exponent, or is broken.
    var integer: Int128?
    /// `nil` if it is broken, which has been reported.
    var double: Double?

    var isBroken: Bool { double == nil }
}
