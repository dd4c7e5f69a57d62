// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

/// Reads a whole head, which has no controls but the CRLF of its lines and tabs, and ends in an
/// empty line.
struct HTTP1HeadParser {
    private var head = HTTP1Head()
    private var hasHost = false
    private var contentLength: Int?
    private var isChunked = false
    private var asksToClose = false
    private var asksToKeepAlive = false

    /// More than any body has.
    private static let hugeByteCount = 1 << 40

    /// - Parameter bytes: the lines, from the method to the empty line and with it.
    static func head(
        of bytes: RawSpan,
        _ limits: HTTP1Limits
    ) throws(HTTP1Failure) -> HTTP1Head {
        var parser = HTTP1HeadParser()
        parser.head.headByteCount = UInt16(bytes.byteCount)
        var offset = try parser.readRequestLine(bytes)
        while offset < bytes.byteCount - 2 {
            offset = try parser.readHeader(bytes, at: offset)
        }
        return try parser.conclude(limits)
    }

    /// What all lines say together.
    private func conclude(_ limits: HTTP1Limits) throws(HTTP1Failure) -> HTTP1Head {
        var head = head
        guard hasHost || head.minorVersion == 0 else { throw .missingHost }
        if !asksToClose, head.minorVersion == 1 || asksToKeepAlive {
            head.flags |= HTTP1Head.keepsAliveFlag
        }
        if isChunked {
            guard head.minorVersion == 1 else { throw .transferEncodingInHTTP10 }
            guard contentLength == nil else { throw .twoBodyLengths }
            head.flags |= HTTP1Head.isChunkedFlag
        }
        let contentLength = contentLength ?? 0
        guard contentLength <= limits.maxBodyByteCount else { throw .bodyTooLarge }
        head.contentByteCount = UInt32(contentLength)
        return head
    }
}

// MARK: - Lines

extension HTTP1HeadParser {
    /// `method SP request-target SP HTTP-version` of RFC 9112 3.
    ///
    /// - Returns: where the next line begins.
    private mutating func readRequestLine(_ bytes: RawSpan) throws(HTTP1Failure) -> Int {
        var offset = 0
        var word: UInt64 = 0
        var byte = bytes.byte(at: 0)
        while byte.isTokenCharacter {
            if offset < 8 { word |= UInt64(byte) &<< UInt64(offset &* 8) }
            offset &+= 1
            byte = bytes.byte(at: offset)
        }
        guard byte == .space else {
            throw byte.isWhiteSpace || byte == .carriageReturn
                ? .malformedRequestLine : .malformedMethod
        }
        head.method = HTTP1Method(word: offset <= 8 ? word : 0)
        head.methodByteCount = UInt16(offset)
        let target = offset &+ 1
        offset = target
        byte = bytes.byte(at: offset)
        while byte &- 0x21 < 0x5E {
            offset &+= 1
            byte = bytes.byte(at: offset)
        }
        guard byte <= .space else { throw .malformedTarget }
        guard byte == .space, offset > target else { throw .malformedRequestLine }
        head.targetByteCount = UInt16(offset &- target)
        return try readVersion(bytes, at: offset &+ 1)
    }

    /// - Returns: where the next line begins.
    private mutating func readVersion(
        _ bytes: RawSpan,
        at offset: Int
    ) throws(HTTP1Failure) -> Int {
        let end = offset &+ 8
        // The line's CRLF and the empty line stand behind it.
        guard end &+ 4 <= bytes.byteCount, bytes.byte(at: end) == .carriageReturn else {
            throw .malformedRequestLine
        }
        switch bytes.loadLittleEndian(at: offset, as: UInt64.self) {
        case 0x312E_312F_5054_5448: head.flags |= HTTP1Head.isHTTP11Flag
        case 0x302E_312F_5054_5448: break
        case let word:
            // "HTTP/", and a point between two digits.
            let isVersion =
                word & 0xFF_FFFF_FFFF == 0x2F_5054_5448
                && word &>> 48 & 0xFF == 0x2E && isDigit(word &>> 40) && isDigit(word &>> 56)
            throw isVersion ? .unsupportedVersion : .malformedRequestLine
        }
        return end &+ 2
    }

    private func isDigit(_ word: UInt64) -> Bool { UInt8(truncatingIfNeeded: word) &- 0x30 < 10 }

