// SPDX-License-Identifier: Apache-2.0

internal import CLinnet
internal import CZlib

/// CRC-32 as zlib, gzip and IEEE 802.3 have it. Specs/protocol.md 1.5.
///
/// Headers have a kernel of their own, since zlib takes fewer than 47 bytes one at a time. Payloads
/// go through carry-less multiplication where the processor has it, else through zlib. All are
/// tested equal to zlib's `crc32`.
public enum Checksum {
    /// The CRC-32 of a whole span. Any thread, O(bytes), does not allocate.
    public static func crc32(_ bytes: RawSpan) -> UInt32 {
        crc32(bytes, continuing: 0)
    }

    /// Continues `crc`, the CRC-32 of what came before, over `bytes`.
    public static func crc32(_ bytes: RawSpan, continuing crc: UInt32) -> UInt32 {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, unsafe !bytes.isEmpty else { return crc }
            if linnet_has_carryless_multiply() {
                // SAFETY: the buffer is valid for the length of the closure; the kernel was asked
                // for.
                return unsafe linnet_crc32_clmul(crc, base, bytes.count)
            }
            // SAFETY: as above; crc32_z takes the length as a size_t.
            let pointer = unsafe base.assumingMemoryBound(to: Bytef.self)
            return unsafe UInt32(truncatingIfNeeded: crc32_z(uLong(crc), pointer, bytes.count))
        }
    }

    /// The checksum that belongs into this header, whatever stands in its place. Traps unless
    /// `bytes` holds 24 bytes.
    public static func header(_ bytes: RawSpan) -> UInt32 {
        header(PacketHeaderWords(bytes))
    }

    @usableFromInline
    package static func header(_ words: PacketHeaderWords) -> UInt32 {
        linnet_crc32_header(words.first, words.second, words.third)
    }
}
