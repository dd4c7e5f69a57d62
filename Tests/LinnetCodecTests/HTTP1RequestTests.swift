// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

/// What a handler is told of a request.
struct HTTP1RequestTests {
    private func with(_ text: String, _ body: (borrowing HTTP1Request) throws -> Void) throws {
        // A byte for each character.
        let bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        try body(HTTP1Request(checking: bytes.rawSpan))
    }

    private func value(_ span: RawSpan?) -> [UInt8]? {
        guard let span else { return nil }
        return [UInt8](span)
    }

    private func expectHeader(
        _ request: borrowing HTTP1Request,
        _ name: StaticString,
        _ expected: [UInt8]?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let found = value(request.header(name))
        #expect(found == expected, "\(name)", sourceLocation: sourceLocation)
    }

    @Test func `method and target are those of the first line`() throws {
        let methods: [(String, HTTP1Method)] = [
            ("GET", .get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("DELETE", .delete),
            ("CONNECT", .connect), ("OPTIONS", .options), ("TRACE", .trace), ("PATCH", .patch),
            ("get", .other), ("GETS", .other), ("X", .other), ("PROPFIND", .other),
            ("GET-AND-GET", .other), ("AAAAAGET", .other), ("M-SEARCHGET", .other),
        ]
        #expect(Set(methods.map(\.1)) == Set(HTTP1Method.allCases))
        for (text, method) in methods {
            try with("\(text) /a/b?c=d%20e HTTP/1.0\r\n\r\n") { request in
                let (found, bytes) = (request.method, [UInt8](request.methodBytes))
                let target = [UInt8](request.target)
                #expect(found == method && bytes == Array(text.utf8))
                #expect(target == Array("/a/b?c=d%20e".utf8))
                let (minorVersion, keepsAlive) = (request.minorVersion, request.keepsAlive)
                #expect(minorVersion == 0 && !keepsAlive)
                let (headMethod, isChunked) = (request.head.method, request.head.isChunked)
                #expect(headMethod == method && !isChunked)
            }
        }
    }

    @Test func `a header is found in capitals or not, the first of its name`() throws {
        let head =
            "GET / HTTP/1.1\r\nHost: a:80\r\nX-Header:\t one \t\r\nx-header: two\r\nEmpty:\r\n"
            + "X-Headers: three\r\nB: \u{E9}\t1\r\nLong-Name-With-Capitals: 4\r\n\r\n"
        try with(head) { request in
            expectHeader(request, "host", Array("a:80".utf8))
            expectHeader(request, "X-HEADER", Array("one".utf8))
            expectHeader(request, "x-headers", Array("three".utf8))
            expectHeader(request, "EMPTY", [])
            expectHeader(request, "B", [0xE9, 9, 0x31])
            expectHeader(request, "long-name-with-capitals", [0x34])
            expectHeader(request, "long_name_with_capitals", nil)
            expectHeader(request, "", nil)
            expectHeader(request, "Hos", nil)
            expectHeader(request, "GET / HTTP/1.1\r\nHost", nil)
            var count = 0
            request.forEachHeader { _, _ in count += 1 }
            #expect(count == 7)
        }
    }

    @Test func `a request without headers has none`() throws {
        try with("GET / HTTP/1.0\r\n\r\n") { request in
            expectHeader(request, "host", nil)
            request.forEachHeader { _, _ in Issue.record("a header") }
            let (body, byteCount) = (value(request.body), request.bodyByteCount)
            #expect(body == [] && byteCount == 0)
            request.forEachBodyPiece { _ in Issue.record("a piece") }
        }
    }

    @Test func `a body is one piece unless it comes in chunks`() throws {
        try with("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello") { request in
            let body = value(request.body)
            #expect(body == Array("hello".utf8))
            expectBody(request, ["hello"])
        }
        let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        try with("\(chunked)5\r\nhello\r\n0\r\n\r\n") { request in
            let body = value(request.body)
            #expect(body == nil)
            expectBody(request, ["hello"])
        }
        let chunks = "2;a\r\n\r\n\r\n0001\r\nb\r\nA;\r\n0123456789\r\n000;x\r\nY: 0\r\n\r\n"
        try with(chunked + chunks) { expectBody($0, ["\r\n", "b", "0123456789"]) }
        try with("\(chunked)0\r\n\r\n") { expectBody($0, []) }
    }

    private func expectBody(
        _ request: borrowing HTTP1Request,
        _ pieces: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var found: [String] = []
        request.forEachBodyPiece { found.append(String(decoding: [UInt8]($0), as: UTF8.self)) }
        #expect(found == pieces, sourceLocation: sourceLocation)
        let all = Array(pieces.joined().utf8)
        let byteCount = request.bodyByteCount
        #expect(byteCount == all.count, sourceLocation: sourceLocation)
        var copy = [UInt8](repeating: 0, count: all.count)
        copy.withMutableRawSpan { span in
            var offset = 0
            request.forEachBodyPiece {
                for index in 0..<$0.byteCount {
                    span.storeBytes(of: $0.byte(at: index), toByteOffset: offset, as: UInt8.self)
                    offset += 1
                }
            }
        }
        #expect(copy == all, sourceLocation: sourceLocation)
    }

    @Test(arguments: [
        "Content-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: chunked\r\n\r\n1\r\nh\r\n4\r\nello\r\n0\r\n\r\n",
    ])
    func `a body can be kept in one piece, where it stands if it is one`(rest: String) throws {
        let pool = try PacketPool(
            PacketPool.Configuration(
                blockClasses: [
                    .init(blockByteCount: 2_097_152, blockCount: 4, reserveCount: 1)
                ],
                maxMagazineCount: 1
            )
        )
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        let framing = HTTP1Framing()
        var parser = StreamParser(framing, pool: pool)
        let stream = Array("POST / HTTP/1.1\r\nHost: a\r\n\(rest)".utf8)
        var body: [UInt8]?
        let count = try parser.feed(framing, stream.rawSpan, from: magazine) { request in
            if let lease = request.leaseBody(from: magazine) {
                body = lease.withBytes { [UInt8]($0) }
            }
            return .next
        }
        #expect(count == stream.count && body == Array("hello".utf8))
        #expect(pool.statistics[0].inUseCount == 0)
        let bytes = Array("POST / HTTP/1.1\r\nHost: a\r\n\(rest)".utf8)
        // Outside of a pool it is copied.
        let request = try HTTP1Request(checking: bytes.rawSpan)
        var copied: [UInt8]?
        if let copy = request.leaseBody(from: magazine) { copied = copy.withBytes { [UInt8]($0) } }
        #expect(copied == Array("hello".utf8))
    }

    @Test func `a request that is wrong or not all there is none`() {
        for (text, failure) in [
            ("GET / HTTP/1.1\r\n\r\n", HTTP1Failure.missingHost), ("GET /", .truncated),
            ("", .truncated),
        ] {
            #expect(throws: failure) {
                _ = try HTTP1Request(checking: Array(text.utf8).rawSpan)
            }
        }
    }
}
