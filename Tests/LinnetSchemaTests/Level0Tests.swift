// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct Level0Tests {
    @Test
    func `what needs level 1 compiles, and is said`() throws {
        let text = """
            schema a version 1
            message A = 1 { a: u8 }
            message B = 2 { a: u8 }
            message C = 3 { a: u8 }
            protocol P {
                magic 1
                client requests A -> B @correlated @control
                server requests C -> B
                server sends A @control
            }
            protocol Q { magic 2; client requests A -> B }
            """
        let result = SchemaCompiler.compile("a") { _ in text }
        #expect(result.diagnostics == [])
        #expect(result.level0Problems.map(\.rule) == Array(repeating: "needs-level-1", count: 4))
        #expect(
            result.schema?.level0Problems == [
                "protocol `P`: `@control` at `server sends A` needs level 1",
                "protocol `P`: `@control` at `client requests A` needs level 1",
                "protocol `P`: `@correlated` at `client requests A` needs level 1",
                "protocol `P`: `server requests C` needs level 1",
            ]
        )
    }
}
