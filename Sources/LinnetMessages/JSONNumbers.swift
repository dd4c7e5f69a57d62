// SPDX-License-Identifier: Apache-2.0

// What a value of JSON means as a value of a schema's types (Specs/schema.md §6).

extension JSONValue {
    func elements() throws(JSONError) -> [JSONValue] {
        guard case .array(let elements) = self else { throw JSONError("not an array") }
        return elements
    }

    func text() throws(JSONError) -> String {
        guard case .text(let text) = self else { throw JSONError("not a text") }
        return text
    }

    /// The bytes of hexadecimal digits.
    func bytes() throws(JSONError) -> [UInt8] {
        guard case .text(let text) = self else { throw JSONError("not hexadecimal digits") }
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text.utf8 {
            guard let digit = hexadecimalDigit(character) else {
                throw JSONError("not hexadecimal digits")
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        guard high == nil else { throw JSONError("half a byte too many") }
        return bytes
    }

    /// An integer, from a number or from a text of decimal digits.
    func integer(_ kind: TableInteger) throws(JSONError) -> Int128 {
        let number: Int128?
        switch self {
        case .number(let text), .text(let text): number = Int128(decimalDigits: text)
        default: number = nil
        }
        guard let number else { throw JSONError("not an integer") }
        guard kind.range.contains(number) else { throw JSONError("\(number) is no \(kind.name)") }
        return number
    }

    /// The bytes of a number, as a little-endian number.
    func bits(of type: TableType) throws(JSONError) -> UInt64 {
        switch type {
        case .bool:
            guard case .bool(let value) = self else { throw JSONError("neither true nor false") }
            return value ? 1 : 0
        case .float(4): return UInt64(try float(Float.self).bitPattern)
        case .float: return try float(Double.self).bitPattern
        case .decimal(let kind, let exponent): return try decimal(kind, exponent)
        case .enumeration(let type):
            if case .text(let name) = self, let number = type.numbers[name] { return number }
            return UInt64(truncatingIfNeeded: try integer(type.storage))
        case .flags(let type): return try flags(type)
        case .bits(let type): return try bitFields(type)
        default:
            guard let kind = type.integer else { throw JSONError("not a number") }
            return UInt64(truncatingIfNeeded: try integer(kind))
        }
    }

    private func float<T: BinaryFloatingPoint & LosslessStringConvertible>(
        _ type: T.Type
    ) throws(JSONError) -> T {
        switch self {
        case .text("NaN"): return T.nan
        case .text("Infinity"): return T.infinity
        case .text("-Infinity"): return -T.infinity
        case .number(let text):
            // Beyond the largest number is infinity, which has a text of its own.
            guard let value = T(text), value.isFinite else {
                throw JSONError("\(text) is too large")
            }
            return value
        default: throw JSONError("not a number")
        }
    }

    /// The mantissa of a number of units, which must be exact.
    private func decimal(_ kind: TableInteger, _ exponent: Int) throws(JSONError) -> UInt64 {
        guard case .text(let text) = self else { throw JSONError("not a decimal number in quotes") }
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let parts = text.utf8.dropFirst(isNegative ? 1 : 0)
            .split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isDecimalDigit) }) else {
            throw JSONError("not a decimal number")
        }
        // Texts of digits, because a value with a large exponent fits no integer.
        var digits = Array(parts.joined()).drop { $0 == UInt8(ascii: "0") }
        if digits.isEmpty { return 0 }
        let power = -exponent - (parts.count == 2 ? parts[1].count : 0)
        if power < 0 {
            guard digits.suffix(-power).allSatisfy({ $0 == UInt8(ascii: "0") }) else {
                throw JSONError("more digits than the exponent \(exponent) has")
            }
            digits = digits.dropLast(-power)
        }
        guard digits.count + max(0, power) <= 30 else { throw JSONError("too large") }
        let zeros = repeatElement(UInt8(ascii: "0"), count: max(0, power))
        let mantissa = Int128(String(decoding: digits + zeros, as: UTF8.self)) ?? 0
        let number = isNegative ? -mantissa : mantissa
        guard kind.range.contains(number) else { throw JSONError("too large") }
        return UInt64(truncatingIfNeeded: number)
    }

    private func flags(_ type: TableNames) throws(JSONError) -> UInt64 {
        var bits: UInt64 = 0
        for element in try elements() {
            if case .text(let name) = element,
                let flag = type.members.first(where: { $0.name == name })
            {
                bits |= 1 << UInt64(flag.value)
            } else if case .text(let name) = element, Int128(decimalDigits: name) == nil {
                throw JSONError("there is no flag \(name)")
            } else {
                bits |= UInt64(truncatingIfNeeded: try element.integer(type.storage))
            }
        }
        return bits
    }

    private func bitFields(_ type: TableNames) throws(JSONError) -> UInt64 {
        guard case .object(let members) = self else { throw JSONError("not an object") }
        var bits: UInt64 = 0
        for member in members {
            var offset: UInt64 = 0
            guard let index = type.members.firstIndex(where: { $0.name == member.name }) else {
                throw JSONError("there is no such field", path: member.name)
            }
            for before in type.members[..<index] { offset += UInt64(before.value) }
            do throws(JSONError) {
                let number = UInt64(try member.value.integer(type.storage))
                let width = type.members[index].value
                guard width == 64 || number >> UInt64(width) == 0 else {
                    throw JSONError("\(number) has more than \(width) bits")
                }
                bits |= number << offset
            } catch {
                throw error.within(member.name)
            }
        }
        return bits
    }
}

extension FixedWidthInteger {
    /// The number of digits, perhaps with `-` in front; nothing else, and at most 40 of them.
    init?(decimalDigits text: some StringProtocol) {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.count - 1 : text.utf8.count
        guard digits > 0, digits <= 40,
            text.utf8.suffix(digits).allSatisfy(\.isDecimalDigit)
        else { return nil }
        self.init(text)
    }
}

extension UInt8 {
    fileprivate var isDecimalDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
