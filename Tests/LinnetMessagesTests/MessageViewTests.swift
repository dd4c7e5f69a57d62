// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import LinnetTestSupport
import Testing

@Suite
struct MessageViewTests {
    @Test
    func `a message that was cut off is refused, wherever`() throws {
        try allCutsAreRefused(Car.sample)
        try allCutsAreRefused(Fixed.sample)
        try allCutsAreRefused(Defaults.sample)
        try allCutsAreRefused(Optionals.sample)
        try allCutsAreRefused(Variables.sample)
        try allCutsAreRefused(Wide.sample)
        try allCutsAreRefused(Late.sample)
        try allCutsAreRefused(Ping())
    }

    @Test
    func `a message with a byte more is refused`() throws {
        #expect(try !isCanonical(Car.self, Car.sample.encoded() + [0]))
        #expect(try !isCanonical(Fixed.self, Fixed.sample.encoded() + [0]))
        #expect(try !isCanonical(Ping.self, Ping().encoded() + [0]))
    }

    @Test
    func `a changed byte is refused, or the bytes are those of another value`() throws {
        try changes(Car.sample)
        try changes(Car())
        try changes(Refused.sample)
        try changes(Fixed.sample)
        try changes(Defaults.sample)
        try changes(Optionals.sample)
        try changes(Optionals())
        try changes(Variables.sample)
        try changes(Variables.empty)
        try changes(Wide.sample)
        try changes(Late.sample)
        try changes(Pong())
        try changes(Ping())
    }

    @Test
    func `so is a changed byte of an older version`() throws {
        for version in UInt16(1)...2 {
            try changes(Defaults.sample, version: version)
            try changes(Optionals.sample, version: version)
            try changes(Variables.sample, version: version)
            try changes(Wide.sample, version: version)
        }
    }

    @Test
    func `fields are read where they stand`() throws {
        let bytes = try Optionals.sample.encoded()
        let view = try MessageView<Optionals>(verifying: bytes.rawSpan)
        #expect(view.a == 0)
        #expect(view.b == 5)
        #expect(view.g == .init(60))
        #expect(view.h == "hello")
        #expect(view.v == -1)
        #expect(view.x == 1)
        if let list = view[.w] {
            let elements = list.array()
            #expect(elements == [1, 2, 3])
        } else {
            Issue.record("the list is absent")
        }
    }
}

private func allCutsAreRefused(_ value: some Message) throws {
    let bytes = try value.encoded()
    for count in 0..<bytes.count {
        #expect(!isCanonical(type(of: value), Array(bytes.prefix(count))), "\(count)")
    }
}

private func changes(_ value: some Message, version: UInt16? = nil) throws {
    let type = type(of: value)
    var bytes = try value.encoded(version: version ?? type.version)
    #expect(isCanonical(type, bytes))
    for index in bytes.indices {
        let byte = bytes[index]
        for change: UInt8 in [1, 2, 4, 8, 16, 32, 64, 128, 255, 3, byte, byte &- 1, byte ^ 0x80] {
            bytes[index] = byte ^ change
            _ = isCanonical(type, bytes)
        }
        bytes[index] = byte
    }
}

/// Whether the bytes are a message. Then the value that they are has these bytes, and no others.
private func isCanonical<Value: Message>(_ type: Value.Type, _ bytes: [UInt8]) -> Bool {
    guard let view = try? MessageView<Value>(verifying: bytes.rawSpan) else { return false }
    let value = Value(view)
    let version = UInt16(bytes[2]) | UInt16(bytes[3]) << 8
    do {
        // Of a newer version only what is known here is written.
        let again = try value.encoded(version: version)
        if version <= Value.version, again != bytes {
            Issue.record("\(type): \(bytes) became \(again)")
        }
    } catch {
        // An unknown arm can be longer than what the bounds permit.
        if version <= Value.version {
            Issue.record("\(type): \(bytes) cannot be written: \(error)")
        }
    }
    return true
}
