// SPDX-License-Identifier: Apache-2.0

extension Literal {
    /// This value as a mantissa of `10^exponent`; `nil` if it is no number, has more digits than
    /// that, or does not fit. Exact.
    public func mantissa(exponent: Int) -> Int128? {
        switch self {
        case .integer(let value): scaled(value, by: -exponent)
        case .number(_, let text): mantissa(of: text, exponent: exponent)
        case .bool, .string, .enumCase: nil
        }
    }

    private func mantissa(of text: String, exponent: Int) -> Int128? {
        let parts = text.utf8.split(
            maxSplits: 1,
            omittingEmptySubsequences: false,
            whereSeparator: { $0 | 0x20 == UInt8(ascii: "e") }
        )
        let digits = parts[0].split(
            separator: UInt8(ascii: "."),
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        var fraction = digits.count > 1 ? String(Substring(digits[1])) : ""
        while fraction.last == "0" { fraction.removeLast() }
        guard let value = Int128(String(Substring(digits[0])) + fraction),
            let written = parts.count > 1 ? Int(String(Substring(parts[1]))) : 0,
            abs(written.clamped) < 10_000
        else { return nil }
        return scaled(value, by: written - fraction.utf8.count - exponent)
    }

    private func scaled(_ value: Int128, by power: Int) -> Int128? {
        var value = value
        guard value != 0 else { return 0 }
        for _ in 0..<abs(power) {
            if power > 0 {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                guard !overflow else { return nil }
                value = product
            } else {
                let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 10)
                guard remainder == 0 else { return nil }
                value = quotient
            }
        }
        return value
    }
}

extension Int {
    /// Far from the ends, so that it has an absolute value.
    fileprivate var clamped: Int { Swift.min(Swift.max(self, -1_000_000), 1_000_000) }
}
