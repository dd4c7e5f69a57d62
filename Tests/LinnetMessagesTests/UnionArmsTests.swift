// SPDX-License-Identifier: Apache-2.0

import LinnetMessages
import LinnetTestSupport
import Testing

@Suite
struct UnionArmsTests {
    @Test
    func `the arm that is there is found by its name, and no other`() throws {
        let values: [Anything] = [
            .nothing, .number(.max), .point(Point(x: 1, y: 2)), .text("four"), .blob([5]),
            .side(.sell), .codes(["a", "b", "c"]), .ratio(-0.5), .unknown(tag: 99, [1, 2]),
        ]
        for value in values {
            let bytes = try Late(a: 1, b: value, c: 2).encoded()
            let view = try Late.View(verifying: bytes.rawSpan)
            let union = view[.b]
            #expect(union.tag == value.tag)
            #expect(union.value == value)
            #expect(union[.number] == (value == .number(.max) ? .max : nil))
            #expect(union[.point] == (value == .point(Point(x: 1, y: 2)) ? Point(x: 1, y: 2) : nil))
            #expect(union[.side] == (value == .side(.sell) ? .sell : nil))
            #expect(union[.codes] == (value == .codes(["a", "b", "c"]) ? ["a", "b", "c"] : nil))
            #expect(union[.ratio] == (value == .ratio(-0.5) ? -0.5 : nil))
            var text: String?
            if let found = union[.text] { text = String(copying: found) }
            #expect(text == (value == .text("four") ? "four" : nil))
            var blob: [UInt8]?
            if let found = union[.blob] { blob = [UInt8](found) }
            #expect(blob == (value == .blob([5]) ? [5] : nil))
        }
    }

    @Test
    func `an arm without a type has no bytes`() throws {
        var bytes = try Late(a: 1, b: .unknown(tag: 99, [1])).encoded()
        bytes[bytes.count - 2] = 1
        #expect(throws: MessageError.self) { try read(bytes) as Late }
    }

    @Test
    func `a union that must be there and is not is an error`() {
        #expect(throws: BuildError(.missing, path: "Late.b")) {
            _ = try [UInt8].built { output throws(BuildError) in
                try Late.build(into: &output) { $0.done() }
            }
        }
    }
}
