// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

/// The status of a response: three digits, and a few words for people, which clients ignore. RFC
/// 9110 15.
public struct HTTP1Status: Hashable, Sendable {
    public let code: Int
    /// As it stands in the first line.
    public let text: StaticString

    /// A status that has no name here, such as `HTTP1Status("418 I'm a teapot")`.
    ///
    /// - Parameter text: a number from 200 to 599, a space, and words; at most 64 printable ASCII
    ///   characters. Traps if it is not.
    public init(_ text: StaticString) {
        let bytes = RawSpan(text: text)
        precondition((5...Self.maxByteCount).contains(bytes.byteCount), "a status is a few words")
        var code = 0
        for offset in 0..<bytes.byteCount {
            let byte = bytes.byte(at: offset)
            precondition((0x20...0x7E).contains(byte), "a status is printable")
            guard offset < 3 else { continue }
            precondition((0x30...0x39).contains(byte), "a status begins with three digits")
            code = code * 10 + Int(byte - 0x30)
        }
        precondition(bytes.byte(at: 3) == 0x20, "a space stands behind the number of a status")
        precondition((200...599).contains(code), "a response has a status from 200 to 599")
        self.init(code, text)
    }

    private init(_ code: Int, _ text: StaticString) {
        self.code = code
        self.text = text
    }

    static let maxByteCount = 64

    public static func == (left: HTTP1Status, right: HTTP1Status) -> Bool {
        left.code == right.code
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// Whether a response has neither body nor length. RFC 9112 6.3.
    var hasNoBody: Bool { code == 204 || code == 304 }

    public static let ok = HTTP1Status(200, "200 OK")
    public static let created = HTTP1Status(201, "201 Created")
    public static let accepted = HTTP1Status(202, "202 Accepted")
    public static let noContent = HTTP1Status(204, "204 No Content")
    public static let movedPermanently = HTTP1Status(301, "301 Moved Permanently")
    public static let found = HTTP1Status(302, "302 Found")
    public static let seeOther = HTTP1Status(303, "303 See Other")
    public static let notModified = HTTP1Status(304, "304 Not Modified")
    public static let badRequest = HTTP1Status(400, "400 Bad Request")
    public static let unauthorized = HTTP1Status(401, "401 Unauthorized")
    public static let forbidden = HTTP1Status(403, "403 Forbidden")
    public static let notFound = HTTP1Status(404, "404 Not Found")
    public static let methodNotAllowed = HTTP1Status(405, "405 Method Not Allowed")
    public static let conflict = HTTP1Status(409, "409 Conflict")
    public static let preconditionFailed = HTTP1Status(412, "412 Precondition Failed")
    public static let contentTooLarge = HTTP1Status(413, "413 Content Too Large")
    public static let unsupportedMediaType = HTTP1Status(415, "415 Unsupported Media Type")
    public static let tooManyRequests = HTTP1Status(429, "429 Too Many Requests")
    public static let internalServerError = HTTP1Status(500, "500 Internal Server Error")
    public static let notImplemented = HTTP1Status(501, "501 Not Implemented")
    public static let serviceUnavailable = HTTP1Status(503, "503 Service Unavailable")
}
