// SPDX-License-Identifier: Apache-2.0

// Fields with a presence bit (Specs/schema.md §3.2). Generated code calls it.

extension MessageView {
    /// The optional fixed field at an offset.
    ///
    /// A presence byte and the fields of its bits come with the same version: where the bit is, the
    /// field is.
    @inlinable
    @inline(__always)
    public func load<T: InlineValue>(
        _ type: T.Type = T.self,
        at offset: Int,
        presenceOffset: Int,
        presenceBit: UInt8
    ) -> T? {
        guard isPresent(presenceOffset, bit: presenceBit),
            offset >= 0, offset <= fixedByteCount - T.byteCount
        else { return nil }
        // SAFETY: checked above.
        return unsafe T(reading: fixed(uncheckedAt: offset, T.byteCount))
    }
}

extension BlockVerifier {
    /// Whether the optional field is a value of its type, or zero because it is absent.
    @inlinable
    @inline(__always)
    public func holdsOptional<T: InlineValue>(
        _ type: T.Type,
        at offset: Int,
        presenceOffset: Int,
        presenceBit: UInt8
    ) -> Bool {
        isPresent(presenceOffset, bit: presenceBit)
            ? holds(type, at: offset) : isZero(at: offset, byteCount: T.byteCount)
    }

    /// Whether the optional field is within the range, or zero because it is absent.
    @inlinable
    @inline(__always)
    public func holdsOptional<T: InlineValue & Comparable>(
        _ type: T.Type,
        in range: ClosedRange<T>,
        at offset: Int,
        presenceOffset: Int,
        presenceBit: UInt8
    ) -> Bool {
        isPresent(presenceOffset, bit: presenceBit)
            ? holds(type, in: range, at: offset) : isZero(at: offset, byteCount: T.byteCount)
    }
}

extension MessageWriter {
    /// The optional fixed field as it was written.
    @inlinable
    @inline(__always)
    public func load<T: InlineValue>(
        _ type: T.Type = T.self,
        at offset: Int,
        presenceOffset: Int,
        presenceBit: UInt8
    ) -> T? {
        guard isPresent(presenceOffset, bit: presenceBit),
            offset >= 0, offset <= memory.fixedByteCount - T.byteCount
        else { return nil }
        // SAFETY: checked above.
        return unsafe T(
            reading: RawSpan(_unsafeStart: memory.block + offset, byteCount: T.byteCount)
        )
    }

    /// Stores an optional field, or remembers that it is out of its range.
    @inlinable
    @inline(__always)
    public func store<T: InlineValue & Comparable>(
        _ value: T?,
        at offset: Int,
        in range: ClosedRange<T>,
        presenceOffset: Int,
        presenceBit: UInt8
    ) {
        if let value, !range.contains(value) { return fail(.range, fixedAt: offset) }
        store(value, at: offset, presenceOffset: presenceOffset, presenceBit: presenceBit)
    }

    /// `string<=max` of that end, if there is one.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func text(
        _ text: String?,
        end: Int,
        max: Int,
        presenceOffset: Int,
        presenceBit: UInt8
    ) {
        guard let text else { return }
        setPresence(true, presenceOffset, presenceBit)
        self.text(text, end: end, max: max)
    }

    /// `bytes<=max` of that end.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func bytes(_ bytes: [UInt8], end: Int, max: Int) {
        // SAFETY: the bytes of a span of bytes.
        unsafe self.bytes(bytes.span.bytes, end: end, max: max)
    }

    /// `bytes<=max` of that end, if there are any.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func bytes(
        _ bytes: [UInt8]?,
        end: Int,
        max: Int,
        presenceOffset: Int,
        presenceBit: UInt8
    ) {
        guard let bytes else { return }
        setPresence(true, presenceOffset, presenceBit)
        self.bytes(bytes, end: end, max: max)
    }

    /// `[T]<=max` of that end.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func list<T: InlineValue>(_ elements: [T], end: Int, max: Int) {
        list(count: elements.count, end: end, max: max) { elements[$0] }
    }

    /// `[T]<=max` of that end, if there is one.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func list<T: InlineValue>(
        _ elements: [T]?,
        end: Int,
        max: Int,
        presenceOffset: Int,
        presenceBit: UInt8
    ) {
        guard let elements else { return }
        setPresence(true, presenceOffset, presenceBit)
        list(elements, end: end, max: max)
    }
}
