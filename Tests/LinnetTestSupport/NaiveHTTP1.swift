// SPDX-License-Identifier: Apache-2.0

/// A request as the naive decoder has it.
public struct NaiveRequest: Hashable, Sendable {
    public var method = ""
    public var target = ""
    public var minorVersion = 1
    public var headers: [NaiveHeader] = []
    public var body: [UInt8] = []
    public var keepsAlive = true
    /// As they stand on the wire, without a CRLF before them.
    public var bytes: [UInt8] = []

    public init() {}
}

public struct NaiveHeader: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// What the naive decoder found in a whole direction.
public struct NaiveRequests: Hashable, Sendable {
    public var requests: [NaiveRequest] = []
    public var failure: String?

    public init() {}

    /// The same as a framing has it.
    public var frames: NaiveFrames {
        NaiveFrames(payloads: requests.map(\.bytes), failure: failure)
    }
}

/// Requests of HTTP/1.0 and 1.1 in the plainest way: all bytes of a direction at once, one at a
/// time, with strings. It shares no code with Linnet.
public struct NaiveHTTP1: Sendable {
    public var maxLineByteCount = 8_192
    public var maxHeaderCount = 100
    public var maxHeadByteCount = 16_384
    public var maxBodyByteCount = 1_000_000

    public init() {}

    /// Why it goes no further: the name of a failure, or `nil` at the end of the bytes.
    private struct Stop: Error {
        var failure: String?
    }

    public func decode(_ stream: [UInt8]) -> NaiveRequests {
        var found = NaiveRequests()
        var offset = 0
        do throws(Stop) {
            while offset < stream.count {
                let request = try request(stream, &offset)
                found.requests.append(request)
                if !request.keepsAlive { return end(found, behind: stream[offset...]) }
            }
        } catch {
            let isLineEnd = Array(stream[offset...]) == [13, 10]
            found.failure = error.failure ?? (isLineEnd ? nil : "truncated")
        }
        return found
    }

    private func end(_ found: NaiveRequests, behind rest: ArraySlice<UInt8>) -> NaiveRequests {
        var found = found
        if ![[], [13], [13, 10]].contains(Array(rest)) {
            found.failure = "bytes-behind-last-request"
        }
        return found
    }

    private func request(_ stream: [UInt8], _ offset: inout Int) throws(Stop) -> NaiveRequest {
        var start = offset
        if stream[start] == 13 {
            guard start + 1 < stream.count else { throw Stop() }
            guard stream[start + 1] == 10 else { throw Stop(failure: "bare-carriage-return") }
            start += 2
        }
        guard start < stream.count else { throw Stop() }
        if !Self.isToken(stream[start]), !Self.isControl(stream[start]) {
            throw Stop(failure: "malformed-method")
        }
        var lines = Lines(
            stream,
            start,
            maxLineByteCount,
            to: start + maxHeadByteCount,
            beyondEnd: "head-too-large"
        )
        var request = NaiveRequest()
        try readFirstLine(lines.next(ifTooLong: "request-line-too-long"), &request)
        var facts = Facts()
        while true {
            let line = try lines.next(ifTooLong: "header-too-long")
            if line.isEmpty { break }
            let header = try header(line)
            try facts.take(header)
            request.headers.append(header)
            if request.headers.count > maxHeaderCount { throw Stop(failure: "too-many-headers") }
        }
        try facts.judge(&request, maxBodyByteCount)
        let bodyOffset = lines.offset
        if facts.isChunked {
            lines.end = bodyOffset + maxBodyByteCount
            lines.beyondEnd = "body-too-large"
            request.body = try chunks(stream, &lines, headerCount: request.headers.count)
        } else {
            guard stream.count - bodyOffset >= facts.length ?? 0 else { throw Stop() }
            lines.offset += facts.length ?? 0
            request.body = Array(stream[bodyOffset..<lines.offset])
        }
        offset = lines.offset
        request.bytes = Array(stream[start..<offset])
        return request
    }

    // MARK: Lines

    private struct Lines {
        let stream: [UInt8]
        var offset: Int
        let maxByteCount: Int
        var end: Int
        var beyondEnd: String

