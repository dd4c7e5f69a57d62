// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
public import LinnetConnections
public import LinnetEvents
public import LinnetMessages

/// A service as the handler of a server: it finds the message of each packet, and turns away who
/// sends what the protocol forbids.
///
/// ``Server/start(makeService:)`` makes one of each service; it is public for handlers that do
/// something around it.
@frozen
public struct ServiceHandler<S: Service & ~Copyable>: Handler, ~Copyable {
    public var service: S

    @inlinable
    public init(_ service: consuming S) {
        self.service = service
    }

    @inlinable
    public mutating func opened(_ id: ConnectionID, outbox: inout Outbox) {
        service.opened(id, outbox: &outbox)
    }

    @inlinable
    public mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        do throws(ProtocolError) {
            let message = try ReceivedMessage(packet.payload)
            try service.received(message, from: id, outbox: &outbox)
        } catch {
            service.rejected(error, from: id)
            outbox.close(id, code: error.code)
        }
    }

    @inlinable
    public mutating func closed(
        _ id: ConnectionID,
        reason: CloseReason,
        outbox: inout Outbox
    ) {
        service.closed(id, reason: reason, outbox: &outbox)
    }

    @inlinable
    public mutating func stopping(outbox: inout Outbox) {
        service.stopping(outbox: &outbox)
    }
}

extension ServiceHandler: Copyable where S: Copyable {}

/// The payload of a packet, of which only the number of its message is known. For generated code.
@frozen
public struct ReceivedMessage: BitwiseCopyable, ~Escapable {
    /// Of the message that it says it is.
    public let number: UInt16
    /// All of it.
    public let bytes: RawSpan

    @inlinable
    @_lifetime(copy payload)
    package init(_ payload: RawSpan) throws(ProtocolError) {
        guard payload.byteCount >= 2 else {
            throw .invalidMessage(0, MessageError(.truncated, offset: payload.byteCount))
        }
        number = payload.loadLittleEndian(at: 0)
        bytes = payload
    }

    /// The message, verified.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    public func view<M: Message>(of type: M.Type = M.self) throws(ProtocolError) -> MessageView<M> {
        do throws(MessageError) {
            return try MessageView<M>(verifying: bytes)
        } catch {
            throw .invalidMessage(M.number, error)
        }
    }

    /// The reply that the message is due, if it is a request.
    @inlinable
    public func reply<Wire, Request>(
        to id: ConnectionID,
        _ type: Reply<Wire, Request>.Type = Reply<Wire, Request>.self
    ) -> Reply<Wire, Request> {
        Reply(to: id)
    }
}
