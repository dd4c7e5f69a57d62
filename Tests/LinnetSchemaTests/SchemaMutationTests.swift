// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetSchema
import Testing

/// Damaged schemas: the compiler says what is wrong, or formatting changes nothing.
@Suite
struct SchemaMutationTests {
    @Test(arguments: 0..<8)
    func `no damage crashes the compiler`(seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        let sources = try ["everything.linnet", "common.linnet"].map {
            Array(try Data(contentsOf: caseFolder.appending(path: $0)))
        }
        for _ in 0..<250 {
            var bytes = sources[Int(generator.next() % 8) == 0 ? 1 : 0]
            for _ in 0..<(1 + generator.next() % 4) { mutate(&bytes, &generator) }
            check(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test(arguments: [
        String(repeating: "[", count: 200_000), String(repeating: "{", count: 200_000),
        "message A = 1 {" + String(repeating: "g: group<=1 {", count: 50_000),
        "message A = 1 { a: " + String(repeating: "[", count: 200_000),
        "message A = 1 { a: u8" + String(repeating: "[1]", count: 200_000),
        "message A = 1 { a: u8" + String(repeating: "?", count: 200_000),
        String(repeating: "-", count: 500_000), String(repeating: "1e-", count: 200_000),
        String(repeating: "@", count: 200_000), String(repeating: ";", count: 500_000),
        String(repeating: "/// a\n", count: 100_000),
        "const a: u8 = " + String(repeating: "9", count: 500_000),
        "const a: string = \"" + String(repeating: "\\u{", count: 200_000),
        String(repeating: "\0", count: 500_000), String(repeating: "\u{FFFD}", count: 200_000),
        (0..<40_000).map { "struct A\($0) { a: A\($0 + 1) }" }.joined(separator: "\n"),
        (0..<40_000).map { "struct A\($0 + 1) { a: A\($0) }" }.joined(separator: "\n")
            + "struct A0 { a: u8 }",
        (0..<40_000).map { "const a\($0): u8 = a\($0 + 1)" }.joined(separator: "\n"),
        (0..<40_000).map { "const a\($0): u8 = a\(($0 + 1) % 40_000)" }.joined(separator: "\n"),
        (0..<30_000).map { "struct A\($0) { a: B\($0) }" }.joined(separator: "\n"),
        "enum E: u32 {" + (0..<40_000).map { "a\($0) = \($0)" }.joined(separator: " ") + "}",
        "message A = 1 {" + (0..<80_000).map { "a\($0):u8" }.joined(separator: " ") + "}",
        "message A = 1 {" + String(repeating: "a:b", count: 200_000),
        String(repeating: "message", count: 100_000),
        String(repeating: "message A\n", count: 50_000),
        String(repeating: "import \"a\"\n", count: 50_000),
        "protocol P {" + String(repeating: "client sends A,", count: 50_000),
    ])
    func `large and deep text takes linear time and no stack`(body: String) {
        check("schema a version 1\n" + body.prefix(1_000_000))
    }
}

/// Compiles and formats; what compiles is formatted to what means the same.
private func check(_ text: String) {
    let load = { path in
        path == "mutated.linnet"
            ? text
            : try? String(contentsOf: caseFolder.appending(path: path), encoding: .utf8)
    }
    let result = SchemaCompiler.compile("mutated.linnet", load: load)
    _ = result.rendered(result.diagnostics)
    #expect((result.schema == nil) == result.diagnostics.contains { $0.severity == .error })
    guard let schema = result.schema else { return }
    let formatted = SchemaFormatter.format(text, path: "mutated.linnet").text
    guard let formatted else {
        Issue.record("a schema that compiles is not formatted: \(text)")
        return
    }
    let again = SchemaCompiler.compile("mutated.linnet") { path in
        path == "mutated.linnet" ? formatted : load(path)
    }
    #expect(again.schema == schema, "\(text)")
    #expect(SchemaFormatter.format(formatted, path: "mutated.linnet").text == formatted, "\(text)")
}

private func mutate(_ bytes: inout [UInt8], _ generator: inout SplitMix) {
    let words = [
        "{", "}", "[", "]", "(", ")", "<=", "...", "->", "?", ":", "=", "@", "@since(2)",
        "@since(3)", "@wide",
        "// x\n", "/// x\n", "///x\n\n", ";", ",", "\n\n", "0", "-1", "0x",
        "99999999999999999999999999999999999999999",
        "1.5", "1e5", "\"", "\\", "u8", "string<=5", "bytes[4]", "group<=2 {", "message", "struct",
        "const", "enum",
        "in 0...5", ".day", "true", "\0", "é", "Point", "Side", "maxText",
    ]
    let place = Int(generator.next() % UInt64(bytes.count))
    let end = min(bytes.count, place + Int(generator.next() % 20))
    switch generator.next() % 6 {
    case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
    case 1: bytes.removeSubrange(place..<end)
    case 2:
        bytes.insert(
            contentsOf: Array(bytes[place..<end]),
            at: Int(generator.next() % UInt64(bytes.count))
        )
    case 3:
        bytes.replaceSubrange(
            place..<end,
            with: Array(words[Int(generator.next() % UInt64(words.count))].utf8)
        )
    default:
        // Between tokens, so that more of them compile.
        let gap = bytes[place...].firstIndex { $0 == 0x20 || $0 == 0x0A } ?? place
        bytes.insert(
            contentsOf: Array(" \(words[Int(generator.next() % UInt64(words.count))]) ".utf8),
            at: gap
        )
    }
    if bytes.isEmpty { bytes = [0x20] }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
