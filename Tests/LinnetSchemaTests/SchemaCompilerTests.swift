// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetSchema
import Testing

@Suite
struct SchemaCompilerTests {
    @Test
    func `the schema with every feature compiles`() throws {
        let result = compileCase("everything.linnet")
        #expect(result.rendered(result.diagnostics) == "")
        let schema = try #require(result.schema)
        #expect(schema.version == 3)
        #expect(schema.messages.count == 8)
        #expect(schema.imported.map(\.name) == ["maxSymbol", "Side", "Quote", "Refused"])
        #expect(result.level0Problems == [])
    }
}

/// The folder of the schemas that all tests share.
let caseFolder = URL(filePath: #filePath)
    .appending(path: "../../../Specs/cases/schema").standardized

func compileCase(_ name: String) -> CompileResult {
    SchemaCompiler.compile(name) { path in
        try? String(contentsOf: caseFolder.appending(path: path), encoding: .utf8)
    }
}
