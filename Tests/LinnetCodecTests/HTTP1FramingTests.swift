// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

/// Requests as they come: cut anywhere, many behind each other, at the limits and beyond.
struct HTTP1FramingTests {
    private static let framing = HTTP1Framing()
    private static let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    private func outcome(_ text: String, _ framing: HTTP1Framing = framing) throws -> NaiveFrames {
        try framing.outcome(of: Array(text.utf8))
    }

    // MARK: Cuts

    @Test func `requests behind each other are the same however the stream is cut`() throws {
        let requests = [
            Self.get, "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;x=\"y\"\r\nhello\r\n00a\r\n\r\n\r\n\r\n\r\n\r\n\r\n"
                + "0;z\r\nX: 1\r\nY:\t2\t\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nhost:\r\nX: \u{E9}\t \r\n\r\n",
            "GET http://a/?b=c#d HTTP/1.0\r\nConnection: x, Keep-Alive ,\r\n\r\n",
            "GET / HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
        ]
        let stream = requests.map { Array($0.utf8) }
        let found = try Self.framing.outcomeOfEachCut(of: Array(stream.joined()))
        #expect(found == NaiveFrames(payloads: stream))
    }

    @Test(arguments: BadRequest.all)
    func `what is no request is told at the same byte however the stream is cut`(
        bad: BadRequest
    ) throws {
        let expected = NaiveFrames(payloads: [Array(Self.get.utf8)], failure: bad.failure)
        let stream = Array(Self.get.utf8) + bad.bytes
        let isShort = stream.count < 200
        let whole =
            isShort
            ? try Self.framing.outcomeOfEachCut(of: stream)
            : try Self.framing.outcome(of: stream)
        #expect(whole == expected)
        if !isShort {
            let everywhere = Array(1..<stream.count)
            #expect(try Self.framing.outcome(of: stream, cuts: everywhere) == expected)
        }
        // No more bytes are needed to see it, but for the end.
        guard !bad.needsEnd else { return }
        #expect(throws: HTTP1Failure.self) {
            var state = Self.framing.initialState
            _ = try Self.framing.nextFrame(in: bad.bytes.rawSpan, state: &state)
        }
    }

    @Test func `each cause has a case, and the status that the case says`() throws {
        for bad in BadRequest.all {
            let failure = try #require(HTTP1Failure(rawValue: bad.failure))
            #expect(failure.status == bad.status, "\(bad)")
        }
        let named = Set(BadRequest.all.map(\.failure)).union(["bytes-behind-last-request"])
        #expect(named == Set(HTTP1Failure.allCases.map(\.rawValue)))
    }

    @Test func `a stream that ends within a request is truncated`() throws {
        let body = "Content-Length: 2\r\n\r\nab"
        let chunks = "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nX: 1\r\n\r\n"
        for rest in [body, chunks] {
            let request = Array("POST / HTTP/1.1\r\nHost: a\r\n\(rest)".utf8)
            for count in 1..<request.count {
                let found = try Self.framing.outcome(of: Array(request[..<count]))
                #expect(found == NaiveFrames(failure: "truncated"), "\(count)")
            }
            #expect(try Self.framing.outcome(of: request) == NaiveFrames(payloads: [request]))
        }
    }

    // MARK: Around requests

    @Test func `one CRLF before a request is skipped, and one at the end`() throws {
        let all = "\r\n\(Self.get)\r\n\(Self.get)\r\n"
        let found = try Self.framing.outcomeOfEachCut(of: Array(all.utf8))
        let get = Array(Self.get.utf8)
        #expect(found == NaiveFrames(payloads: [get, get]))
        #expect(try outcome("\r\n\r\n\(Self.get)").failure == "malformed-request-line")
        #expect(try outcome("\r").failure == "truncated")
        #expect(try outcome("") == NaiveFrames())
    }

    @Test(arguments: [
        ("HTTP/1.1\r\nHost: a", true), ("HTTP/1.1\r\nHost: a\r\nConnection: close", false),
        ("HTTP/1.1\r\nHost: a\r\nConnection: keep-alive", true),
        ("HTTP/1.1\r\nHost: a\r\nConnection: CLOSE", false),
        ("HTTP/1.1\r\nHost: a\r\nConnection: upgrade ,\tclose", false),
        ("HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close", false),
        ("HTTP/1.1\r\nHost: a\r\nConnection: close, keep-alive", false),
        ("HTTP/1.1\r\nHost: a\r\nConnection: closed, clos, close-x", true),
        ("HTTP/1.1\r\nHost: a\r\nProxy-Connection: close", true),
        ("HTTP/1.0", false), ("HTTP/1.0\r\nConnection: Keep-Alive", true),
        ("HTTP/1.0\r\nConnection: keep-alive, close", false),
        ("HTTP/1.0\r\nKeep-Alive: 5", false),
    ])
    func `version and Connection say whether the connection stays`(
        head: String,
        keepsAlive: Bool
    ) throws {
        let request = "GET / \(head)\r\n\r\n"
        let bytes = Array(request.utf8)
        let found = try HTTP1Request(checking: bytes.rawSpan).keepsAlive
        #expect(found == keepsAlive)
        let behind = try outcome(request + Self.get)
        #expect(behind.payloads.count == (keepsAlive ? 2 : 1))
        #expect(behind.failure == (keepsAlive ? nil : "bytes-behind-last-request"))
    }

    @Test(arguments: ["\r\n", "\r", ""])
    func `behind the last request a CRLF may come`(rest: String) throws {
        let last = "GET / HTTP/1.0\r\n\r\n"
        let found = try Self.framing.outcomeOfEachCut(of: Array((last + rest).utf8))
        #expect(found == NaiveFrames(payloads: [Array(last.utf8)]))
        for bad in ["\n", "\r\r", "\r\nG", "G", "\r\n\r\n"] {
            let found = try Self.framing.outcomeOfEachCut(of: Array((last + bad).utf8))
            #expect(found?.failure == "bytes-behind-last-request")
        }
    }

    // MARK: Limits

    private func padding(_ count: Int) -> String { String(repeating: "a", count: count) }

    @Test func `each limit is exact`() throws {
        let small = HTTP1Framing(
            limits: HTTP1Limits(
                maxLineByteCount: 30,
                maxHeaderCount: 3,
                maxHeadByteCount: 80,
                maxBodyByteCount: 40
            )
        )
        func found(_ text: String) throws -> String? {
            let stream = Array(text.utf8)
            let found = try #require(try small.outcomeOfEachCut(of: stream))
            #expect(found.payloads == (found.failure == nil ? [stream] : []))
            return found.failure
        }
        let head = "POST / HTTP/1.1\r\nHost: a\r\n"
        for excess in 0...1 {
            let isOver = excess == 1
            func expect(_ text: String, _ failure: String) throws {
                #expect(try found(text) == (isOver ? failure : nil))
            }
            let line = "GET /\(padding(16 + excess)) HTTP/1.1\r\nHost: a\r\n\r\n"
            try expect(line, "request-line-too-long")
            try expect("\(head)X: \(padding(27 + excess))\r\n\r\n", "header-too-long")
            try expect("\(head)\(isOver ? "Z: 1\r\n" : "")X: 1\r\nY: 1\r\n\r\n", "too-many-headers")
            let full = "\(head)X: \(padding(22))\r\nY:\(padding(21 + excess))\r\n\r\n"
            #expect(full.utf8.count == 80 + excess)
            try expect(full, "head-too-large")
            try expect(
                "\(head)Content-Length: \(40 + excess)\r\n\r\n\(padding(40 + excess))",
                "body-too-large"
            )
            let chunked = "\(head)Transfer-Encoding: chunked\r\n\r\n"
            // Sizes, CRLF and the end count too: 4 + 29 + 2 + 5.
            let size = String(29 + excess, radix: 16)
            try expect(
                "\(chunked)\(size)\r\n\(padding(29 + excess))\r\n0\r\n\r\n",
                "body-too-large"
            )
            try expect("\(chunked)0;\(padding(28 + excess))\r\n\r\n", "chunk-line-too-long")
            try expect("\(chunked)0\r\nX:\(padding(28 + excess))\r\n\r\n", "header-too-long")
            try expect(
                "\(chunked)0\r\nX:1\r\n\(isOver ? "Y:1\r\n" : "")\r\n",
                "too-many-headers"
            )
            try expect(
                "\(chunked)0;\(padding(24))\r\nX:\(padding(6 + excess))\r\n\r\n",
                "body-too-large"
            )
        }
    }

    @Test func `a request with the longest head and body is taken`() throws {
        let framing = HTTP1Framing(limits: HTTP1Limits(maxLineByteCount: 70_000))
        var head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\nX: "
        head += padding(16_384 - head.utf8.count - 4) + "\r\n\r\n"
        let stream = Array("\r\n\(head)".utf8) + [UInt8](repeating: 7, count: 1_000_000)
        #expect(stream.count == framing.maxFrameByteCount)
        let cuts = [1, 2, 3, 100, 16_385, 16_386, 16_387, 70_000, 1_016_385]
        let found = try framing.outcome(of: stream, cuts: cuts)
        #expect(found == NaiveFrames(payloads: [Array(stream.dropFirst(2))]))
    }

    // MARK: Cost

    @Test func `lines, and chunks, that were looked at are not looked at again`() throws {
        let head =
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
            + (0..<50).map { "X\($0): \($0)\r\n" }.joined() + "\r\n"
        let body = (1...100).map { "\(String($0, radix: 16))\r\n\(padding($0))\r\n" }.joined()
        let stream = Array("\(head)\(body)0\r\nY: 1\r\n\r\n".utf8)
        var seen: [UInt8] = []
        var state = Self.framing.initialState
        for (index, byte) in stream.enumerated() {
            seen.append(byte)
            guard index < stream.count - 1 else { break }
            let step = try Self.framing.nextFrame(in: seen.rawSpan, state: &state)
            guard case .incomplete = step else {
                Issue.record("a frame after \(index) bytes")
                return
            }
            // Whoever looks at a line again that is whole finds what no line has.
            if byte == 10 { for index in seen.indices { seen[index] = 0 } }
        }
        let last = try Self.framing.nextFrame(in: seen.rawSpan, state: &state)
        guard case .frame(stream.count, 0..<stream.count, let head) = last else {
            Issue.record("no frame")
            return
        }
        #expect(head.bodyByteCount == 5_050)
    }

    @Test func `what is kept for each connection is small`() {
        #expect(MemoryLayout<HTTP1Framing.State>.size <= 32)
        #expect(MemoryLayout<HTTP1Head>.size <= 12)
        #expect(MemoryLayout<StreamParser<HTTP1Framing>>.size <= 64)
    }

    // MARK: Against the naive decoder

    @Test(arguments: 0..<40)
    func `damaged streams end as the naive decoder says`(seed: UInt64) throws {
        let limits = HTTP1Limits(
            maxLineByteCount: 60,
            maxHeaderCount: 6,
            maxHeadByteCount: 160,
            maxBodyByteCount: 80
        )
        var naive = NaiveHTTP1()
        naive.maxLineByteCount = 60
        naive.maxHeaderCount = 6
        naive.maxHeadByteCount = 160
        naive.maxBodyByteCount = 80
        let framing = HTTP1Framing(limits: limits)
        var mutator = RequestMutator(seed: seed)
        for _ in 0..<50 {
            let stream = mutator.stream()
            let expected = naive.decode(stream)
            let found = try framing.outcome(of: stream)
            #expect(found == expected.frames, "\(text(stream))")
            for (payload, request) in zip(found.payloads, expected.requests) {
                let view = try NaiveRequest(
                    HTTP1Request(checking: payload.rawSpan, framing: framing)
                )
                #expect(view == request, "\(text(stream))")
            }
            let everywhere = Array(1..<max(1, stream.count))
            let cut = try framing.outcome(of: stream, cuts: everywhere, refuses: true)
            #expect(cut == found, "\(text(stream))")
        }
    }

    private func text(_ stream: [UInt8]) -> String {
        String(String.UnicodeScalarView(stream.map { Unicode.Scalar($0) })).debugDescription
    }
}

extension NaiveRequest {
    /// What a view says.
    init(_ request: borrowing HTTP1Request) {
        self.init()
        method = text(request.methodBytes)
        target = text(request.target)
        minorVersion = request.minorVersion
        keepsAlive = request.keepsAlive
        bytes = [UInt8](request.payload)
        var headers: [NaiveHeader] = []
        request.forEachHeader {
            headers.append(NaiveHeader(name: text($0), value: text($1)))
        }
        self.headers = headers
        var body: [UInt8] = []
        request.forEachBodyPiece { body += [UInt8]($0) }
        self.body = body
    }
}

private func text(_ bytes: RawSpan) -> String {
    String(String.UnicodeScalarView([UInt8](bytes).map { Unicode.Scalar($0) }))
}
