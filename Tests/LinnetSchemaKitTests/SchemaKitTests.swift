// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import Testing

@testable import LinnetSchemaKit

let tickKit = SchemaKit(
    today: SchemaKit.Version(2, [Tick.self]),
    older: [SchemaKit.Version(1, [OldTick.self])]
)

/// What must hold of any bytes.
struct SchemaKitTests {
    @Test func `a valid message passes, and is walked`() throws {
        let bytes = try Tick(price: .init(mantissa: 5), note: "é", places: [3: 4]).encoded()
        let other = try Tick(price: .init(mantissa: 6), note: "é", places: [3: 4]).encoded()
        let outcome = try tickKit.check(bytes)
        #expect(outcome.error == nil)
        let otherOutcome = try tickKit.check(other)
        #expect(outcome.sum != otherOutcome.sum)
    }

    @Test func `bytes that are no message are an outcome, and no failure`() throws {
        for bytes: [UInt8] in [[], [7], [7, 0, 2, 0], [9, 0, 2, 0, 0, 0, 0, 0]] {
            let outcome = try tickKit.check(bytes)
            #expect(outcome.error != nil)
        }
    }

    @Test func `a message of a newer version is copied to what we know of it`() throws {
        var bytes = try Tick(note: "abc", size: 9).encoded()
        bytes[2] = 3
        bytes[4] += 1
        bytes.insert(0xAB, at: 8 + 14)
        let outcome = try tickKit.check(bytes)
        #expect(outcome.error == nil)
    }

    @Test func `older code that refuses what it should read is found`() throws {
        let kit = SchemaKit(
            today: tickKit.today,
            older: [SchemaKit.Version(1, [ForgetfulTick.self])]
        )
        let bytes = try Tick(note: "longer").encoded()
        let failure = #expect(throws: KitFailure.self) { try kit.check(bytes) }
        #expect(failure?.claim.contains("refuses a message of version 2") == true)
    }

    @Test func `older code that reads something else is found`() throws {
        let kit = SchemaKit(
            today: tickKit.today,
            older: [SchemaKit.Version(1, [ForgetfulTick.self])]
        )
        let bytes = try Tick(price: .init(mantissa: 1), isFinal: true).encoded()
        let failure = #expect(throws: KitFailure.self) { try kit.check(bytes) }
        #expect(failure?.claim.contains("reads what is written for it") == true)
    }

    @Test func `code that writes something else than it reads is found`() throws {
        let kit = SchemaKit(today: SchemaKit.Version(1, [ForgetfulTick.self]), older: [])
        let bytes = try OldTick(price: .init(mantissa: 1)).encoded()
        let failure = #expect(throws: KitFailure.self) { try kit.check(bytes) }
        #expect(failure?.claim.contains("what is read is written as it was") == true)
    }

    @Test func `code that refuses what the table takes is found`() throws {
        let kit = SchemaKit(today: SchemaKit.Version(1, [ForgetfulTick.self]), older: [])
        let bytes = try OldTick(note: "longer").encoded()
        let failure = #expect(throws: KitFailure.self) { try kit.check(bytes) }
        #expect(failure?.claim.contains("disagree") == true)
    }
}
