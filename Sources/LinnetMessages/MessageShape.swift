// SPDX-License-Identifier: Apache-2.0

extension Message {
    /// Whether a header that is not that of our version may be one of this message. Cold.
    @usableFromInline
    static func accepts(_ header: UInt64) -> Bool {
        let version = UInt16(truncatingIfNeeded: header >> 16)
        let shape = BlockShape(
            fixedByteCount: Int(UInt16(truncatingIfNeeded: header >> 32)),
            endCount: Int(UInt16(truncatingIfNeeded: header >> 48))
        )
        return UInt16(truncatingIfNeeded: header) == number
            && version >= oldestVersion
            && accepts(shape, version: version)
    }
}

extension Block {
    /// Whether a block of that version may have that shape (Specs/schema.md §5.1). Cold.
    @usableFromInline
    static func accepts(_ shape: BlockShape, version: UInt16) -> Bool {
        if version > Root.version {
            return shape.fixedByteCount >= fixedByteCount && shape.endCount >= endCount
        }
        return shape == self.shape(ofVersion: version)
    }
}
