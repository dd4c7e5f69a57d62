// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import LinnetTestSupport
import Testing

@Suite
struct MessageWritingTests {
    @Test
    func `every message survives its bytes, with all fields set and with none`() throws {
        try survives(Car.sample)
        try survives(Refused.sample)
        try survives(Fixed.sample)
        try survives(Defaults.sample)
        try survives(Optionals.sample)
        try survives(Variables.sample)
        try survives(Wide.sample)
        try survives(Late.sample)
        try survives(Pong(at: .init(5)))
        try survives(Car())
        try survives(Refused())
        try survives(Fixed())
        try survives(Defaults())
        try survives(Optionals())
        try survives(Variables.empty)
        try survives(Wide())
        try survives(Late())
        try survives(Pong())
        try survives(Ping())
    }

    @Test
    func `the car has 159 bytes`() throws {
        #expect(try Car.sample.encoded().count == 159)
    }

    @Test
    func `an older version has its own shape, and what it does not know is left out`() throws {
        for version in UInt16(1)...3 {
            try survives(Defaults.sample, version: version)
            try survives(Optionals.sample, version: version)
            try survives(Variables.sample, version: version)
            try survives(Wide.sample, version: version)
            try survives(Fixed.sample, version: version)
        }
        try survives(Late.sample, version: 2)
        let old = try read(Defaults.sample.encoded(version: 1)) as Defaults
        #expect(old.u == false)
        #expect(old.v == .init(0))
        #expect(old.w == 7)
        let optionals = try read(Optionals.sample.encoded(version: 2)) as Optionals
        #expect(optionals.s == 0)
        #expect(optionals.u == .unknown_)
        #expect(optionals.v == nil)
        #expect(optionals.w == nil)
        #expect(optionals.x == 0)
    }

    @Test
    func `a message that an older version has not is refused`() {
        #expect(throws: BuildError.self) { try Late.sample.encoded(version: 1) }
    }

    @Test
    func `a version above ours writes ours`() throws {
        #expect(try Optionals.sample.encoded(version: 9) == Optionals.sample.encoded())
    }

    @Test
    func `what is beyond its bound is refused`() {
        expect(.tooLong, Car(manufacturer: String(repeating: "x", count: 65)))
        expect(.tooLong, Variables.with { $0.blob = .init(repeating: 0, count: 33) })
        expect(.tooLong, Variables.with { $0.numbers = .init(repeating: 0, count: 11) })
        expect(.tooLong, Variables.with { $0.bare = .init(repeating: .init(), count: 6) })
        expect(.tooLong, Variables.with { $0.anything = .text(String(repeating: "x", count: 21)) })
        expect(.tooLong, Variables.with { $0.byByte = [1: 1, 2: 2, 3: 3, 4: 4, 5: 5] })
        expect(.tooLong, Optionals(q: [1, 2, 3, 4, 5, 6]))
    }

    @Test
    func `what is out of its range is refused`() {
        expect(.range, Defaults(c: 9))
        expect(.range, Defaults(g: .nan))
        expect(.range, Defaults(m: .init(-1)))
        expect(.range, Optionals(b: 10))
        expect(.range, Fixed(point: Point(x: 0, y: 1_001)))
        expect(.range, Fixed(u: [Point(), Point(x: 0, y: -1_001)]))
        expect(.range, Fixed(kitchen: Kitchen(double: .nan)))
        expect(.range, Optionals(n: Point(x: 0, y: 1_001)))
        expect(.range, Variables.with { $0.points = [Point(x: 0, y: 1_001)] })
        expect(.range, Variables.with { $0.anything = .point(Point(x: 0, y: 1_001)) })
    }

    @Test
    func `an unknown arm is written unless it has the tag of a known one`() throws {
        try survives(Variables.with { $0.anything = .unknown(tag: 99, [1, 2, 3]) })
        try survives(Variables.with { $0.reason = .unknown(tag: 9_999, []) })
        expect(.range, Variables.with { $0.anything = .unknown(tag: 0, []) })
        expect(.range, Variables.with { $0.anything = .unknown(tag: 256 + 99, []) })
        expect(.range, Variables.with { $0.anything = .unknown(tag: 2, [1]) })
    }

    @Test
    func `an unknown arm beyond all bounds of the message has no room`() {
        let long = [UInt8](repeating: 1, count: 70_000)
        expect(.noRoom, Variables.with { $0.anything = .unknown(tag: 99, long) })
    }

    @Test
    func `a key that stands twice is refused`() {
        let entry = Variables.BySymbolEntry(key: "A")
        expect(.order, Variables.with { $0.bySymbol = [entry, entry] })
    }
}

/// The value is what its bytes say, and its bytes are what the value says.
func survives<Value: Message>(_ value: Value, version: UInt16 = Value.version) throws {
    let bytes = try value.encoded(version: version)
    #expect(bytes.count <= Value.maxByteCount)
    let again = try read(bytes) as Value
    if version == Value.version { #expect(again == value) }
    #expect(try again.encoded(version: version) == bytes)
}

func read<Value: Message>(_ bytes: [UInt8]) throws -> Value {
    Value(try MessageView<Value>(verifying: bytes.rawSpan))
}

private func expect(_ cause: BuildError.Cause, _ value: some Message) {
    do {
        _ = try value.encoded()
        Issue.record("it was written")
    } catch {
        #expect(error.cause == cause)
    }
}
