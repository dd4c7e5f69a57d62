// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// The bytes of hexadecimal text; white space is ignored. `nil` if it is not hexadecimal.
    public init?(hexadecimal text: String) {
        let digits = text.filter { !$0.isWhitespace }.map { $0.hexDigitValue }
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(UInt8(high * 16 + low))
        }
        self = bytes
    }

    /// Lower-case hexadecimal text without spaces.
    public var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
