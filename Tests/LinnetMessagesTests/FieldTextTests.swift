// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import LinnetTestSupport
import Testing

@Suite("Fields as texts")
struct FieldTextTests {
    @Test("decimals are written without zeros at the end")
    func descriptions() {
        #expect(FixedDecimal<Int64, -4>(mantissa: 125_000).description == "12.5")
        #expect(FixedDecimal<Int64, -4>(mantissa: -3).description == "-0.0003")
        #expect(FixedDecimal<Int8, 2>(mantissa: 7).description == "700")
        #expect(FixedDecimal<UInt64, 0>(mantissa: .max).description == "18446744073709551615")
    }

    @Test("literals are exact")
    func literals() {
        let price: FixedDecimal<Int64, -4> = 12.3457
        #expect(price.mantissa == 123_457)
        let negative: FixedDecimal<Int32, -2> = -0.29
        #expect(negative.mantissa == -29)
        let whole: FixedDecimal<Int64, -4> = 12
        #expect(whole.mantissa == 120_000)
        let hundreds: FixedDecimal<UInt8, 2> = 25_500
        #expect(hundreds.mantissa == 255)
        let long: FixedDecimal<Int64, -9> = 123_456.123456789
        #expect(long.mantissa == 123_456_123_456_789)
        // Every hundredth, none of which is a binary fraction but the quarters.
        for count in 0..<100_000 {
            let value = FixedDecimal<Int64, -2>(floatLiteral: Double(count) / 100)
            #expect(value.mantissa == Int64(count))
        }
    }

    @Test("literals that a field cannot hold trap")
    func traps() async {
        await #expect(processExitsWith: .failure) { _ = 0.125 as FixedDecimal<Int64, -2> }
        await #expect(processExitsWith: .failure) { _ = 1.28 as FixedDecimal<Int8, -2> }
        await #expect(processExitsWith: .failure) { _ = -1 as FixedDecimal<UInt8, 0> }
        await #expect(processExitsWith: .failure) { _ = 250 as FixedDecimal<UInt8, 2> }
        await #expect(processExitsWith: .failure) {
            _ = 9_007_199_254_740_993 as FixedDecimal<Int64, 0>
        }
    }

    @Test("texts stand in strings")
    func interpolations() throws {
        var car = Car()
        car.manufacturer = "größer"
        let bytes = try car.encoded()
        let view = try Car.View(verifying: bytes.rawSpan)
        let text = "\(view[.manufacturer])!"
        #expect(text == "größer!")
    }
}
