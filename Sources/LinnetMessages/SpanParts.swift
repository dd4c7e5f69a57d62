// SPDX-License-Identifier: Apache-2.0

extension RawSpan {
    /// The bytes from `offset` on, without a check in release builds.
    ///
    /// The caller has proved that `offset + count <= byteCount` and that both are at least 0.
    @unsafe
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    func part(uncheckedAt offset: Int, _ count: Int) -> RawSpan {
        assert(offset >= 0 && count >= 0 && offset <= byteCount - count)
        // SAFETY: the caller's proof; the part lives as long as the span.
        return unsafe extracting(unchecked: Range(uncheckedBounds: (offset, offset + count)))
    }
}

// For generated structs, whose fields stand at constant offsets.
extension RawSpan {
    /// The value at the offset. Traps if it does not lie within the span.
    @inlinable
    @inline(__always)
    public func value<T: InlineValue>(_ type: T.Type = T.self, at offset: Int) -> T {
        precondition(offset >= 0 && offset <= byteCount - T.byteCount)
        // SAFETY: checked above.
        return unsafe T(reading: part(uncheckedAt: offset, T.byteCount))
    }

    /// Whether the bytes at the offset are a value. Traps if they do not lie within the span.
    @inlinable
    @inline(__always)
    public func holds<T: InlineValue>(_ type: T.Type, at offset: Int) -> Bool {
        precondition(offset >= 0 && offset <= byteCount - T.byteCount)
        // SAFETY: checked above.
        return unsafe T.isValid(part(uncheckedAt: offset, T.byteCount))
    }

    /// Whether the value at the offset is within the range. Traps if it does not lie within the
    /// span.
    @inlinable
    @inline(__always)
    public func holds<T: InlineValue & Comparable>(
        _ type: T.Type,
        in range: ClosedRange<T>,
        at offset: Int
    ) -> Bool {
        range.contains(value(type, at: offset))
    }
}

extension [UInt8] {
    /// A copy of the bytes. Allocates.
    @inlinable
    public init(copying bytes: RawSpan) {
        // Not `Array` of a buffer: where its result is not used, the 6.3 optimizer ends the array
        // before its bytes are copied, and they go to memory that is free. Here the count is stored
        // into the array behind the copy.
        // SAFETY: the buffer has room for all bytes, and they are initialized by the copy.
        self = unsafe Array(unsafeUninitializedCapacity: bytes.byteCount) { buffer, count in
            unsafe bytes.withUnsafeBytes { source in
                guard let first = source.baseAddress, let target = buffer.baseAddress else {
                    return
                }
                unsafe UnsafeMutableRawPointer(target).copyMemory(
                    from: first,
                    byteCount: source.count
                )
                count = source.count
            }
        }
    }
}

extension [UInt8] {
    /// The bytes of the array.
    var rawSpan: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: `bytes` is marked unsafe for elements with padding; bytes have none.
            unsafe span.bytes
        }
    }
}
