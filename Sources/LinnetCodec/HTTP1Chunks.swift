// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

// A body in chunks, RFC 9112 7.1: lines that say how long the next chunk is, which end in CRLF and
// nothing else, and chunks with a CRLF behind each. What stands between `;` and the end of such a
// line is skipped; white space around the size is not allowed.

extension HTTP1Framing {
    /// What follows a chunk at least: its CRLF, and the last line with an empty one.
    private static let minRestByteCount = 7

    /// - Returns: whether the body is whole; then `endOffset` is where it ends.
    func findBodyEnd(in bytes: RawSpan, _ state: inout State) throws(HTTP1Failure) -> Bool {
        let bodyOffset = Int(state.startOffset) + Int(state.parser.head.headByteCount)
        let limit = bodyOffset + limits.maxBodyByteCount
        let end = min(bytes.byteCount, limit)
        while true {
            let goesOn =
                switch state.phase {
                case .chunkLine: try readChunkLine(in: bytes, to: end, limit: limit, &state)
                case .chunk: try readChunkEnd(in: bytes, to: end, &state)
                default: try readTrailer(in: bytes, to: end, &state)
                }
            if state.phase == .body { return true }
            guard goesOn else { break }
        }
        if end == limit { throw .bodyTooLarge }
        return false
    }

    /// - Returns: false if more bytes are needed.
    private func readChunkLine(
        in bytes: RawSpan,
        to end: Int,
        limit: Int,
        _ state: inout State
    ) throws(HTTP1Failure) -> Bool {
        guard
            let lineEnd = try state.endOfLine(
                in: bytes,
                to: end,
                maxByteCount: limits.maxLineByteCount,
                ifTooLong: .chunkLineTooLong
            )
        else { return false }
        let line = Int(state.lineOffset)..<lineEnd
        let size = try HTTP1Chunk.size(bytes, line)
        state.beginLine(behind: lineEnd)
        if size == 0 {
            state.phase = .trailers
            return true
        }
        guard size <= limit - lineEnd - 2 - Self.minRestByteCount else { throw .bodyTooLarge }
        state.parser.head.contentByteCount += UInt32(size)
        state.endOffset = UInt32(lineEnd + 2 + size)
        state.phase = .chunk
        return true
    }

    private func readChunkEnd(
        in bytes: RawSpan,
        to end: Int,
        _ state: inout State
    ) throws(HTTP1Failure) -> Bool {
        let offset = Int(state.endOffset)
        guard offset < end else { return false }
        guard bytes.byte(at: offset) == .carriageReturn else { throw .malformedChunkEnd }
        guard offset + 1 < end else { return false }
        guard bytes.byte(at: offset + 1) == .lineFeed else { throw .malformedChunkEnd }
        state.beginLine(behind: offset)
        state.phase = .chunkLine
        return true
    }

    /// Reads a header behind the last chunk, or the empty line that ends the body.
    private func readTrailer(
        in bytes: RawSpan,
        to end: Int,
        _ state: inout State
    ) throws(HTTP1Failure) -> Bool {
        guard
            let lineEnd = try state.endOfLine(
                in: bytes,
                to: end,
                maxByteCount: limits.maxLineByteCount,
                ifTooLong: .headerTooLong
            )
        else { return false }
        let line = Int(state.lineOffset)
        guard lineEnd > line else {
            state.endOffset = UInt32(lineEnd + 2)
            state.phase = .body
            return true
        }
        _ = try HTTP1HeadParser.endOfName(bytes, at: line)
        try state.beginHeader(behind: lineEnd, limits)
        return true
    }
}

/// The line in front of a chunk.
enum HTTP1Chunk {
    /// More than any body has.
    private static let hugeByteCount = 1 << 40

    /// `chunk-size [ chunk-ext ]`.
    static func size(_ bytes: RawSpan, _ line: Range<Int>) throws(HTTP1Failure) -> Int {
        var size = 0
        var offset = line.lowerBound
        while offset < line.upperBound, let digit = bytes.byte(at: offset).hexadecimalValue {
            size = min(size << 4 | digit, hugeByteCount)
            offset += 1
        }
        let hasExtension = offset < line.upperBound && bytes.byte(at: offset) == .semicolon
        guard offset > line.lowerBound, hasExtension || offset == line.upperBound else {
            throw .malformedChunkSize
        }
        while offset < line.upperBound {
            if bytes.byte(at: offset) == .tab { throw .controlByte }
            offset += 1
        }
        return size
    }
}
