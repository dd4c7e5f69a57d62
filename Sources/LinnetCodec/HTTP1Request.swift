// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// A checked request where it stands. All of it was checked once: nothing here can fail.
public typealias HTTP1Request = FrameView<HTTP1Framing>

extension FrameView where F == HTTP1Framing {
    /// Checks one whole request at the front of `bytes`. Bytes behind it are left alone.
    ///
    /// - Parameters:
    ///   - bytes: any memory.
    ///   - framing: with the limits.
    /// - Throws: what is wrong first; `truncated` if the request is not all there.
    @_lifetime(copy bytes)
    public init(
        checking bytes: RawSpan,
        framing: HTTP1Framing = HTTP1Framing()
    ) throws(HTTP1Failure) {
        var state = framing.initialState
        guard
            !bytes.isEmpty,
            case .frame(_, let payload, let head) = try framing.nextFrame(in: bytes, state: &state)
        else { throw .truncated }
        self.init(payload: bytes.extracting(payload), metadata: head, home: nil)
    }

    /// What an answer depends on, to be kept if the answer comes later.
    @inlinable public var head: HTTP1Head { metadata }

    @inlinable public var method: HTTP1Method { metadata.method }

    /// The method as it was sent.
    @inlinable public var methodBytes: RawSpan {
        @_lifetime(copy self)
        get { payload.extracting(0..<Int(metadata.methodByteCount)) }
    }

    /// What the request is for, as it was sent: a path with its query, a whole URI, `*`, or host
    /// and port. No white space, no controls, ASCII, not empty; nothing else was checked.
    @inlinable public var target: RawSpan {
        @_lifetime(copy self)
        get {
            let start = Int(metadata.methodByteCount) + 1
            return payload.extracting(start..<start + Int(metadata.targetByteCount))
        }
    }

    /// 0 of HTTP/1.0, 1 of HTTP/1.1.
    @inlinable public var minorVersion: Int { metadata.minorVersion }

    /// Whether the connection stays for another request. RFC 9112 9.3.
    @inlinable public var keepsAlive: Bool { metadata.keepsAlive }

    /// Bytes of the body, without what frames its chunks; 0 if there is none. O(1).
    @inlinable public var bodyByteCount: Int { metadata.bodyByteCount }

    /// The body, if it stands in one piece; `nil` if it came in chunks, also in a single one. O(1).
    @inlinable public var body: RawSpan? {
        @_lifetime(copy self)
        get { metadata.isChunked ? nil : bodyOnWire }
    }

    /// With what frames the chunks.
    @inlinable var bodyOnWire: RawSpan {
        @_lifetime(copy self)
        get { payload.extracting(Int(metadata.headByteCount)..<payload.byteCount) }
    }

    /// Gives the body to `body` piece by piece, in order; none of them is empty. O(pieces).
    public borrowing func forEachBodyPiece(_ body: (RawSpan) -> Void) {
        let bytes = bodyOnWire
        guard metadata.isChunked else {
            if !bytes.isEmpty { body(bytes) }
            return
        }
        var offset = 0
        while offset < bytes.byteCount {
            let end = bytes.endOfLine(from: offset)
            guard let size = try? HTTP1Chunk.size(bytes, offset..<end), size > 0 else { return }
            body(bytes.extracting(end + 2..<end + 2 + size))
            offset = end + 2 + size + 2
        }
    }

    /// Appends the body: ``bodyByteCount`` bytes. Traps if there is no room for them. O(bytes).
    public borrowing func copyBody(into output: inout OutputRawSpan) {
        forEachBodyPiece { output.append(copying: $0) }
    }

    /// Keeps the body in one piece: where it stands, or a copy without what frames its chunks.
    ///
    /// - Returns: `nil` if it must be copied and the pool has no free block that is large enough.
    public borrowing func leaseBody(from magazine: borrowing PacketPool.Magazine) -> PacketLease? {
        guard !metadata.isChunked, let home else {
            return magazine.lease(atMost: bodyByteCount) { copyBody(into: &$0) }
        }
        let place = FrameHome(
            memory: home.memory,
            block: home.block,
            offset: home.offset + Int(metadata.headByteCount),
            prefersOwnBlock: false
        )
        return place.lease(bodyOnWire)
    }
}

// MARK: - Headers

extension FrameView where F == HTTP1Framing {
    /// The value of the first header of that name, in capitals or not, without the white space
    /// around it; `nil` if there is none. O(bytes of the head), no allocation.
    @_lifetime(copy self)
    public borrowing func header(_ name: StaticString) -> RawSpan? {
        var offset = headersOffset
        while let header = nextHeader(&offset) {
            if payload.equals(name, at: header.name) { return payload.extracting(header.value) }
        }
        return nil
    }

    /// Gives each header to `body`, in order: its name as it was sent, and its value without the
    /// white space around it. The bytes of a value above 0x7F are of no known encoding.
    public borrowing func forEachHeader(_ body: (_ name: RawSpan, _ value: RawSpan) -> Void) {
        var offset = headersOffset
        while let header = nextHeader(&offset) {
            body(payload.extracting(header.name), payload.extracting(header.value))
        }
    }

    /// Behind method, target, version, two spaces and CRLF.
    private var headersOffset: Int {
        Int(metadata.methodByteCount) + Int(metadata.targetByteCount) + 12
    }

    private func nextHeader(_ offset: inout Int) -> (name: Range<Int>, value: Range<Int>)? {
        let start = offset
        guard start < Int(metadata.headByteCount) - 2 else { return nil }
        var colon = start
        while payload.byte(at: colon) != .colon { colon &+= 1 }
        let end = payload.endOfLine(from: colon)
        offset = end &+ 2
        return (start..<colon, payload.trimmed(colon &+ 1..<end))
    }
}
