// SPDX-License-Identifier: Apache-2.0

/// The names of what is generated of protocols.
enum ServiceNames {
    /// The method of a message: `Lookup` has `lookup`, `URLRequest` has `urlRequest`.
    static func method(_ message: String) -> String {
        let letters = Array(message)
        let capitals = letters.prefix { $0.isUppercase }.count
        // The last capital of several begins the next word, unless nothing small follows.
        let begins = capitals > 1 && capitals < letters.count && letters[capitals].isLowercase
        let count = max(1, begins ? capitals - 1 : capitals)
        return escaped(letters.prefix(count).map { $0.lowercased() }.joined() + letters[count...])
    }

    /// Only the first letter: different messages have different ones.
    static func plainMethod(_ message: String) -> String {
        escaped(message.prefix(1).lowercased() + message.dropFirst())
    }

    private static func escaped(_ name: String) -> String {
        if ["init", "deinit", "subscript", "self"].contains(name) { return name + "_" }
        return SwiftNames.keywords.contains(name) ? "`\(name)`" : name
    }

    /// With `_` between groups of four digits.
    static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        let padded = String(repeating: "0", count: 8 - digits.count) + digits
        return "0x\(padded.prefix(4))_\(padded.suffix(4))"
    }
}

extension ProtocolBinding {
    var clientSends: [String] { sendings.filter { $0.side == .client }.map(\.message) }

    /// What a server sends on its own.
    var events: [String] { sendings.filter { $0.side == .server }.map(\.message) }

    var clientRequests: [Request] { requests.filter { $0.side == .client } }

    /// What only a server sends, each once.
    var serverMessages: [String] {
        var seen = Set(clientSends + clientRequests.map(\.message))
        return (events + clientRequests.flatMap(\.replies)).filter { seen.insert($0).inserted }
    }

    var messageNames: [String] {
        sendings.map(\.message) + requests.flatMap { [$0.message] + $0.replies }
    }
}

extension ProtocolBinding.Request {
    /// The response, then the errors.
    var replies: [String] { [response] + errors }

    /// `The client asks `Lookup`: the reply is …`
    func sentence(_ beginning: String) -> String {
        let replies = replies.map { "`\($0)`" }.joined(separator: " or ")
        return "\(beginning) `\(message)`: the reply is \(replies)."
    }
}
