// SPDX-License-Identifier: Apache-2.0

public import LinnetConnections
public import LinnetEvents
public import LinnetMessages

/// The reply to a request: the method of a service that gets one must use it up to return.
///
/// There are generated methods for each message that may answer: `reply.instrument(through:_:)`
/// builds it in place, `reply.instrument(_:through:)` sends a value.
///
/// The connection is closed if the reply cannot be written or finds no room: without it those that
/// follow would be taken for it (Specs/schema.md §2.5.1).
@frozen
public struct Reply<Wire: WireProtocol, Request: Message>: ~Copyable, Sendable {
    /// Who asked.
    public let id: ConnectionID

    @inlinable
    init(to id: ConnectionID) {
        self.id = id
    }

    /// Replies with a message that is built in place. For generated code, which knows what may
    /// answer.
    @inlinable
    @inline(__always)
    public consuming func send<M: Message>(
        building type: M.Type,
        through outbox: inout Outbox,
        atMost maxByteCount: Int = M.maxByteCount,
        _ body: (consuming MessageBuilder<M, M.Start>) -> Sealed<M>
    ) -> Replied {
        do throws(BuildError) {
            let result = try outbox.send(type, to: id, atMost: maxByteCount, body)
            return Replied(Request.number, result)
        } catch {
            return Replied(.replyNotBuilt(Request.number, error))
        }
    }

    /// Replies with a message. For generated code, which knows what may answer.
    @inlinable
    public consuming func send<M: Message>(
        message: M,
        through outbox: inout Outbox
    ) -> Replied {
        do throws(BuildError) {
            return Replied(Request.number, try outbox.send(message, to: id))
        } catch {
            return Replied(.replyNotBuilt(Request.number, error))
        }
    }
}

/// Says that a request was answered. Only a ``Reply`` makes one, so that what must return it has
/// replied exactly once.
@frozen
public struct Replied: ~Copyable, Sendable {
    @usableFromInline let error: ProtocolError?

    @inlinable
    init(_ error: ProtocolError) {
        self.error = error
    }

    @inlinable
    init(_ request: UInt16, _ result: SendResult) {
        error =
            switch result {
            // Who has gone misses no reply.
            case .queued, .closed: nil
            case .full, .refused: .replyNotSent(request)
            }
    }

    /// For generated code.
    @inlinable
    @inline(__always)
    public consuming func check() throws(ProtocolError) {
        if let error { throw error }
    }
}
