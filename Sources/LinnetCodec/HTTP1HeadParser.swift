// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

/// Reads a head line by line. Lines have no controls but tabs, and CRLF behind each.
struct HTTP1HeadParser: BitwiseCopyable {
    /// What is known of it so far; flags and lengths once it is whole.
    var head = HTTP1Head()
    private var found = Findings()

    /// What the lines have said so far.
    private struct Findings: OptionSet, BitwiseCopyable {
        let rawValue: UInt8
        static let host = Findings(rawValue: 1)
        static let contentLength = Findings(rawValue: 2)
        static let chunked = Findings(rawValue: 4)
        static let close = Findings(rawValue: 8)
        static let keepAlive = Findings(rawValue: 16)
    }

    /// The head is whole: judges what all lines say together.
    ///
    /// - Parameter byteCount: of the head, with the empty line.
    mutating func conclude(byteCount: Int, _ limits: HTTP1Limits) throws(HTTP1Failure) {
        head.headByteCount = UInt16(byteCount)
        guard found.contains(.host) || head.minorVersion == 0 else { throw .missingHost }
        if !found.contains(.close), head.minorVersion == 1 || found.contains(.keepAlive) {
            head.flags |= HTTP1Head.keepsAliveFlag
        }
        if found.contains(.chunked) {
            guard head.minorVersion == 1 else { throw .transferEncodingInHTTP10 }
            guard !found.contains(.contentLength) else { throw .twoBodyLengths }
            head.flags |= HTTP1Head.isChunkedFlag
        }
        guard head.bodyByteCount <= limits.maxBodyByteCount else { throw .bodyTooLarge }
    }
}

// MARK: - Lines

extension HTTP1HeadParser {
    /// `method SP request-target SP HTTP-version` of RFC 9112 3.
    mutating func readRequestLine(
        _ bytes: RawSpan,
        _ line: Range<Int>
    ) throws(HTTP1Failure) {
        var offset = line.lowerBound
        var word: UInt64 = 0
        var byte = bytes.byte(at: offset)
        while byte.isTokenCharacter {
            // Of a method that is longer some bytes go lost, but it is none of ours.
            word = word &<< 8 | UInt64(byte)
            offset &+= 1
            byte = bytes.byte(at: offset)
        }
        guard byte == .space else {
            throw byte.isWhiteSpace || byte == .carriageReturn
                ? .malformedRequestLine : .malformedMethod
        }
        let methodByteCount = offset &- line.lowerBound
        head.method = methodByteCount <= 8 ? HTTP1Method(word: word) : .other
        head.methodByteCount = UInt16(methodByteCount)
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
        try readVersion(bytes, offset &+ 1..<line.upperBound)
    }

    @inline(__always)
    private mutating func readVersion(
        _ bytes: RawSpan,
        _ range: Range<Int>
    ) throws(HTTP1Failure) {
        guard range.count == 8 else { throw .malformedRequestLine }
        switch bytes.loadLittleEndian(at: range.lowerBound, as: UInt64.self) {
        case 0x312E_312F_5054_5448: head.flags |= HTTP1Head.isHTTP11Flag
        case 0x302E_312F_5054_5448: break
        case let word:
            // "HTTP/", and a point between two digits.
            let isVersion =
                word & 0xFF_FFFF_FFFF == 0x2F_5054_5448
                && word &>> 48 & 0xFF == 0x2E && isDigit(word &>> 40) && isDigit(word &>> 56)
            throw isVersion ? .unsupportedVersion : .malformedRequestLine
        }
    }

    private func isDigit(_ word: UInt64) -> Bool { UInt8(truncatingIfNeeded: word) &- 0x30 < 10 }

    /// `field-line` of RFC 9112 5.
    mutating func readHeader(_ bytes: RawSpan, _ line: Range<Int>) throws(HTTP1Failure) {
        let colon = try Self.endOfName(bytes, at: line.lowerBound)
        let name = line.lowerBound..<colon
        let value = colon &+ 1..<line.upperBound
        switch name.count {
        case 4 where bytes.equals("host", at: name): try readHost(bytes, value)
        case 10 where bytes.equals("connection", at: name): readConnection(bytes, value)
        case 14 where bytes.equals("content-length", at: name):
            try readContentLength(bytes, value)
        case 17 where bytes.equals("transfer-encoding", at: name):
            try readTransferEncoding(bytes, value)
        default: break
        }
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
    private mutating func readHost(_ bytes: RawSpan, _ range: Range<Int>) throws(HTTP1Failure) {
        guard found.insert(.host).inserted else { throw .duplicateHost }
        for offset in bytes.trimmed(range) where !bytes.byte(at: offset).isHostCharacter {
            throw .malformedHost
        }
    }

    /// `1*DIGIT`, and only once, though RFC 9110 8.6 allows to take a list of equal ones.
    private mutating func readContentLength(
        _ bytes: RawSpan,
        _ range: Range<Int>
    ) throws(HTTP1Failure) {
        guard found.insert(.contentLength).inserted else { throw .duplicateContentLength }
        let range = bytes.trimmed(range)
        guard !range.isEmpty else { throw .malformedContentLength }
        var value: UInt64 = 0
        for offset in range {
            let digit = bytes.byte(at: offset) &- 0x30
            guard digit < 10 else { throw .malformedContentLength }
            // A number that is more than any body has stays one.
            value = min(value &* 10 &+ UInt64(digit), UInt64(UInt32.max))
        }
        head.contentByteCount = UInt32(value)
    }

    private mutating func readConnection(_ bytes: RawSpan, _ range: Range<Int>) {
        forEachElement(of: bytes, range) { element in
            if bytes.equals("close", at: element) { found.insert(.close) }
            if bytes.equals("keep-alive", at: element) { found.insert(.keepAlive) }
        }
    }

    private mutating func readTransferEncoding(
        _ bytes: RawSpan,
        _ range: Range<Int>
    ) throws(HTTP1Failure) {
        guard found.insert(.chunked).inserted else { throw .malformedTransferEncoding }
        guard !bytes.equals("chunked", at: bytes.trimmed(range)) else { return }
        // Without `chunked` at the end nobody knows where the body ends (RFC 9112 6.3).
        var isWellFormed = true
        var endsInChunked = false
        forEachElement(of: bytes, range) { element in
            var end = element.lowerBound
            while end < element.upperBound, bytes.byte(at: end).isTokenCharacter { end &+= 1 }
            let name = element.lowerBound..<end
            let rest = bytes.trimmed(end..<element.upperBound)
            let hasParameters = !rest.isEmpty && bytes.byte(at: rest.lowerBound) == .semicolon
            isWellFormed =
                isWellFormed && !endsInChunked && !name.isEmpty && (rest.isEmpty || hasParameters)
            endsInChunked = rest.isEmpty && bytes.equals("chunked", at: name)
        }
        throw isWellFormed && endsInChunked
            ? .unsupportedTransferCoding : .malformedTransferEncoding
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
