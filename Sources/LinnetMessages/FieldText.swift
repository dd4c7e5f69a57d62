// SPDX-License-Identifier: Apache-2.0

// Fields as people write and read them.

extension FixedDecimal: CustomStringConvertible {
    /// In decimal notation, without zeros at the end: `12.5` (Specs/schema.md §6). Allocates.
    public var description: String { decimalText(Int128(mantissa), exponent: exponent) }
}

extension FixedDecimal: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// `12.5`, exactly. Traps if the field cannot hold the literal, or if it has more than 15
    /// digits, which a `Double` does not tell apart: it is ours, not a peer's.
    @inlinable
    public init(floatLiteral value: Double) {
        precondition(
            exponent >= -22 && exponent <= 22,
            "write the mantissa: FixedDecimal(mantissa:)"
        )
        var power = 1.0
        for _ in 0..<abs(exponent) { power *= 10 }
        // Powers of ten up to 10^22 and numbers up to 10^15 are exact, and a quotient is the
        // nearest number: equal only if the literal is that decimal.
        let number = (exponent < 0 ? value * power : value / power).rounded()
        precondition(
            number.magnitude <= 1e15 && (exponent < 0 ? number / power : number * power) == value,
            "the literal has more digits than its field"
        )
        guard let mantissa = Mantissa(exactly: number) else {
            preconditionFailure("the literal is beyond its field")
        }
        self.init(mantissa: mantissa)
    }

    /// `12`: that number, not that mantissa. Traps as literals of numbers with a point do.
    @inlinable
    public init(integerLiteral value: Int) {
        precondition(value.magnitude <= 1_000_000_000_000_000, "write the mantissa")
        self.init(floatLiteral: Double(value))
    }
}

extension DefaultStringInterpolation {
    /// A text of a message, which is copied: `"\(instrument[.name])"`.
    public mutating func appendInterpolation(_ text: TextView) {
        appendInterpolation(String(copying: text))
    }

    /// A message's name and its JSON: see ``MessageView/description``.
    public mutating func appendInterpolation<M: Message>(_ message: MessageView<M>) {
        appendInterpolation(message.description)
    }
}
