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
        for _ in 0..<60 {
            var bytes = sources[Int(generator.next() % 8) == 0 ? 1 : 0]
            for _ in 0..<(1 + generator.next() % 4) { mutate(&bytes, &generator) }
            check(String(decoding: bytes, as: UTF8.self))
        }
    }

    @Test(arguments: HostileText.allCases)
    func `large and deep text takes linear time and no stack`(body: HostileText) {
        check("schema a version 1\n" + body.text.prefix(1_000_000))
    }
}

/// Texts that would cost a careless compiler its stack or much time.
enum HostileText: String, CaseIterable {
    case brackets, braces, groups, lists, arrays, questions, dashes, numbers, attributes, separators
    case documentation, digits, escapes, zeros, junk, structures, reversedStructures, constants
    case constantCycle, unknownTypes, cases, fields, brokenFields, word, messages, imports, sendings

    private static func rows(_ count: Int, _ row: (Int) -> String) -> String {
        (0..<count).map(row).joined(separator: " ")
    }

    private static func many(_ text: String) -> String {
        String(repeating: text, count: 150_000 / text.utf8.count)
    }

    var text: String {
        switch self {
        case .brackets: Self.many("[")
        case .braces: Self.many("{")
        case .groups: "message A = 1 {" + Self.many("g: group<=1 {")
        case .lists: "message A = 1 { a: " + Self.many("[")
        case .arrays: "message A = 1 { a: u8" + Self.many("[1]")
        case .questions: "message A = 1 { a: u8" + Self.many("?")
        case .dashes: Self.many("-")
        case .numbers: Self.many("1e-")
        case .attributes: Self.many("@")
        case .separators: Self.many(";")
        case .documentation: Self.many("/// a\n")
        case .digits: "const a: u8 = " + Self.many("9")
        case .escapes: "const a: string = \"" + Self.many("\\u{")
        case .zeros: Self.many("\0")
        case .junk: Self.many("\u{FFFD}")
        case .structures: Self.rows(10_000) { "struct A\($0) { a: A\($0 + 1) }" }
        case .reversedStructures:
            "struct A0 { a: u8 } " + Self.rows(10_000) { "struct A\($0 + 1) { a: A\($0) }" }
        case .constants: Self.rows(10_000) { "const a\($0): u8 = a\($0 + 1)" }
        case .constantCycle: Self.rows(10_000) { "const a\($0): u8 = a\(($0 + 1) % 10_000)" }
        case .unknownTypes: Self.rows(10_000) { "struct A\($0) { a: B\($0) }" }
        case .cases: "enum E: u32 {" + Self.rows(10_000) { "a\($0) = \($0)" } + "}"
        case .fields: "message A = 1 {" + Self.rows(20_000) { "a\($0):u8" } + "}"
        case .brokenFields: "message A = 1 {" + Self.many("a:b ")
        case .word: Self.many("message")
        case .messages: Self.many("message A\n")
        case .imports: Self.many("import \"a\"\n")
        case .sendings: "protocol P {" + Self.many("client sends A,")
        }
    }
}

/// Compiles and formats; what compiles is formatted to what means the same.
private func check(_ text: String) {
    let load = { (path: String) -> String? in
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
