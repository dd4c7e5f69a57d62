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

extension MessageError: CustomStringConvertible {
    /// `fills[3].note: not UTF-8, at byte 57 (Specs/schema.md §4.3)`.
    public var description: String {
        let place = path.isEmpty ? "" : path + ": "
        return place + cause.text + ", at byte \(offset) (Specs/schema.md §\(section))"
    }

    /// That says so, as far as the cause tells.
    private var section: String {
        switch cause {
        case .message, .version: "4.1"
        case .truncated, .shape, .ends: path.isEmpty ? "4.1" : "4.3"
        case .bool, .enumeration, .padding, .range: "4.2"
        case .length, .union, .count, .order: "4.3"
        case .presence, .reserved, .utf8: "4"
        }
    }
}

extension MessageError.Cause {
    var text: String {
        switch self {
        case .truncated: "not enough bytes"
        case .message: "not the number of this message"
        case .version: "not a version that has this message"
        case .shape: "not the sizes of this version"
        case .ends: "ends that fall or do not fit"
        case .presence: "absent, but not empty"
        case .bool: "neither 0 nor 1"
        case .enumeration: "not a case of a closed enum"
        case .reserved: "bits that nothing has"
        case .padding: "bytes behind the end of the text"
        case .utf8: "not UTF-8"
        case .range: "out of range"
        case .length: "not a permitted length"
        case .union: "not a value of the union"
        case .count: "not a permitted number of entries"
        case .order: "keys that do not rise"
        }
    }
}

extension MessageError {
    /// Cold: the message was found invalid; says why.
    @usableFromInline
    @inline(never)
    static func found<Owner: Message>(in bytes: RawSpan, of type: Owner.Type) -> MessageError {
        // Code may come without a table, and bytes of a peer do not trap even if it is wrong.
        guard let message = Owner.schema.message(number: Owner.number) else {
            return MessageError(.shape, offset: 0)
        }
        do throws(MessageError) {
            try message.verify(bytes)
        } catch {
            return error
        }
        // Code and table do not say the same: the bytes are refused all the same. Kits look for it.
        return MessageError(.shape, offset: 0)
    }
}
