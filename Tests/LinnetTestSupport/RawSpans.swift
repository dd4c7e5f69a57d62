// SPDX-License-Identifier: Apache-2.0

extension [UInt8] {
    /// The bytes, as everything in Linnet takes them.
    public var rawSpan: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: `bytes` is marked unsafe for elements with padding; bytes have none.
            unsafe span.bytes
        }
    }

    /// Lets `body` write the bytes.
    public mutating func withMutableRawSpan<Result>(
        _ body: (inout MutableRawSpan) throws -> Result
    ) rethrows -> Result {
        var elements = mutableSpan
        // SAFETY: as in `rawSpan`.
        var bytes = unsafe elements.mutableBytes
        return try body(&bytes)
    }

    /// A copy of the bytes.
    public init(_ bytes: RawSpan) {
        // SAFETY: the buffer is used within the closure only.
        self = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
    }
}