        init(
            _ stream: [UInt8],
            _ offset: Int,
            _ maxByteCount: Int,
            to end: Int,
            beyondEnd: String
        ) {
            self.stream = stream
            self.offset = offset
            self.maxByteCount = maxByteCount
            self.end = end
            self.beyondEnd = beyondEnd
        }

        func byte(_ index: Int) throws(Stop) -> UInt8 {
            if index >= end { throw Stop(failure: beyondEnd) }
            if index >= stream.count { throw Stop() }
            return stream[index]
        }

        mutating func next(ifTooLong failure: String) throws(Stop) -> String {
            var text = ""
            let start = offset
            while true {
                let byte = try byte(offset)
                if byte == 13 {
                    guard try self.byte(offset + 1) == 10 else {
                        throw Stop(failure: "bare-carriage-return")
                    }
                    offset += 2
                    return text
                }
                if offset - start == maxByteCount { throw Stop(failure: failure) }
                if byte == 10 { throw Stop(failure: "bare-line-feed") }
                if byte != 9, isControl(byte) { throw Stop(failure: "control-byte") }
                text.unicodeScalars.append(Unicode.Scalar(byte))
                offset += 1
            }
        }
    }

    private static func isControl(_ byte: UInt8) -> Bool { byte < 32 || byte == 127 }

    private static func isToken(_ byte: UInt8) -> Bool { isToken(Unicode.Scalar(byte)) }

