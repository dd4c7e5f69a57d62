// SPDX-License-Identifier: Apache-2.0

internal import LinnetMessages

// What the tests of a kit check, each for one message.

extension SchemaKit {
    /// The messages of today, in the order of the schema.
    public var messageNames: [String] {
        today.messages.map { table(of: $0).name }
    }

    /// The golden messages are read and written as ever, and mean what they meant.
    ///
    /// - Throws: what no longer holds, and what the schema says that it did not say then.
    public func checkGolden(_ golden: GoldenFile, of name: String) throws(KitFailure) {
        for entry in golden.entries where entry.message == name {
            for vector in entry.vectors {
                do throws(KitFailure) {
                    try check(vector, named: name)
                } catch {
                    var failure = error
                    failure.bytes = vector.bytes
                    failure.claim += "\n" + cause(of: entry)
                    throw failure
                }
            }
        }
    }

    private func check(_ vector: GoldenFile.Vector, named name: String) throws(KitFailure) {
        let type = try message(named: name)
        let outcome = try check(vector.bytes, as: type)
        try expectEqual(
            outcome.error.map { "\($0)" },
            nil,
            "\(name): a golden message is valid"
        )
        try expectEqual(
            try? table(of: type).json(of: vector.bytes),
            vector.json,
            "\(name): a golden message means what it meant"
        )
    }

    /// What may be the reason that a vector does not hold.
    private func cause(of entry: GoldenFile.Entry) -> String {
        guard let type = try? message(named: entry.message) else { return "" }
        let lines = GoldenLayout.lines(of: table(of: type), version: entry.version)
        let changes = GoldenLayout.difference(from: entry.layout, to: lines)
        guard !changes.isEmpty else {
            return
                "  The schema says of version \(entry.version) what it said then: the code changed."
        }
        return "  The schema changed what version \(entry.version) is:"
            + changes.map { "\n    " + $0 }.joined()
    }

    /// There are golden messages of each version of the message.
    public func checkCompleteness(of golden: GoldenFile, _ name: String) throws(KitFailure) {
        let type = try message(named: name)
        for version in type.oldestVersion...max(type.version, type.oldestVersion) {
            let isThere = golden.entries.contains { entry in
                entry.message == name && entry.version == version && !entry.vectors.isEmpty
            }
            guard isThere else {
                throw KitFailure(
                    "\(name): there are golden messages of version \(version)",
                    found: "none",
                    expected: "some: `./run golden` adds them",
                    bytes: []
                )
            }
        }
    }

    /// Each golden message without its end is refused, or is another message.
    public func checkTruncations(_ golden: GoldenFile, of name: String) throws(KitFailure) {
        let type = try message(named: name)
        for vector in golden.vectors(of: name) {
            for count in 0..<vector.bytes.count {
                _ = try check(Array(vector.bytes.prefix(count)), as: type)
            }
        }
    }

    /// Each golden message with one byte changed is refused, or is another message.
    public func checkMutations(_ golden: GoldenFile, of name: String) throws(KitFailure) {
        let type = try message(named: name)
        var random = SplitMix(seed: 1)
        for vector in golden.vectors(of: name) {
            for index in vector.bytes.indices {
                var bytes = vector.bytes
                bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                _ = try check(bytes, as: type)
                let edges: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF]
                bytes[index] = edges.randomElement(using: &random) ?? 0
                _ = try check(bytes, as: type)
            }
        }
    }

    /// Random messages of all versions are valid, and all that must hold of valid bytes does.
    public func checkRandom(
        _ name: String,
        seed: UInt64 = 1,
        count: Int = 200
    ) throws(KitFailure) {
        let type = try message(named: name)
        var samples = MessageSamples(seed: seed)
        for version in type.oldestVersion...max(type.version, type.oldestVersion) {
            for index in 0..<count {
                let style = MessageSamples.Style.allCases[index % 16 == 0 ? index / 16 % 4 : 0]
                let bytes = samples.message(
                    table(of: type),
                    version: version,
                    style: style,
                    maxByteCount: 2_000
                )
                let outcome = try check(bytes, as: type)
                guard outcome.error == nil else {
                    throw KitFailure(
                        "\(name): a random message of version \(version) is valid",
                        found: "\(String(describing: outcome.error))",
                        expected: "no error",
                        bytes: bytes
                    )
                }
            }
        }
    }

    private func message(named name: String) throws(KitFailure) -> any KitMessage.Type {
        for message in today.messages where table(of: message).name == name { return message }
        throw KitFailure(
            "\(name): the schema has the message",
            found: "none of that name",
            expected: "it: messages stay as long as a peer may send them",
            bytes: []
        )
    }
}
