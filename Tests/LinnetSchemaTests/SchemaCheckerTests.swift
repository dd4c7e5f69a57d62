// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

/// Rules of Specs/schema.md §2, each with text that keeps it and text that breaks it.
@Suite
struct SchemaCheckerTests {
    @Test(arguments: ruleExamples)
    func `a rule tells what keeps it from what breaks it`(example: RuleExample) {
        #expect(rules(of: example.good) == [], "\(example.good)")
        #expect(rules(of: example.bad) == [example.rule.rawValue], "\(example.bad)")
    }

    @Test
    func `every rule of one file has an example`() {
        let ofFiles: Set<Rule> = [
            .fileMissing, .fileSize, .importPath, .importCycle, .importCount, .importFailed,
            .importOrder, .needsLevel1,
        ]
        let missing = Set(Rule.allCases).subtracting(ruleExamples.map(\.rule)).subtracting(ofFiles)
        #expect(missing == [])
    }

    @Test
    func `no error hides another, and none is said twice`() {
        let text = """
            schema a version 1
            enum E u8 { a = 0 }
            message A = 1 {
                a: E
                b: Nowhere
                c:
                d: u8 = 300
            }
            struct S { a: u8
            message B = 1 { s: S; a: A }
            """
        let found = SchemaCompiler.compile("a") { _ in text }.diagnostics
        #expect(
            found.map { "\($0.line) \($0.rule)" } == [
                "2 unexpected-token", "5 unknown-type", "6 type-expected", "7 value-range",
                "9 brace-missing", "10 duplicate-number", "10 unknown-type",
            ]
        )
    }
}

struct RuleExample: Sendable, CustomTestStringConvertible {
    var rule: Rule
    var good: String
    var bad: String

    var testDescription: String { "\(rule.rawValue): \(bad.prefix(40))" }
}

/// Each rule once.
private func rules(of text: String) -> [String] {
    let isWhole = text.utf8.first.map { $0 == 0xEF } ?? false || text.contains("schema")
    let whole = isWhole ? text : "schema a version 3\n\(declarations)\n\(text)"
    return Set(SchemaCompiler.compile("a") { _ in whole }.diagnostics.map(\.rule)).sorted()
}

/// What the examples use.
private let declarations = """
    const seven: u8 = 7
    const half: f32 = 0.5
    closed enum Side: u8 { buy = 1; sell = 2 }
    enum Kind: u16 { plain = 0 }
    flags Marks: u8 { first = 0 }
    bits Nibble: u8 { low: 4 }
    struct Point { x: i32 }
    union Any: u8 { nothing = 1; number: u8 = 2 }
    message Ping = 100 { }
    message Pong = 101 { }
    message Sorry = 102 { }
    """

private func field(_ rule: Rule, _ good: String, _ bad: String) -> RuleExample {
    RuleExample(rule: rule, good: "message M = 1 { \(good) }", bad: "message M = 1 { \(bad) }")
}

private func declare(_ rule: Rule, _ good: String, _ bad: String) -> RuleExample {
    RuleExample(rule: rule, good: good, bad: bad)
}

private func item(_ rule: Rule, _ good: String, _ bad: String) -> RuleExample {
    RuleExample(
        rule: rule,
        good: "protocol P { magic 1; \(good) }",
        bad: "protocol P { magic 1; \(bad) }"
    )
}

private func nested(_ depth: Int) -> String {
    String(repeating: "g: group<=1 { ", count: depth) + "a: u8"
        + String(repeating: " }", count: depth)
}

private let ruleExamples: [RuleExample] =
    textExamples + nameExamples + typeExamples + valueExamples + messageExamples + protocolExamples

