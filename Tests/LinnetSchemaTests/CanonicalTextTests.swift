// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct CanonicalTextTests {
    @Test
    func `the text compiles to a schema with the same text, in canonical form`() throws {
        let set = try ExampleSchemas.everything()
        var texts: [String: String] = [:]
        for file in set.files { texts[file.source.path] = CanonicalText(file.schema).text() }
        let again = SchemaSet(["everything.linnet"]) { texts[$0] }
        try #require(again.diagnostics.isEmpty, "\(again.rendered(again.diagnostics))")
        for file in again.files {
            let text = CanonicalText(file.schema).text()
            #expect(text == texts[file.source.path])
            #expect(SchemaFormatter.format(text, path: "").text == text)
        }
    }

    @Test
    func `documentation, deprecation and notation leave no trace`() throws {
        let rich = try ExampleSchemas.schema(
            """
            /// A schema.
            schema a version 2
            const most: u8 = 0x1_0 // sixteen
            /// A message.
            message M = 0x1 @deprecated(2, "no more") {
                a: u8 = most; b: string<=most @deprecated(2)
            }
            """
        )
        let plain = """
            schema a version 2

            const most: u8 = 16

            message M = 1 {
                a: u8 = 16
                b: string<=16
            }

            """
        #expect(CanonicalText(rich).text() == plain)
    }

    @Test
    func `strings that mean harm stay strings`() throws {
        let schema = try ExampleSchemas.schema(ExampleSchemas.hostile)
        let text = CanonicalText(schema).text()
        let again = try ExampleSchemas.schema(text)
        #expect(CanonicalText(again).text() == text)
        guard case .constant(let old)? = schema.declaration(named: "text"),
            case .constant(let new)? = again.declaration(named: "text")
        else {
            Issue.record("the constant is gone")
            return
        }
        #expect(old.value == new.value)
    }
}
