// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

/// The requests of HTTP/1.0 and HTTP/1.1, as a server reads them. RFC 9112, RFC 9110.
///
/// A frame is one whole request; its payload is head and body as they stand on the wire, and
/// ``HTTP1Request`` says what is in them. One CRLF in front of a request is skipped (RFC 9112 2.2).
///
/// Where RFC 9112 lets a server be lenient it is strict, since two servers that read the same bytes
/// differently are how requests are smuggled: lines end in CRLF alone, `Content-Length` comes once,
/// `Transfer-Encoding` is `chunked` and nothing else, never both. Each cause is a ``HTTP1Failure``.
/// The peer is answered what came before, then the status of the failure, and is closed.
///
/// Bytes behind a request that ends the connection are a failure as well, without an answer.
/// `Expect: 100-continue` is ignored, against RFC 9110 10.1.1: clients send the body after a
/// moment. The form of the target and the meaning of all other headers are the handler's business.
/// Headers behind a chunked body are checked, and not kept.
///
/// What is sent goes out as it is: `Outbox.respond` writes responses.
///
/// Cost: each byte of a head is looked at about twice, however it arrives; those of a body are not,
/// but for the lines between its chunks. No allocation.
@frozen
public struct HTTP1Framing: Framing, Hashable {
    public typealias Metadata = HTTP1Head
    public typealias Failure = HTTP1Failure

    public let limits: HTTP1Limits

    public init(limits: HTTP1Limits = HTTP1Limits()) {
        self.limits = limits
    }

    /// How far the next request was looked at. All offsets are from the first byte of its frame.
    public struct State: BitwiseCopyable, Sendable {
        enum Phase: UInt8, BitwiseCopyable {
            case head, body, chunkLine, chunk, trailers
            /// The last request of the connection was delivered.
            case over
        }

        /// The head, as far as it was read.
        var parser = HTTP1HeadParser()
        /// Of the line that is looked at, and how far it was searched.
        var lineOffset: UInt32 = 0
        var searchedOffset: UInt32 = 0
        /// Where the chunk ends, or the body.
        var endOffset: UInt32 = 0
        var lineCount: UInt16 = 0
        /// Where the payload begins: behind a CRLF that is skipped.
        var startOffset: UInt8 = 0
        var phase = Phase.head

        /// The state of a connection that has delivered nothing yet.
        public init() {}
    }

    public var initialState: State { State() }

    /// The longest head and the longest body, behind a CRLF.
    @inlinable public var maxFrameByteCount: Int {
        2 + limits.maxHeadByteCount + limits.maxBodyByteCount
    }

    /// Responses of up to 1 GiB.
    @inlinable public var sendLimits: SendLimits { SendLimits(maxPayloadByteCount: 1 << 30) }

    public func nextFrame(
        in bytes: RawSpan,
        state: inout State
    ) throws(HTTP1Failure) -> FrameStep<HTTP1Head> {
        if state.phase == .head {
            guard let headEnd = try findHead(in: bytes, &state) else { return .incomplete }
            try beginBody(headEnd: headEnd, &state)
        }
        switch state.phase {
        case .over: return try checkEnd(bytes)
        case .head, .body: break
        case .chunkLine, .chunk, .trailers:
            guard try findBodyEnd(in: bytes, &state) else { return .incomplete }
        }
        let end = Int(state.endOffset)
        guard bytes.byteCount >= end else { return .incomplete }
        let (head, start) = (state.parser.head, Int(state.startOffset))
        state = State()
        if !head.keepsAlive { state.phase = .over }
        return .frame(byteCount: end, payload: start..<end, metadata: head)
    }

    /// The direction ended: inside a request that is wrong. A CRLF alone is not one.
    public func failure(atEndBehind bytes: RawSpan, state: State) -> HTTP1Failure? {
        if bytes.isEmpty || bytes.byteCount == 2 && state.startOffset == 2 { return nil }
        return state.phase == .over ? nil : .truncated
    }

    public static var failureNames: [String] { HTTP1Failure.allCases.map(\.rawValue) }

    public static func failureIndex(_ failure: HTTP1Failure) -> Int {
        HTTP1Failure.allCases.firstIndex(of: failure) ?? 0
    }

    /// A response with the status of the failure, which names the cause and says
    /// `Connection: close`.
    public static func lastWords(failureIndex: Int) -> [UInt8] {
        HTTP1Failure.allCases[failureIndex].response
    }
}

extension HTTP1Framing {
    /// The head is whole: says where the body ends, or its chunks begin.
    private func beginBody(headEnd: Int, _ state: inout State) throws(HTTP1Failure) {
        try state.parser.conclude(byteCount: headEnd - Int(state.startOffset), limits)
        let head = state.parser.head
        if head.isChunked {
            state.phase = .chunkLine
            state.lineOffset = UInt32(headEnd)
            state.searchedOffset = UInt32(headEnd)
        } else {
            state.phase = .body
            state.endOffset = UInt32(headEnd + head.bodyByteCount)
        }
    }

    /// Behind the last request: only the CRLF that some clients send behind a body may come.
    private func checkEnd(_ bytes: RawSpan) throws(HTTP1Failure) -> FrameStep<HTTP1Head> {
        let isLineEnd =
            bytes.byteCount <= 2 && bytes.byte(at: 0) == .carriageReturn
            && (bytes.byteCount == 1 || bytes.byte(at: 1) == .lineFeed)
        guard isLineEnd else { throw .bytesBehindLastRequest }
        return .incomplete
    }
}