    private static func isToken(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: "!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar)
        }
    }

    private func readFirstLine(_ line: String, _ request: inout NaiveRequest) throws(Stop) {
        let scalars = Array(line.unicodeScalars)
        let method = scalars.prefix { Self.isToken($0) }
        guard let next = scalars.dropFirst(method.count).first, next != "\t" else {
            throw Stop(failure: "malformed-request-line")
        }
        guard next == " " else { throw Stop(failure: "malformed-method") }
        let rest = scalars.dropFirst(method.count + 1)
        let target = rest.prefix { ("!"..."~").contains($0) }
        guard let next = rest.dropFirst(target.count).first else {
            throw Stop(failure: "malformed-request-line")
        }
        guard next <= " " else { throw Stop(failure: "malformed-target") }
        guard next == " ", !target.isEmpty else { throw Stop(failure: "malformed-request-line") }
        let version = Self.text(rest.dropFirst(target.count + 1))
        switch version {
        case "HTTP/1.0": request.minorVersion = 0
        case "HTTP/1.1": request.minorVersion = 1
        default:
            let digits = "0"..."9" as ClosedRange<Character>
            let parts = version.dropFirst(5).split(separator: ".", omittingEmptySubsequences: false)
            let isVersion =
                version.hasPrefix("HTTP/") && parts.count == 2
                && parts.allSatisfy { $0.count == 1 && $0.allSatisfy(digits.contains) }
            throw Stop(failure: isVersion ? "unsupported-version" : "malformed-request-line")
        }
        request.method = Self.text(method)
        request.target = Self.text(target)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: scalars)
        return String(text)
    }

    private func header(_ line: String) throws(Stop) -> NaiveHeader {
        let scalars = Array(line.unicodeScalars)
        if scalars[0] == " " || scalars[0] == "\t" { throw Stop(failure: "folded-header") }
        let name = scalars.prefix { Self.isToken($0) }
        guard !name.isEmpty, scalars.dropFirst(name.count).first == ":" else {
            throw Stop(failure: "malformed-header-name")
        }
        let value = Self.trimmed(Self.text(scalars.dropFirst(name.count + 1)))
        return NaiveHeader(name: Self.text(name), value: value)
    }

    private static func trimmed(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)[...]
        while scalars.first == " " || scalars.first == "\t" { scalars.removeFirst() }
        while scalars.last == " " || scalars.last == "\t" { scalars.removeLast() }
        return Self.text(scalars)
    }

    // MARK: What headers say

    private struct Facts {
        var hosts = 0
        var length: Int?
        var isChunked = false
        var options: [String] = []

        mutating func take(_ header: NaiveHeader) throws(Stop) {
            let value = header.value
            switch asciiLowercased(header.name) {
            case "host":
                hosts += 1
                if hosts > 1 { throw Stop(failure: "duplicate-host") }
                let others = "-._~%!$&'()*+,;=:[]"
                for scalar in value.unicodeScalars
                where !isLetterOrDigit(scalar) && !others.unicodeScalars.contains(scalar) {
                    throw Stop(failure: "malformed-host")
                }
            case "content-length":
                if length != nil { throw Stop(failure: "duplicate-content-length") }
                guard !value.isEmpty, value.utf8.allSatisfy({ (48...57).contains($0) }) else {
                    throw Stop(failure: "malformed-content-length")
                }
                length = Int(value) ?? Int.max
            case "transfer-encoding":
                if isChunked { throw Stop(failure: "malformed-transfer-encoding") }
                isChunked = true
                guard asciiLowercased(value) != "chunked" else { break }
                let codings = asciiLowercased(value).split(
                    separator: ",",
                    omittingEmptySubsequences: false
                )
                let elements = codings.map { trimmed(String($0)) }
                for coding in elements {
                    let name = text(Array(coding.unicodeScalars).prefix { isToken($0) })
                    let rest = trimmed(String(coding.dropFirst(name.count)))
                    let isRight = rest.isEmpty || rest.unicodeScalars.first == ";"
                    if name.isEmpty || !isRight {
                        throw Stop(failure: "malformed-transfer-encoding")
                    }
                }
                guard elements.firstIndex(of: "chunked") == elements.count - 1 else {
                    throw Stop(failure: "malformed-transfer-encoding")
                }
                throw Stop(failure: "unsupported-transfer-coding")
            case "connection":
                options += value.split(separator: ",").map {
                    asciiLowercased(trimmed(String($0)))
                }
            default: break
            }
        }

        func judge(_ request: inout NaiveRequest, _ maxBodyByteCount: Int) throws(Stop) {
            if hosts == 0, request.minorVersion == 1 { throw Stop(failure: "missing-host") }
            if isChunked, request.minorVersion == 0 {
                throw Stop(failure: "transfer-encoding-in-http-1.0")
            }
            if isChunked, length != nil { throw Stop(failure: "two-body-lengths") }
            if let length, length > maxBodyByteCount { throw Stop(failure: "body-too-large") }
            let stays = request.minorVersion == 1 || options.contains("keep-alive")
            request.keepsAlive = stays && !options.contains("close")
        }
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default: false
        }
    }

    /// Letters beyond ASCII stay as they are.
    private static func asciiLowercased(_ text: String) -> String {
        var small = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isCapital = ("A"..."Z").contains(scalar)
            small.append(isCapital ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar)
        }
        return String(small)
    }

    // MARK: Chunks

    private func chunks(
        _ stream: [UInt8],
        _ lines: inout Lines,
        headerCount: Int
    ) throws(Stop) -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = try lines.next(ifTooLong: "chunk-line-too-long")
            let digits = line.unicodeScalars.prefix {
                $0.isASCII && Character($0).isHexDigit
            }
            let rest = line.unicodeScalars.dropFirst(digits.count)
            guard !digits.isEmpty, rest.isEmpty || rest.first == ";" else {
                throw Stop(failure: "malformed-chunk-size")
            }
            if rest.contains("\t") { throw Stop(failure: "control-byte") }
            let size = Int(String(digits), radix: 16) ?? Int.max
            if size == 0 { break }
            // Behind the chunk come CRLF, the last chunk and an empty line, 7 bytes.
            if size > lines.end - lines.offset - 7 { throw Stop(failure: "body-too-large") }
            for index in lines.offset..<lines.offset + size { body.append(try lines.byte(index)) }
            for (index, wanted) in [13, 10].enumerated() as EnumeratedSequence<[UInt8]> {
                guard try lines.byte(lines.offset + size + index) == wanted else {
                    throw Stop(failure: "malformed-chunk-end")
                }
            }
            lines.offset += size + 2
        }
        var count = headerCount
        while true {
            let line = try lines.next(ifTooLong: "header-too-long")
            if line.isEmpty { return body }
            _ = try header(line)
            count += 1
            if count > maxHeaderCount { throw Stop(failure: "too-many-headers") }
        }
    }
}
