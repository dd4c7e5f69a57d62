// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import Testing

/// Requests over real sockets: answers in order, bad input turned away, ends as was asked for.
@Suite struct ServerHTTPTests {
    /// Answers with the target, or with the body if there is one.
    private struct Answering: Handler {
        typealias F = HTTP1Framing
        let record: ServerRecord

        mutating func opened(_ id: ConnectionID, outbox: inout Outbox) { record.opened(id) }

        mutating func received(
            _ request: borrowing HTTP1Request,
            from id: ConnectionID,
            outbox: inout Outbox
        ) {
            record.received(from: id)
            if request.bodyByteCount == 0 {
                _ = outbox.respond(to: request.head, of: id, body: request.target)
            } else if let body = request.leaseBody(from: outbox.magazine) {
                _ = outbox.respond(to: request.head, of: id, body: body)
            }
        }

        mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
            record.closed(id, reason)
        }
    }

    private func withHTTP(_ setup: Setup, _ body: (ServerWorld) throws -> Void) throws {
        try withServer(setup, HTTP1Framing(), handler: { record, _ in Answering(record: record) }) {
            try body($0)
        }
    }

    private static func get(_ target: String, _ rest: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\(rest)\r\n"
    }

    private static func answer(_ body: String, _ rest: String = "") -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\(rest)\r\n\(body)"
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Order and ends

    @Test(arguments: Setup.plain)
    func `pipelined requests are answered in order, whole and byte by byte`(setup: Setup) throws {
        try withHTTP(setup) { world in
            let requests = (1...300).map { Self.get("/\($0)") }.joined()
            let answers = (1...300).map { Self.answer("/\($0)") }.joined()
            let peer = try world.peer()
            peer.send(Array(requests.utf8))
            #expect(text(peer.receive(answers.utf8.count)) == answers)
            for byte in Self.get("/slow").utf8 { peer.send([byte]) }
            let answer = Self.answer("/slow")
            #expect(text(peer.receive(answer.utf8.count)) == answer)
            peer.send(Array("\r\n\(Self.get("/last"))".utf8))
            peer.finish()
            let (rest, end) = peer.receiveToEnd()
            #expect(text(rest) == Self.answer("/last") && end == .finished)
            #expect(world.waitUntilEmpty())
            #expect(world.record.reasons == [.peerClosed])
            #expect(world.server.statistics.rejectionCounts.isEmpty)
        }
    }

    @Test(arguments: Setup.plain)
    func `the connection ends behind the request that asks for it`(setup: Setup) throws {
        let lasts = [
            (Self.get("/b", "Connection: close\r\n"), "Connection: close\r\n"),
            ("GET /b HTTP/1.0\r\n\r\n", "Connection: close\r\n"),
        ]
        try withHTTP(setup) { world in
            for (last, line) in lasts {
                for behind in ["", "\r\n", Self.get("/c"), "garbage"] {
                    let peer = try world.peer()
                    let kept = "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
                    peer.send(Array("\(kept)\(last)\(behind)".utf8))
                    let (bytes, end) = peer.receiveToEnd()
                    let first = Self.answer("/a", "Connection: keep-alive\r\n")
                    #expect(text(bytes) == first + Self.answer("/b", line), "\(behind)")
                    #expect(end == .finished)
                }
            }
            #expect(world.waitUntilEmpty())
            let rejections = world.server.statistics.rejectionCounts
            #expect(rejections.keys.allSatisfy { $0 == "bytes-behind-last-request" })
        }
    }

    // MARK: Bodies

    @Test(arguments: Setup.plain, [1, 1_024, 1_025, 16_384, 16_385, 70_000, 999_000])
    func `bodies come back, in one piece or in chunks`(setup: Setup, byteCount: Int) throws {
        var random = SeededRandom(seed: 10)
        let body = random.bytes(count: byteCount)
        let head = "POST / HTTP/1.1\r\nHost: a\r\n"
        let whole = Array("\(head)Content-Length: \(byteCount)\r\n\r\n".utf8) + body
        var chunked = Array("\(head)Transfer-Encoding: chunked\r\n\r\n".utf8)
        let chunkByteCount = max(1, byteCount / 3)
        for start in stride(from: 0, to: byteCount, by: chunkByteCount) {
            let chunk = body[start..<min(byteCount, start + chunkByteCount)]
            chunked += Array("\(String(chunk.count, radix: 16));a=b\r\n".utf8) + chunk + [13, 10]
        }
        chunked += Array("0\r\nX: 1\r\n\r\n".utf8)
        let answer = Array("HTTP/1.1 200 OK\r\nContent-Length: \(byteCount)\r\n\r\n".utf8) + body
        try withHTTP(setup) { world in
            let peer = try world.peer()
            for request in [whole, chunked, whole] {
                peer.send(request)
                let found = peer.receive(answer.count)
                #expect(found == answer)
            }
            peer.finish()
            #expect(peer.receiveToEnd().end == .finished)
        }
    }

    // MARK: Bad input

    @Test(arguments: Setup.executions)
    func `each bad request is told its status and closed, behind the answers before`(
        setup: Setup
    ) throws {
        let before = Self.get("/1") + Self.get("/2")
        let answers = Self.answer("/1") + Self.answer("/2")
        try withHTTP(setup) { world in
            var expected: [String: Int] = [:]
            for bad in BadRequest.all {
                let peer = try world.peer()
                // Nothing behind it is answered; of what is truncated it would be a part.
                let behind = bad.needsEnd ? "" : Self.get("/behind")
                peer.send(Array(before.utf8) + bad.bytes + Array(behind.utf8))
                if bad.needsEnd { peer.finish() }
                let (bytes, end) = peer.receiveToEnd()
                #expect(end == .finished, "\(bad)")
                let response = text(bytes)
                let rest = response.dropFirst(answers.count)
                #expect(response.hasPrefix(answers), "\(bad)")
                #expect(rest.hasPrefix("HTTP/1.1 \(bad.status) "), "\(bad): \(rest)")
                #expect(rest.contains("\r\nConnection: close\r\n"), "\(bad)")
                let parts = rest.split(separator: "\r\n\r\n", maxSplits: 1)
                #expect(parts.count == 2 && parts[1].hasPrefix("\(bad.failure): "), "\(bad)")
                #expect(parts[0].contains("\r\nContent-Length: \(parts[1].utf8.count)\r\n"))
                expected[bad.failure, default: 0] += 1
            }
            #expect(world.waitUntilEmpty())
            #expect(world.server.statistics.rejectionCounts == expected)
            #expect(world.record.frameCount == 2 * BadRequest.all.count)
        }
    }
}
