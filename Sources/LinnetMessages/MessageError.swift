// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a message: the first failure in the order of Specs/schema.md §4.1.
public struct MessageError: Error, Hashable, Sendable {
    /// The causes of Specs/schema.md §4, by their names there.
    public enum Cause: String, Sendable, Hashable, CaseIterable {
        case truncated, message, version, shape, ends, presence, bool, enumeration, reserved
        case padding, utf8, range, length, union, count, order
    }

    public var cause: Cause
    /// Of the field, such as `fills[3].note`. Empty for the message itself.
    public var path: String
    /// Of the first byte of what is wrong, from the start of the message.
    public var offset: Int

    public init(_ cause: Cause, path: String = "", offset: Int) {
        self.cause = cause
        self.path = path
        self.offset = offset
    }
}

extension MessageError {
    /// Cold: the message was found invalid; says why.
    @usableFromInline
    @inline(never)
    static func found<Owner: Message>(in bytes: RawSpan, of type: Owner.Type) -> MessageError {
        MessageError(.truncated, offset: bytes.byteCount)
    }
}
