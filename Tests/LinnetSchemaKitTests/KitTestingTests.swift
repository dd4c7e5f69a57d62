// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import Testing

@testable import LinnetSchemaKit

/// What the tests of a kit say.
struct KitTestingTests {
    private static let golden: GoldenFile = {
        var golden = GoldenFile()
        tickKit.complete(&golden)
        return golden
    }()

    @Test func `golden messages of both versions are made, once`() throws {
        #expect(Self.golden.entries.map(\.version) == [1, 2])
        try tickKit.checkCompleteness(of: Self.golden, "Tick")
        var again = Self.golden
        tickKit.complete(&again)
        #expect(again == Self.golden)
    }

    @Test func `all checks pass for right code`() throws {
        try tickKit.checkGolden(Self.golden, of: "Tick")
        try tickKit.checkTruncations(Self.golden, of: "Tick")
        try tickKit.checkMutations(Self.golden, of: "Tick")
        try tickKit.checkRandom("Tick")
    }

    @Test func `a version without golden messages is found`() {
        var golden = Self.golden
        golden.entries.removeLast()
        let failure = #expect(throws: KitFailure.self) {
            try tickKit.checkCompleteness(of: golden, "Tick")
        }
        #expect(failure?.claim.contains("version 2") == true)
    }

    @Test func `a message that the schema does not have is found`() {
        #expect(throws: KitFailure.self) { try tickKit.checkRandom("Tock") }
    }

    @Test func `a golden message of other bytes fails, and the code is to blame`() throws {
        var golden = Self.golden
        golden.entries[0].vectors[0].bytes[8] ^= 1
        let failure = #expect(throws: KitFailure.self) {
            try tickKit.checkGolden(golden, of: "Tick")
        }
        #expect(failure?.claim.contains("means what it meant") == true)
        #expect(failure?.claim.contains("the code changed") == true)
        #expect(failure?.bytes == golden.entries[0].vectors[0].bytes)
    }

    @Test func `if the schema has changed too, its change is said`() throws {
        var golden = Self.golden
        golden.entries[0].layout[1] = "price: decimal(i64, -2) at 0"
        golden.entries[0].vectors[0].json = "{}"
        let failure = #expect(throws: KitFailure.self) {
            try tickKit.checkGolden(golden, of: "Tick")
        }
        let claim = failure?.claim ?? ""
        #expect(claim.contains("- price: decimal(i64, -2) at 0"))
        #expect(claim.contains("+ price: decimal(i64, -4) at 0"))
    }
}