private let textExamples = [
    declare(.byteOrderMark, "schema a version 1", "\u{FEFF}schema a version 1"),
    field(.unexpectedCharacter, "a: u8", "a: u8 #\n b: u8"),
    declare(.stringUnterminated, "const a: string = \"a\"", "const a: string = \"a"),
    declare(.stringEscape, "const a: string = \"\\u{41}\"", "const a: string = \"\\x\""),
    declare(.stringEscape, "const a: string = \"\\t\"", "const a: string = \"\t\""),
    declare(.numberForm, "const a: u16 = 1_0", "const a: u16 = 1__0"),
    declare(.numberForm, "const a: u8 = 0xfF", "const a: u8 = 0xg"),
    declare(.numberForm, "const a: f64 = 1E+5", "const a: f64 = 1e"),
    field(.nameExpected, "a: u8", ": u8"),
    field(.nameCase, "a: u8", "A: u8"),
    declare(.nameCase, "struct A { a: u8 }", "struct a { a: u8 }"),
    field(
        .nameLength,
        String(repeating: "a", count: 64) + ": u8",
        String(repeating: "a", count: 65) + ": u8"
    ),
    field(
        .nameReserved,
        "message: u8; group: u8; flags: u8; string: u8; id: u8; version: u8",
        "in: u8"
    ),
    field(.unexpectedToken, "a: u8 = 1", "a = 1"),
    declare(.braceMissing, "struct A { a: u8 }", "struct A { a: u8"),
    field(.typeExpected, "a: u8", "a: =1"),
    field(.boundMissing, "a: string<=5", "a: string"),
    field(.boundMissing, "a: str[5]", "a: str"),
    field(.boundMissing, "a: bytes<=5", "a: bytes"),
    field(.boundMissing, "a: [u8]<=5", "a: [u8]"),
    field(.boundMissing, "a: [u8: u8]<=5", "a: [u8: u8]"),
    field(.boundMissing, "a: group<=5 { b: u8 }", "a: group { b: u8 }"),
    declare(.schemaLine, "schema a.b version 1", "schema a"),
    declare(.schemaID, "schema a id 65535 version 1", "schema a id 0 version 1"),
    declare(.schemaVersion, "schema a version 65535", "schema a version 0"),
]

private let nameExamples = [
    declare(
        .duplicateName,
        "struct A { a: u8 } struct B { a: u8 }",
        "struct A { a: u8 } struct A { a: u8 }"
    ),
    field(.duplicateName, "a: u8; g: group<=1 { a: u8 }", "a: u8; a: u8"),
    field(.duplicateName, "const b: u8 = 1; a: u8", "const a: u8 = 1; a: u8"),
    declare(.duplicateNumber, "enum A: u8 { a = 0; b = 1 }", "enum A: u8 { a = 0; b = 0 }"),
    declare(.duplicateNumber, "flags A: u8 { a = 0; b = 1 }", "flags A: u8 { a = 0; b = 0 }"),
    declare(.duplicateNumber, "union A: u8 { a = 1; b = 2 }", "union A: u8 { a = 1; b = 1 }"),
    declare(
        .duplicateNumber,
        "message A = 1 { } message B = 2 { }",
        "message A = 1 { } message B = 1 { }"
    ),
    field(.unknownType, "a: Point", "a: Points"),
    field(.unknownType, "a: Side?", "a: Ping"),
    field(.unknownUnit, "a: timestamp(ns)", "a: timestamp(m)"),
    field(.unknownConstant, "a: str[seven]", "a: str[eight]"),
    field(.unknownConstant, "const k: u8 = 1; a: u8 = k", "a: u8 = k"),
    field(.unknownCase, "a: Side = .buy", "a: Side = .by"),
    item(.unknownMessage, "client sends Ping", "client sends Pin"),
    item(.unknownMessage, "client requests Ping -> Pong", "client requests Ping -> Point"),
    field(.unknownAttribute, "a: u8 @since(2)", "a: u8 @sinc(2)"),
    field(.duplicateAttribute, "a: u8 @since(2)", "a: u8 @since(2) @since(2)"),
    field(.attributePlace, "a: u8 @deprecated(2)", "a: u8 @wide"),
    declare(.attributePlace, "message A = 1 @wide { }", "message A = 1 @control { }"),
    field(.sinceVersion, "a: u8 @since(3)", "a: u8 @since(4)"),
    field(.sinceVersion, "a: u8", "a: u8 @since(1)"),
    field(.sinceOrder, "a: u8; b: u8 @since(2); c: u8 @since(2)", "a: u8; b: u8 @since(2); c: u8"),
    field(
        .sinceRedundant,
        "g: group<=1 { a: u8; b: u8 @since(3) } @since(2)",
        "g: group<=1 { a: u8 @since(2) } @since(2)"
    ),
    declare(
        .deprecatedVersion,
        "enum A: u8 { a = 0 @since(2) @deprecated(3) }",
        "enum A: u8 { a = 0 @since(3) @deprecated(2) }"
    ),
]

