// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import LinnetTestSupport
import Testing

@Suite struct LineFramingTests {
    static let delimiters: [LineFraming.Delimiter] = [.lf, .crlf, .byte(0), .byte(0x0D)]

    private static func naive(_ delimiter: LineFraming.Delimiter, max: Int) -> NaiveFraming {
        switch delimiter {
        case .lf: .line(delimiter: [0x0D, 0x0A], isLenient: true, maxByteCount: max)
        case .crlf: .line(delimiter: [0x0D, 0x0A], isLenient: false, maxByteCount: max)
        case .byte(let byte): .line(delimiter: [byte], isLenient: false, maxByteCount: max)
        }
    }

    private func lines(_ text: String, _ framing: LineFraming) throws -> [String]? {
        let found = try framing.outcomeOfEachCut(of: Array(text.utf8))
        guard let found else { return nil }
        return found.payloads.map { String(decoding: $0, as: UTF8.self) }
            + (found.failure.map { ["! \($0)"] } ?? [])
    }

    @Test func `LF ends a line, and takes one CR before it`() throws {
        let framing = LineFraming(delimiter: .lf)
        #expect(try lines("a\nbc\r\n\n\r\nd\r\r\n", framing) == ["a", "bc", "", "", "d\r"])
        #expect(try lines("a\rb\n\rc\n", framing) == ["a\rb", "\rc"], "other CRs are data")
    }

    @Test func `CR LF ends a line, and either alone is data`() throws {
        let framing = LineFraming(delimiter: .crlf)
        #expect(try lines("a\r\n\r\nbc\r\n", framing) == ["a", "", "bc"])
        #expect(try lines("a\nb\rc\n\r\r\n", framing) == ["a\nb\rc\n\r"])
        #expect(try lines("\n\r\n", framing) == ["\n"])
        #expect(try lines("a\n", framing) == ["! line-unterminated"])
    }

    @Test func `any byte can end a line`() throws {
        #expect(try lines("a\0\0b\r\0", LineFraming(delimiter: .byte(0))) == ["a", "", "b\r"])
        #expect(try lines("a\r\nb\r", LineFraming(delimiter: .byte(0x0D))) == ["a", "\nb"])
        let lf = LineFraming(delimiter: .byte(0x0A))
        #expect(try lines("a\r\nb\n", lf) == ["a\r", "b"], "it takes no CR with it")
    }

    @Test(arguments: delimiters)
    func `each truncation gives the lines before it, and an end within one is an error`(
        delimiter: LineFraming.Delimiter
    ) throws {
        let framing = LineFraming(delimiter: delimiter, maxLineByteCount: 20)
        let naive = Self.naive(delimiter, max: 20)
        let stream = [[], [1, 2, 3], [0x41], [], [0x42, 0x0B, 0x42]].flatMap { naive.encode($0) }
        for byteCount in 0...stream.count {
            let beginning = Array(stream[..<byteCount])
            #expect(try framing.outcomeOfEachCut(of: beginning) == naive.decode(beginning))
        }
    }

    @Test(arguments: delimiters)
    func `any bytes give the lines of the naive decoder, however they are cut`(
        delimiter: LineFraming.Delimiter
    ) throws {
        var random = SeededRandom(seed: 5)
        for round in 0..<400 {
            let max = Int.random(in: 0...9, using: &random)
            let framing = LineFraming(delimiter: delimiter, maxLineByteCount: max)
            let count = Int.random(in: 0...40, using: &random)
            let alphabet: [UInt8] = [0x0D, 0x0A, 0, 0x41, 0x42, 0x43]
            let stream = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            let expected = Self.naive(delimiter, max: max).decode(stream)
            #expect(try framing.outcomeOfEachCut(of: stream) == expected, "\(round): \(stream)")
        }
    }

