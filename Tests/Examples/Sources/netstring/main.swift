// SPDX-License-Identifier: Apache-2.0

// A framing of our own on both sides: a server that echoes netstrings, and a client of it. It also
// checks that the framing does not depend on how a stream is cut.

import Linnet

struct Echo: Handler {
    typealias F = NetstringFraming

    func received(
        _ frame: borrowing FrameView<NetstringFraming>,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        _ = outbox.send(frame, to: id)
    }
}

/// Prints what comes, and says goodbye.
struct Printer: Handler {
    typealias F = NetstringFraming
    let ended: AsyncStream<CloseReason>.Continuation

    func received(
        _ frame: borrowing FrameView<NetstringFraming>,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        print("\(frame.payload.byteCount) bytes came back")
        outbox.close(id)
    }

    func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        ended.yield(reason)
    }
}

let server = Server(ServerConfiguration(endpoints: [.tcp(host: "127.0.0.1", port: 0)]))
try server.start(framing: NetstringFraming()) { _ in Echo() }

let (ends, ended) = AsyncStream.makeStream(of: CloseReason.self)
let group = try ClientGroup.start(framing: NetstringFraming()) { _ in Printer(ended: ended) }
let id = try await group.connect(to: server.endpoints[0])
_ = group.sender.send(copying: "hello".utf8Span.span.bytes, to: id)
for await reason in ends {
    print(reason)
    break
}
group.stop()
server.stop()

try checkCuts()