private let typeExamples = [
    declare(.storageType, "enum A: u64 { a = 0 }", "enum A: i8 { a = 0 }"),
    declare(.storageType, "union A: u16 { a = 1 }", "union A: u32 { a = 1 }"),
    field(.storageType, "a: decimal(i8, 1)", "a: decimal(f32, 1)"),
    field(.decimalExponent, "a: decimal(u64, -38); b: decimal(u64, 38)", "a: decimal(u64, -39)"),
    field(.boundRange, "a: string<=1", "a: string<=0"),
    field(.boundRange, "a: str[255]", "a: str[256]"),
    field(.boundRange, "a: bytes[4096]", "a: bytes[4097]"),
    field(.boundRange, "a: u8[4096]", "a: u8[4097]"),
    field(.boundRange, "a: u8[seven]", "a: u8[half]"),
    field(.arrayElement, "a: Point[2]; b: str[2][2]; c: bytes[2][2]", "a: u8[2][2]"),
    field(.arrayElement, "a: [str[5]]<=2", "a: string<=5[2]"),
    field(.elementType, "a: [u8[2]]<=5", "a: [Any]<=5"),
    field(.elementType, "a: [u8: string<=5]<=5", "a: [u8: [u8]<=5]<=5"),
    declare(.elementType, "union A: u8 { a: bytes<=5 = 1 }", "union A: u8 { a: Any = 1 }"),
    field(.mapKey, "a: [i8: u8]<=5; b: [str[2]: u8]<=5; c: [string<=2: u8]<=5", "a: [bool: u8]<=5"),
    field(.optionalPlace, "a: Any?; b: [u8]<=5?; c: Point?; d: Marks?; e: Nibble?", "a: u8[2]?"),
    field(.optionalPlace, "a: [Point]<=2", "a: [Point]<=2?"),
    field(.unionSince, "a: Any; b: Any? @since(2)", "a: Any; b: Any @since(2)"),
    field(.groupBegin, "a: group<=2 { b: u8; c: u8 @since(2) }", "a: group<=2 { b: u8 @since(2) }"),
    field(.groupDepth, nested(8), nested(9)),
    declare(
        .structField,
        "struct A { a: Point; b: u8 in 0...5; const c: u8 = 1 }",
        "struct A { a: u8? }"
    ),
    declare(.structField, "struct A { a: u8 }", "struct A { a: u8 = 1 }"),
    declare(.structField, "struct A { a: str[5] }", "struct A { a: string<=5 }"),
    declare(
        .structCycle,
        "struct A { b: B } struct B { c: u8 }",
        "struct A { b: B } struct B { a: A[2] }"
    ),
    declare(.structDepth, structures(16), structures(17)),
    declare(.emptyDeclaration, "enum A: u8 { a = 0 }", "enum A: u8 { }"),
    declare(.emptyDeclaration, "struct A { a: u8 }", "struct A { const a: u8 = 1 }"),
    declare(.emptyDeclaration, "message A = 1 { }", "message A = 1 { g: group<=1 { } }"),
    declare(.caseValue, "enum A: u8 { a = 255 }", "enum A: u8 { a = 256 }"),
    declare(.caseValue, "flags A: u8 { a = 7 }", "flags A: u8 { a = 8 }"),
    declare(.caseValue, "union A: u8 { a = 255 }", "union A: u8 { a = 0 }"),
    declare(.bitCount, "bits A: u8 { a: 4; b: 4 }", "bits A: u8 { a: 4; b: 5 }"),
    declare(.bitCount, "bits A: u64 { a: 64 }", "bits A: u64 { a: 0 }"),
    field(.fixedSize, "a: u64[4094]; b: u8[15]", "a: u64[4094]; b: u8[16]"),
    declare(
        .fixedSize,
        "struct A { a: u64[4094]; b: u8[15] }",
        "struct A { a: u64[4094]; b: u8[16] }"
    ),
]

