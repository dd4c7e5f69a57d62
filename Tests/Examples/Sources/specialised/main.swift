// SPDX-License-Identifier: Apache-2.0

// A handler in a package that is not Linnet's. Tests/Examples/check-specialised looks at the
// machine code that the compiler has made of it: what runs for each packet is to be formed for this
// type, and for its framing.

import Linnet

struct AnsweringHandler: Handler {
    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        _ = outbox.send(packet.lease(), to: id)
    }
}

/// The same for raw bytes, which have a framing of their own.
struct ByteHandler: Handler {
    mutating func received(
        _ bytes: borrowing FrameView<BytesFraming>,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        _ = outbox.send(bytes, to: id)
    }
}

/// Answers requests of HTTP.
struct RequestHandler: Handler {
    mutating func received(
        _ request: borrowing HTTP1Request,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        guard let host = request.header("Host") else { return }
        _ = outbox.respond(
            to: request.head,
            of: id,
            contentType: "text/plain",
            headers: { $0.append("X-Number", decimal: 7) },
            body: host
        )
    }
}

var configuration = ServerConfiguration(endpoints: [.tcp(host: "127.0.0.1", port: 0)])
configuration.execution = CommandLine.arguments.contains("inline") ? .inline : .workers(1)
let server = Server(configuration)
if CommandLine.arguments.contains("bytes") {
    try server.start(framing: BytesFraming()) { _ in ByteHandler() }
} else if CommandLine.arguments.contains("http") {
    try server.start(framing: HTTP1Framing()) { _ in RequestHandler() }
} else {
    try server.start { _ in AnsweringHandler() }
}
print("listening on \(server.endpoints[0]), and done")
server.stop(within: .seconds(1))
