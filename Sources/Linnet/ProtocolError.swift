// SPDX-License-Identifier: Apache-2.0

public import LinnetConnections
public import LinnetMessages

/// Why a connection cannot go on although its packets are whole: what they carry is not what the
/// protocol allows, or a reply could not be sent (Specs/schema.md §2.5). Messages are named by
/// their numbers.
public enum ProtocolError: Error, Hashable, Sendable {
    /// The protocol has no such message.
    case unknownMessage(UInt16)
    /// The other side may not send that message.
    case wrongSide(UInt16)
    /// The bytes are not that message. 0 if they are too few to say which it is.
    case invalidMessage(UInt16, MessageError)
    /// A server replied with that message, and the oldest open request asked for another or there
    /// was none.
    case unexpectedReply(UInt16)
    /// The reply to that request could not be written.
    case replyNotBuilt(UInt16, BuildError)
    /// The reply to that request found no room: its peer asks and does not read.
    case replyNotSent(UInt16)
}

extension ProtocolError {
    /// What happened, without the details.
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        case unknownMessage = 1
        case wrongSide, invalidMessage, unexpectedReply, replyNotBuilt, replyNotSent
    }

    public var kind: Kind { kindAndMessage.0 }

    /// The number of the message.
    public var message: UInt16 { kindAndMessage.1 }

    /// The code with which the connection is closed: 0xFF, the kind, and the message.
    public var code: UInt32 {
        0xFF00_0000 | UInt32(kind.rawValue) << 16 | UInt32(message)
    }

    private var kindAndMessage: (Kind, UInt16) {
        switch self {
        case .unknownMessage(let number): (.unknownMessage, number)
        case .wrongSide(let number): (.wrongSide, number)
        case .invalidMessage(let number, _): (.invalidMessage, number)
        case .unexpectedReply(let number): (.unexpectedReply, number)
        case .replyNotBuilt(let number, _): (.replyNotBuilt, number)
        case .replyNotSent(let number): (.replyNotSent, number)
        }
    }
}

extension CloseReason {
    /// What was wrong and of which message, if a ``ProtocolError`` ended the connection.
    public var protocolError: (kind: ProtocolError.Kind, message: UInt16)? {
        let code: UInt32
        switch self {
        case .closedByHandler(let found), .closedByApplication(let found): code = found
        default: return nil
        }
        guard
            code >> 24 == 0xFF,
            let kind = ProtocolError.Kind(rawValue: UInt8(truncatingIfNeeded: code >> 16))
        else { return nil }
        return (kind, UInt16(truncatingIfNeeded: code))
    }
}

extension ProtocolError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownMessage(let number): "the protocol has no message \(number)"
        case .wrongSide(let number): "message \(number) is not sent by that side"
        case .invalidMessage(let number, let error):
            "message \(number) is not valid: \(error.cause) at byte \(error.offset)"
                + (error.path.isEmpty ? "" : " (\(error.path))")
        case .unexpectedReply(let number): "message \(number) replies to no open request"
        case .replyNotBuilt(let number, let error): "no reply to message \(number): \(error)"
        case .replyNotSent(let number): "no room for the reply to message \(number)"
        }
    }
}
