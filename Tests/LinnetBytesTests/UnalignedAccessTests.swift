// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetTestSupport
import Testing

@Suite struct UnalignedAccessTests {
    private let bytes: [UInt8] = (0..<64).map { UInt8(truncatingIfNeeded: $0 * 37 + 5) }

    @Test(arguments: 0..<16)
    func `integers are read at any alignment`(offset: Int) {
        let span = bytes.rawSpan
        let expected = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << ($1 * 8) }
        #expect(span.loadLittleEndian(at: offset, as: UInt64.self) == expected)
        #expect(span.loadBigEndian(at: offset, as: UInt64.self) == expected.byteSwapped)
        let low = UInt32(truncatingIfNeeded: expected)
        #expect(span.loadLittleEndian(at: offset, as: UInt32.self) == low)
        #expect(span.loadBigEndian(at: offset, as: UInt16.self) == UInt16(low & 0xFFFF).byteSwapped)
        // SAFETY: 4 bytes from `offset` on lie within the 64.
        let unchecked: UInt32 = unsafe span.loadLittleEndian(uncheckedAt: offset)
        #expect(unchecked == low)
    }

    @Test(arguments: 0..<16)
    func `integers are written at any alignment, and nothing beside them`(offset: Int) {
        var target = bytes
        target.withMutableRawSpan { span in
            span.storeLittleEndian(0x0102_0304_0506_0708 as UInt64, at: offset)
            span.storeBigEndian(0x0A0B as UInt16, at: offset + 8)
            // SAFETY: 12 bytes from `offset` on lie within the 64.
            unsafe span.storeLittleEndian(0x0C0D as UInt16, uncheckedAt: offset + 10)
        }
        let written: [UInt8] = [8, 7, 6, 5, 4, 3, 2, 1, 0x0A, 0x0B, 0x0D, 0x0C]
        #expect(Array(target[offset..<offset + 12]) == written)
        #expect(Array(target[..<offset]) == Array(bytes[..<offset]))
        #expect(Array(target[(offset + 12)...]) == Array(bytes[(offset + 12)...]))
    }

    @Test func `a read beyond the span traps in release builds too`() async {
        await #expect(processExitsWith: trap) {
            let bytes: [UInt8] = [1, 2, 3]
            _ = bytes.rawSpan.loadLittleEndian(at: 0, as: UInt32.self)
        }
        await #expect(processExitsWith: trap) {
            let bytes: [UInt8] = [1, 2, 3]
            _ = bytes.rawSpan.loadBigEndian(at: 2, as: UInt16.self)
        }
    }

    @Test func `a write beyond the span traps in release builds too`() async {
        await #expect(processExitsWith: trap) {
            var bytes: [UInt8] = [1, 2, 3]
            bytes.withMutableRawSpan { $0.storeLittleEndian(0 as UInt32, at: 0) }
        }
    }
}
