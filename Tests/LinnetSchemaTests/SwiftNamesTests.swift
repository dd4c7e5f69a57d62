// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct SwiftNamesTests {
    @Test
    func `keywords stand in backticks, and what Swift cannot have gets an underscore`() {
        #expect(SwiftNames.field("price") == "price")
        #expect(SwiftNames.field("class") == "`class`")
        #expect(SwiftNames.field("await") == "`await`")
        #expect(SwiftNames.field("set") == "set")
        #expect(SwiftNames.field("self") == "self_")
        #expect(SwiftNames.field("load") == "load_")
        #expect(SwiftNames.field("number") == "number")
        #expect(SwiftNames.constant("number") == "number_")
        #expect(SwiftNames.enumCase("unknown") == "unknown")
        #expect(SwiftNames.enumCase("isValid") == "isValid_")
        #expect(SwiftNames.arm("unknown") == "unknown_")
        #expect(SwiftNames.bits("storage") == "storage_")
        #expect(SwiftNames.entry("fills") == "FillsEntry")
        #expect(SwiftNames.schema(["market", "trading"]) == "MarketTradingSchema")
    }

    @Test
    func `no text ends its literal`() {
        #expect(SwiftNames.literal("a") == "\"a\"")
        #expect(SwiftNames.literal("\"") == #""\"""#)
        #expect(SwiftNames.literal(#"\(a)"#) == #""\\(a)""#)
        #expect(SwiftNames.literal("\r\n\t\0") == #""\u{D}\n\t\u{0}""#)
        #expect(SwiftNames.literal("é\u{2028}\u{202E}") == #""\u{E9}\u{2028}\u{202E}""#)
        for value in (0...0x2FFF).compactMap(Unicode.Scalar.init) {
            let literal = SwiftNames.literal(String(value)).dropFirst().dropLast()
            #expect(literal.unicodeScalars.allSatisfy { (" "..."~").contains($0) })
            let isEscaped = literal.hasPrefix("\\")
            #expect(isEscaped || (literal != "\"" && literal != "\\"))
        }
    }

    @Test
    func `no text ends its comment`() {
        #expect(SwiftNames.comment(" a */ b ") == "a */ b")
        for text in ["\n", "\r", "\r\n", "\0", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}"] {
            #expect(SwiftNames.comment("a\(text)fatalError()").hasPrefix("a "))
        }
        #expect(SwiftNames.comment("a\u{202E}b\u{2066}c") == "a b c")
    }

    @Test
    func `numbers have groups of three digits, from five digits on`() {
        #expect(SwiftNames.number(9999) == "9999")
        #expect(SwiftNames.number(10_000) == "10_000")
        #expect(SwiftNames.number(-1_234_567) == "-1_234_567")
        #expect(SwiftNames.number(-9999) == "-9999")
    }
}
