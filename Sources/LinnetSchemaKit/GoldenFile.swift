// SPDX-License-Identifier: Apache-2.0

/// Messages that were written once, and what they mean: text, for people and for comparing. It
/// is the
/// memory of a schema: what peers of older versions send stays in it.
///
/// ```
/// message Quote 2
/// layout price: decimal(i64, -4) at 8
/// bytes 0100020008000000d204000000000000
/// json {"price":"0.1234"}
/// ```
public struct GoldenFile: Sendable, Hashable {
    /// A message of some version.
    public struct Entry: Sendable, Hashable {
        public var message: String
        public var version: UInt16
        /// What the schema said of the message when the vectors were written.
        public var layout: [String] = []
        public var vectors: [Vector] = []
    }

    public struct Vector: Sendable, Hashable {
        public var bytes: [UInt8]
        public var json: String
    }

    public var entries: [Entry]

    public init(_ entries: [Entry] = []) {
        self.entries = entries
    }

    /// The vectors of a message, of all versions.
    public func vectors(of message: String) -> [Vector] {
        entries.filter { $0.message == message }.flatMap(\.vectors)
    }

    // MARK: - Text

    /// - Throws: the first line that is wrong.
    public init(text: String) throws(KitFailure) {
        entries = []
        var bytes: [UInt8]?
        for (index, line) in text.split(
            omittingEmptySubsequences: false,
            whereSeparator: \.isNewline
        ).enumerated() {
            if line.isEmpty || line.hasPrefix("#") { continue }
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            let rest = words.count > 1 ? words[1] : ""
            switch words[0] {
            case "message":
                let parts = rest.split(separator: " ")
                guard parts.count == 2, let version = UInt16(parts[1]) else { break }
                entries.append(Entry(message: String(parts[0]), version: version))
                continue
            case "layout" where !entries.isEmpty:
                entries[entries.count - 1].layout.append(rest)
                continue
            case "bytes" where !entries.isEmpty:
                bytes = LinnetSchemaKit.bytes(hexadecimal: rest)
                if bytes != nil { continue }
            case "json" where !entries.isEmpty:
                guard let found = bytes else { break }
                entries[entries.count - 1].vectors.append(Vector(bytes: found, json: rest))
                bytes = nil
                continue
            default: break
            }
            throw KitFailure(
                "golden messages, line \(index + 1)",
                found: String(line.prefix(80)),
                expected: "`message`, `layout`, `bytes` or `json`",
                bytes: []
            )
        }
    }

    /// Ends with a line end.
    public var text: String {
        var text = """
            # Messages of each version and what they mean. `linnetctl schema kit` wrote them,
            # once: it adds
            # what a new version brings, and changes none. The tests say what no longer holds of
            # them.

            """
        for entry in entries {
            text += "\nmessage \(entry.message) \(entry.version)\n"
            for line in entry.layout { text += "layout \(line)\n" }
            for vector in entry.vectors {
                text += "bytes \(hexadecimal(vector.bytes))\njson \(vector.json)\n"
            }
        }
        return text
    }
}
