// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetTestSupport
import Testing

struct OutputRawSpanTests {
    @Test func `bytes and text are appended behind each other`() {
        #expect(Self.written(12) { $0.append(copying: [1, 2].rawSpan) } == [1, 2])
        #expect(Self.written(12) { $0.append(copying: RawSpan()) } == [])
        let all = Self.written(12) {
            $0.append(text: "GET ")
            $0.append(copying: [9].rawSpan)
            $0.append(decimal: 307)
            $0.append(text: "\r\n")
        }
        #expect(all == Array("GET ".utf8) + [9] + Array("307\r\n".utf8))
    }

    @Test(arguments: [0, 1, 9, 10, 11, 99, 100, 12_345, Int.max, Int.min, -1, -10])
    func `numbers are written as they are read`(number: Int) {
        #expect(Self.written(20) { $0.append(decimal: number) } == Array(String(number).utf8))
    }

    @Test func `numbers of all widths have all their digits`() {
        #expect(Self.written(20) { $0.append(decimal: UInt64.max) } == Array("\(UInt64.max)".utf8))
        #expect(Self.written(20) { $0.append(decimal: UInt8.max) } == Array("255".utf8))
        #expect(Self.written(20) { $0.append(decimal: Int8.min) } == Array("-128".utf8))
    }

    @Test func `there is room for exactly as much as there is room`() {
        #expect(Self.written(4) { $0.append(text: "1234") } == Array("1234".utf8))
        #expect(Self.written(3) { $0.append(decimal: 123) } == Array("123".utf8))
    }

    @Test func `what does not fit traps`() async {
        await #expect(processExitsWith: .failure) {
            _ = Self.written(3) { $0.append(text: "1234") }
        }
        await #expect(processExitsWith: .failure) {
            _ = Self.written(3) { $0.append(decimal: 1234) }
        }
    }

    private static func written(
        _ capacity: Int,
        _ body: (inout OutputRawSpan) -> Void
    ) -> [UInt8] {
        // SAFETY: the array's memory has room for `capacity` bytes, of which `count` are written.
        unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            let room = unsafe UnsafeMutableRawBufferPointer(
                start: buffer.baseAddress,
                count: capacity
            )
            var output = unsafe OutputRawSpan(buffer: room, initializedCount: 0)
            body(&output)
            count = unsafe output.finalize(for: room)
        }
    }
}
