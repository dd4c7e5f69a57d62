// SPDX-License-Identifier: Apache-2.0

/// What does not hold of some bytes.
public struct KitFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What should hold, beginning with the message.
    public var claim: String
    public var found: String
    public var expected: String
    /// The bytes under test.
    public var bytes: [UInt8]

    init(_ claim: String, found: String, expected: String, bytes: [UInt8]) {
        self.claim = claim
        self.found = found
        self.expected = expected
        self.bytes = bytes
    }

    public var description: String {
        var text = "\(claim)\n  found:    \(found)\n  expected: \(expected)"
        if !bytes.isEmpty { text += "\n  bytes:    \(hexadecimal(bytes))" }
        return text
    }
}

func expect(
    _ condition: Bool,
    _ claim: @autoclosure () -> String,
    _ bytes: [UInt8]
) throws(KitFailure) {
    guard !condition else { return }
    throw KitFailure(claim(), found: "not so", expected: "so", bytes: bytes)
}

func expectEqual(
    _ found: String?,
    _ expected: String?,
    _ claim: @autoclosure () -> String
) throws(KitFailure) {
    guard found != expected else { return }
    throw KitFailure(
        claim(),
        found: found ?? "nothing",
        expected: expected ?? "nothing",
        bytes: []
    )
}

func expectEqual(
    _ found: [UInt8],
    _ expected: [UInt8],
    _ claim: @autoclosure () -> String
) throws(KitFailure) {
    guard found != expected else { return }
    throw KitFailure(
        claim(),
        found: hexadecimal(found),
        expected: hexadecimal(expected),
        bytes: []
    )
}

/// Two small digits a byte.
package func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
        decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
        as: UTF8.self
    )
}

/// The bytes of two digits each; `nil` if the text is something else.
package func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.map { hexadecimalDigit($0) }
    guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map {
        (digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)
    }
}

private func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
