// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a request that is served. The raw value is the cause's stable name.
public enum HTTP1Failure: String, Error, Hashable, Sendable, CaseIterable {
    case controlByte = "control-byte"
    case bareLineFeed = "bare-line-feed"
    case bareCarriageReturn = "bare-carriage-return"
    case malformedRequestLine = "malformed-request-line"
    case malformedMethod = "malformed-method"
    case malformedTarget = "malformed-target"
    case unsupportedVersion = "unsupported-version"
    case foldedHeader = "folded-header"
    case malformedHeaderName = "malformed-header-name"
    case missingHost = "missing-host"
    case duplicateHost = "duplicate-host"
    case malformedHost = "malformed-host"
    case malformedContentLength = "malformed-content-length"
    case duplicateContentLength = "duplicate-content-length"
    case malformedTransferEncoding = "malformed-transfer-encoding"
    case unsupportedTransferCoding = "unsupported-transfer-coding"
    case transferEncodingInHTTP10 = "transfer-encoding-in-http-1.0"
    case twoBodyLengths = "two-body-lengths"
    case malformedChunkSize = "malformed-chunk-size"
    case chunkLineTooLong = "chunk-line-too-long"
    case malformedChunkEnd = "malformed-chunk-end"
    case requestLineTooLong = "request-line-too-long"
    case headerTooLong = "header-too-long"
    case tooManyHeaders = "too-many-headers"
    case headTooLarge = "head-too-large"
    case bodyTooLarge = "body-too-large"
    case truncated = "truncated"
    case bytesBehindLastRequest = "bytes-behind-last-request"

    /// The status that the peer is answered. RFC 9110 15.5 and 15.6, RFC 6585 5.
    public var status: Int {
        switch self {
        case .bodyTooLarge: 413
        case .requestLineTooLong: 414
        case .headerTooLong, .tooManyHeaders, .headTooLarge: 431
        case .unsupportedTransferCoding: 501
        case .unsupportedVersion: 505
        default: 400
        }
    }
}

extension HTTP1Failure: CustomStringConvertible {
    /// `bare-line-feed: a line ends in LF without CR (RFC 9112 2.2)`
    public var description: String { "\(rawValue): \(explanation)" }

    private var explanation: String {
        switch self {
        case .controlByte: "a control byte stands in a line (RFC 9110 5.5)"
        case .bareLineFeed: "a line ends in LF without CR (RFC 9112 2.2)"
        case .bareCarriageReturn: "CR stands without LF (RFC 9112 2.2)"
        case .malformedRequestLine: "the first line is not METHOD TARGET HTTP/1.1 (RFC 9112 3)"
        case .malformedMethod: "the method is not a token (RFC 9110 9.1)"
        case .malformedTarget: "the target has bytes that no URI has (RFC 9112 3.2)"
        case .unsupportedVersion: "only HTTP/1.0 and HTTP/1.1 are spoken (RFC 9112 2.3)"
        case .foldedHeader: "a header line begins with white space (RFC 9112 5.2)"
        case .malformedHeaderName: "a header has no name that ends in a colon (RFC 9112 5.1)"
        case .missingHost: "HTTP/1.1 needs a Host (RFC 9112 3.2)"
        case .duplicateHost: "there is more than one Host (RFC 9112 3.2)"
        case .malformedHost: "the Host has bytes that no host has (RFC 9112 3.2)"
        case .malformedContentLength: "Content-Length is not a number (RFC 9110 8.6)"
        case .duplicateContentLength: "there is more than one Content-Length (RFC 9110 8.6)"
        case .malformedTransferEncoding:
            "Transfer-Encoding is not a list that ends in chunked (RFC 9112 6.3)"
        case .unsupportedTransferCoding: "chunked is the only coding that is read (RFC 9112 6.1)"
        case .transferEncodingInHTTP10: "HTTP/1.0 has no Transfer-Encoding (RFC 9112 6.1)"
        case .twoBodyLengths: "Content-Length stands beside Transfer-Encoding (RFC 9112 6.1)"
        case .malformedChunkSize: "the size of a chunk is not hexadecimal digits (RFC 9112 7.1)"
        case .chunkLineTooLong: "the extensions of a chunk are too long (RFC 9112 7.1.1)"
        case .malformedChunkEnd: "no CRLF stands behind a chunk (RFC 9112 7.1)"
        case .requestLineTooLong: "the first line is too long (RFC 9112 3)"
        case .headerTooLong: "a header is too long (RFC 6585 5)"
        case .tooManyHeaders: "there are too many headers (RFC 6585 5)"
        case .headTooLarge: "the headers are too large (RFC 6585 5)"
        case .bodyTooLarge: "the body is too large (RFC 9110 15.5.14)"
        case .truncated: "the stream ended inside a request (RFC 9112 8)"
        case .bytesBehindLastRequest:
            "bytes came behind a request that ends the connection (RFC 9112 9.6)"
        }
    }

    /// A whole response that says so. Empty when the answer to the last request has said it.
    var response: [UInt8] {
        guard self != .bytesBehindLastRequest else { return [] }
        let reason =
            switch status {
            case 413: "Content Too Large"
            case 414: "URI Too Long"
            case 431: "Request Header Fields Too Large"
            case 501: "Not Implemented"
            case 505: "HTTP Version Not Supported"
            default: "Bad Request"
            }
        let text = "\(description)\n"
        let lines = [
            "HTTP/1.1 \(status) \(reason)", "Content-Length: \(text.utf8.count)",
            "Content-Type: text/plain", "Connection: close", "", text,
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
