// SPDX-License-Identifier: Apache-2.0

/// Bytes that are no request of HTTP/1.0 or 1.1 that may be served, and how a server of Linnet
/// answers them. With the default limits.
public struct BadRequest: Sendable, CustomStringConvertible {
    /// What the failure is counted as.
    public var failure: String
    public var status: Int
    /// A byte for each character.
    public var text: String
    /// Whether it takes the end of the stream to see it.
    public var needsEnd = false

    public var bytes: [UInt8] { text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }

    public var description: String {
        "\(failure): \(text.prefix(120).debugDescription)"
    }

    /// All of them, each cause at least once.
    public static let all: [BadRequest] =
        lines + requestLines + headers + hosts + contentLengths + transferEncodings + chunkSizes
        + chunks + tooLong + truncated

    private static func each(_ status: Int, _ failure: String, _ texts: [String]) -> [BadRequest] {
        texts.map { BadRequest(failure: failure, status: status, text: $0) }
    }

    private static func gets(_ status: Int, _ failure: String, _ headers: [String]) -> [BadRequest]
    {
        each(status, failure, headers.map { "GET / HTTP/1.1\r\nHost: a\r\n\($0)\r\n\r\n" })
    }

    /// With a body that whoever takes the headers in another way finds.
    private static func posts(
        _ status: Int,
        _ failure: String,
        _ headers: [String]
    ) -> [BadRequest] {
        each(
            status,
            failure,
            headers.map { "POST / HTTP/1.1\r\nHost: a\r\n\($0)\r\n\r\n5\r\nhello\r\n0\r\n\r\n" }
        )
    }

