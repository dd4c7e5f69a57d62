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

    /// - Parameter word: the method's bytes, at most eight, the last of them lowest.
    init(word: UInt64) {
        switch word {
        case 0x47_4554: self = .get
        case 0x4845_4144: self = .head
        case 0x504F_5354: self = .post
        case 0x50_5554: self = .put
        case 0x4445_4C45_5445: self = .delete
        case 0x43_4F4E_4E45_4354: self = .connect
        case 0x4F_5054_494F_4E53: self = .options
        case 0x54_5241_4345: self = .trace
        case 0x50_4154_4348: self = .patch
        default: self = .other
        }
    }
}
