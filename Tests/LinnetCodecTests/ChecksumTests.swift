// SPDX-License-Identifier: Apache-2.0

import CLinnet
import CZlib
import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

/// Every kernel against zlib, which is the reference, and against a CRC-32 of one bit at a time.
@Suite struct ChecksumTests {
    private static func zlib(_ bytes: [UInt8], continuing crc: UInt32 = 0) -> UInt32 {
        // SAFETY: the pointer is valid for the length of the call.
        UInt32(truncatingIfNeeded: unsafe crc32(uLong(crc), bytes, uInt(bytes.count)))
    }

    @Test func `the check value of the spec holds`() {
        #expect(Checksum.crc32(Array("123456789".utf8).rawSpan) == 0xCBF4_3926)
        #expect(Checksum.crc32(RawSpan()) == 0)
        #expect(NaiveDecoder.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    }

    @Test func `every length to 600 at every alignment equals zlib`() {
        var random = SeededRandom(seed: 7)
        let storage = random.bytes(count: 700)
        for count in 0...600 {
            for alignment in [0, 1, 3, 7, 8, 15, count % 16] {
                let bytes = Array(storage[alignment..<alignment + count])
                let crc = UInt32(truncatingIfNeeded: random.next())
                let span = storage.rawSpan.extracting(alignment..<alignment + count)
                #expect(Checksum.crc32(span) == Self.zlib(bytes))
                #expect(Checksum.crc32(span, continuing: crc) == Self.zlib(bytes, continuing: crc))
            }
        }
    }

    @Test(arguments: [1_000, 4_095, 65_536, 65_537, 1_048_576])
    func `long spans equal zlib, in one piece and continued`(count: Int) {
        var random = SeededRandom(seed: UInt64(count))
        let bytes = random.bytes(count: count)
        let expected = Self.zlib(bytes)
        #expect(Checksum.crc32(bytes.rawSpan) == expected)
        for cut in [1, 15, 16, 63, 64, count / 2, count - 1] {
            let first = Checksum.crc32(bytes.rawSpan.extracting(0..<cut))
            let rest = bytes.rawSpan.extracting(cut..<count)
            #expect(Checksum.crc32(rest, continuing: first) == expected)
        }
    }

    @Test func `the header kernels equal zlib over 24 bytes with a checksum of zero`() {
        var random = SeededRandom(seed: 3)
        for round in 0..<5_000 {
            let header = random.bytes(count: 24 + round % 16)
            let start = round % 16
            let bytes = Array(header[start..<start + 20].prefix(20)) + [0, 0, 0, 0]
            guard header.count >= start + 24 else { continue }
            let expected = Self.zlib(bytes)
            #expect(Checksum.header(header.rawSpan.extracting(start..<start + 24)) == expected)
            let words = header.rawSpan.extracting(start..<start + 20)
            let portable = linnet_crc32_header_portable(
                words.loadLittleEndian(at: 0),
                words.loadLittleEndian(at: 8),
                words.loadLittleEndian(at: 16)
            )
            #expect(portable == expected)
            #expect(NaiveDecoder.crc32(bytes) == expected)
        }
    }

    @Test func `a header shorter than 24 bytes traps`() async {
        await #expect(processExitsWith: trap) {
            _ = Checksum.header([UInt8](repeating: 0, count: 23).rawSpan)
        }
    }
}
