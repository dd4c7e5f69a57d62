// SPDX-License-Identifier: Apache-2.0

extension RawSpan {
    /// The UTF-8 of a literal, where it stands in the program. O(1), allocates nothing.
    ///
    /// Traps if the text was not made of a literal of characters but of a single Unicode scalar.
    @inlinable
    @_lifetime(immortal)
    public init(text: StaticString) {
        precondition(text.hasPointerRepresentation, "a literal has its bytes in the program")
        // SAFETY: a literal's bytes stay for ever.
        let bytes = unsafe RawSpan(
            _unsafeStart: text.utf8Start,
            byteCount: text.utf8CodeUnitCount
        )
        self = unsafe _overrideLifetime(bytes, copying: ())
    }

    /// Whether these are the bytes of a literal. O(bytes).
    @inlinable
    public func hasBytes(of text: StaticString) -> Bool {
        let wanted = RawSpan(text: text)
        guard byteCount == wanted.byteCount else { return false }
        for offset in 0..<byteCount where byte(at: offset) != wanted.byte(at: offset) {
            return false
        }
        return true
    }
}
