// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// A text where it stands. It was verified to be UTF-8.
///
/// Cost: two words; nothing is copied until `String(copying:)`.
@frozen
public struct TextView: BitwiseCopyable, ~Escapable {
    /// The UTF-8.
    public let bytes: RawSpan

    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    /// Bytes of UTF-8.
    @inlinable public var count: Int { bytes.byteCount }
    @inlinable public var isEmpty: Bool { count == 0 }

    /// For what the standard library can do with texts.
    @inlinable
    public var utf8Span: UTF8Span {
        @_lifetime(copy self)
        get {
            // SAFETY: any byte is a `UInt8`, and the bytes were verified.
            unsafe UTF8Span(unchecked: Span<UInt8>(_bytes: bytes))
        }
    }

    /// Whether the bytes are the same.
    @inlinable
    public static func == (left: TextView, right: StaticString) -> Bool {
        left.bytes.byteCount == right.utf8CodeUnitCount && left.bytes.hasBytes(of: right)
    }

    /// Whether the bytes are the same.
    @inlinable
    public static func == (left: TextView, right: TextView) -> Bool {
        left.count == right.count && order(left, right) == 0
    }

    /// Whether the bytes are the same.
    @inlinable
    public static func == (left: TextView, right: String) -> Bool {
        left.count == right.utf8.count && order(left, right) == 0
    }
}

extension String {
    /// Copies the text.
    @inlinable
    public init(copying text: TextView) {
        self.init(copying: text.utf8Span)
    }
}
