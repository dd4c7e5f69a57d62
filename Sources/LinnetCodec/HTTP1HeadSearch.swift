// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

// A head is searched and read line by line, from where the last search stopped, so that a peer that
// sends a byte at a time costs no more than one that sends all at once. What is wrong is found at
// the same byte however the stream was cut.

extension HTTP1Framing {
    /// - Returns: the end of the head; `nil` if more bytes are needed.
    func findHead(in bytes: RawSpan, _ state: inout State) throws(HTTP1Failure) -> Int? {
        guard try beginHead(in: bytes, &state) else { return nil }
        let limit = Int(state.startOffset) + limits.maxHeadByteCount
        let end = min(bytes.byteCount, limit)
        while let lineEnd = try state.endOfLine(
            in: bytes,
            to: end,
            maxByteCount: limits.maxLineByteCount,
            ifTooLong: state.lineCount == 0 ? .requestLineTooLong : .headerTooLong
        ) {
            let line = Int(state.lineOffset)..<lineEnd
            if state.lineCount == 0 {
                try state.parser.readRequestLine(bytes, line)
            } else if line.isEmpty {
                return lineEnd + 2
            } else {
                try state.parser.readHeader(bytes, line)
            }
            try state.beginHeader(behind: lineEnd, limits)
        }
        if end == limit { throw .headTooLarge }
        return nil
    }

    /// Skips a CRLF, and looks at the first byte: what speaks another protocol is told at once.
    ///
    /// - Returns: whether that byte is there.
    @inline(__always)
    private func beginHead(in bytes: RawSpan, _ state: inout State) throws(HTTP1Failure) -> Bool {
        if state.searchedOffset == 0, bytes.byte(at: 0) == .carriageReturn {
            guard bytes.byteCount > 1 else { return false }
            guard bytes.byte(at: 1) == .lineFeed else { throw .bareCarriageReturn }
            state.startOffset = 2
            state.lineOffset = 2
            state.searchedOffset = 2
        }
        guard state.searchedOffset == state.startOffset else { return true }
        guard bytes.byteCount > state.startOffset else { return false }
        let first = bytes.byte(at: Int(state.startOffset))
        guard first.isTokenCharacter || first.isControl else { throw .malformedMethod }
        return true
    }
}

extension HTTP1Framing.State {
    /// Where the line at ``lineOffset`` ends: at a CR, whose LF is there too.
    ///
    /// - Parameter end: bytes from there on are not looked at.
    /// - Returns: `nil` if more bytes are needed.
    mutating func endOfLine(
        in bytes: RawSpan,
        to end: Int,
        maxByteCount: Int,
        ifTooLong failure: HTTP1Failure
    ) throws(HTTP1Failure) -> Int? {
        let limit = Int(lineOffset) + maxByteCount
        var offset = Int(searchedOffset)
        search: while true {
            offset = bytes.firstControl(from: offset, to: end)
            if offset > limit { throw failure }
            guard offset < end else { break }
            let byte = bytes.byte(at: offset)
            if offset == limit, byte != .carriageReturn { throw failure }
            switch byte {
            case .carriageReturn:
                guard offset + 1 < end else { break search }
                guard bytes.byte(at: offset + 1) == .lineFeed else { throw .bareCarriageReturn }
                return offset
            case .tab: offset += 1
            case .lineFeed: throw .bareLineFeed
            default: throw .controlByte
            }
        }
        searchedOffset = UInt32(offset)
        return nil
    }

    /// Goes on behind a line.
    @inline(__always)
    mutating func beginLine(behind lineEnd: Int) {
        lineOffset = UInt32(lineEnd + 2)
        searchedOffset = lineOffset
    }

    /// Goes on behind the request line or a header.
    @inline(__always)
    mutating func beginHeader(
        behind lineEnd: Int,
        _ limits: HTTP1Limits
    ) throws(HTTP1Failure) {
        // The first line is none of them.
        guard Int(lineCount) <= limits.maxHeaderCount else { throw .tooManyHeaders }
        lineCount += 1
        beginLine(behind: lineEnd)
    }
}
