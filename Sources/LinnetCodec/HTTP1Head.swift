// SPDX-License-Identifier: Apache-2.0

/// What is known of a request beside its bytes: all that an answer depends on. Plain data, 12
/// bytes, to be kept for an answer that comes later.
@frozen
public struct HTTP1Head: BitwiseCopyable, Hashable, Sendable {
    /// Bytes of the body when its chunks are put together.
    @usableFromInline
    package var contentByteCount: UInt32 = 0
    @usableFromInline
    package var targetByteCount: UInt16 = 0
    @usableFromInline
    package var methodByteCount: UInt16 = 0
    @usableFromInline
    package var headByteCount: UInt16 = 0
    /// What the request wants done.
    public internal(set) var method = HTTP1Method.other
    @usableFromInline
    package var flags: UInt8 = 0

    /// The bits of ``flags``.
    @usableFromInline package static var isHTTP11Flag: UInt8 { 1 }
    @usableFromInline package static var keepsAliveFlag: UInt8 { 2 }
    @usableFromInline package static var isChunkedFlag: UInt8 { 4 }

    package init() {}

    /// 0 of HTTP/1.0, 1 of HTTP/1.1.
    @inlinable public var minorVersion: Int { flags & Self.isHTTP11Flag == 0 ? 0 : 1 }

    /// Whether the connection stays for another request. RFC 9112 9.3.
    @inlinable public var keepsAlive: Bool { flags & Self.keepsAliveFlag != 0 }

    /// Whether the body stands in chunks. RFC 9112 7.1.
    @inlinable public var isChunked: Bool { flags & Self.isChunkedFlag != 0 }

    /// Bytes of the body, without what frames its chunks; 0 if there is none.
    @inlinable public var bodyByteCount: Int { Int(contentByteCount) }
}

/// The methods of RFC 9110 9.3, and that of RFC 5789. They are case-sensitive.
@frozen
public enum HTTP1Method: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    case get, head, post, put, delete, connect, options, trace, patch
    /// Any other: see `methodBytes` of the request.
    case other

    /// - Parameter word: the method's first eight bytes, the first of them lowest.
    init(word: UInt64) {
        switch word {
        case 0x54_4547: self = .get
        case 0x4441_4548: self = .head
        case 0x5453_4F50: self = .post
        case 0x54_5550: self = .put
        case 0x4554_454C_4544: self = .delete
        case 0x54_4345_4E4E_4F43: self = .connect
        case 0x53_4E4F_4954_504F: self = .options
        case 0x45_4341_5254: self = .trace
        case 0x48_4354_4150: self = .patch
        default: self = .other
        }
    }
}
