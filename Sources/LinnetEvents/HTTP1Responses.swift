// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
public import LinnetConnections

// Responses of HTTP/1.1, RFC 9112 6 and 9: head and short body are written where they leave from.

extension Outbox {
    /// Answers a request. O(bytes), no allocation.
    ///
    /// The response has `Content-Length`, and `Connection` where the request's version needs it to
    /// say what becomes of the connection; if that ends, it is closed behind the response. The
    /// answer to `HEAD` has the body's length and not the body; 204 and 304 have neither. Requests
    /// of a connection are to be answered in their order, once each.
    ///
    /// There is no `Date`: add it if caches shall keep responses.
    ///
    /// An answer may be sent in a later call of the handler, but before the connection's `closed`:
    /// when its input ends, also because the next request was malformed, nothing waits for answers
    /// that are still owed. Whoever needs longer pauses the connection until it has answered.
    ///
    /// - Parameters:
    ///   - request: the ``FrameView/head`` of the request, now or later.
    ///   - contentType: what the body is.
    ///   - maxHeaderByteCount: the room for what `headers` writes.
    ///   - thenClosing: whether this is the last response of the connection, also if the request
    ///     would keep it.
    ///   - headers: writes more headers; called at most once.
    ///   - body: is copied.
    /// - Returns: as `send`: of other than `.queued` nothing has gone out and the connection stays
    ///   open, to be tried again or closed. `.refused` if a header is one that must not go out, or
    ///   there are too many.
    public mutating func respond(
        to request: HTTP1Head,
        of id: ConnectionID,
        status: HTTP1Status = .ok,
        contentType: StaticString? = nil,
        maxHeaderByteCount: Int = 1_024,
        thenClosing: Bool = false,
        headers: (inout HTTP1HeaderWriter) -> Void = { _ in },
        body: RawSpan = RawSpan()
    ) -> SendResult {
        let head = HTTP1ResponseHead(
            request,
            status,
            contentType,
            bodyByteCount: body.byteCount,
            isLast: thenClosing
        )
        if head.hasBody, body.byteCount > Self.maxBodyByteCountBehindHead {
            let answer = answerToSend(byteCount: body.byteCount, to: id, flags: 0)
            guard answer == .queued else { return answer }
            guard let copy = magazine.lease(copying: body) else {
                return answerWithoutRoom(body.byteCount)
            }
            return send(head, of: id, maxHeaderByteCount, headers, before: copy)
        }
        let answer = sendIfAccepted(
            atMost: head.maxByteCount + maxHeaderByteCount + (head.hasBody ? body.byteCount : 0),
            to: id
        ) { output in
            guard head.write(into: &output, maxHeaderByteCount, headers) else { return false }
            if head.hasBody { output.append(copying: body) }
            return true
        }
        return conclude(answer, head, id)
    }

    /// The same with a body that is sent from where it stands unless it is short. O(1) but for the
    /// headers.
    ///
    /// - Parameter body: of the pool that ``magazine`` is of.
    public mutating func respond(
        to request: HTTP1Head,
        of id: ConnectionID,
        status: HTTP1Status = .ok,
        contentType: StaticString? = nil,
        maxHeaderByteCount: Int = 1_024,
        thenClosing: Bool = false,
        headers: (inout HTTP1HeaderWriter) -> Void = { _ in },
        body: consuming PacketLease
    ) -> SendResult {
        precondition(body.isOf(magazine.memory), "a payload stands in the pool of the server")
        let head = HTTP1ResponseHead(
            request,
            status,
            contentType,
            bodyByteCount: body.byteCount,
            isLast: thenClosing
        )
        guard head.hasBody, body.byteCount > Self.maxCopiedByteCount else {
            return body.withBytes { bytes in
                respond(
                    to: request,
                    of: id,
                    status: status,
                    contentType: contentType,
                    maxHeaderByteCount: maxHeaderByteCount,
                    thenClosing: thenClosing,
                    headers: headers,
                    body: bytes
                )
            }
        }
        return send(head, of: id, maxHeaderByteCount, headers, before: body)
    }

    /// Longer bodies are not copied behind their head: they get a block of their own.
    private static var maxBodyByteCountBehindHead: Int { 16_384 }

    /// Sends a head, and a body from where it stands.
    private mutating func send(
        _ head: HTTP1ResponseHead,
        of id: ConnectionID,
        _ maxHeaderByteCount: Int,
        _ headers: (inout HTTP1HeaderWriter) -> Void,
        before body: consuming PacketLease
    ) -> SendResult {
        guard sendLimits.allows(byteCount: body.byteCount, flags: 0) else { return .refused }
        // A head without its body would be an answer that never ends.
        let answer = sendIfAccepted(
            atMost: head.maxByteCount + maxHeaderByteCount,
            to: id,
            before: 1
        ) { head.write(into: &$0, maxHeaderByteCount, headers) }
        if answer == .queued {
            let range = body.range
            stages.append(.send(id, body.intoBlock(), range, flags: 0))
        }
        return conclude(answer, head, id)
    }

    private mutating func conclude(
        _ answer: SendResult,
        _ head: HTTP1ResponseHead,
        _ id: ConnectionID
    ) -> SendResult {
        if answer == .queued, head.isLast { close(id) }
        return answer
    }
}

/// The head of a response.
private struct HTTP1ResponseHead {
    /// Whether the connection is closed behind the response.
    let isLast: Bool
    private let request: HTTP1Head
    private let status: HTTP1Status
    private let contentType: StaticString?
    private let bodyByteCount: Int

    init(
        _ request: HTTP1Head,
        _ status: HTTP1Status,
        _ contentType: StaticString?,
        bodyByteCount: Int,
        isLast: Bool
    ) {
        self.isLast = isLast || !request.keepsAlive
        self.request = request
        self.status = status
        self.contentType = contentType
        self.bodyByteCount = bodyByteCount
    }

    /// Whether the body goes out.
    var hasBody: Bool { request.method != .head && !status.hasNoBody }

    /// Without what the handler adds.
    var maxByteCount: Int {
        Self.maxFixedByteCount + (contentType?.utf8CodeUnitCount ?? 0)
    }

    /// Names, separators, the longest status, a length of 20 digits, and some more.
    private static var maxFixedByteCount: Int { 192 }

    /// - Returns: false if `headers` wrote what must not go out.
    func write(
        into output: inout OutputRawSpan,
        _ maxHeaderByteCount: Int,
        _ headers: (inout HTTP1HeaderWriter) -> Void
    ) -> Bool {
        output.append(text: "HTTP/1.1 ")
        output.append(text: status.text)
        if !status.hasNoBody {
            output.append(text: "\r\nContent-Length: ")
            output.append(decimal: bodyByteCount)
            if let contentType {
                output.append(text: "\r\nContent-Type: ")
                output.append(text: contentType)
            }
        }
        if isLast {
            output.append(text: "\r\nConnection: close")
        } else if request.minorVersion == 0 {
            output.append(text: "\r\nConnection: keep-alive")
        }
        output.append(text: "\r\n")
        var writer = HTTP1HeaderWriter(output, maxByteCount: maxHeaderByteCount)
        headers(&writer)
        let isAccepted = !writer.hasRefused
        output = writer.output
        output.append(text: "\r\n")
        return isAccepted
    }
}
