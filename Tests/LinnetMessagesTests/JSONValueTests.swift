// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LinnetMessages

@Suite
struct JSONValueTests {
    @Test
    func `each kind of value is read`() throws {
        let text = #" { "a" : [ null , true,false,-0.5e+3,"x" ], "b":{}, "c":[] } "#
        let expected = JSONValue.object([
            .init(
                name: "a",
                value: .array([.null, .bool(true), .bool(false), .number("-0.5e+3"), .text("x")])
            ),
            .init(name: "b", value: .object([])),
            .init(name: "c", value: .array([])),
        ])
        #expect(try JSONParser.parse(text) == expected)
    }

    @Test
    func `escapes of texts are read`() throws {
        let text = #""\"\\\/\b\f\n\r\t\u0041\ud83d\udc26é""#
        #expect(try JSONParser.parse(text) == .text("\"\\/\u{8}\u{C}\n\r\tA\u{1F426}é"))
    }

    @Test(arguments: [
        "", " ", "tru", "nul", "{", "[", "[1,]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "1 2", "01",
        "+1",
        ".5", "1.", "1e", "-", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "NaN",
        "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"\\ud800\\", "//", "'a'", "[1}",
        "\u{FEFF}1",
    ])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(text) }
    }

    @Test
    func `the place of what is wrong is told`() {
        let expected = JSONError("not JSON: expected ',' or ']' at byte 3")
        #expect(throws: expected) { try JSONParser.parse("[1 2]") }
    }

    @Test
    func `a member that is given twice is refused`() {
        #expect(throws: JSONError("given twice", path: "a")) {
            try JSONParser.parse(#"{"a":1,"\u0061":2}"#)
        }
        // Equal for people, not as bytes.
        #expect(throws: Never.self) { try JSONParser.parse("{\"\u{E9}\":1,\"e\u{301}\":2}") }
    }

    @Test
    func `values may be 64 deep and no deeper`() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(throws: Never.self) { try JSONParser.parse(nested(64)) }
        #expect(throws: JSONError.self) { try JSONParser.parse(nested(65)) }
        #expect(throws: JSONError.self) {
            try JSONParser.parse(String(repeating: "[", count: 1_000_000))
        }
    }
}