private let valueExamples = [
    declare(
        .constantType,
        "const a: f64 = 1; const b: string = \"\"; const c: bool = true",
        "const a: Kind = 1"
    ),
    declare(.constantCycle, "const a: u8 = b; const b: u8 = 1", "const a: u8 = b; const b: u8 = a"),
    field(.valueType, "a: u8 = 1", "a: u8 = 1.0"),
    field(.valueType, "a: f32 = 1", "a: f32 = true"),
    field(.valueType, "a: Kind = .plain", "a: Kind = 0"),
    field(.valueRange, "a: i8 = -128", "a: i8 = -129"),
    field(.valueRange, "a: u64 = 18446744073709551615", "a: u64 = 18446744073709551616"),
    field(.valueRange, "a: f32 = 3.4028235e38", "a: f32 = 3.5e38"),
    field(.valueRange, "a: decimal(i16, -2) = 327.67", "a: decimal(i16, -2) = 327.68"),
    field(.valueRange, "a: decimal(i16, 2) = 1.2e3", "a: decimal(i16, 2) = 1250"),
    field(.rangePlace, "a: timestamp(s) in 0...5", "a: decimal(i8, 1) in 0...5"),
    field(.rangeEmpty, "a: u8 in 0...0", "a: i8 in 0...-1"),
    field(.rangeEmpty, "a: f64 in -0.5...0", "a: f64 in 0...-0.5"),
    field(.defaultPlace, "a: u8 = 1", "a: u8? = 1"),
    field(.defaultPlace, "a: Kind = .plain", "a: Marks = 1"),
    field(.defaultRange, "a: u8 in 1...5 = 5", "a: u8 in 1...5 = 6"),
    field(.defaultRange, "a: f32 in 0...0.1 = 0.1", "a: f32 in 0...0.1 = 0.11"),
    field(.zeroRange, "a: u8? in 1...5; b: i8 in -1...1", "a: u8 in 1...5"),
    field(.zeroRange, "a: f64 in 0...1", "a: f64 in 0.1...1"),
    field(.zeroCase, "a: Side = .buy; b: Side?; c: [Side]<=2; d: [u8: Side]<=2", "a: Side"),
    field(.zeroCase, "a: Kind[2]", "a: Side[2]"),
]

private let messageExamples = [
    declare(.fieldCount, "message A = 1 { \(fields(255)) }", "message A = 1 { \(fields(256)) }"),
    declare(.messageNumber, "message A = 65535 { }", "message A = 65536 { }"),
    declare(
        .messageWidth,
        "message A = 1 { a: string<=65525 }",
        "message A = 1 { a: string<=65526 }"
    ),
    declare(
        .messageWidth,
        "message A = 1 @wide { a: string<=65526 }",
        "message A = 1 { a: [u64]<=8191 }"
    ),
    declare(
        .messageSize,
        "message A = 1 @wide { a: string<=16777204 }",
        "message A = 1 @wide { a: string<=16777205 }"
    ),
]

private let protocolExamples = [
    declare(.magicMissing, "protocol P { magic 0 }", "protocol P { version 1 }"),
    item(.duplicateItem, "max 100", "magic 2"),
    item(.protocolValue, "version 0...65535", "version 2...1"),
    item(.protocolValue, "max 24", "max 23"),
    item(
        .ambiguousMessage,
        "client requests Ping -> Pong; client requests Sorry -> Pong",
        "client requests Ping -> Pong; client requests Ping -> Sorry"
    ),
    item(
        .ambiguousMessage,
        "client requests Ping -> Pong; client sends Pong",
        "client requests Ping -> Pong; client sends Ping"
    ),
    item(
        .ambiguousMessage,
        "client requests Ping -> Pong; server sends Ping",
        "client requests Ping -> Pong; server sends Pong"
    ),
    item(
        .ambiguousMessage,
        "client requests Ping -> Pong else Sorry",
        "client requests Ping -> Pong else Pong"
    ),
    item(
        .ambiguousMessage,
        "server requests Ping -> Pong; client requests Ping -> Pong",
        "server requests Ping -> Pong; client requests Pong -> Ping"
    ),
    item(.packetSize, "max 36; client sends Ping", "max 35; client sends Ping"),
]

private func structures(_ depth: Int) -> String {
    "struct A1 { a: u8 } "
        + (2...depth).map { "struct A\($0) { a: A\($0 - 1) }" }.joined(separator: " ")
}

private func fields(_ count: Int) -> String {
    (0..<count).map { "a\($0): u8" }.joined(separator: "; ")
}
