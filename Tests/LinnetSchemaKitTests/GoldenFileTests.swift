// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import LinnetSchemaKit

struct GoldenFileTests {
    @Test func `the text of a file is read as it was`() throws {
        var golden = GoldenFile()
        tickKit.complete(&golden)
        let again = try GoldenFile(text: golden.text)
        #expect(again == golden)
        #expect(golden.vectors(of: "Tick").count == 16)
        #expect(golden.vectors(of: "Tock").isEmpty)
    }

    @Test(arguments: [
        ("message A", 1), ("layout a", 1), ("message A 1\nbytes 0", 2), ("message A 1\njson {}", 2),
        ("# a\n\nmessage A 1\nbytes 00\nsomething", 5), ("bytes 00", 1), ("message A x", 1),
    ])
    func `the first line that is wrong is named`(text: String, line: Int) {
        let failure = #expect(throws: KitFailure.self) { try GoldenFile(text: text) }
        #expect(failure?.claim == "golden messages, line \(line)")
    }
}
