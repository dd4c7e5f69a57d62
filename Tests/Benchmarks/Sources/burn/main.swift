// SPDX-License-Identifier: Apache-2.0

// A server of HTTP whose handler works for a while before it answers.
// usage: burn PORT inline|workers

import Linnet

/// 100,000 steps, as in peers/go/main.go. Each waits for the one before it: exclusive or and
/// multiplication have no law by which a compiler could take several at once.
func burn(_ seed: UInt64) -> UInt64 {
    var value = seed
    var step: UInt64 = 0
    while step < 100_000 {
        value = (value ^ step) &* 6_364_136_223_846_793_005
        step += 1
    }
    return value
}

struct BurnHandler: Handler {
    typealias F = HTTP1Framing

    mutating func received(
        _ request: borrowing HTTP1Request,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        let body = "\(burn(UInt64(request.bodyByteCount)))\n"
        let answer = outbox.respond(
            to: request.head,
            of: id,
            contentType: "text/plain",
            body: body.utf8Span.span.bytes
        )
        if answer == .full { _ = outbox.close(id, code: 1) }
    }
}

let arguments = CommandLine.arguments
guard arguments.count == 3, let port = UInt16(arguments[1]) else {
    print("usage: burn PORT inline|workers")
    throw ExitWithUsage()
}
let server = Server(
    ServerConfiguration(
        endpoints: [.tcp(host: "127.0.0.1", port: port)],
        execution: arguments[2] == "inline" ? .inline : .workers(1)
    )
)
try server.run(
    framing: HTTP1Framing(),
    stoppingWithin: .seconds(1),
    makeHandler: { _ in BurnHandler() }
)

struct ExitWithUsage: Error {}
