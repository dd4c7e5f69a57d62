// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import linnetctl

@Suite
struct SchemaAgreeCommandTests {
    private static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Specs/cases/schema/everything.linnet").path

    @Test(arguments: [
        ("Ping 0600030000000000", "ok {}"),
        ("Ping 06000300000000", "error truncated 7"),
        ("Ping ", "error truncated 0"),
        ("Late ffff030003000100000000080000000000000000", "error ends 11 b"),
        ("None 00", "error message 0"),
        ("Ping 0", "error: not hexadecimal"),
        ("encode Ping {}", "ok 0600030000000000"),
        ("encode@1 Ping {}", "ok 0600010000000000"),
        ("encode@4 Ping {}", "refused"),
        ("encode Ping {", "refused"),
        (
            #"encode Refused {"reason":"a b"}"#,
            "ok 840302000b00010000000000000000000000000300612062"
        ),
    ])
    func `each line gets an answer`(line: String, answer: String) throws {
        let messages = try SchemaMessages(Self.file, asOf: nil)
        #expect(messages.answer(line) == answer)
    }
}
