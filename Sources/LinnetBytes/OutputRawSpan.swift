// SPDX-License-Identifier: Apache-2.0

// What the standard library's writer of raw bytes lacks: other bytes, text, and numbers as text.
// All of it traps when there is no room: what is written, and so how long it is, is ours.

extension OutputRawSpan {
    /// Appends a copy of the bytes. O(bytes).
    @inlinable
    @_lifetime(self: copy self)
    public mutating func append(copying bytes: RawSpan) {
        precondition(bytes.byteCount <= freeCapacity, "no room for \(bytes.byteCount) bytes")
        // SAFETY: there is room, as was checked; the bytes are initialized by the copy.
        unsafe withUnsafeMutableBytes { all, initializedCount in
            unsafe bytes.withUnsafeBytes { source in
                guard let first = source.baseAddress, let base = all.baseAddress else { return }
                unsafe (base + initializedCount).copyMemory(from: first, byteCount: source.count)
                initializedCount += source.count
            }
        }
    }

    /// Appends the UTF-8 of a literal. O(bytes), allocates nothing.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func append(text: StaticString) {
        append(copying: RawSpan(text: text))
    }

    /// Appends the number in decimal digits, at most 20 bytes. O(digits), allocates nothing.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func append<T: FixedWidthInteger>(decimal number: T) {
        var rest = UInt64(number.magnitude)
        var divisor: UInt64 = 1
        while rest / divisor >= 10 { divisor *= 10 }
        if number < 0 { append(UInt8(ascii: "-")) }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest / divisor))
            rest %= divisor
            divisor /= 10
        }
    }
}
