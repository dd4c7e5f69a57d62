// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// A message, or an entry of a group, where its bytes stand. The bytes were verified, so that no
/// accessor can fail: a fixed field is one unaligned load.
///
/// The compiler lets a view live no longer than the bytes. To keep a message take a
/// ``MessageLease``, or copy it into a value: `NewOrder(view)`.
///
/// Accessors of fixed fields are generated properties. What has a region of its own is found with a
/// name in brackets: `order[.note]`, `order[.fills][3]`.
///
/// Cost: three words; nothing is copied, retained or allocated. Thread: any.
@safe
@frozen
public struct MessageView<Owner: Block>: BitwiseCopyable, ~Escapable {
    // Invariants: `block` points at `fixedByteCount` bytes and `endCount` ends behind them, `tail`
    // at `tailByteCount` bytes, all alive as long as the view; once verified, `fixedByteCount` and
    // `endCount` are at least those of the oldest version, ends do not fall, none is beyond the
    // tail, and all fields and regions are valid.
    @usableFromInline let block: UnsafeRawPointer
    @usableFromInline let tail: UnsafeRawPointer
    /// As the sender's version has it.
    @usableFromInline let storedFixedByteCount: UInt16
    @usableFromInline let storedEndCount: UInt16
    @usableFromInline let storedTailByteCount: UInt32

    @unsafe
    @inlinable
    @inline(__always)
    @_lifetime(immortal)
    init(
        block: UnsafeRawPointer,
        tail: UnsafeRawPointer,
        fixedByteCount: UInt16,
        endCount: UInt16,
        tailByteCount: UInt32
    ) {
        // SAFETY: the caller has proved the invariants above.
        unsafe self.block = block
        unsafe self.tail = tail
        storedFixedByteCount = fixedByteCount
        storedEndCount = endCount
        storedTailByteCount = tailByteCount
    }

    /// Bytes of the fixed part, as the sender's version has it.
    @inlinable var fixedByteCount: Int { Int(storedFixedByteCount) }
    @inlinable var endCount: Int { Int(storedEndCount) }
    @inlinable var tailByteCount: Int { Int(storedTailByteCount) }
}

extension MessageView where Owner: Message {
    /// Verifies the bytes of one message, once and for all (Specs/schema.md §4).
    ///
    /// - Throws: the cause, the path of the field and the offset in bytes.
    /// - Complexity: O(bytes). A group whose entries need no checks costs as much as one field.
    @inlinable
    @_lifetime(copy bytes)
    public init(verifying bytes: RawSpan) throws(MessageError) {
        guard let view = Self(ofShape: bytes) else {
            throw MessageError.found(in: bytes, of: Owner.self)
        }
        guard view.isValid(version: bytes.loadLittleEndian(at: 2)) else {
            throw MessageError.found(in: bytes, of: Owner.self)
        }
        self = view
    }

    /// The message of bytes that were verified before.
    ///
    /// The caller has proved that these very bytes passed ``init(verifying:)``.
    @unsafe
    @inlinable
    @_lifetime(copy bytes)
    public init(unverified bytes: RawSpan) {
        // SAFETY: the caller's proof.
        let start = unsafe bytes.withUnsafeBytes { unsafe $0.baseAddress.unsafelyUnwrapped }
        let header = unsafe bytes.loadLittleEndian(uncheckedAt: 0, as: UInt64.self)
        unsafe self = _overrideLifetime(Self(start, header, bytes.byteCount), copying: bytes)
    }

    /// What the header says, if it is believed (§4.1, steps 1 and 2).
    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    init?(ofShape bytes: RawSpan) {
        guard bytes.byteCount >= headerByteCount, bytes.byteCount <= Int(UInt32.max) else {
            return nil
        }
        // SAFETY: checked above.
        let header = unsafe bytes.loadLittleEndian(uncheckedAt: 0, as: UInt64.self)
        if header != Owner.header {
            guard Owner.accepts(header) else { return nil }
        }
        let blockByteCount =
            Int(UInt16(truncatingIfNeeded: header >> 32))
            + Int(UInt16(truncatingIfNeeded: header >> 48)) * Owner.endByteCount
        guard bytes.byteCount >= headerByteCount + blockByteCount else { return nil }
        // SAFETY: header and block lie within the bytes.
        let start = unsafe bytes.withUnsafeBytes { unsafe $0.baseAddress.unsafelyUnwrapped }
        unsafe self = _overrideLifetime(Self(start, header, bytes.byteCount), copying: bytes)
    }

