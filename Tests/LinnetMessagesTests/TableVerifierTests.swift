// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import LinnetTestSupport
import Testing

@Suite
struct TableVerifierTests {
    /// Messages of today's and of newer versions, by the vectors that are valid.
    private static func validMessages() throws -> [(TableMessage, [UInt8])] {
        let table = EverythingTable.shared
        return try EverythingTable.vectors().compactMap { vector in
            guard vector.error == nil, vector.input == nil, let hex = vector.hex,
                let message = table.message(vector.message),
                let bytes = [UInt8](hexadecimal: hex)
            else { return nil }
            return (message, bytes)
        }
    }

    /// Whatever the bytes are, there is an answer; and what is accepted can be printed and dumped.
    @Test
    func `damaged messages never trap, and failures lie within the message`() throws {
        let messages = try Self.validMessages()
        var random = SeededRandom(seed: 6)
        for _ in 0..<20_000 {
            guard let (message, valid) = messages.randomElement(using: &random) else { return }
            var bytes = valid
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes.damage(using: &random)
            }
            do throws(MessageError) {
                let json = try message.json(of: bytes)
                #expect(!json.isEmpty)
            } catch {
                #expect(error.offset >= 0 && error.offset <= bytes.count)
            }
            if random.oneIn(20) { #expect(!message.hexDump(of: bytes).isEmpty) }
        }
    }

    /// The two were written apart; and what is accepted is copied, written and accepted again.
    @Test
    func `generated code accepts what the table accepts, and nothing else`() throws {
        let messages = try Self.validMessages()
        var random = SeededRandom(seed: 7)
        for _ in 0..<20_000 {
            guard let (message, valid) = messages.randomElement(using: &random) else { return }
            var bytes = valid
            bytes.damage(using: &random)
            let expected: MessageError?
            do throws(MessageError) {
                try message.verify(bytes.rawSpan)
                expected = nil
            } catch {
                expected = error
            }
            switch message.name {
            case "Fixed": check(Fixed.self, bytes, expected)
            case "Defaults": check(Defaults.self, bytes, expected)
            case "Optionals": check(Optionals.self, bytes, expected)
            case "Variables": check(Variables.self, bytes, expected)
            case "Wide": check(Wide.self, bytes, expected)
            case "Ping": check(Ping.self, bytes, expected)
            case "Pong": check(Pong.self, bytes, expected)
            case "Late": check(Late.self, bytes, expected)
            default: check(Refused.self, bytes, expected)
            }
        }
    }

    private func check<Value: Message>(
        _ type: Value.Type,
        _ bytes: [UInt8],
        _ expected: MessageError?
    ) {
        do throws(MessageError) {
            let value = Value(try MessageView<Value>(verifying: bytes.rawSpan))
            #expect(expected == nil, "\(type) \(bytes.hexadecimal)")
            let written = try? value.encoded()
            #expect(written != nil, "\(type) \(bytes.hexadecimal)")
            let again = written ?? []
            _ = try MessageView<Value>(verifying: again.rawSpan)
        } catch {
            #expect(error == expected, "\(type) \(bytes.hexadecimal)")
        }
    }

    @Test
    func `every truncation of a message is found`() throws {
        for (message, bytes) in try Self.validMessages() {
            for count in 0..<bytes.count {
                #expect(throws: MessageError.self) {
                    try message.json(of: Array(bytes[..<count]))
                }
            }
        }
    }

    /// A group of the most entries that a hostile count claims, without the bytes.
    @Test
    func `a count of entries that are not there costs nothing`() throws {
        let wide = try #require(EverythingTable.shared.message("Wide"))
        var bytes = try wide.bytes(json: #"{"lines":[{"number":1}]}"#)
        let dump = wide.hexDump(of: bytes)
        #expect(dump.contains("1 × 21 bytes"))
        // The group's count stands behind header, fixed part and ends.
        let offset = 8 + Int(bytes[4]) + Int(bytes[6]) * 4
        #expect(bytes[offset] == 1)
        bytes[offset] = 0xE8
        bytes[offset + 1] = 0x03
        let expected = MessageError(.truncated, path: "lines", offset: offset)
        #expect(throws: expected) { try wide.json(of: bytes) }
    }
}

extension [UInt8] {
    fileprivate mutating func damage(using random: inout SeededRandom) {
        guard let offset = indices.randomElement(using: &random) else { return }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: self[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: self[offset] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
        case 2: removeSubrange(offset...)
        case 3: remove(at: offset)
        case 4: insert(UInt8.random(in: 0...255, using: &random), at: offset)
        default:
            // An end, a count or a number near one.
            let number = UInt16(self[offset]) &+ UInt16.random(in: 0...3, using: &random)
            self[offset] = UInt8(truncatingIfNeeded: number)
        }
    }
}
