// SPDX-License-Identifier: Apache-2.0

package import LinnetMessages

extension GoldenFile {
    /// Adds messages of each version that has none yet. The same table gives the same ones.
    ///
    /// - Parameter vectorCount: how many of each message and version.
    package mutating func complete(_ table: SchemaTable, vectorCount: Int = 8) {
        for message in table.messages {
            for version in message.since...max(message.since, message.schemaVersion) {
                add(message, version: version, vectorCount)
            }
        }
    }

    private mutating func add(_ message: TableMessage, version: UInt16, _ vectorCount: Int) {
        let isThere = entries.contains { $0.message == message.name && $0.version == version }
        guard !isThere else { return }
        var entry = Entry(message: message.name, version: version)
        entry.layout = GoldenLayout.lines(of: message, version: version)
        var samples = MessageSamples(seed: UInt64(message.number) << 16 | UInt64(version))
        var attempts = 0
        while entry.vectors.count < vectorCount, attempts < vectorCount * 20 {
            attempts += 1
            let bytes = samples.message(message, version: version, maxByteCount: 600)
            guard bytes.count <= 2_000, let json = try? message.json(of: bytes),
                // A line of a file is one line.
                !json.contains(where: \.isNewline),
                !entry.vectors.contains(where: { $0.bytes == bytes })
            else { continue }
            entry.vectors.append(Vector(bytes: bytes, json: json))
        }
        entries.append(entry)
    }
}

extension SchemaKit {
    /// Adds golden messages of each message and version that has none yet.
    public func complete(_ golden: inout GoldenFile) {
        for type in today.messages { golden.complete(type.schema) }
    }
}
