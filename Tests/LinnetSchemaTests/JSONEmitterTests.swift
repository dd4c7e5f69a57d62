// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetSchema
import Testing

@Suite
struct JSONEmitterTests {
    @Test
    func `everything is there, with its place`() throws {
        let schema = try ExampleSchemas.everything().files[0].schema
        let model = try object(schema)
        #expect(model["name"] as? String == "linnet.everything")
        #expect(model["version"] as? Int == 3)
        let declarations = try #require(model["declarations"] as? [[String: Any]])
        #expect(declarations.count == schema.declarations.count)
        let named = Dictionary(
            declarations.map { ($0["name"] as? String ?? "", $0) },
            uniquingKeysWith: { first, _ in first }
        )
        let late = try #require(named["Late"]?["fields"] as? [[String: Any]])
        #expect(late.map { $0["since"] as? Int } == [2, 2, 3])
        #expect(late.map { $0["offset"] as? Int } == [0, nil, 1])
        #expect(late[1]["endIndex"] as? Int == 0)
        let huge = try #require(named["Huge"]?["cases"] as? [[String: Any]])
        #expect(huge[1]["value"] as? String == "18446744073709551615")
        #expect(named["Everything"]?["kind"] as? String == "protocol")
    }

    @Test
    func `strings that mean harm stay strings, and the same schema has the same text`() throws {
        let schema = try ExampleSchemas.schema(ExampleSchemas.hostile)
        let model = try object(schema)
        let declarations = try #require(model["declarations"] as? [[String: Any]])
        #expect(
            declarations[0]["value"] as? String
                == "</script><b> | `\u{202E}\u{0} \"q\" \\ \n'"
        )
        #expect(JSONEmitter(schema).text() == JSONEmitter(schema).text())
    }

    private func object(_ schema: Schema) throws -> [String: Any] {
        let data = Data(JSONEmitter(schema).text().utf8)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
}
