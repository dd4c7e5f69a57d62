// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import Testing

@Suite
struct TableDumpTests {
    private func dump(_ name: String, _ bytes: [UInt8], asOf version: UInt16 = .max) throws
        -> String
    {
        try #require(EverythingTable(asOf: version).message(name)).hexDump(of: bytes)
    }

    private func bytes(_ name: String, _ json: String) throws -> [UInt8] {
        try #require(EverythingTable.shared.message(name)).bytes(json: json)
    }

    /// One space in place of many.
    private func squeezed(_ text: String) -> String {
        text.split(separator: "\n")
            .map { " " + $0.split(separator: " ").joined(separator: " ") + "\n" }
            .joined()
    }

    @Test
    func `each byte is said to be something`() throws {
        let bytes = try bytes("Late", #"{"a":7,"b":{"text":"grüezi"},"c":300}"#)
        let expected = """
            Late, version 3, 21 bytes
               0  ff ff                    (message)   65535
               2  03 00                    (version)   3
               4  03 00                    (fixed)     3 bytes
               6  01 00                    (ends)      1
               8  07                       a           7
               9  2c 01                    c           300
              11  08 00                    (end of b)  8
              13  04                       b (tag)     text
              14  67 72 c3 bc 65 7a 69     b.text      "grüezi"

            """
        #expect(try dump("Late", bytes) == expected)
    }

    @Test
    func `entries of groups come with their index, and what is absent is said to be`() throws {
        let json =
            #"{"anything":{"nothing":null},"legs":[{"fills":[{"quantity":4}]},{"note":"x"}]}"#
        let text = squeezed(try dump("Variables", bytes("Variables", json)))
        let rows = [
            "legs 2 × 23 bytes", "legs (fixed) 13 bytes", "legs[0] (presence) nothing",
            "legs[0].ratio absent", "legs[1] (begin) 23", "legs[0].fills[0].quantity 4",
            #"legs[1].note "x""#,
        ]
        for row in rows { #expect(text.contains(row), "\(row)\n\(text)") }
    }

    @Test
    func `what only newer versions know is unknown; long texts take more lines`()
        throws
    {
        let optionals = try bytes("Optionals", #"{"s":1,"t":"abcdefgh","x":"1"}"#)
        let text = squeezed(try dump("Optionals", optionals, asOf: 1))
        #expect(text.contains("78 03 01 00 00 00 00 00 01 (newer fields) unknown"))
        #expect(text.contains("107 61 62 63 64 65 66 67 68 (newer field) unknown"))
        let variables = try bytes(
            "Variables",
            #"{"anything":{"nothing":null},"text":"0123456789"}"#
        )
        let lines = squeezed(try dump("Variables", variables))
        #expect(lines.contains(" 55 30 31 32 33 34 35 36 37 text \"0123456789\"\n 63 38 39\n"))
    }

    @Test
    func `bytes that are not valid come with a mark where they go wrong`() throws {
        var bytes = try bytes("Late", #"{"b":{"number":"5"}}"#)
        bytes[13] = 0
        let expected = """
            Late, 22 bytes, not valid: b: not a value of the union, at byte 13 \
            (Specs/schema.md §4.3)
               0  ff ff 03 00 03 00 01 00 00 00 00 09 00 00 05 00
                                                         ^^
              16  00 00 00 00 00 00

            """
        #expect(try dump("Late", bytes) == expected)
        #expect(
            try dump("Late", []).hasSuffix("at byte 0 (Specs/schema.md §4.1)\n   0  \n      ^^\n")
        )
    }
}
