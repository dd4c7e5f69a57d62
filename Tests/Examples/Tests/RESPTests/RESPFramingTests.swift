// SPDX-License-Identifier: Apache-2.0

import Linnet
import Testing

@testable import resp

/// Commands are found however the stream was cut, and what is wrong has a name.
struct RESPFramingTests {
    private static let limits = RESPFraming(
        maxCommandByteCount: 64,
        maxArgumentCount: 4,
        maxBulkByteCount: 20,
        maxLineByteCount: 16
    )

    @Test func `commands in both forms are found with their arguments`() throws {
        let stream = "*2\r\n$3\r\nGET\r\n$5\r\nhello\r\nget  a\tb \r\nPING\n*1\r\n$4\r\nping\r\n"
        let found = try outcome(of: stream, RESPFraming(), cut: [])
        #expect(found.commands == [["GET", "hello"], ["get", "a", "b"], ["PING"], ["ping"]])
        #expect(found.names == ["GET", "GET", "PING", "PING"])
        #expect(found.failure == nil)
    }

    @Test func `arguments may be empty or binary, and commands may have none`() throws {
        let stream = "*2\r\n$0\r\n\r\n$4\r\n\r\n$1\r\n\r\n \r\n\n*0\r\n"
        let found = try outcome(of: stream, RESPFraming(), cut: [])
        #expect(found.commands == [["", "\r\n$1"], [], [], [], []])
        #expect(found.names == ["", "", "", "", ""])
        #expect(found.failure == nil)
    }

    @Test(arguments: [
        ("GET", "GET"), ("gEt", "GET"), ("FLUSHALL", "FLUSHALL"), ("FLUSHALLS", ""), ("GET\0", ""),
        ("GE ", ""), ("@ET", ""), ("[ET", ""), ("{ET", ""), ("`ET", ""), ("G\u{80}", ""), ("1", ""),
    ])
    func `a name is known by its letters alone`(text: String, name: CommandName) throws {
        #expect(CommandName(text.utf8.span.bytes) == name)
    }

    @Test func `all cuts of a stream give the same commands`() throws {
        let stream =
            "PING x\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$12\r\n012345678901\r\n\r\n*0\r\nGET a\n"
        let whole = try outcome(of: stream, Self.limits, cut: [])
        #expect(whole.commands.count == 5)
        let count = stream.utf8.count
        for first in 1..<count {
            for second in first..<count {
                let found = try outcome(of: stream, Self.limits, cut: [first, second])
                #expect(found == whole, "cut at \(first) and \(second)")
            }
        }
        #expect(try outcome(of: stream, Self.limits, cut: Array(1..<count)) == whole)
    }

    @Test func `each beginning of a command is incomplete, and its end is told`() throws {
        for stream in ["*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\nbc\r\n", "GET abc\r\n"] {
            for count in 1..<stream.utf8.count {
                let found = try outcome(of: stream.first(count), Self.limits, cut: [])
                #expect(found.commands.isEmpty)
                #expect(found.failure == .truncated)
            }
            #expect(try outcome(of: stream, Self.limits, cut: []).failure == nil)
        }
    }

    @Test(arguments: [
        ("*-1\r\n", RESPError.badNumber), ("*+1\r\n", .badNumber), ("*01\r\n", .badNumber),
        ("*00", .badNumber), ("*\r\n", .badNumber), ("*x", .badNumber), ("* 1", .badNumber),
        ("*1x", .badNumber), ("*1\n", .badNumber), ("*1\r\r", .badNumber), ("*1\rx", .badNumber),
        ("*4\r\n*", .noBulk), ("*1\r\n:", .noBulk), ("*1\r\n\r", .noBulk), ("*1\r\nPING", .noBulk),
        ("*5", .tooManyArguments), ("*99999999999999999999", .tooManyArguments),
        ("*18446744073709551617", .tooManyArguments),
        ("*1\r\n$-1", .badNumber), ("*1\r\n$+4", .badNumber), ("*1\r\n$04", .badNumber),
        ("*1\r\n$\r", .badNumber), ("*1\r\n$4\n", .badNumber), ("*1\r\n$21", .bulkTooLong),
        ("*1\r\n$9223372036854775807", .bulkTooLong),
        ("*1\r\n$18446744073709551620", .bulkTooLong),
        ("*1\r\n$4\r\nPINGxx", .noBulkEnd), ("*1\r\n$4\r\nPING\n\n", .noBulkEnd),
        ("*1\r\n$4\r\nPING\rx", .noBulkEnd), ("*1\r\n$3\r\nPING\r\n", .noBulkEnd),
        ("a b c d e\n", .tooManyArguments), ("a 4567890123456\n", nil),
        ("a 45678901234567\n", .lineTooLong), ("a 4567890123456\r\n", .lineTooLong),
        ("0123456789012345", .lineTooLong), (" \t \t \t \t \t \t \t \t", .lineTooLong),
        // 4 bytes, 2 times 27, and 6 of the third are 64.
        (String(arrayOf: [20, 20, 0]), nil), (String(arrayOf: [20, 20, 1]), .commandTooLong),
        (String(arrayOf: [20, 20, 0, 0]), .commandTooLong),
        (String(arrayOf: [20, 20, 12]).first(63), .commandTooLong),
        (String(arrayOf: [20, 20, 12]).first(62), .truncated),
    ])
    func `what is wrong is found behind the commands before it, whatever the cuts`(
        stream: String,
        failure: RESPError?
    ) throws {
        let count = stream.utf8.count
        let whole = try outcome(of: stream, Self.limits, cut: [])
        #expect(whole.failure == failure)
        for rest in ["", "\r\n", "PING\r\n", "$4\r\nPING\r\n"] where failure != .truncated {
            let all = "PING\r\n" + stream + rest
            let commands = [["PING"]] + whole.commands
            for cut in 0...count {
                let found = try outcome(of: all, Self.limits, cut: [6, 6 + cut])
                if failure == nil {
                    #expect(found.commands.starts(with: commands))
                } else {
                    #expect(found.commands == commands)
                    #expect(found.failure == failure)
                }
            }
            let found = try outcome(of: all, Self.limits, cut: Array(1..<all.utf8.count))
            #expect(found == (try outcome(of: all, Self.limits, cut: [])))
        }
    }

