// SPDX-License-Identifier: Apache-2.0

package import Foundation

/// Why text is not the hexadecimal form of bytes.
package enum HexadecimalError: Error, Hashable {
    /// Neither a digit nor a separator.
    case foreignCharacter(UInt8, offset: Int)
    /// A digit has no partner: a byte has two.
    case oddDigitCount(Int)
    /// So does the number behind `0x`.
    case oddNumber(String)
}

extension HexadecimalError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .foreignCharacter(let character, let offset):
            """
            Byte 0x\(character.hexadecimal) at offset \(offset) is no hexadecimal digit, white \
            space, comma or colon. Remove it.
            """
        case .oddDigitCount(let count):
            "There are \(count) hexadecimal digits, but a byte has two. Add the missing one."
        case .oddNumber(let text):
            "\"\(text)\" has an odd number of digits, but a byte has two. Write 0x01, not 0x1."
        }
    }
}

extension Data {
    /// Whether all characters of `text` can stand in hexadecimal text. Stops at the first that
    /// cannot.
    package static func isHexadecimal(_ text: Data) -> Bool {
        text.allSatisfy { $0.isSeparator || $0.isHexadecimalLetter }
    }

    /// The bytes that hexadecimal text names. White space, commas and colons have no meaning;
    /// numbers may begin with `0x`.
    package init(hexadecimal text: Data) throws(HexadecimalError) {
        var digits: [UInt8] = []
        digits.reserveCapacity(text.count)
        for word in text.split(whereSeparator: \.isSeparator) {
            let number = word.starts(with: [0x30, 0x78]) || word.starts(with: [0x30, 0x58])
            let body = number ? word.dropFirst(2) : word
            for (offset, character) in zip(body.indices, body) {
                guard let digit = character.hexadecimalDigit else {
                    throw .foreignCharacter(character, offset: offset)
                }
                digits.append(digit)
            }
            if number, !body.count.isMultiple(of: 2) || body.isEmpty {
                throw .oddNumber(String(decoding: word, as: UTF8.self))
            }
        }
        guard digits.count.isMultiple(of: 2) else { throw .oddDigitCount(digits.count) }
        self.init(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }
}

extension Sequence<UInt8> {
    /// Two lower-case digits for each byte.
    package func hexadecimal(separator: String = "") -> String {
        map(\.hexadecimal).joined(separator: separator)
    }
}

extension UnsignedInteger where Self: FixedWidthInteger {
    /// All digits of a number's width, without prefix: `0a`.
    package var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: Self.bitWidth / 4 - digits.count) + digits
    }
}

extension UInt8 {
    fileprivate var isSeparator: Bool {
        self == 0x20 || (0x09...0x0D).contains(self) || self == 0x2C || self == 0x3A
    }

    fileprivate var isHexadecimalLetter: Bool {
        hexadecimalDigit != nil || self == 0x78 || self == 0x58
    }

    fileprivate var hexadecimalDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
