// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import LinnetTestSupport
import Testing

@Suite
struct MapsTests {
    @Test
    func `entries are written by key, whatever order they are in`() throws {
        let value = Variables.with {
            $0.byByte = [200: 1, 3: 2, 100: 3]
            $0.bySigned = [5: "five", -5: "minus"]
            $0.byCode = ["b": Point(), "ab": Point(), "a": Point()]
            $0.bySymbol = [.init(key: "b"), .init(key: "ab"), .init(key: "a")]
        }
        let bytes = try value.encoded()
        let view = try Variables.View(verifying: bytes.rawSpan)
        var keys: [String] = []
        view[.byByte].entries.forEach { keys.append("\($0.key)") }
        view[.bySigned].entries.forEach { keys.append("\($0.key)") }
        view[.byCode].entries.forEach { keys.append("\($0.key)") }
        view[.bySymbol].entries.forEach { keys.append(String(copying: $0[.key])) }
        #expect(
            keys == ["3", "100", "200", "-5", "5", "a", "ab", "b", "a", "ab", "b"]
        )
    }

    @Test
    func `an entry is found by its key`() throws {
        let bytes = try Variables.sample.encoded()
        let view = try Variables.View(verifying: bytes.rawSpan)
        let byByte = [3, 9, 255, 4].map { view[.byByte].entry(UInt8($0))?.value }
        #expect(byByte == [2, 1, 3, nil])
        let point = view[.byCode].entry("a")?.value
        #expect(point == Point(x: 1, y: 1))
        let quote = view[.bySymbol].entry("B")?.value
        #expect(quote == .sample)
        let none = view[.bySymbol].entry("") == nil
        #expect(none)
        if let composed = view[.byName].entry("\u{E9}"), let other = view[.byName].entry("e\u{301}")
        {
            let texts = [String(copying: composed[.value]), String(copying: other[.value])]
            #expect(texts == ["one", "two"])
        } else {
            Issue.record("a key was not found")
        }
    }

    @Test
    func `a map of keys that are equal as strings keeps both`() throws {
        let again: Variables = try read(Variables.sample.encoded())
        #expect(again.byName.count == 2)
        #expect(again.byName == Variables.sample.byName)
    }

    @Test
    func `keys that do not rise are refused`() throws {
        let value = Variables.with { $0.byByte = [1: 0x1111, 2: 0x2222] }
        let bytes = try value.encoded()
        let entries: [UInt8] = [1, 0x11, 0x11, 2, 0x22, 0x22]
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: entries) })
        for (first, second): (UInt8, UInt8) in [(2, 1), (1, 1), (255, 0)] {
            var changed = bytes
            changed[place] = first
            changed[place + 3] = second
            #expect(throws: MessageError.self) { try read(changed) as Variables }
        }
    }
}
