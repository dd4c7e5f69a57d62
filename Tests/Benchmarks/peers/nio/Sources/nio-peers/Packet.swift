// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A packet with the 24-byte header of Specs/protocol.md.
struct Packet {
    static let headerSize = 24
    static let maxSize: UInt32 = 16 << 20
    static let magic: UInt32 = 0x3150_4B43

    var version: UInt16
    var flags: UInt16
    var seq: UInt64
    var payload: ByteBuffer
}

/// Why bytes are no packet.
struct PacketError: Error {}

/// CRC-32/IEEE by slicing-by-8.
enum HeaderChecksum {
    // SAFETY: made once, never written again and never freed; its readers index it with bytes, and
    // there are 256 places for each of the eight steps.
    nonisolated(unsafe) static let tables: UnsafePointer<UInt32> = {
        let tables = UnsafeMutablePointer<UInt32>.allocate(capacity: 8 * 256)
        for index in 0..<256 {
            var crc = UInt32(index)
            for _ in 0..<8 { crc = crc >> 1 ^ (0xEDB8_8320 & (0 &- (crc & 1))) }
            tables[index] = crc
        }
        for index in 256..<8 * 256 {
            let crc = tables[index - 256]
            tables[index] = crc >> 8 ^ tables[Int(crc & 0xFF)]
        }
        return UnsafePointer(tables)
    }()

    /// Of a header whose own checksum counts as zero.
    @inline(__always)
    static func of(
        _ word0: UInt64,
        _ word1: UInt64,
        _ last: UInt32,
        _ tables: UnsafePointer<UInt32>
    ) -> UInt32 {
        var crc = step(word0 ^ 0xFFFF_FFFF, tables)
        crc = step(word1 ^ UInt64(crc), tables)
        return ~step(UInt64(last) ^ UInt64(crc), tables)
    }

    @inline(__always)
    private static func step(_ word: UInt64, _ tables: UnsafePointer<UInt32>) -> UInt32 {
        tables[7 * 256 + Int(word & 0xFF)] ^ tables[6 * 256 + Int(word >> 8 & 0xFF)]
            ^ tables[5 * 256 + Int(word >> 16 & 0xFF)] ^ tables[4 * 256 + Int(word >> 24 & 0xFF)]
            ^ tables[3 * 256 + Int(word >> 32 & 0xFF)] ^ tables[2 * 256 + Int(word >> 40 & 0xFF)]
            ^ tables[256 + Int(word >> 48 & 0xFF)] ^ tables[Int(word >> 56)]
    }

    @inline(__always)
    static func of(_ header: UnsafeRawPointer, _ tables: UnsafePointer<UInt32>) -> UInt32 {
        of(
            header.loadUnaligned(as: UInt64.self),
            header.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            header.loadUnaligned(fromByteOffset: 16, as: UInt32.self),
            tables
        )
    }
}
