// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct SchemaTests {
    @Test
    func `a declaration is found by its name`() {
        var schema = Schema(name: ["a"], id: 0, version: 1)
        schema.declarations = [
            .constant(Constant(name: "limit", type: .integer(.u8), value: .integer(3)))
        ]
        #expect(schema.declaration(named: "limit") == schema.declarations[0])
        #expect(schema.declaration(named: "other") == nil)
    }
}
