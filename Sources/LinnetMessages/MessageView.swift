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
/// Cost: five words; nothing is copied, retained or allocated. Thread: any.
@frozen
public struct MessageView<Owner: Block>: BitwiseCopyable, ~Escapable {
    /// The fixed part and the ends.
    @usableFromInline let block: RawSpan
    /// The bytes of the fixed part, as the sender's version has it.
    @usableFromInline let fixedByteCount: Int
    /// What the ends count in.
    @usableFromInline let tail: RawSpan

    // Invariants: `block` has `fixedByteCount` bytes and whole ends behind them, at least those of
    // the oldest version; ends do not fall and none is beyond `tail`; all regions are valid.
    @inlinable
    @inline(__always)
    @_lifetime(copy block, copy tail)
    init(block: RawSpan, fixedByteCount: Int, tail: RawSpan) {
        self.block = block
        self.fixedByteCount = fixedByteCount
        self.tail = tail
    }
}

extension MessageView where Owner: Message {
    /// Verifies the bytes of one message, once and for all (Specs/schema.md §4).
    ///
    /// - Throws: the cause, the path of the field and the offset in bytes.
    /// - Complexity: O(bytes). A group whose entries need no checks costs as much as one field.
    @inlinable
    @_lifetime(copy bytes)
    public init(verifying bytes: RawSpan) throws(MessageError) {
        guard let shape = MessageShape<Owner>(of: bytes) else {
            throw MessageError.found(in: bytes, of: Owner.self)
        }
        let view = shape.view(of: bytes)
        guard view.isValid(version: shape.version) else {
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
        let fixedByteCount = unsafe Int(bytes.loadLittleEndian(uncheckedAt: 4, as: UInt16.self))
        let endCount = unsafe Int(bytes.loadLittleEndian(uncheckedAt: 6, as: UInt16.self))
        let blockByteCount = fixedByteCount + endCount * Owner.endByteCount
        let tailOffset = headerByteCount + blockByteCount
        unsafe self.init(
            block: bytes.part(uncheckedAt: headerByteCount, blockByteCount),
            fixedByteCount: fixedByteCount,
            tail: bytes.part(uncheckedAt: tailOffset, bytes.byteCount - tailOffset)
        )
    }
}

// MARK: - Loads, for generated code

extension MessageView {
    /// The fixed field at an offset that every version has. One load.
    @inlinable
    @inline(__always)
    public func load<T: InlineValue>(_ type: T.Type = T.self, at offset: Int) -> T {
        precondition(offset >= 0 && offset <= Owner.oldestFixedByteCount - T.byteCount)
        // SAFETY: `block` holds the oldest version's fixed part; the rest folds to nothing.
        return unsafe T(reading: block.part(uncheckedAt: offset, T.byteCount))
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
        guard offset <= fixedByteCount - T.byteCount else { return absent() }
        // SAFETY: checked above.
        return unsafe T(reading: block.part(uncheckedAt: offset, T.byteCount))
    }

    /// Whether the optional field with this presence bit is there.
    @inlinable
    @inline(__always)
    public func isPresent(_ offset: Int, bit: UInt8) -> Bool {
        load(UInt8.self, at: offset, orElse: 0) & bit != 0
    }

    @inlinable
    @inline(__always)
    var endCount: Int { (block.byteCount - fixedByteCount) / Owner.endByteCount }

    /// The end of that index, which is there.
    @inlinable
    @inline(__always)
    func end(_ index: Int) -> Int {
        assert(index < endCount)
        // SAFETY: `region(_:)` has looked, or the index is of the oldest version.
        return if Owner.endByteCount == 2 {
            unsafe Int(
                block.loadLittleEndian(uncheckedAt: fixedByteCount + index * 2, as: UInt16.self)
            )
        } else {
            unsafe Int(
                block.loadLittleEndian(uncheckedAt: fixedByteCount + index * 4, as: UInt32.self)
            )
        }
    }

    /// The region of that end; empty if the sender's version has none.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    func region(_ index: Int) -> RawSpan {
        precondition(index >= 0)
        guard index < Owner.oldestEndCount || index < endCount else {
            // SAFETY: no bytes are always there.
            return unsafe tail.part(uncheckedAt: 0, 0)
        }
        let begin = index == 0 ? 0 : end(index - 1)
        // SAFETY: ends were verified: they do not fall, and none is beyond the tail.
        return unsafe tail.part(uncheckedAt: begin, end(index) - begin)
    }
}