    /// `field-line` of RFC 9112 5.
    ///
    /// - Returns: where the next line begins.
    private mutating func readHeader(_ bytes: RawSpan, at start: Int) throws(HTTP1Failure) -> Int {
        let colon = try Self.endOfName(bytes, at: start)
        let end = bytes.endOfLine(from: colon &+ 1)
        switch colon &- start {
        case 4 where bytes.equals("host", at: start..<colon):
            try readHost(bytes, bytes.trimmed(colon &+ 1..<end))
        case 10 where bytes.equals("connection", at: start..<colon):
            readConnection(bytes, colon &+ 1..<end)
        case 14 where bytes.equals("content-length", at: start..<colon):
            try readContentLength(bytes, bytes.trimmed(colon &+ 1..<end))
        case 17 where bytes.equals("transfer-encoding", at: start..<colon):
            try readTransferEncoding(bytes, colon &+ 1..<end)
        default: break
        }
        return end &+ 2
    }

    /// Where the colon stands that ends a header's name, also of one behind a chunked body.
    static func endOfName(_ bytes: RawSpan, at start: Int) throws(HTTP1Failure) -> Int {
        var offset = start
        var byte = bytes.byte(at: offset)
        if byte.isWhiteSpace { throw .foldedHeader }
        while byte.isTokenCharacter {
            offset &+= 1
            byte = bytes.byte(at: offset)
        }
        guard byte == .colon, offset > start else { throw .malformedHeaderName }
        return offset
    }
}

// MARK: - Values

extension HTTP1HeadParser {
    private mutating func readHost(
        _ bytes: RawSpan,
        _ range: Range<Int>
    ) throws(HTTP1Failure) {
        guard !hasHost else { throw .duplicateHost }
        hasHost = true
        for offset in range where !bytes.byte(at: offset).isHostCharacter { throw .malformedHost }
    }

    /// `1*DIGIT`, and only once, though RFC 9110 8.6 allows to take a list of equal ones.
    private mutating func readContentLength(
        _ bytes: RawSpan,
        _ range: Range<Int>
    ) throws(HTTP1Failure) {
        guard contentLength == nil else { throw .duplicateContentLength }
        guard !range.isEmpty else { throw .malformedContentLength }
        var value = 0
        for offset in range {
            let digit = bytes.byte(at: offset) &- 0x30
            guard digit < 10 else { throw .malformedContentLength }
            value = min(value &* 10 &+ Int(digit), Self.hugeByteCount)
        }
        contentLength = value
    }

    private mutating func readConnection(_ bytes: RawSpan, _ range: Range<Int>) {
        forEachElement(of: bytes, range) { element in
            asksToClose = asksToClose || bytes.equals("close", at: element)
            asksToKeepAlive = asksToKeepAlive || bytes.equals("keep-alive", at: element)
        }
    }

    private mutating func readTransferEncoding(
        _ bytes: RawSpan,
        _ range: Range<Int>
    ) throws(HTTP1Failure) {
        guard !isChunked else { throw .malformedTransferEncoding }
        isChunked = bytes.equals("chunked", at: bytes.trimmed(range))
        guard !isChunked else { return }
        var isListOfOthers = true
        forEachElement(of: bytes, range) { element in
            var end = element.lowerBound
            while end < element.upperBound, bytes.byte(at: end).isTokenCharacter { end &+= 1 }
            let name = element.lowerBound..<end
            let isOther = !name.isEmpty && !bytes.equals("chunked", at: name)
            let endsWell =
                end == element.upperBound
                || bytes.byte(at: bytes.trimmed(end..<element.upperBound).lowerBound) == .semicolon
            isListOfOthers = isListOfOthers && isOther && endsWell
        }
        throw isListOfOthers ? .unsupportedTransferCoding : .malformedTransferEncoding
    }

    /// The elements of a list of RFC 9110 5.6.1, without white space around them.
    private func forEachElement(
        of bytes: RawSpan,
        _ range: Range<Int>,
        _ body: (Range<Int>) -> Void
    ) {
        var start = range.lowerBound
        for offset in range where bytes.byte(at: offset) == .comma {
            body(bytes.trimmed(start..<offset))
            start = offset &+ 1
        }
        body(bytes.trimmed(start..<range.upperBound))
    }
}
