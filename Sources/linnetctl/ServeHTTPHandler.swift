// SPDX-License-Identifier: Apache-2.0

internal import Linnet

/// Answers requests of HTTP: `GET` and `HEAD` of anything with a short text, `POST` and `PUT` with
/// the body that they bring.
struct HTTPHandler: Handler {
    typealias F = HTTP1Framing

    let clock: ServeClock

    mutating func received(
        _ request: borrowing HTTP1Request,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        // Never silence: who would wait for an answer learns that none comes.
        if answer(request, id, &outbox) != .queued { outbox.close(id, code: 1) }
    }

    private func answer(
        _ request: borrowing HTTP1Request,
        _ id: ConnectionID,
        _ outbox: inout Outbox
    ) -> SendResult {
        switch request.method {
        case .get, .head:
            outbox.respond(
                to: request.head,
                of: id,
                contentType: "text/plain",
                body: RawSpan(text: "Hello, World!\n")
            )
        case .post, .put: echo(request, id, &outbox)
        default:
            outbox.respond(
                to: request.head,
                of: id,
                status: .methodNotAllowed,
                headers: { $0.append("Allow", "GET, HEAD, POST, PUT") }
            )
        }
    }

    private func echo(
        _ request: borrowing HTTP1Request,
        _ id: ConnectionID,
        _ outbox: inout Outbox
    ) -> SendResult {
        let type: StaticString = "application/octet-stream"
        if let body = request.body {
            return outbox.respond(to: request.head, of: id, contentType: type, body: body)
        }
        guard let body = request.leaseBody(from: outbox.magazine) else { return .full }
        return outbox.respond(to: request.head, of: id, contentType: type, body: body)
    }

    mutating func stopping(outbox: inout Outbox) { clock.noteStopping() }
}
