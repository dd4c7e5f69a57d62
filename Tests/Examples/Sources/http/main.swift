// SPDX-License-Identifier: Apache-2.0

import Linnet

/// A memo for all: `PUT /memo` keeps its body, `GET /memo` gives it.
struct Memo: ~Copyable, Handler {
    typealias F = HTTP1Framing
    var memo: PacketLease?

    mutating func received(
        _ request: borrowing HTTP1Request,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        // Without an answer the next one would be taken for it.
        if answer(request, id, &outbox) != .queued { outbox.close(id) }
    }

    private mutating func answer(
        _ request: borrowing HTTP1Request,
        _ id: ConnectionID,
        _ outbox: inout Outbox
    ) -> SendResult {
        guard request.target.hasBytes(of: "/memo") else {
            return outbox.respond(to: request.head, of: id, status: .notFound)
        }
        switch request.method {
        case .get, .head:
            guard let body = memo?.shared() else {
                return outbox.respond(to: request.head, of: id, status: .notFound)
            }
            return outbox.respond(to: request.head, of: id, contentType: "text/plain", body: body)
        case .put:
            // Where it stands, without a copy, as long as we keep it.
            guard let body = request.leaseBody(from: outbox.magazine) else { return .full }
            memo = consume body
            return outbox.respond(to: request.head, of: id, status: .noContent)
        default:
            return outbox.respond(
                to: request.head,
                of: id,
                status: .methodNotAllowed,
                headers: { $0.append("Allow", "GET, HEAD, PUT") }
            )
        }
    }
}

let place = CommandLine.arguments.dropFirst().first ?? "127.0.0.1:8080"
// On the reactor: there is one memo, and its handler never waits.
let configuration = ServerConfiguration(
    endpoints: [try Endpoint(parsing: place)],
    execution: .inline
)
try Server(configuration).run(framing: HTTP1Framing()) { _ in Memo() }
