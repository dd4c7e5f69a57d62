// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// Whether the bytes are UTF-8 (RFC 3629). Text of ASCII is looked at in words, here; other text by
/// the standard library. O(bytes).
@inlinable
@inline(__always)
func isUTF8(_ bytes: RawSpan) -> Bool {
    isASCII(bytes) || isUTF8BeyondASCII(bytes)
}

@inlinable
@inline(__always)
func isASCII(_ bytes: RawSpan) -> Bool {
    let count = bytes.byteCount
    var all: UInt64 = 0
    if count >= 8 {
        var offset = 0
        while offset <= count - 8 {
            // SAFETY: the loop's condition.
            all |= unsafe bytes.loadLittleEndian(uncheckedAt: offset, as: UInt64.self)
            offset += 8
        }
        // The last eight, some of them for the second time.
        // SAFETY: there are eight.
        all |= unsafe bytes.loadLittleEndian(uncheckedAt: count - 8, as: UInt64.self)
    } else if count >= 4 {
        // SAFETY: there are four.
        let first = unsafe bytes.loadLittleEndian(uncheckedAt: 0, as: UInt32.self)
        let last = unsafe bytes.loadLittleEndian(uncheckedAt: count - 4, as: UInt32.self)
        all = UInt64(first | last)
    } else {
        for offset in 0..<count {
            // SAFETY: the loop's range.
            all |= UInt64(unsafe bytes.loadLittleEndian(uncheckedAt: offset, as: UInt8.self))
        }
    }
    return all & 0x8080_8080_8080_8080 == 0
}

@usableFromInline
func isUTF8BeyondASCII(_ bytes: RawSpan) -> Bool {
    // SAFETY: any byte is a `UInt8`.
    let units = Span<UInt8>(_bytes: bytes)
    return (try? UTF8Span(validating: units)) != nil
}

/// Whether the bytes are a `str[N]`: UTF-8 without zero bytes, then zeros only. O(bytes).
@inlinable
@inline(__always)
func isPaddedText(_ bytes: RawSpan, byteCount: Int) -> Bool {
    precondition(bytes.byteCount >= byteCount)
    if byteCount <= 8 {
        // SAFETY: checked above.
        let word = unsafe bytes.loadWord(uncheckedAt: 0, byteCount)
        let textByteCount = byteCountBeforeZero(word)
        // What follows the first zero is zero. A shift by 64 gives 0.
        guard word >> UInt64(textByteCount * 8) == 0 else { return false }
        if word & 0x8080_8080_8080_8080 == 0 { return true }
    }
    return isLongPaddedText(bytes, byteCount: byteCount)
}

@usableFromInline
func isLongPaddedText(_ bytes: RawSpan, byteCount: Int) -> Bool {
    var end = byteCount
    while end > 0, bytes.byte(at: end - 1) == 0 { end -= 1 }
    for offset in 0..<end where bytes.byte(at: offset) == 0 { return false }
    return isUTF8(bytes.extracting(0..<end))
}

/// The bytes before the first one that is zero, of the eight of a word.
@inlinable
@inline(__always)
func byteCountBeforeZero(_ word: UInt64) -> Int {
    // The lowest set bit is exact; bits above it may be set by borrows.
    let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    return zeros.trailingZeroBitCount / 8
}

extension RawSpan {
    /// Up to eight bytes as a little-endian word, filled up with zeros. The caller has proved that
    /// they are there.
    @unsafe
    @inlinable
    @inline(__always)
    func loadWord(uncheckedAt offset: Int, _ count: Int) -> UInt64 {
        // SAFETY: the caller's proof; each load ends at `offset + count` or before.
        switch count {
        case 8:
            return unsafe loadLittleEndian(uncheckedAt: offset, as: UInt64.self)
        case 4...7:
            let low = unsafe loadLittleEndian(uncheckedAt: offset, as: UInt32.self)
            let high = unsafe loadLittleEndian(uncheckedAt: offset + count - 4, as: UInt32.self)
            return UInt64(low) | UInt64(high) << UInt64((count - 4) * 8)
        case 2...3:
            let low = unsafe loadLittleEndian(uncheckedAt: offset, as: UInt16.self)
            let high = unsafe loadLittleEndian(uncheckedAt: offset + count - 2, as: UInt16.self)
            return UInt64(low) | UInt64(high) << UInt64((count - 2) * 8)
        default:
            return unsafe UInt64(loadLittleEndian(uncheckedAt: offset, as: UInt8.self))
        }
    }
}
