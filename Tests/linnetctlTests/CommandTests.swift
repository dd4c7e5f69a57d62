// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linnet
import LinnetCodec
import LinnetTestSupport
import Testing
import linnetctl

@Suite("The program, run as a user runs it")
struct CommandTests {
    @Test("what encode prints, dump finds right")
    func encodeThenDump() throws {
        let encoded = try Run("encode --payload hello --flags detach,payloadChecksum --count 3")
        #expect(encoded.exitCode == 0)
        #expect(encoded.output.split(separator: "\n").count == 3)
        let dumped = try Run("dump", input: encoded.bytes)
        #expect(dumped.exitCode == 0)
        #expect(dumped.output.contains("ok                            3            99"))
    }

    @Test("raw output is the bytes of the hexadecimal output")
    func raw() throws {
        let line = "encode --payload-hex 00ff --seq 18446744073709551615 --count 2"
        let raw = try Run("\(line) --output raw")
        let hexadecimal = try Run(line)
        #expect(try InputFormat.hex.decode(hexadecimal.bytes) == raw.bytes)
        #expect(raw.bytes.count == 52)
    }

    @Test("all options of both commands fit together")
    func options() throws {
        let common = "--magic 0x31504B43 --max-packet 28"
        let encoded = try Run(
            "encode --payload-file - --version 3 --seq 5 --output raw \(common)",
            input: Data("abcd".utf8)
        )
        let dumped = try Run(
            "dump - --versions 2-4 --sequence ignore --input raw --color always \(common)",
            input: encoded.bytes
        )
        #expect(dumped.exitCode == 0)
        #expect(dumped.output.contains("\u{1B}[32mNo errors."))
    }

    @Test("a capture with an error ends in exit code 1, in text and in JSON")
    func wrongCapture() throws {
        let text = try Run("dump --hex 47455420")
        #expect(text.exitCode == 1)
        #expect(text.output.contains("bad-magic"))
        let json = try Run("dump --json --hex 47455420")
        #expect(json.exitCode == 1)
        #expect(try JSONSerialization.jsonObject(with: json.bytes) is [String: Any])
    }

    @Test(
        "wrong usage ends in its exit code and says what to do",
        arguments: [
            ("dump --hex 00 file", 64, "not both"),
            ("dump --versions 3-1", 64, "1-3"),
            ("dump --payload-bytes=-1", 64, "0 shows no payload"),
            ("dump --hex 123", 65, "Add the missing one"),
            ("dump /no/such/file", 66, "No such file"),
            ("dump /", 66, "directory"),
            ("encode --count 0", 64, "at least 1"),
            ("encode --payload a --payload-hex 00", 64, "one of --payload"),
            ("encode --flags control", 64, "Leave them out"),
            ("encode --payload hello --max-packet 28", 64, "Split the payload"),
            ("encode --payload-file /no/such/file", 66, "No such file"),
            ("serve", 64, "Say where to listen"),
            ("serve --tcp 127.0.0.1", 64, "names no port"),
            ("serve --tcp unix:/a", 64, "use --unix"),
            ("serve --tcp :0 --reactors 0", 64, "1 to 255"),
            ("serve --tcp :0 --workers 1025", 64, "1 to 1024"),
            ("serve --tcp :0 --workers 1 --execution inline", 64, "leave it out"),
            ("serve --tcp :0 --max-packet 1073741825", 64, "at most 1073741824"),
            ("serve --tcp :0 --drain-seconds=-1", 64, "0 to 86400"),
            ("serve --tcp :0 --pin-reactors a", 64, "as in 0,2"),
            ("serve --tcp :0 --framing words", 64, "'packet', 'bytes', 'line' or 'length'"),
            ("serve --tcp :0 --framing line --delimiter 0x100", 64, "lf, crlf, or a byte"),
            ("serve --tcp :0 --framing length --delimiter lf", 64, "--framing line only"),
            ("serve --tcp :0 --framing length --length-width 5", 64, "'1', '2', '3', '4' or '8'"),
            ("serve --tcp :0 --length-order little", 64, "--framing length only"),
            ("serve --tcp :0 --framing bytes --magic 0x1", 64, "--framing packet"),
            ("serve --tcp :0 --handler http --framing line", 64, "--handler http"),
            ("serve --tcp :0 --handler http --magic 0x1", 64, "--handler http"),
            ("serve --tcp :0 --handler prices --max-packet 9000", 64, "--handler prices"),
            ("serve --tcp :0 --handler http --max-packet 100", 64, "--handler http"),
            ("serve --unix /no/such/folder/socket", 69, "create it"),
            ("serve --tcp 192.0.2.1:0", 69, "no such address"),
            ("send --connect unix:/no/such/socket --payload a", 69, "start the server first"),
            ("send --connect 127.0.0.1 --payload a", 64, "names no port"),
            ("send --connect :1 --payload a --payload-hex 00", 64, "one of --payload"),
            ("send --connect :1 --timeout 0 --payload a", 64, "0.001 to 86400"),
            ("load --connect unix:/no/such/socket", 69, "start the server first"),
            ("load --connect unix:/no --payload 600000 --depth 1024", 69, "start the server first"),
            ("load --connect :1 --rate 1 --depth 1", 64, "leave one out"),
            ("load --connect :1 --connections 0", 64, "1 to 1000000"),
            ("load --connect :1 --payload 1048553", 64, "0 to 1048552"),
            ("load --connect :1 --payload 1000000 --depth 65536", 64, "lower --depth"),
            ("demo --seconds 0", 64, "0.05 to 3600"),
            ("demo --idle 0", 64, "1 to 1000000"),
        ] as [(String, Int32, String)]
    )
    func wrongUsage(line: String, exitCode: Int32, words: String) throws {
        let run = try Run(line)
        #expect(run.exitCode == exitCode)
        #expect(run.errors.contains(words))
        #expect(run.output.isEmpty)
    }