    /// The caller has proved that there are so many bytes, and that header and block lie within
    /// them.
    @unsafe
    @inlinable
    @inline(__always)
    @_lifetime(immortal)
    init(_ start: UnsafeRawPointer, _ header: UInt64, _ byteCount: Int) {
        let fixedByteCount = UInt16(truncatingIfNeeded: header >> 32)
        let endCount = UInt16(truncatingIfNeeded: header >> 48)
        // SAFETY: the caller has proved that header and block lie within the bytes.
        let block = unsafe start + headerByteCount
        let blockByteCount = Int(fixedByteCount) + Int(endCount) * Owner.endByteCount
        unsafe self.init(
            block: block,
            tail: block + blockByteCount,
            fixedByteCount: fixedByteCount,
            endCount: endCount,
            tailByteCount: UInt32(truncatingIfNeeded: byteCount - headerByteCount - blockByteCount)
        )
    }

    /// The bytes of the whole message.
    @inlinable
    public var bytes: RawSpan {
        @_lifetime(copy self)
        get {
            // SAFETY: the view of a message was made of the bytes from its header on.
            unsafe _overrideLifetime(
                RawSpan(
                    _unsafeStart: block - headerByteCount,
                    byteCount: tail - block + tailByteCount + headerByteCount
                ),
                copying: self
            )
        }
    }
}

// MARK: - Loads, for generated code

extension MessageView {
    /// The fixed field at an offset that every version has. One load.
    @inlinable
    @inline(__always)
    public func load<T: InlineValue>(_ type: T.Type = T.self, at offset: Int) -> T {
        precondition(offset >= 0 && offset <= Owner.oldestFixedByteCount - T.byteCount)
        // SAFETY: `block` holds the oldest version's fixed part; the check folds to nothing.
        return unsafe T(reading: fixed(uncheckedAt: offset, T.byteCount))
    }

    /// The fixed field at an offset that newer versions have, or what holds without it.
    @inlinable
    @inline(__always)
    public func load<T: InlineValue>(
        _ type: T.Type = T.self,
        at offset: Int,
        orElse absent: @autoclosure () -> T
    ) -> T {
        precondition(offset >= 0)
        guard
            offset <= Owner.oldestFixedByteCount - T.byteCount
                || offset <= fixedByteCount - T.byteCount
        else { return absent() }
        // SAFETY: checked above.
        return unsafe T(reading: fixed(uncheckedAt: offset, T.byteCount))
    }

    /// Whether the optional field with this presence bit is there.
    @inlinable
    @inline(__always)
    public func isPresent(_ offset: Int, bit: UInt8) -> Bool {
        load(UInt8.self, at: offset, orElse: 0) & bit != 0
    }

    /// The end of that index, which is there.
    @inlinable
    @inline(__always)
    func end(_ index: Int) -> Int {
        assert(index >= 0 && index < endCount)
        // SAFETY: `region(_:)` has looked, or the index is of the oldest version.
        let ends = unsafe block + fixedByteCount
        return if Owner.endByteCount == 2 {
            unsafe Int(
                UInt16(littleEndian: ends.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
            )
        } else {
            unsafe Int(
                UInt32(littleEndian: ends.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
            )
        }
    }

    /// Bytes of the fixed part that lie within it.
    @unsafe
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    func fixed(uncheckedAt offset: Int, _ count: Int) -> RawSpan {
        assert(offset >= 0 && count >= 0 && offset <= fixedByteCount - count)
        // SAFETY: the caller's proof.
        return unsafe _overrideLifetime(
            RawSpan(_unsafeStart: block + offset, byteCount: count),
            copying: self
        )
    }

    /// Bytes of the tail that lie within it.
    @unsafe
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    func part(uncheckedAt offset: Int, _ count: Int) -> RawSpan {
        assert(offset >= 0 && count >= 0 && offset <= tailByteCount - count)
        // SAFETY: the caller's proof.
        return unsafe _overrideLifetime(
            RawSpan(_unsafeStart: tail + offset, byteCount: count),
            copying: self
        )
    }

    /// The region of that end; empty if the sender's version has none.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    func region(_ index: Int) -> RawSpan {
        precondition(index >= 0)
        guard index < Owner.oldestEndCount || index < endCount else {
            // SAFETY: no bytes are always there.
            return unsafe part(uncheckedAt: 0, 0)
        }
        let begin = index == 0 ? 0 : end(index - 1)
        // SAFETY: ends were verified: they do not fall, and none is beyond the tail.
        return unsafe part(uncheckedAt: begin, end(index) - begin)
    }
}
