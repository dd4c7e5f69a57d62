// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import LinnetTestSupport
import Testing

@Suite
struct TableEncoderTests {
    /// What is wrong in a text for a message, as people read it.
    private static let refused: [(message: String, json: String, reason: String)] = [
        ("Ping", "[]", "not an object"),
        ("Ping", #"{"a":1}"#, "a: there is no such field"),
        ("Defaults", #"{"a":256}"#, "a: 256 is no u8"),
        ("Defaults", #"{"a":1.5}"#, "a: not an integer"),
        ("Defaults", #"{"f":6}"#, "f: out of range"),
        ("Defaults", #"{"g":"NaN"}"#, "g: out of range"),
        ("Defaults", #"{"h":1e309}"#, "h: 1e309 is too large"),
        ("Defaults", #"{"j":1}"#, "j: neither true nor false"),
        ("Defaults", #"{"k":"0.00001"}"#, "k: more digits than the exponent -4 has"),
        ("Defaults", #"{"l":"-750"}"#, "l: more digits than the exponent 2 has"),
        ("Defaults", #"{"l":"214748364800"}"#, "l: too large"),
        ("Defaults", #"{"p":7}"#, "p: not a case of a closed enum"),
        ("Defaults", #"{"p":"shut"}"#, "p: not an integer"),
        ("Fixed", #"{"r":"123456789"}"#, "r: longer than 8 bytes"),
        ("Fixed", #"{"r":"a\u0000b"}"#, "r: a zero byte within the text"),
        ("Fixed", #"{"s":"0"}"#, "s: half a byte too many"),
        ("Fixed", #"{"s":"00"}"#, "s: not 16 bytes"),
        ("Fixed", #"{"t":[1,2,3]}"#, "t: not 4 elements"),
        ("Fixed", #"{"u":[{},{"z":1}]}"#, "u[1].z: there is no such field"),
        ("Fixed", #"{"y":["none"]}"#, "y: there is no flag none"),
        ("Fixed", #"{"nibble":{"low":8}}"#, "nibble.low: 8 has more than 3 bits"),
        ("Variables", "{}", "anything: missing"),
        ("Variables", #"{"anything":{}}"#, "anything: not an object of one member"),
        ("Variables", #"{"anything":{"none":1}}"#, "anything.none: there is no such arm"),
        ("Variables", ##"{"anything":{"#0":""}}"##, "anything.#0: there is no such arm"),
        ("Variables", ##"{"anything":{"#256":""}}"##, "anything.#256: there is no such arm"),
        (
            "Variables", #"{"anything":{"nothing":1}}"#,
            "anything.nothing: it carries nothing: not null"
        ),
        ("Variables", #"{"text":null}"#, "text: not a text"),
        ("Variables", #"{"numbers":[0,0,0,0,0,0,0,0,0,0,0]}"#, "numbers: more than 10 elements"),
        ("Variables", #"{"legs":[{},{"ratio":0}]}"#, "anything: missing"),
        (
            "Variables", #"{"anything":{"nothing":null},"legs":[{},{"ratio":0}]}"#,
            "legs[1].ratio: out of range"
        ),
        (
            "Variables", #"{"anything":{"nothing":null},"byByte":{"1":1,"01":2}}"#,
            "byByte[1].key: keys that do not rise"
        ),
        ("Variables", #"{"anything":{"nothing":null},"byByte":[]}"#, "byByte: not an object"),
    ]

    @Test(arguments: refused)
    func `what is wrong is told with its path`(
        message: String,
        json: String,
        reason: String
    ) throws {
        let table = try #require(EverythingTable.shared.message(message))
        do throws(JSONError) {
            _ = try table.bytes(json: json)
            Issue.record("accepted: \(json)")
        } catch {
            #expect(error.description == reason)
        }
    }

    @Test
    func `fields that the peer's version does not have are left out`() throws {
        let table = try #require(EverythingTable.shared.message("Defaults"))
        let json = #"{"v":"5","w":3}"#
        let bytes = try table.bytes(json: json, version: 1)
        #expect(Array(bytes[2..<4]) == [1, 0])
        #expect(bytes.count == (try table.bytes(json: json, version: 2)).count - 8)
        #expect(try table.json(of: bytes).hasSuffix(#""v":"0","w":7}"#))
        let message = try #require(EverythingTable.shared.message("Late"))
        #expect(throws: JSONError("Late is not known in version 1")) {
            try message.bytes(json: "{}", version: 1)
        }
    }
}
