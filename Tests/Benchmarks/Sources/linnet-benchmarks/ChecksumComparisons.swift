// SPDX-License-Identifier: Apache-2.0

import CBaseline
import LinnetCodec

/// CRC-32 beside zlib's: the header's fixed length, and payloads.
func checksumComparisons() -> [Comparison] {
    let header = [UInt8](repeating: 0x3C, count: 24)
    let headers = Comparison(
        "CRC-32 of a 24 B header",
        operations: 1_000,
        ours: {
            var sum: UInt32 = 0
            for _ in 0..<1_000 { sum ^= Checksum.header(header.span.bytes) }
            consume(sum)
        },
        baseName: "zlib",
        base: {
            var sum: UInt32 = 0
            for _ in 0..<1_000 { sum ^= baseline_zlib_crc32(header, 24) }
            consume(sum)
        }
    )
    return [headers] + [64, 1_024, 65_536].map(payload)
}

private func payload(byteCount: Int) -> Comparison {
    let bytes = [UInt8](repeating: 0xA7, count: byteCount)
    return Comparison(
        "CRC-32 of \(byteCount) B",
        operations: 1,
        ours: { consume(Checksum.crc32(bytes.span.bytes)) },
        baseName: "zlib",
        base: { consume(baseline_zlib_crc32(bytes, byteCount)) }
    )
}
