// SPDX-License-Identifier: Apache-2.0

/// A copy of bytes in an allocation of exactly their length.
@safe
struct ExactBytes: ~Copyable {
    private let base: UnsafeMutableRawPointer
    private let byteCount: Int

    init(_ bytes: [UInt8]) {
        byteCount = bytes.count
        // SAFETY: `byteCount` bytes are made at `base`, for this value alone.
        unsafe base = .allocate(byteCount: byteCount, alignment: 1)
        unsafe UnsafeMutableRawBufferPointer(start: base, count: byteCount).copyBytes(from: bytes)
    }

    deinit {
        // SAFETY: `init` made the allocation for this value alone, and no span of it outlives it.
        unsafe base.deallocate()
    }

    var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: `byteCount` bytes stand at `base` until `deinit`.
            let span = unsafe RawSpan(_unsafeStart: base, byteCount: byteCount)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Reads the byte behind the last one: a planted bug, which a sanitizer must find.
    func overread() -> UInt8 {
        // SAFETY: none. It is called where it shall be found.
        unsafe base.load(fromByteOffset: byteCount, as: UInt8.self)
    }
}
