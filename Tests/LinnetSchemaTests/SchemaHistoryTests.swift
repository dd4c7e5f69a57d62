// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct SchemaHistoryTests {
    /// A schema of two versions, and the text of its first.
    private static let new = """
        schema a version 2
        enum E: u8 { one = 1 two = 2 @since(2) }
        union U: u8 { number: u8 = 1 text: string<=4 = 2 @since(2) }
        message M = 1 {
            e: E
            u: U
            g: group<=2 { x: u8 y: u8? @since(2) }
            z: u8? @since(2)
        }
        message N = 2 @since(2) { x: u8 }
        """
    private static let old = """
        schema a version 1
        enum E: u8 { one = 1 }
        union U: u8 { number: u8 = 1 }
        message M = 1 {
            e: E
            u: U
            g: group<=2 { x: u8 }
        }
        """

    private func schema(_ text: String) throws -> Schema {
        let result = SchemaCompiler.compile("a.linnet") { _ in text }
        return try #require(result.schema, "\(result.rendered(result.diagnostics))")
    }

    @Test
    func `a schema as of an older version is what its text was then`() throws {
        let schema = try schema(Self.new)
        let old = try self.schema(Self.old)
        #expect(TableEmitter(schema.asOf(version: 1)).text != TableEmitter(schema).text)
        let texts = [schema.asOf(version: 1), old].map { schema in
            // The largest size is that of today.
            TableEmitter(schema).text.split(separator: "\n").map { line in
                line.hasPrefix("message")
                    ? line.split(separator: " ").dropLast().joined() : String(line)
            }
        }
        #expect(texts[0] == texts[1])
    }

    @Test
    func `a schema as of its own version is itself`() throws {
        let schema = try schema(Self.new)
        #expect(schema.asOf(version: 2) == schema)
    }
}
