// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import LinnetTestSupport
import Testing

@Suite struct ByteSearchTests {
    @Test func `the first byte is found wherever it stands, in any part`() {
        for byteCount in 0...70 {
            for place in 0..<byteCount {
                var bytes = [UInt8](repeating: 0x0B, count: byteCount)
                bytes[place] = 0x0A
                for start in [0, 1, place, place + 1, byteCount] where start <= byteCount {
                    for end in [start, place, place + 1, byteCount] where end >= start {
                        let found = bytes.rawSpan.firstIndex(of: 0x0A, in: start..<end)
                        #expect(found == ((start..<end).contains(place) ? place : nil))
                    }
                }
            }
        }
    }

    @Test func `any byte is found, and the first of several`() {
        let bytes = (0...255).map { UInt8($0) } + (0...255).map { UInt8($0) }
        for byte in UInt8.min...UInt8.max {
            #expect(bytes.rawSpan.firstIndex(of: byte, in: 0..<512) == Int(byte))
        }
        #expect(RawSpan().firstIndex(of: 0, in: 0..<0) == nil)
    }

    @Test(arguments: [-1..<2, 0..<4, 4..<4])
    func `a part outside the span traps`(range: Range<Int>) async {
        await #expect(processExitsWith: trap) {
            [start = range.lowerBound as Int, end = range.upperBound as Int] in
            _ = ([1, 2, 3] as [UInt8]).rawSpan.firstIndex(of: 1, in: start..<end)
        }
    }
}
