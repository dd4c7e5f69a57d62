// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// What a message's header says, once it is believed (Specs/schema.md §4.1, steps 1 and 2).
@frozen
@usableFromInline
struct MessageShape<Owner: Message> {
    @usableFromInline let version: UInt16
    @usableFromInline let fixedByteCount: Int
    @usableFromInline let blockByteCount: Int

    /// `nil` if the message is not `Owner`, or not of the shape of its version, or too short.
    @inlinable
    @inline(__always)
    init?(of bytes: RawSpan) {
        guard bytes.byteCount >= headerByteCount else { return nil }
        // SAFETY: checked above.
        let header = unsafe bytes.loadLittleEndian(uncheckedAt: 0, as: UInt64.self)
        version = UInt16(truncatingIfNeeded: header >> 16)
        fixedByteCount = Int(UInt16(truncatingIfNeeded: header >> 32))
        let endCount = Int(UInt16(truncatingIfNeeded: header >> 48))
        if header != Owner.header {
            guard UInt16(truncatingIfNeeded: header) == Owner.number,
                version >= Owner.oldestVersion,
                Owner.accepts(
                    BlockShape(fixedByteCount: fixedByteCount, endCount: endCount),
                    version: version
                )
            else { return nil }
        }
        blockByteCount = fixedByteCount + endCount * Owner.endByteCount
        guard bytes.byteCount >= headerByteCount + blockByteCount else { return nil }
    }

    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    func view(of bytes: RawSpan) -> MessageView<Owner> {
        let tailOffset = headerByteCount + blockByteCount
        // SAFETY: the initializer checked that block and header lie within the bytes.
        return unsafe MessageView(
            block: bytes.part(uncheckedAt: headerByteCount, blockByteCount),
            fixedByteCount: fixedByteCount,
            tail: bytes.part(uncheckedAt: tailOffset, bytes.byteCount - tailOffset)
        )
    }
}

extension Block {
    /// Whether a block of that version may have that shape (§5.1).
    @usableFromInline
    static func accepts(_ shape: BlockShape, version: UInt16) -> Bool {
        if version > Root.version {
            return shape.fixedByteCount >= fixedByteCount && shape.endCount >= endCount
        }
        return shape == self.shape(ofVersion: version)
    }
}