    @Test(arguments: delimiters, [0, 1, 5, 100])
    func `the delimiter does not count for the longest line`(
        delimiter: LineFraming.Delimiter,
        max: Int
    ) throws {
        let framing = LineFraming(delimiter: delimiter, maxLineByteCount: max)
        let longest = [UInt8](repeating: 0x41, count: max)
        let rightFrame = framing.frame(of: longest)
        #expect(try framing.outcomeOfEachCut(of: rightFrame) == NaiveFrames(payloads: [longest]))
        let tooLong = NaiveFrames(failure: "line-too-long")
        #expect(try framing.outcomeOfEachCut(of: framing.frame(of: longest + [0x41])) == tooLong)
        // It is known before the delimiter comes.
        var state = framing.initialState
        #expect(throws: LineFraming.Failure.tooLong) {
            try framing.nextFrame(in: (longest + [0x41]).rawSpan, state: &state)
        }
        guard max > 0 else { return }
        state = framing.initialState
        guard case .incomplete = try framing.nextFrame(in: longest.rawSpan, state: &state) else {
            Issue.record("the delimiter is missing")
            return
        }
    }

    @Test func `CR LF may stand behind the longest line where LF alone would do`() throws {
        let framing = LineFraming(delimiter: .lf, maxLineByteCount: 3)
        #expect(try lines("abc\r\nabc\n", framing) == ["abc", "abc"])
        #expect(try lines("abcd\n", framing) == ["! line-too-long"])
        #expect(try lines("abc\r\r\n", framing) == ["! line-too-long"])
        #expect(try lines("abc\rd\n", framing) == ["! line-too-long"])
        #expect(try lines("abc\r", framing) == ["! line-unterminated"])
    }

    @Test(arguments: [.lf, .crlf, .byte(0x0A)] as [LineFraming.Delimiter])
    func `bytes that were searched are not searched again`(
        delimiter: LineFraming.Delimiter
    ) throws {
        let framing = LineFraming(delimiter: delimiter)
        var state = framing.initialState
        let dull = [UInt8](repeating: 0x41, count: 100)
        guard case .incomplete = try framing.nextFrame(in: dull.rawSpan, state: &state) else {
            Issue.record("there is no delimiter")
            return
        }
        // No stream changes behind the framing's back; so a delimiter there is one that it has not
        // looked for again.
        let changed = [UInt8](repeating: 0x0A, count: 100)
        guard case .incomplete = try framing.nextFrame(in: changed.rawSpan, state: &state) else {
            Issue.record("it was searched again")
            return
        }
        let more = dull + [0x0D, 0x0A, 0x41]
        guard case .frame(102, _, _) = try framing.nextFrame(in: more.rawSpan, state: &state) else {
            Issue.record("there is a line now")
            return
        }
        #expect(state == framing.initialState, "the next line is looked at from its beginning")
    }

    @Test(arguments: delimiters, [[], [0x41], [1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0B]] as [[UInt8]])
    func `what is written is read again`(
        delimiter: LineFraming.Delimiter,
        payload: [UInt8]
    ) throws {
        let framing = LineFraming(delimiter: delimiter, maxLineByteCount: 10)
        let frame = framing.frame(of: payload)
        #expect(frame == Self.naive(delimiter, max: 10).encode(payload))
        let found = try framing.outcomeOfEachCut(of: frame + frame)
        #expect(found == NaiveFrames(payloads: [payload, payload]))
    }

    @Test(arguments: delimiters)
    func `lines up to the maximum can be sent, without flags`(delimiter: LineFraming.Delimiter) {
        let framing = LineFraming(delimiter: delimiter, maxLineByteCount: 10)
        #expect(framing.canSend(byteCount: 0, flags: 0))
        #expect(framing.canSend(byteCount: 10, flags: 0))
        #expect(!framing.canSend(byteCount: 11, flags: 0))
        #expect(!framing.canSend(byteCount: 0, flags: 1))
        #expect(framing.sendLimits.backByteCount(flags: 0) == framing.maxBackByteCount)
        #expect(framing.maxFrontByteCount == 0)
    }

    @Test func `failures have names and say what they are`() {
        for (index, failure) in LineFraming.Failure.allCases.enumerated() {
            #expect(LineFraming.failureIndex(failure) == index)
            #expect("\(failure)".hasPrefix(LineFraming.failureNames[index] + ": "))
        }
        #expect(Set(LineFraming.failureNames).count == 2)
    }

    @Test func `a state is small`() {
        #expect(MemoryLayout<LineFraming.State>.size == 4)
    }

    @Test(arguments: [-1, Int(Int32.max) - 1])
    func `a maximum that no block can hold is a programming error`(max: Int) async {
        await #expect(processExitsWith: trap) { [max = max as Int] in
            _ = LineFraming(delimiter: .lf, maxLineByteCount: max)
        }
    }
}