    @Test(
        "each command explains itself and its options with examples",
        arguments: ["demo", "serve", "load", "send", "dump", "encode"]
    )
    func help(command: String) throws {
        let help = try Run("help \(command)").output
        #expect(help.matches(of: try Regex("\\n  linnetctl \(command)(?=[ \\n])")).count >= 2)
        // An option without words is followed by the next one at once.
        let options = try #require(help.components(separatedBy: "OPTIONS:\n").last)
        let lines = options.split(separator: "\n").map(String.init)
        for (line, next) in zip(lines, lines.dropFirst()) where line.hasPrefix("  -") {
            let words = line.drop { $0 == " " }.components(separatedBy: "  ").count > 1
            #expect(words || !next.hasPrefix("  -"), "\(line)")
        }
    }

    @Test("a server says where it listens, echoes, and sums up when it is told to stop")
    func serveAndSend() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let path = "\(folder)/linnetctl-tests-\(ProcessInfo.processInfo.processIdentifier).sock"
        let server = try Service("serve --tcp 127.0.0.1:0 --unix \(path) --execution inline")
        let first = try server.line()
        #expect(try server.line() == "listening on unix \(path)")
        let address = first.replacing("listening on tcp ", with: "")
        for endpoint in [address, "unix:\(path)"] {
            let flags = "--flags application1,payloadChecksum"
            let reply = try Run("send --connect \(endpoint) --payload hello \(flags)")
            #expect(reply.exitCode == 0)
            #expect(reply.output.contains("0x2002 payloadChecksum, application1"))
            #expect(reply.output.contains("|hello|"))
        }
        let refused = try Run("send --connect \(address) --payload hello --magic 0x1")
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("without a reply"))
        let summary = try server.stop()
        #expect(summary.contains("3 accepted, 3 ended, 0 left"))
        #expect(summary.contains("rejected     1 bad-magic"))
        #expect(server.exitCode == 0)
    }

    @Test(
        "a server of other wires sends their frames back, and refuses those that are too long",
        arguments: [
            ("bytes", "any bytes", "any bytes", ""),
            ("line", "one\r\ntwo\n", "one\ntwo\n", String(repeating: "a", count: 28)),
            ("line --delimiter crlf", "one\ntwo\r\n", "one\ntwo\r\n", ""),
            ("line --delimiter 0x3b", "one;\n;", "one;\n;", ""),
            ("length", "\0\0\0\u{3}one", "\0\0\0\u{3}one", "\0\0\0\u{19}"),
            (
                "length --length-width 2 --length-order little --length-counts whole-frame",
                "\u{5}\0one", "\u{5}\0one", "\u{1}\0"
            ),
        ] as [(String, String, String, String)]
    )
    func otherWires(framing: String, sent: String, expected: String, wrong: String) throws {
        let server = try Service(
            "serve --tcp 127.0.0.1:0 --max-packet 28 --json --framing \(framing)"
        )
        let address = try server.line().replacing("listening on tcp ", with: "")
        let deadline = MonotonicInstant.now() + .seconds(10)
        let socket = try StreamSocket(to: Endpoint(connectArgument: address), before: deadline)
        try socket.send(Data(sent.utf8), before: deadline)
        var answer = Data()
        while answer.count < expected.utf8.count {
            let bytes = try socket.receive(before: deadline)
            guard !bytes.isEmpty else { break }
            answer += bytes
        }
        #expect(String(decoding: answer, as: UTF8.self) == expected)
        try socket.send(Data(wrong.utf8), before: deadline)
        if wrong.isEmpty { socket.endSending() }
        #expect(try socket.receive(before: deadline).isEmpty)
        let report = try ServeReport(json: Data(try server.stop().utf8))
        #expect(report.rejections.values.reduce(0, +) == (wrong.isEmpty ? 0 : 1))
        #expect(server.exitCode == 0)
    }

    @Test(
        "a server of HTTP answers each method in its way, and turns away what is no request",
        arguments: ["inline", "workers"]
    )
    func serveHTTP(execution: String) throws {
        let server = try Service(
            "serve --tcp 127.0.0.1:0 --handler http --json --execution \(execution)"
        )
        let address = try server.line().replacing("listening on tcp ", with: "")
        let deadline = MonotonicInstant.now() + .seconds(10)
        let socket = try StreamSocket(to: Endpoint(connectArgument: address), before: deadline)
        let host = " HTTP/1.1\r\nHost: a\r\n"
        let requests =
            "GET /\(host)\r\nHEAD /a\(host)\r\n"
            + "POST /\(host)Content-Length: 5\r\n\r\nhello"
            + "PUT /\(host)Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
            + "DELETE /\(host)\r\nGET /\r\n\r\n"
        try socket.send(Data(requests.utf8), before: deadline)
        var bytes = Data()
        while true {
            let more = try socket.receive(before: deadline)
            if more.isEmpty { break }
            bytes += more
        }
        let ok = "HTTP/1.1 200 OK\r\nContent-Length: "
        let text = "\(ok)14\r\nContent-Type: text/plain\r\n\r\n"
        let body = "\(ok)5\r\nContent-Type: application/octet-stream\r\n\r\nhello"
        let answers =
            "\(text)Hello, World!\n\(text)\(body)\(body)"
            + "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n"
            + "Allow: GET, HEAD, POST, PUT\r\n\r\nHTTP/1.1 400 Bad Request\r\n"
        #expect(String(decoding: bytes.prefix(answers.utf8.count), as: UTF8.self) == answers)
        let report = try ServeReport(json: Data(try server.stop().utf8))
        #expect(report.received.packets == 5 && report.sent.packets == 6)
        #expect(report.rejections == ["malformed-request-line": 1])
        #expect(server.exitCode == 0)
    }

    @Test("who is told to stop twice stops once, and still sums up")
    func stopTwice() throws {
        let server = try Service("serve --tcp 127.0.0.1:0 --json")
        let address = try server.line().replacing("listening on tcp ", with: "")
        // It stops, but has to wait for a peer that does not.
        let deadline = MonotonicInstant.now() + .seconds(10)
        let socket = try StreamSocket(to: Endpoint(connectArgument: address), before: deadline)
        try socket.send(try Data(packetWith: Data()), before: deadline)
        let echo = try socket.receive(before: deadline)
        #expect(echo.count == 24)
        server.signal()
        let end = try socket.receive(before: deadline)
        #expect(end.isEmpty)
        server.signal()
        socket.endSending()
        let report = try ServeReport(json: Data(try server.rest().utf8))
        #expect(report.sent.packets == 1)
        #expect(server.exitCode == 0)
    }

    @Test(
        "who is told to stops when the input ends",
        arguments: ["", " --max-packet 1073741824"]
    )
    func untilInputEnds(options: String) throws {
        // The input is at its end from the beginning.
        let server = try Service("serve --tcp 127.0.0.1:0 --until-input-ends" + options)
        #expect(try server.line().hasPrefix("listening on tcp 127.0.0.1:"))
        let summary = try server.rest()
        #expect(summary.contains("0 accepted, 0 ended, 0 left"))
        #expect(server.exitCode == 0)
    }

    @Test("what one connection sends to a broadcasting server the others get, on all workers")
    func broadcast() throws {
        let server = try Service(
            "serve --tcp 127.0.0.1:0 --handler broadcast --reactors 2 --workers 2"
        )
        let address = try server.line().replacing("listening on tcp ", with: "")
        let endpoint = try Endpoint(connectArgument: address)
        let deadline = MonotonicInstant.now() + .seconds(10)
        let sender = try StreamSocket(to: endpoint, before: deadline)
        let others = [
            try SharedSocket(to: endpoint, before: deadline),
            try SharedSocket(to: endpoint, before: deadline),
        ]
        // The server knows of a connection a moment later than its peer: until then it misses what
        // is sent to all.
        var seq: UInt64 = 0
        for other in others {
            var received = Data()
            while received.isEmpty {
                let packet = try Data(packetWith: Data("to all".utf8), seq: seq)
                try sender.send(packet, before: deadline)
                seq += 1
                received = try other.bytes(within: .milliseconds(100), before: deadline)
            }
            let first = try #require(CaptureAnalysis(of: received).packets.first)
            #expect(first.error == nil)
            #expect(first.header?.seq == 0)
            #expect(received.contains(Data("to all".utf8)))
        }
        sender.endSending()
        #expect(try sender.receive(before: deadline).isEmpty, "who sends gets none of it")
        _ = try server.stop()
    }
}

