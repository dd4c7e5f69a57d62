// SPDX-License-Identifier: Apache-2.0

/// Streams of requests for differential tests: put together of pieces that servers have read
/// differently, and then damaged once in a while.
public struct RequestMutator: Sendable {
    public var random: SeededRandom

    public init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    public mutating func stream() -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            if random.oneIn(8) { bytes += [13, 10] }
            bytes += request().unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        }
        return damaged(bytes)
    }

    private mutating func request() -> String {
        var lines = [one(of: Self.firstLines, Self.rareFirstLines)]
        if !random.oneIn(10) { lines.append("Host: a") }
        while random.oneIn(2) { lines.append(one(of: Self.headers, Self.rareHeaders)) }
        let head = lines.joined(separator: "\r\n") + "\r\n"
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return head + "\r\n"
        case 1:
            let count = Int.random(in: 0...12, using: &random)
            let body = String(repeating: "b", count: count)
            return head + "Content-Length: \(count)\r\n\r\n" + body
        default: return head + "Transfer-Encoding: chunked\r\n\r\n" + chunks()
        }
    }

    private mutating func chunks() -> String {
        var text = ""
        while !random.oneIn(3) {
            let count = Int.random(in: 1...12, using: &random)
            let size = random.oneIn(6) ? one(of: Self.rareSizes, []) : String(count, radix: 16)
            text += "\(size)\r\n" + String(repeating: "c", count: count) + "\r\n"
        }
        text += random.oneIn(6) ? "0;last\r\n" : "0\r\n"
        while random.oneIn(4) { text += one(of: Self.headers, Self.rareHeaders) + "\r\n" }
        return text + "\r\n"
    }

    private mutating func one(of often: [String], _ rarely: [String]) -> String {
        let texts = rarely.isEmpty || !random.oneIn(12) ? often : rarely
        return texts.randomElement(using: &random) ?? ""
    }

    private mutating func damaged(_ stream: [UInt8]) -> [UInt8] {
        var bytes = stream
        if random.oneIn(3) {
            let index = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[index] = Self.bytes.randomElement(using: &random) ?? 0
            case 1: bytes.insert(Self.bytes.randomElement(using: &random) ?? 0, at: index)
            case 2: bytes.remove(at: index)
            default: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
        }
        if random.oneIn(6) { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
        return bytes
    }

    private static let bytes: [UInt8] = [0, 9, 10, 11, 13, 32, 44, 48, 58, 59, 127, 128, 255]

    private static let firstLines = [
        "GET / HTTP/1.1", "POST /a?b=c HTTP/1.1", "X-Y * HTTP/1.1", "GET http://a/ HTTP/1.0",
        "HEAD /b HTTP/1.1", "PUT /c HTTP/1.1", "DELETE /d HTTP/1.1",
    ]
    private static let rareFirstLines = [
        "GET  / HTTP/1.1", "GET / HTTP/1.2", "GET /\u{E9} HTTP/1.1", "GET / HTTP/1.1 ", "GET /",
        "GET\t/ HTTP/1.1", "G(T / HTTP/1.1", "", "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1",
        "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1",
    ]
    private static let headers = [
        "X: 1", "Connection: keep-alive", "Y:", "Accept: */*\t", "Z:\u{E9} \u{80}", "X: 2",
    ]
    private static let rareHeaders = [
        "Connection: close", "Content-Length: 3", "Content-Length: +3", "Content-Length: 3, 3",
        "Content-Length: 99", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked", " folded", "Host: b",
        "Host: ",
        "X", ": 1", "X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "Connection: x ,close", "Transfer-Encoding: chunked;q=1", "Content-Length:",
    ]
    private static let rareSizes = [
        "0x1", "-1", "1 ", " 1", "1;a=\"b\"", "1;a\tb", "00000001", "FFFFFFFFFFFFFFFF1", "", "g",
        "41", "1_0", "10000000000000001",
        "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ]
}