    private static func bodies(
        _ status: Int,
        _ failure: String,
        _ bodies: [String]
    ) -> [BadRequest] {
        each(
            status,
            failure,
            bodies.map { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\($0)" }
        )
    }

    private static let lines =
        each(
            400,
            "bare-line-feed",
            [
                "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\nHost: a\n\n",
                "GET / HTTP/1.1\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\nTransfer-Encoding: chunked\r\n\r\n",
            ]
        )
        + each(
            400,
            "bare-carriage-return",
            [
                "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\r\rGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\rHost: a\r\r",
                "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\rContent-Length: 5\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\rX: 1\r\n\r\n",
            ]
        )
        + each(
            400,
            "control-byte",
            [
                // The beginnings of TLS, and of our own packets.
                "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{FC}\u{3}\u{3}",
                "LNNT\u{1}\u{0}\u{0}\u{0}",
                "\u{0}GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u{0} HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\u{0}2\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: \u{8}\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: \u{1B}[1m\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: \u{7F}\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX\u{0}: 1\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\u{B}\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{B}chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \u{C}5\r\n\r\nhello",
            ]
        )

    private static let requestLines =
        each(
            400,
            "malformed-request-line",
            [
                "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET\r\nHost: a\r\n\r\n",
                "GET \r\nHost: a\r\n\r\n",
                "GET /\r\n\r\n",
                "GET / \r\nHost: a\r\n\r\n",
                "GET HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET  HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1  HTTP/1.0\r\nHost: a\r\n\r\n",
                "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\t\r\nHost: a\r\n\r\n",
                "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / http/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1,1\r\nHost: a\r\n\r\n",
                "GET / HTTP/11\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.10\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.x\r\nHost: a\r\n\r\n",
                "GET / HTTP/x.1\r\nHost: a\r\n\r\n",
                "GET / HTTX/1.1\r\nHost: a\r\n\r\n",
                "GET / ICAP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP 1.1\r\nHost: a\r\n\r\n",
            ]
        )
        + each(
            400,
            "malformed-method",
            [
                " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                "(GET) / HTTP/1.1\r\nHost: a\r\n\r\n",
                "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "G\u{E9}T / HTTP/1.1\r\nHost: a\r\n\r\n",
                "\u{80}\u{2E}\u{1}\u{3}\u{1}\u{0}",
                "{\"json\": 1}\r\n\r\n",
            ]
        )
        + each(
            400,
            "malformed-target",
            [
                "GET /\u{E9} HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET \u{80} HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /a\u{FF}b HTTP/1.1\r\nHost: a\r\n\r\n",
            ]
        )
        + each(
            505,
            "unsupported-version",
            [
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "GET / HTTP/0.9\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
                "GET / HTTP/3.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: a\r\n\r\n",
            ]
        )

    private static let headers =
        gets(400, "folded-header", ["X: a\r\n b", "X: a\r\n\tb", "X: a\r\n ", "X:\r\n b\r\nY: 1"])
        + each(
            400,
            "folded-header",
            [
                "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\n Content-Length: 5\r\n\r\nhello",
            ]
        )
        + gets(
            400,
            "malformed-header-name",
            [
                "X : 1", "X\t: 1", ": 1", ":", "X", "X 1", "X Y: 1", "X@Y: 1", "X\u{E9}: 1",
                "\"X\": 1", "X,Y: 1", "(X): 1", "Content-Length : 5", "Transfer-Encoding : chunked",
                "Transfer-Encoding\t: chunked", "Transfer-Encoding chunked", "X/Y: 1",
            ]
        )

    private static let hosts =
        each(
            400,
            "missing-host",
            ["GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHosts: a\r\nXHost: a\r\n\r\n"]
        )
        + each(
            400,
            "duplicate-host",
            [
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nhOST: b\r\n\r\n",
                "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
            ]
        )
        + each(
            400,
            "malformed-host",
            [
                "a b", "a@b", "a/b", "http://a", "a\tb", "\u{E9}", "a, b", "<a>", "a\\b", "a?b",
                "a#b",
            ]
            .map { "GET / HTTP/1.1\r\nHost: \($0)\r\n\r\n" }
        )

    private static let contentLengths =
        posts(
            400,
            "malformed-content-length",
            [
                "", " ", "+5", "-5", "-0", "5, 5", "5,5", "5,", "0x5", "5 5", "5\t5", "5a", "a",
                "1e3", "1_0", "5;", "5.0", "\"5\"", "\u{E9}", "\u{B2}", "5\u{A0}", "'5'",
                "999999999999999999999999999999x",
            ].map { "Content-Length: \($0)" }
        )
        + posts(
            400,
            "duplicate-content-length",
            [
                "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5\r\nX: 1\r\ncontent-length: x",
            ]
        )
        + posts(
            413,
            "body-too-large",
            [
                "1000001", "4294967295", "4294967296", "4294967301", "9223372036854775807",
                "9223372036854775808", "18446744073709551615", "18446744073709551616",
                "18446744073709551621", "999999999999999999999999999999",
                "000000000000000000000001000001",
            ].map { "Content-Length: \($0)" }
        )

    private static let transferEncodings =
        posts(
            400,
            "malformed-transfer-encoding",
            [
                "", ",", "chunked, chunked", "chunked,", ", chunked", "chunked, gzip",
                "chunked;q=1", "chunked ; a", "x chunked", "chunked x", "\"chunked\"",
                "gzip, chunked, identity", "Chunked, identity", "chunked\u{A0}", "(chunked)",
                "xchunked", "chunkedx", "gzip", "identity", "gzip, deflate", "gzip;level=9", "x-y",
                "gzip,, chunked", "gzip, chunked;q=1",
            ].map { "Transfer-Encoding: \($0)" } + [
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: chunked\r\nX: 1\r\ntransfer-encoding: x",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding:\r\n chunked",
            ]
        )
        + posts(
            501,
            "unsupported-transfer-coding",
            ["gzip, chunked", "gzip,chunked", "gzip;a=b, CHUNKED", "x-y, gzip ,chunked"]
                .map { "Transfer-Encoding: \($0)" }
        )
        + posts(
            400,
            "two-body-lengths",
            [
                "Content-Length: 5\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "transfer-encoding: CHUNKED\r\nX: 1\r\ncontent-length: 0",
            ]
        )
        + each(
            400,
            "transfer-encoding-in-http-1.0",
            [
                "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
            ]
        )

    private static let chunkSizes =
        bodies(
            400,
            "malformed-chunk-size",
            [
                "", " 5", "5 ", "5 ;a=b", "5\t", "\t5", "+5", "-1", "-0", "0x1", "0X1", "1_0", "g",
                "5g", ";a=b", "5,5", "\"5\"", "\u{E9}", "5\u{A0}", "1.0", "0 ",
                "FFFFFFFFFFFFFFFFx",
            ].map { "\($0)\r\nhello\r\n0\r\n\r\n" }
        )
        + bodies(
            413,
            "body-too-large",
            [
                "F4240", "0f4240", "7fffffff", "80000000", "ffffffff", "100000000", "100000005",
                "7FFFFFFFFFFFFFFF", "8000000000000000", "FFFFFFFFFFFFFFFF", "10000000000000000",
                "10000000000000005", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
                "0000000000000000000000000000000000FFFFFF",
            ].map { "\($0)\r\nhello\r\n0\r\n\r\n" }
        )
        + bodies(
            400,
            "bare-line-feed",
            ["5\nhello\r\n0\r\n\r\n", "5;a\nb\r\nhello", "0\n\r\n", "0\r\n\n", "0\r\nX: 1\n\r\n"]
        )
        + bodies(
            400,
            "bare-carriage-return",
            ["5\rhello\r\n0\r\n\r\n", "5;a\rb\r\nhello", "0\r\n\rX", "5\r\r\nhello"]
        )
        + bodies(
            400,
            "control-byte",
            [
                "5;a=\u{0}\r\nhello", "5;\u{7F}\r\nhello", "5;a=\tb\r\nhello",
                "0\r\nX: \u{1}\r\n\r\n",
            ]
        )

    private static let chunks =
        bodies(
            400,
            "malformed-chunk-end",
            [
                "5\r\nhelloX\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhello\rX0\r\n\r\n",
                "5\r\nhello!\r\n0\r\n\r\n", "5\r\nhell\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n",
                "5\r\nhello\n\r\n0\r\n\r\n",
            ]
        )
        + bodies(
            400,
            "malformed-header-name",
            ["0\r\nX\r\n\r\n", "0\r\nX : 1\r\n\r\n", "0\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"]
        )
        + bodies(400, "folded-header", ["0\r\nX: 1\r\n 2\r\n\r\n", "0\r\n X: 1\r\n\r\n"])

    private static let tooLong =
        each(
            414,
            "request-line-too-long",
            [
                "GET /\(letters(8_192 - 13)) HTTP/1.1\r\nHost: a\r\n\r\n", letters(8_193),
                letters(20_000),
            ]
        )
        + gets(431, "header-too-long", ["X: \(letters(8_190))", letters(9_000)])
        + gets(431, "too-many-headers", [headers(100), headers(1_000)])
        + gets(431, "head-too-large", [headers(4, letters(4_086)), headers(50, letters(400))])
        + bodies(
            400,
            "chunk-line-too-long",
            ["5;\(letters(8_191))\r\nhello", letters(0) + String(repeating: "0", count: 9_000)]
        )
        + bodies(431, "header-too-long", ["0\r\nX: \(letters(8_190))\r\n\r\n"])
        + bodies(431, "too-many-headers", ["0\r\n\(headers(99))\r\n\r\n"])
        + bodies(
            413,
            "body-too-large",
            [String(repeating: "1;\(letters(5_000))\r\nx\r\n", count: 200)]
        )

    private static func letters(_ count: Int) -> String { String(repeating: "a", count: count) }

    private static func headers(_ count: Int, _ value: String = "1") -> String {
        (0..<count).map { "X\($0): \(value)" }.joined(separator: "\r\n")
    }

    private static let truncated = [
        "G", "GET / HTTP/1.1", "GET / HTTP/1.1\r", "GET / HTTP/1.1\r\nHost: a\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
        "\r\nG",
    ].map { BadRequest(failure: "truncated", status: 400, text: $0, needsEnd: true) }
}