/// A socket that an array can hold.
private final class SharedSocket {
    private let socket: StreamSocket

    init(to endpoint: Endpoint, before deadline: MonotonicInstant) throws {
        socket = try StreamSocket(to: endpoint, before: deadline)
    }

    /// Some bytes, or none if none came within the limit.
    func bytes(within limit: Duration, before deadline: MonotonicInstant) throws -> Data {
        do throws(Errno) {
            return try socket.receive(before: min(deadline, MonotonicInstant.now() + limit))
        } catch {
            guard MonotonicInstant.now() < deadline, error.rawValue == ETIMEDOUT else {
                throw error
            }
            return Data()
        }
    }
}

/// A run of the program that goes on until it is told to stop.
final class Service {
    private let process = Process()
    private let output = Pipe()
    private var pending = Data()

    init(_ line: String) throws {
        process.executableURL = Run.program
        process.arguments = line.split(separator: " ").map(String.init)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
    }

    deinit { if process.isRunning { process.terminate() } }

    var exitCode: Int32 { process.terminationStatus }

    /// The next line that it prints.
    func line() throws -> String {
        while !pending.contains(0x0A) {
            let bytes = output.fileHandleForReading.availableData
            try #require(!bytes.isEmpty, "it ended before it had said all")
            pending += bytes
        }
        let line = pending.prefix { $0 != 0x0A }
        pending = Data(pending.dropFirst(line.count + 1))
        return String(decoding: line, as: UTF8.self)
    }

    func signal() { process.terminate() }

    /// Tells it to stop.
    ///
    /// - Returns: what it prints at its end.
    func stop() throws -> String {
        signal()
        return try rest()
    }

    /// - Returns: what it prints at its end.
    func rest() throws -> String {
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: pending + bytes, as: UTF8.self)
    }
}

/// One run of the program to its end.
struct Run {
    let exitCode: Int32
    let bytes: Data
    let errors: String

    var output: String { String(decoding: bytes, as: UTF8.self) }

    /// The tests stand beside the program that they test.
    static var program: URL {
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appending(path: "linnetctl")
    }

    /// - Parameters:
    ///   - line: arguments with spaces between them.
    ///   - input: shorter than a pipe holds, as is all output.
    init(_ line: String, input: Data = Data()) throws {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = line.split(separator: " ").map(String.init)
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: input)
        try stdin.fileHandleForWriting.close()
        bytes = try stdout.fileHandleForReading.readToEnd() ?? Data()
        let words = try stderr.fileHandleForReading.readToEnd() ?? Data()
        errors = String(decoding: words, as: UTF8.self)
        process.waitUntilExit()
        exitCode = process.terminationStatus
    }
}
