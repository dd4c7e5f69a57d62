// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import Testing

/// What goes out for a request.
struct HTTP1ResponsesTests {
    private func desk(blockCount: Int = 16) throws -> Desk {
        try Desk(
            queueCapacity: 64,
            sendLimits: HTTP1Framing().sendLimits,
            blockByteCount: 65_536,
            blockCount: blockCount
        )
    }

    private func head(_ text: String = "GET / HTTP/1.1\r\nHost: a") throws -> HTTP1Head {
        let bytes = Array("\(text)\r\n\r\n".utf8)
        return try HTTP1Request(checking: bytes.rawSpan).head
    }

    @Test func `head and body go out as one piece`() throws {
        var desk = try desk()
        let result = desk.outbox.respond(
            to: try head(),
            of: desk.id,
            contentType: "text/plain",
            body: Array("hello".utf8).rawSpan
        )
        #expect(result == .queued)
        desk.outbox.flush()
        let text = desk.takeText()
        #expect(
            text == "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello"
        )
        #expect(desk.blocksInUseCount == 1, "the page")
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a", ""),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close", "Connection: close\r\n"),
        ("GET / HTTP/1.0", "Connection: close\r\n"),
        ("GET / HTTP/1.0\r\nConnection: keep-alive", "Connection: keep-alive\r\n"),
    ])
    func `the connection is kept or closed as the request asked`(
        request: String,
        line: String
    ) throws {
        var desk = try desk()
        let result = desk.outbox.respond(to: try head(request), of: desk.id, status: .notFound)
        #expect(result == .queued)
        desk.outbox.flush()
        let text = desk.takeText()
        let closes = line == "Connection: close\r\n"
        let response = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\(line)\r\n"
        #expect(text == (closes ? "\(response)|close" : response))
    }

    @Test func `a response may be the last of a connection that would be kept`() throws {
        var desk = try desk()
        let result = desk.outbox.respond(
            to: try head(),
            of: desk.id,
            status: .serviceUnavailable,
            thenClosing: true
        )
        #expect(result == .queued)
        desk.outbox.flush()
        let text = desk.takeText()
        let status = "HTTP/1.1 503 Service Unavailable"
        #expect(text == "\(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n|close")
    }

    @Test func `a body that no block holds is refused, and who is gone is told so`() throws {
        var desk = try desk()
        let long = [UInt8](repeating: 1, count: 65_537)
        let tooLong = desk.outbox.respond(to: try head(), of: desk.id, body: long.rawSpan)
        #expect(tooLong == .refused)
        let gone = ConnectionID(generation: 99, reactorIndex: 0, slotIndex: 3)
        let stale = desk.outbox.respond(to: try head(), of: gone, body: long.rawSpan)
        #expect(stale == .closed)
        desk.outbox.flush()
        let text = desk.takeText()
        #expect(text == "" && desk.blocksInUseCount == 0)
    }

    @Test(arguments: [
        ("HEAD", HTTP1Status.ok, true, false), ("GET", .noContent, false, false),
        ("GET", .notModified, false, false), ("HEAD", .noContent, false, false),
        ("GET", .ok, true, true),
    ])
    func `HEAD has the length without the body, 204 and 304 have neither`(
        method: String,
        status: HTTP1Status,
        hasLength: Bool,
        hasBody: Bool
    ) throws {
        var desk = try desk()
        let request = try head("\(method) / HTTP/1.1\r\nHost: a")
        // Short, copied behind the head; long, in a block of its own; kept.
        for byteCount in [5, 40_000] {
            let body = [UInt8](repeating: 0x62, count: byteCount)
            let lease = desk.outbox.magazine.lease(copying: body.rawSpan)
            let first = desk.outbox.respond(
                to: request,
                of: desk.id,
                status: status,
                contentType: "a/b",
                body: body.rawSpan
            )
            guard let lease else { throw Exhausted() }
            let second = desk.outbox.respond(
                to: request,
                of: desk.id,
                status: status,
                contentType: "a/b",
                body: lease
            )
            #expect(first == .queued && second == .queued)
            desk.outbox.flush()
            let fields = hasLength ? "Content-Length: \(byteCount)\r\nContent-Type: a/b\r\n" : ""
            let head = "HTTP/1.1 \(status.text)\r\n\(fields)\r\n"
            let text = String(repeating: "b", count: byteCount)
            let response = !hasBody ? head : byteCount == 5 ? head + text : "\(head)|\(text)"
            let found = desk.takeText()
            #expect(found == "\(response)|\(response)")
        }
        #expect(desk.blocksInUseCount == 1, "the page")
    }

    @Test func `a handler adds headers`() throws {
        var desk = try desk()
        let result = desk.outbox.respond(
            to: try head(),
            of: desk.id,
            status: HTTP1Status("418 I'm a teapot"),
            headers: {
                $0.append("Location", "/a?b=c\t d")
                $0.append("X-Count", decimal: -12)
                $0.append("X-Bytes", copying: [0x61, 0xC3, 0xA9].rawSpan)
                $0.append("X", "")
            }
        )
        #expect(result == .queued)
        desk.outbox.flush()
        let text = desk.takeText()
        #expect(
            text == "HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\nLocation: /a?b=c\t d\r\n"
                + "X-Count: -12\r\nX-Bytes: a\u{E9}\r\nX: \r\n\r\n"
        )
    }

    @Test func `a header that would end before its end is refused, and all of the response`()
        throws
    {
        var desk = try desk()
        let request = try head("GET / HTTP/1.0")
        let values = ["a\r\nb: c", "\r", "\n", "a\u{0}", "\u{7F}", "a\r\n\r\n<html>", "\u{1B}[1m"]
        for value in values {
            let bytes = Array(value.utf8)
            let lease = desk.outbox.magazine.lease(copying: bytes.rawSpan)
            let first = desk.outbox.respond(
                to: request,
                of: desk.id,
                headers: { $0.append("X", value) },
                body: bytes.rawSpan
            )
            let second = desk.outbox.respond(
                to: request,
                of: desk.id,
                headers: {
                    $0.append("A", "b")
                    $0.append("X", copying: bytes.rawSpan)
                    $0.append("C", "d")
                }
            )
            guard let lease else { throw Exhausted() }
            let third = desk.outbox.respond(
                to: request,
                of: desk.id,
                headers: { $0.append("X", value) },
                body: lease
            )
            #expect([first, second, third] == [.refused, .refused, .refused], "\(value)")
        }
        let names: [StaticString] = [
            "", "a b", "a\r\nb", "a:", "Content-Length", "content-length", "Transfer-Encoding",
            "Connection",
        ]
        for name in names {
            let result = desk.outbox.respond(
                to: request,
                of: desk.id,
                headers: { $0.append(name, "1") }
            )
            #expect(result == .refused, "\(name)")
        }
        // Nothing has gone out, the connection stays, and what comes next is whole.
        let last = desk.outbox.respond(to: try head(), of: desk.id)
        #expect(last == .queued)
        desk.outbox.flush()
        let text = desk.takeText()
        #expect(text == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(desk.blocksInUseCount == 1, "the page")
    }

    @Test func `headers have the room that was asked for`() throws {
        var desk = try desk()
        let request = try head()
        for (valueByteCount, expected) in [(95, SendResult.queued), (96, .refused)] {
            let value = String(repeating: "v", count: valueByteCount)
            let result = desk.outbox.respond(
                to: request,
                of: desk.id,
                maxHeaderByteCount: 100,
                headers: { $0.append("X", value) }
            )
            #expect(result == expected)
        }
        var results: [SendResult] = []
        for count in [4, 5] {
            results.append(
                desk.outbox.respond(
                    to: request,
                    of: desk.id,
                    maxHeaderByteCount: 100,
                    headers: { for _ in 0..<count { $0.append("X", decimal: 1) } }
                )
            )
        }
        #expect(results == [.queued, .refused], "a number is given 20 digits")
    }

    @Test func `the longest head fits`() throws {
        var desk = try desk()
        let status = HTTP1Status(
            "599 012345678901234567890123456789012345678901234567890123456789"
        )
        let result = desk.outbox.respond(
            to: try head("HEAD / HTTP/1.0\r\nConnection: keep-alive"),
            of: desk.id,
            status: status,
            contentType: "application/x-0123456789",
            maxHeaderByteCount: 0,
            body: [UInt8](repeating: 0, count: 60_000).rawSpan
        )
        #expect(result == .queued)
        desk.outbox.flush()
        let text = desk.takeText()
        #expect(text.hasSuffix("keep-alive\r\n\r\n") && text.contains("Content-Length: 60000\r\n"))
    }

    @Test func `a head does not go out without room for its body`() throws {
        var desk = try Desk(
            queueCapacity: 4,
            isInline: true,
            sendLimits: HTTP1Framing().sendLimits,
            blockByteCount: 65_536,
            blockCount: 16
        )
        let request = try head()
        let body = [UInt8](repeating: 1, count: 20_000)
        // Of 64 commands sends may be three quarters.
        for _ in 0..<47 {
            let result = desk.outbox.respond(to: request, of: desk.id)
            #expect(result == .queued)
        }
        let long = desk.outbox.respond(to: request, of: desk.id, body: body.rawSpan)
        let short = desk.outbox.respond(to: request, of: desk.id, body: [1].rawSpan)
        let last = desk.outbox.respond(to: request, of: desk.id)
        #expect(long == .full && short == .queued && last == .full)
        var count = 0
        while let command = desk.outbox.takeNext() {
            desk.memory.release(command.block)
            count += 1
        }
        #expect(count == 48)
    }

    @Test func `a body for which there is no block is answered full`() throws {
        var desk = try desk(blockCount: 2)
        let request = try head()
        let held = desk.lease()
        let body = [UInt8](repeating: 1, count: 20_000)
        let first = desk.outbox.respond(to: request, of: desk.id)
        let second = desk.outbox.respond(to: request, of: desk.id, body: body.rawSpan)
        #expect(first == .queued && second == .full)
        _ = consume held
        let third = desk.outbox.respond(to: request, of: desk.id, body: body.rawSpan)
        #expect(third == .queued)
    }
}