    @Test func `a long argument that comes byte by byte is looked at once`() throws {
        let framing = RESPFraming()
        let head = Array("*2\r\n$4\r\nECHO\r\n$400000\r\n".utf8)
        let bytes = head + [UInt8](repeating: 7, count: 400_000)
        var state = framing.initialState
        _ = try framing.nextFrame(in: bytes.span.bytes.extracting(first: 40), state: &state)
        #expect(state.checkedByteCount == 14)
        #expect(state.missingArgumentCount == 1)
        let line = [UInt8](repeating: 7, count: 10_000)
        state = framing.initialState
        for count in 1...line.count {
            let part = line.span.bytes.extracting(first: count)
            _ = try framing.nextFrame(in: part, state: &state)
            #expect(Int(state.checkedByteCount) == count)
        }
    }

    @Test func `every failure has a name, and words for the peer`() {
        let names = RESPFraming.failureNames
        #expect(Set(names).count == RESPError.allCases.count)
        for failure in RESPError.allCases {
            let index = RESPFraming.failureIndex(failure)
            #expect(names[index] == failure.rawValue)
            let words = String(decoding: RESPFraming.lastWords(failureIndex: index), as: UTF8.self)
            #expect(words == "-ERR Protocol error: \(failure.rawValue)\r\n")
        }
    }

    @Test func `metadata fits into an event`() {
        #expect(MemoryLayout<RESPFraming.Metadata>.size <= maxFrameMetadataByteCount)
    }

    /// Bytes that are nearly commands: whatever they are, all at once and one by one are the same.
    @Test func `random bytes do not trap`() throws {
        var random = SystemRandomNumberGenerator()
        let pieces = ["*", "$", "\r\n", "\r", "\n", "1", "2", "0", "9", "-", "+", "a", " ", "PING"]
        for _ in 0..<20_000 {
            let stream = (0..<Int.random(in: 1...24, using: &random))
                .compactMap { _ in pieces.randomElement(using: &random) }.joined()
            let whole = try outcome(of: stream, Self.limits, cut: [])
            let single = try outcome(of: stream, Self.limits, cut: Array(1..<stream.utf8.count))
            #expect(whole == single, "\(Array(stream.utf8))")
        }
    }
}

/// What a stream is: its commands, and how it ends.
private struct Outcome: Equatable {
    var commands: [[String]] = []
    var names: [CommandName] = []
    var failure: RESPError?
}

/// Gives the stream to a parser in parts, and ends it.
private func outcome(of stream: String, _ framing: RESPFraming, cut: [Int]) throws -> Outcome {
    let bytes = Array(stream.utf8)
    guard let magazine = sharedPool.makeMagazine() else { throw Errno.noMemory }
    var parser = StreamParser(framing, pool: sharedPool)
    var outcome = Outcome()
    do throws(RESPError) {
        for (start, end) in zip([0] + cut, cut + [bytes.count]) where start < end {
            let part = bytes.span.bytes.extracting(start..<end)
            _ = try parser.feed(framing, part, from: magazine) { frame in
                outcome.commands.append(texts(of: frame))
                outcome.names.append(frame.metadata.name)
                return .next
            }
        }
        outcome.failure = parser.finish(framing)
    } catch {
        outcome.failure = error
    }
    return outcome
}

private let sharedPool: PacketPool = {
    do { return try PacketPool() } catch { preconditionFailure("no memory for a pool: \(error)") }
}()

private func texts(of frame: borrowing FrameView<RESPFraming>) -> [String] {
    let payload = frame.payload
    let name = frame.metadata.name
    var arguments = Arguments(isInline: frame.metadata.arguments.isInline)
    var texts: [String] = []
    while let range = arguments.next(in: payload) {
        let text = payload.extracting(range)
        if texts.isEmpty { #expect(CommandName(text) == name) }
        texts.append(
            String(
                decoding: (0..<text.byteCount).map { text.loadLittleEndian(at: $0) as UInt8 },
                as: UTF8.self
            )
        )
    }
    #expect(texts.count == frame.metadata.argumentCount)
    return texts
}

extension String {
    /// Its first bytes. A line end is one character, but two bytes.
    fileprivate func first(_ byteCount: Int) -> String {
        String(decoding: utf8.prefix(byteCount), as: UTF8.self)
    }

    /// An array of bulk strings that are so long.
    fileprivate init(arrayOf counts: [Int]) {
        self = counts.reduce("*\(counts.count)\r\n") { text, count in
            text + "$\(count)\r\n" + String(repeating: "x", count: count) + "\r\n"
        }
    }
}
