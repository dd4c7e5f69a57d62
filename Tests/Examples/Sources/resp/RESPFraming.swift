// SPDX-License-Identifier: Apache-2.0

// A framing of your own, in one file: commands of the Redis protocol (RESP,
// https://redis.io/docs/latest/develop/reference/protocol-spec/), as arrays of bulk strings,
//
//     *2\r\n$3\r\nGET\r\n$5\r\nhello\r\n
//
// or inline, as people type them: `GET hello\r\n`. A frame is one whole command.
//
// Whoever writes a framing has four things to get right; each is marked below with its number.
//
// 1. To look at bytes once. A peer may send a megabyte byte by byte, and `nextFrame` is called with
//    all that has come each time: who begins at the front each time needs 10^12 steps. So `State`
//    remembers how far the bytes are checked.
// 2. To judge a number before believing it. Lengths are a peer's: compare each with its limit as it
//    is read, digit by digit, and there is nothing left that could overflow, or wait for ever.
// 3. To decide when the longest frame is there: a frame, or an error. What a connection may hold
//    depends on that.
// 4. To answer the same however the stream was cut. Read from left to right, report what is wrong
//    first, and do not look behind the longest frame: there may be bytes, or not yet.

import Linnet

/// The framing of the Redis protocol: its settings, which are limits.
struct RESPFraming: Framing {
    /// Bytes of a command in all.
    let maxFrameByteCount: Int
    /// Arguments of a command, its name included.
    let maxArgumentCount: Int
    /// Bytes of an argument.
    let maxBulkByteCount: Int
    /// Bytes of an inline command, its line end included.
    let maxLineByteCount: Int

    /// Traps if the limits make no sense: they are the programmer's.
    init(
        maxCommandByteCount: Int = 1_048_576,
        maxArgumentCount: Int = 1_024,
        maxBulkByteCount: Int = 524_288,
        maxLineByteCount: Int = 16_384
    ) {
        precondition((1...1 << 30).contains(maxCommandByteCount), "a command has up to 1 GiB")
        precondition(
            (1...maxCommandByteCount).contains(maxLineByteCount),
            "a line fits into a command"
        )
        precondition((0...maxCommandByteCount).contains(maxBulkByteCount), "and an argument")
        precondition((1...maxCommandByteCount).contains(maxArgumentCount), "and all of them")
        maxFrameByteCount = maxCommandByteCount
        self.maxArgumentCount = maxArgumentCount
        self.maxBulkByteCount = maxBulkByteCount
        self.maxLineByteCount = maxLineByteCount
    }

    /// How far the command at the front has been checked (1). Plain data, of each connection.
    struct State: BitwiseCopyable, Sendable {
        /// Bytes that need no second look: whole arguments; of a line, all but its end.
        var checkedByteCount: UInt32 = 0
        /// Arguments behind them, and where the first of all begins.
        var missingArgumentCount: UInt32 = 0
        var argumentCount: UInt32 = 0
        var argumentsOffset: UInt32 = 0
    }

    var initialState: State { State() }

    /// What the handler learns of a command beside its bytes: 24 at most.
    struct Metadata: BitwiseCopyable, Sendable {
        /// The first argument.
        var name: CommandName
        /// All arguments, the name included; 0 for an empty line.
        var argumentCount: Int
        /// Where the others stand in the payload.
        var arguments: Arguments
    }

    /// Finds the command at the front of `bytes`. O(bytes that are new); allocates nothing.
    func nextFrame(in bytes: RawSpan, state: inout State) throws(RESPError) -> FrameStep<Metadata> {
        // (4) What stands behind the longest frame makes no difference.
        let bytes = bytes.extracting(first: min(bytes.byteCount, maxFrameByteCount))
        let isArray = bytes.byte(at: 0) == UInt8(ascii: "*")
        let end = isArray ? try checkArray(bytes, &state) : try checkLine(bytes, &state)
        guard let end else {
            // (3) No more bytes will be given.
            if bytes.byteCount == maxFrameByteCount { throw .commandTooLong }
            return .incomplete
        }
        let payload = Int(state.argumentsOffset)..<end.payload
        var arguments = Arguments(isInline: !isArray)
        let text = bytes.extracting(payload)
        let metadata = Metadata(
            name: arguments.next(in: text).map { CommandName(text.extracting($0)) } ?? "",
            argumentCount: Int(state.argumentCount),
            arguments: arguments
        )
        state = State()
        return .frame(byteCount: end.frame, payload: payload, metadata: metadata)
    }

    /// What is wrong when the stream ends here.
    func failure(atEndBehind bytes: RawSpan, state: State) -> RESPError? {
        bytes.isEmpty ? nil : .truncated
    }
}

// MARK: - Reading

extension RESPFraming {
    /// Where a frame ends, and the payload in it.
    private typealias End = (payload: Int, frame: Int)

    /// Checks as many arguments as have come.
    private func checkArray(_ bytes: RawSpan, _ state: inout State) throws(RESPError) -> End? {
        var offset = Int(state.checkedByteCount)
        if offset == 0 {
            let count = try number(bytes, at: 0, atMost: maxArgumentCount, .tooManyArguments)
            guard let count else { return nil }
            offset = count.end
            state.argumentCount = UInt32(count.value)
            state.missingArgumentCount = state.argumentCount
            state.argumentsOffset = UInt32(offset)
            state.checkedByteCount = UInt32(offset)
        }
        while state.missingArgumentCount > 0 {
            guard offset < bytes.byteCount else { return nil }
            guard bytes.byte(at: offset) == UInt8(ascii: "$") else { throw .noBulk }
            let length = try number(bytes, at: offset, atMost: maxBulkByteCount, .bulkTooLong)
            guard let length else { return nil }
            // (2) The sum is small: each part is below its limit. Not to wait for what cannot be.
            let end = length.end + length.value + 2
            guard end <= maxFrameByteCount else { throw .commandTooLong }
            guard end <= bytes.byteCount else { return nil }
            guard bytes.isLineEnd(at: end - 2) else { throw .noBulkEnd }
            offset = end
            state.checkedByteCount = UInt32(end)  // (1)
            state.missingArgumentCount -= 1
        }
        return (offset, offset)
    }

