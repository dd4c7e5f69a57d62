// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

/// The status of a response: a number, and a few words for people, which clients ignore. RFC 9110
/// 15.
public struct HTTP1Status: Hashable, Sendable {
    public let code: Int
    public let reason: StaticString

    /// A status that has no name here.
    ///
    /// - Parameters:
    ///   - code: from 200 to 599, else this traps.
    ///   - reason: 2 to 64 printable ASCII characters, else this traps.
    public init(code: Int, reason: StaticString) {
        precondition((200...599).contains(code), "a response has a status from 200 to 599")
        let length = reason.utf8CodeUnitCount
        precondition((2...Self.maxReasonByteCount).contains(length), "a reason is a few words")
        let bytes = RawSpan(text: reason)
        for offset in 0..<length {
            let byte = bytes.loadLittleEndian(at: offset, as: UInt8.self)
            precondition((0x20...0x7E).contains(byte), "a reason is printable")
        }
        self.init(code, reason)
    }

    private init(_ code: Int, _ reason: StaticString) {
        self.code = code
        self.reason = reason
    }

    static let maxReasonByteCount = 64

    public static func == (left: HTTP1Status, right: HTTP1Status) -> Bool {
        left.code == right.code
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(code) }

    /// Whether a response has neither body nor length. RFC 9112 6.3.
    var hasNoBody: Bool { code == 204 || code == 304 }

    public static let ok = HTTP1Status(200, "OK")
    public static let created = HTTP1Status(201, "Created")
    public static let accepted = HTTP1Status(202, "Accepted")
    public static let noContent = HTTP1Status(204, "No Content")
    public static let movedPermanently = HTTP1Status(301, "Moved Permanently")
    public static let found = HTTP1Status(302, "Found")
    public static let seeOther = HTTP1Status(303, "See Other")
    public static let notModified = HTTP1Status(304, "Not Modified")
    public static let badRequest = HTTP1Status(400, "Bad Request")
    public static let unauthorized = HTTP1Status(401, "Unauthorized")
    public static let forbidden = HTTP1Status(403, "Forbidden")
    public static let notFound = HTTP1Status(404, "Not Found")
    public static let methodNotAllowed = HTTP1Status(405, "Method Not Allowed")
    public static let conflict = HTTP1Status(409, "Conflict")
    public static let preconditionFailed = HTTP1Status(412, "Precondition Failed")
    public static let contentTooLarge = HTTP1Status(413, "Content Too Large")
    public static let unsupportedMediaType = HTTP1Status(415, "Unsupported Media Type")
    public static let tooManyRequests = HTTP1Status(429, "Too Many Requests")
    public static let internalServerError = HTTP1Status(500, "Internal Server Error")
    public static let notImplemented = HTTP1Status(501, "Not Implemented")
    public static let serviceUnavailable = HTTP1Status(503, "Service Unavailable")
}
