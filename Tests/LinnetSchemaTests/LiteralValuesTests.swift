// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct LiteralValuesTests {
    @Test(
        arguments: [
            ("12.5", -4, 125_000), ("12.5", -1, 125), ("12.5", 0, nil), ("-0.003", -3, -3),
            ("1.50", -1, 15), ("1.2e3", 2, 12), ("1.25e1", -1, 125), ("0.000", 5, 0),
            ("-0.0", 0, 0),
            ("1e38", 0, Int128("100000000000000000000000000000000000000")), ("1e39", 0, nil),
            ("1e-5", -5, 1), ("1e-5", -4, nil), ("1e99999", 38, nil), ("1e-99999", -38, nil),
            ("1e99999999999999999999", 0, nil), ("0e99999", 0, nil),
        ] as [(String, Int, Int128?)]
    )
    func `a number is an exact multiple of a power of ten, or none`(
        text: String,
        exponent: Int,
        mantissa: Int128?
    ) {
        let value = Literal.number(Double(text) ?? 0, text: text)
        #expect(value.mantissa(exponent: exponent) == mantissa)
    }

    @Test
    func `integers have mantissas too, other values have none`() {
        #expect(Literal.integer(700).mantissa(exponent: 2) == 7)
        #expect(Literal.integer(750).mantissa(exponent: 2) == nil)
        #expect(Literal.integer(-7).mantissa(exponent: -38) == Int128("-7" + zeros(38)))
        #expect(Literal.integer(.max).mantissa(exponent: -1) == nil)
        #expect(Literal.bool(true).mantissa(exponent: 0) == nil)
        #expect(Literal.string("1").mantissa(exponent: 0) == nil)
        #expect(Literal.enumCase("a").mantissa(exponent: 0) == nil)
    }
}

private func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
