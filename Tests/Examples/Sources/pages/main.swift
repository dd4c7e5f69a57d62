// SPDX-License-Identifier: Apache-2.0

// What the pages of Sources/Linnet/Linnet.docc show, put to use: each part is talked to over a
// socket, and its answers are checked.

import Linnet

let anywhere = Endpoint.tcp(host: "127.0.0.1", port: 0)

func start<H: Handler & ~Copyable>(
    _ makeHandler: @escaping @Sendable (Server) -> H
) throws -> Server where H.F == PacketFraming {
    let server = Server(ServerConfiguration(endpoints: [anywhere], execution: .workers(1)))
    try server.start { _ in makeHandler(server) }
    return server
}

func connect(to server: Server) async throws -> Client {
    try await Client.connect(to: server.endpoints[0], within: .seconds(10))
}

func send(_ text: String, _ client: Client) async throws {
    let result = try await client.sendWhenRoom(copying: text.utf8Span.span.bytes)
    precondition(result == .queued)
}

func expect(_ word: String, _ client: Client) async throws {
    let text = try await client.receive().withBytes { bytes in
        String(decoding: bytes.byteOffsets.map { bytes.loadLittleEndian(at: $0) }, as: UTF8.self)
    }
    precondition(text == word, "\(text) has come instead of \(word)")
}

func echo(_ word: String, _ client: Client) async throws {
    try await send(word, client)
    try await expect(word, client)
}

// Ownership
let remembering = try start { _ in LastWord() }
let first = try await connect(to: remembering)
try await send("the last word", first)
await first.close()
let second = try await connect(to: remembering)
try await expect("the last word", second)
remembering.stop()

let counting = try start { _ in Counting() }
let third = try await connect(to: counting)
for number in 1...3 as ClosedRange<UInt64> {
    try await send("", third)
    let answer = try await third.receive().withBytes { $0.loadLittleEndian(at: 0) as UInt64 }
    precondition(answer == number)
}

// Ordering
announce("attention", through: counting)
try await expect("attention", third)
counting.stop()

// Backpressure
for server in [try start { _ in Honest() }, try start { Desk(server: $0) }] {
    let client = try await connect(to: server)
    for word in ["one", "two", "three"] { try await echo(word, client) }
    precondition(slowPeers(of: server).isEmpty)
    print(summary(of: server))
    server.stop()
}

// Closing
let polite = try start { _ in Polite() }
let leaving = try await connect(to: polite)
try await echo("stay", leaving)
try await echo("", leaving)
do {
    _ = try await leaving.receive()
    preconditionFailure("the connection has ended")
} catch ClientError.closed(let reason) {
    precondition(reason == .peerClosed)
}
let staying = try await connect(to: polite)
try await echo("still there", staying)
polite.stop()
try await expect("goodbye", staying)

// Configuration
let (small, framing) = smallServer(at: anywhere)
try small.start(framing: framing) { _ in Honest() }
try await echo("small", try await connect(to: small))
print("a small server takes at most \(small.maxMemoryByteCount) bytes")
small.stop()
