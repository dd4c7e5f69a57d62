// SPDX-License-Identifier: Apache-2.0

// What the standard library's writer of raw bytes lacks: other bytes, text, and numbers as text.
// All of it traps when there is no room: what is written, and so how long it is, is ours.

extension OutputRawSpan {
    /// Appends a copy of the bytes. O(bytes).
    @inlinable
    @inline(__always)
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
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func append(text: StaticString) {
        append(copying: RawSpan(text: text))
    }

    /// Appends a number of at most 64 bits in decimal digits, at most 20 bytes. O(digits),
    /// allocates nothing.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func append<T: FixedWidthInteger>(decimal number: T) {
        if number < 0 { append(UInt8(ascii: "-")) }
        let all = UInt64(number.magnitude)
        // Eight digits at a time fit into a word.
        let (rest, low) = all.quotientAndRemainder(dividingBy: 100_000_000)
        if rest > 0 {
            let (high, middle) = rest.quotientAndRemainder(dividingBy: 100_000_000)
            if high > 0 { append(upToEightDigits: high) }
            append(upToEightDigits: middle, atLeast: high > 0 ? 8 : 1)
        }
        append(upToEightDigits: low, atLeast: rest > 0 ? 8 : 1)
    }

    @usableFromInline
    @_lifetime(self: copy self)
    mutating func append(upToEightDigits number: UInt64, atLeast minCount: Int = 1) {
        var (rest, digits, count) = (number, UInt64(0), 0)
        while rest > 0 || count < minCount {
            digits = digits &<< 8 | (0x30 &+ rest % 10)
            rest /= 10
            count &+= 1
        }
        for _ in 0..<count {
            append(UInt8(truncatingIfNeeded: digits))
            digits &>>= 8
        }
    }
}