    /// Checks whether the line has ended. Quotes have no meaning here.
    private func checkLine(_ bytes: RawSpan, _ state: inout State) throws(RESPError) -> End? {
        let limit = min(bytes.byteCount, maxLineByteCount)
        var offset = Int(state.checkedByteCount)
        while offset < limit, bytes.byte(at: offset) != newline { offset += 1 }
        state.checkedByteCount = UInt32(offset)  // (1)
        guard offset < limit else {
            if limit == maxLineByteCount { throw .lineTooLong }
            return nil
        }
        let hasReturn = offset > 0 && bytes.byte(at: offset - 1) == carriageReturn
        let line = bytes.extracting(first: hasReturn ? offset - 1 : offset)
        var arguments = Arguments(isInline: true)
        var count = 0
        while arguments.next(in: line) != nil { count += 1 }
        guard count <= maxArgumentCount else { throw .tooManyArguments }
        state.argumentCount = UInt32(count)
        return (line.byteCount, offset + 1)
    }

    /// The number in a line such as `$5\r\n`, and where the line ends; `nil` if it has not come
    /// yet. The longest that is right has few bytes, so it may be read again.
    private func number(
        _ bytes: RawSpan,
        at start: Int,
        atMost limit: Int,
        _ tooLarge: RESPError
    ) throws(RESPError) -> (value: Int, end: Int)? {
        var value = 0
        var offset = start + 1
        while offset < bytes.byteCount {
            let digit = bytes.byte(at: offset) &- UInt8(ascii: "0")
            guard digit <= 9 else { break }
            // No sign, and no zero in front, of which there could be any number.
            if value == 0, offset > start + 1 { throw .badNumber }
            value = value * 10 + Int(digit)
            guard value <= limit else { throw tooLarge }  // (2)
            offset += 1
        }
        guard offset < bytes.byteCount else { return nil }
        guard offset > start + 1, bytes.byte(at: offset) == carriageReturn else { throw .badNumber }
        guard offset + 1 < bytes.byteCount else { return nil }
        guard bytes.byte(at: offset + 1) == newline else { throw .badNumber }
        return (value, offset + 2)
    }
}

/// Walks the arguments of a command that was checked, where they stand in its payload.
struct Arguments: BitwiseCopyable, Sendable {
    private var offset: UInt32 = 0
    let isInline: Bool

    init(isInline: Bool) {
        self.isInline = isInline
    }

    /// Where the next argument stands; `nil` behind the last.
    mutating func next(in payload: RawSpan) -> Range<Int>? {
        var start = Int(offset)
        if isInline {
            while start < payload.byteCount, payload.isBlank(at: start) { start += 1 }
            var end = start
            while end < payload.byteCount, !payload.isBlank(at: end) { end += 1 }
            offset = UInt32(end)
            return start < end ? start..<end : nil
        }
        guard start < payload.byteCount else { return nil }
        var count = 0
        start += 1
        while payload.byte(at: start) != carriageReturn {
            count = count &* 10 &+ Int(payload.byte(at: start) &- UInt8(ascii: "0"))
            start += 1
        }
        start += 2
        offset = UInt32(start + count + 2)
        return start..<start + count
    }
}

/// The name of a command as one number, so that a `switch` finds it: 1 to 8 letters, in upper case.
struct CommandName: BitwiseCopyable, Hashable, Sendable, ExpressibleByStringLiteral {
    /// 0 for what no command is called.
    private var letters: UInt64 = 0

    init(_ bytes: RawSpan) {
        guard (1...8).contains(bytes.byteCount) else { return }
        var letters: UInt64 = 0
        for offset in 0..<bytes.byteCount {
            // Both cases of a letter differ in one bit.
            let letter = bytes.byte(at: offset) & ~0x20
            guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(letter) else { return }
            letters = letters << 8 | UInt64(letter)
        }
        self.letters = letters
    }

    /// For names in the code, which the compiler makes numbers.
    @inline(__always)
    init(stringLiteral text: StaticString) {
        letters = text.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt64($1) } }
    }
}

// MARK: - What is wrong

/// Why bytes cannot be a command, as the peer is told.
enum RESPError: String, Error, CaseIterable {
    case badNumber = "invalid length"
    case tooManyArguments = "too many arguments"
    case noBulk = "expected '$'"
    case bulkTooLong = "too big bulk string"
    case noBulkEnd = "expected CRLF behind a bulk string"
    case lineTooLong = "too big inline request"
    case commandTooLong = "too big command"
    case truncated = "the stream ended inside a command"
}

extension RESPFraming {
    static var failureNames: [String] { RESPError.allCases.map(\.rawValue) }

    static func failureIndex(_ failure: RESPError) -> Int {
        RESPError.allCases.firstIndex(of: failure) ?? 0
    }

    /// The error that Redis too answers before it closes the connection.
    static func lastWords(failureIndex: Int) -> [UInt8] {
        Array("-ERR Protocol error: \(failureNames[failureIndex])\r\n".utf8)
    }
}

private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")

extension RawSpan {
    fileprivate func isLineEnd(at offset: Int) -> Bool {
        byte(at: offset) == carriageReturn && byte(at: offset + 1) == newline
    }

    fileprivate func isBlank(at offset: Int) -> Bool {
        let byte = byte(at: offset)
        return byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == carriageReturn
    }
}
