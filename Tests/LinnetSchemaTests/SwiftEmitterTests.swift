// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetSchema
import Testing

@Suite
struct SwiftEmitterTests {
    @Test(arguments: ["Car", "Common", "Everything"])
    func `the generated code that the runtime is tested with is what the emitter writes`(
        name: String
    ) throws {
        let file = name.lowercased() + ".linnet"
        let schema = try #require(compiled(cases + file))
        let emitter = SwiftEmitter(schema, fileName: file, messagesOnly: true)
        #expect(emitter.problems == [])
        let text = emitter.file()
        #expect(text == SwiftEmitter(schema, fileName: file, messagesOnly: true).file())
        try compare(text, with: repository + "Tests/LinnetMessagesTests/Generated/\(name).swift")
    }
}

let repository = String(#filePath.dropLast("Tests/LinnetSchemaTests/SwiftEmitterTests.swift".count))
private let cases = repository + "Specs/cases/schema/"

func compiled(_ path: String) -> Schema? {
    let result = SchemaCompiler.compile(path) { path in
        try? String(contentsOfFile: path, encoding: .utf8)
    }
    #expect(result.rendered(result.diagnostics) == "")
    return result.schema
}

/// The text is that of the file. `LINNET_SNAPSHOTS=write` writes the file.
func compare(_ text: String, with path: String) throws {
    if ProcessInfo.processInfo.environment["LINNET_SNAPSHOTS"] == "write" {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
}
