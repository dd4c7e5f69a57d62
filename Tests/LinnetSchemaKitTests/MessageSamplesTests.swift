// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetMessages
import LinnetSchema
import Testing

@testable import LinnetSchemaKit

/// Of a schema with every type.
struct MessageSamplesTests {
    private static let table: SchemaTable? = {
        let folder = URL(filePath: #filePath).appending(path: "../../../Specs/cases/schema")
        let result = SchemaCompiler.compile("everything.linnet") { path in
            try? String(contentsOf: folder.appending(path: path).standardized, encoding: .utf8)
        }
        return result.schema.map { SchemaTable(TableEmitter($0).text) }
    }()

    @Test(arguments: MessageSamples.Style.allCases)
    func `random messages of all versions are valid`(style: MessageSamples.Style) throws {
        var samples = MessageSamples(seed: 1)
        for message in try #require(Self.table).messages {
            for version in message.since...message.schemaVersion {
                for _ in 0..<50 {
                    let bytes = samples.message(
                        message,
                        version: version,
                        style: style,
                        maxByteCount: 3_000
                    )
                    let json = try message.json(of: bytes)
                    #expect(json.hasPrefix("{"))
                }
            }
        }
    }

    @Test func `the same seed gives the same messages`() throws {
        let messages = try #require(Self.table).messages
        var (first, second) = (MessageSamples(seed: 7), MessageSamples(seed: 7))
        var other = MessageSamples(seed: 8)
        let message = try #require(messages.first { $0.name == "Variables" })
        let bytes = first.message(message, version: 3)
        #expect(second.message(message, version: 3) == bytes)
        #expect(other.message(message, version: 3) != bytes)
    }

    @Test func `messages of many entries are about as long as they may be`() throws {
        let messages = try #require(Self.table).messages
        let message = try #require(messages.first { $0.name == "Wide" })
        var samples = MessageSamples(seed: 1)
        let bytes = samples.message(
            message,
            version: 3,
            style: .manyEntries,
            maxByteCount: 10_000
        )
        #expect((8_000...20_000).contains(bytes.count))
    }
}
