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

/// Whether the bytes are a `str[N]`: UTF-8 without zero bytes, then zeros only.
@inlinable
@inline(__always)
func isPaddedText(_ bytes: RawSpan, byteCount: Int) -> Bool {
    precondition(bytes.byteCount >= byteCount)
    var end = byteCount
    // SAFETY: `end` is above 0 and at most `byteCount`.
    while end > 0, unsafe bytes.loadLittleEndian(uncheckedAt: end - 1, as: UInt8.self) == 0 {
        end -= 1
    }
    for offset in 0..<end {
        // SAFETY: below `byteCount`.
        if unsafe bytes.loadLittleEndian(uncheckedAt: offset, as: UInt8.self) == 0 { return false }
    }
    // SAFETY: `end` is at most `byteCount`.
    return unsafe isUTF8(bytes.part(uncheckedAt: 0, end))
}
