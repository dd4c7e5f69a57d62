// SPDX-License-Identifier: Apache-2.0

// The only unaligned loads and stores of the project. The unchecked ones are for code that has
// checked the length of a whole block once (a header, a fixed part); everything else uses the
// checked ones, which trap instead of reading beyond the span.

extension RawSpan {
    /// The byte at `offset`.
    ///
    /// Traps if there is none: check `byteCount` first where the bytes are a peer's. O(1).
    @inlinable
    public func byte(at offset: Int) -> UInt8 {
        // SAFETY: this overload checks the bounds; the span proves the lifetime.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The little-endian integer at `offset`, which need not be aligned.
    ///
    /// Traps if the integer does not lie within the span: check `byteCount` first where the bytes
    /// are a peer's. O(1).
    @inlinable
    public func loadLittleEndian<T: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int,
        as type: T.Type = T.self
    ) -> T {
        // SAFETY: this overload checks the bounds; the span proves the lifetime; every bit pattern
        // is a valid integer.
        unsafe T(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: T.self))
    }

    /// The big-endian integer at `offset`; see ``loadLittleEndian(at:as:)``.
    @inlinable
    public func loadBigEndian<T: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int,
        as type: T.Type = T.self
    ) -> T {
        // SAFETY: as in `loadLittleEndian(at:as:)`.
        unsafe T(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: T.self))
    }

    /// The little-endian integer at `offset`, without a check in release builds.
    ///
    /// The caller has proved that `offset + MemoryLayout<T>.size <= byteCount`.
    @unsafe
    @inlinable
    package func loadLittleEndian<T: FixedWidthInteger & BitwiseCopyable>(
        uncheckedAt offset: Int,
        as type: T.Type = T.self
    ) -> T {
        assert(offset >= 0 && offset + MemoryLayout<T>.size <= byteCount)
        // SAFETY: the caller proves the bounds; every bit pattern is a valid integer.
        return unsafe T(
            littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: T.self)
        )
    }
}

extension MutableRawSpan {
    /// Stores `value` little-endian at `offset`, which need not be aligned.
    ///
    /// Traps if the integer does not lie within the span. O(1).
    @inlinable
    @_lifetime(self: copy self)
    public mutating func storeLittleEndian<T: FixedWidthInteger & BitwiseCopyable>(
        _ value: T,
        at offset: Int
    ) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: T.self)
    }

    /// Stores `value` big-endian at `offset`; see ``storeLittleEndian(_:at:)``.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func storeBigEndian<T: FixedWidthInteger & BitwiseCopyable>(
        _ value: T,
        at offset: Int
    ) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: T.self)
    }

    /// Stores `value` little-endian at `offset`, without a check in release builds.
    ///
    /// The caller has proved that `offset + MemoryLayout<T>.size <= byteCount`.
    @unsafe
    @inlinable
    @_lifetime(self: copy self)
    package mutating func storeLittleEndian<T: FixedWidthInteger & BitwiseCopyable>(
        _ value: T,
        uncheckedAt offset: Int
    ) {
        assert(offset >= 0 && offset + MemoryLayout<T>.size <= byteCount)
        // SAFETY: the caller proves the bounds.
        unsafe storeBytes(
            of: value.littleEndian,
            toUncheckedByteOffset: offset,
            as: T.self
        )
    }
}
