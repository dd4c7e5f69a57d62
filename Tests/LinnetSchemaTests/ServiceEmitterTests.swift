// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetSchema
import Testing

@Suite
struct ServiceEmitterTests {
    @Test(arguments: [
        ("prices", "Tests/LinnetTests/Generated/Prices.swift"),
        ("prices", "Sources/linnetctl/Generated/Prices.swift"),
    ])
    func `the generated code that is compiled elsewhere is what the emitter writes`(
        name: String,
        path: String
    ) throws {
        let file = name + ".linnet"
        let schema = try #require(compiled(repository + "Tests/Examples/Sources/\(name)/" + file))
        let emitter = SwiftEmitter(schema, fileName: file)
        #expect(emitter.problems == [])
        try compare(emitter.file(), with: repository + path)
    }

    @Test
    func `without code for protocols the runtime of messages is enough`() throws {
        let schema = try #require(checked(text: "protocol P { magic 1 client sends A }"))
        #expect(SwiftEmitter(schema).file().contains("\npublic import Linnet\n"))
        let text = SwiftEmitter(schema, messagesOnly: true).file()
        #expect(text.contains("\npublic import LinnetMessages\n"))
        #expect(!text.contains("Linnet.") && !text.contains("protocol P"))
    }

    @Test
    func `names that two generated types would have are problems`() throws {
        let schema = try #require(
            checked(
                text: """
                    message PService = 2 { a: u8 }
                    protocol P { magic 1 server sends A }
                    protocol PEvent { magic 1 client sends A }
                    """
            )
        )
        #expect(
            SwiftEmitter(schema).problems == [
                "`PService` is the name of a generated type for `P`",
                "`PEvent` is the name of a generated type for `P`",
            ]
        )
        #expect(SwiftEmitter(schema, messagesOnly: true).problems == [])
    }

    @Test
    func `what needs level 1 is a problem, and no code is missing in silence`() {
        var binding = ProtocolBinding(name: "P", magic: 1)
        binding.requests = [.init(side: .server, message: "A", response: "A", errors: [])]
        var schema = Schema(name: ["a"], id: 0, version: 1)
        schema.declarations = [.binding(binding)]
        let problems = SwiftEmitter(schema).problems
        #expect(problems == ["protocol `P`: `server requests A` needs level 1"])
    }

    @Test(arguments: [
        ("Lookup", "lookup"), ("HTTPRequest", "httpRequest"), ("HTTP", "http"), ("X", "x"),
        ("XRay", "xRay"), ("AB1", "ab1"), ("Init", "init_"), ("Repeat", "`repeat`"),
    ])
    func `methods have the names of their messages`(message: String, method: String) throws {
        let schema = try #require(
            checked(
                text: """
                    message \(message) = 2 { a: u8 }
                    protocol P { magic 1 client sends \(message) }
                    """
            )
        )
        let text = SwiftEmitter(schema).file()
        #expect(text.contains("mutating func \(method)("))
    }

    @Test
    func `messages that differ in their capitals have different methods`() throws {
        let schema = try #require(
            checked(
                text: """
                    message URL = 2 { a: u8 }
                    message Url = 3 { a: u8 }
                    protocol P { magic 1 client sends URL, Url }
                    """
            )
        )
        let text = SwiftEmitter(schema).file()
        #expect(text.contains("mutating func uRL(") && text.contains("mutating func url("))
    }

    private func checked(text: String) -> Schema? {
        let whole = "schema a version 1 message A = 1 { a: u8 } " + text
        let result = SchemaCompiler.compile("a.linnet") { _ in whole }
        #expect(result.rendered(result.diagnostics) == "")
        return result.schema
    }
}
