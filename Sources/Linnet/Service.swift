// SPDX-License-Identifier: Apache-2.0

public import LinnetConnections
public import LinnetEvents

/// What a server does with the messages of a `protocol`: a ``Handler`` one step up.
///
/// Users implement the protocol that is generated of theirs, which refines this one and has a
/// method for each message that a client may send:
///
/// ```swift
/// struct Board: PricesService {
///     mutating func subscribe(
///         _ message: Subscribe.View, from id: ConnectionID, outbox: inout Outbox
///     ) {
///         _ = try? outbox.send(Quote(instrument: message.instrument), to: id)
///     }
///
///     mutating func lookup(
///         _ request: Lookup.View,
///         from id: ConnectionID,
///         reply: consuming Reply<Prices, Lookup>,
///         outbox: inout Outbox
///     ) -> Replied {
///         reply.instrument(through: &outbox) { instrument in
///             instrument.number = request.instrument
///             return instrument.put(.name, "LNNT").done()
///         }
///     }
/// }
/// try Server(configuration).run { _ in Board() }
/// ```
///
/// All promises of ``Handler`` hold. Besides: a method gets messages that were verified; each
/// request is answered exactly once, which the compiler checks, and so replies leave in the order
/// of the requests; who sends what the protocol forbids is turned away after what came before was
/// answered, and no bytes of a peer trap.
public protocol Service: ~Copyable, SendableMetatype {
    /// The protocol that is served.
    associatedtype Wire: WireProtocol

    /// A connection is there. By default nothing.
    mutating func opened(_ id: ConnectionID, outbox: inout Outbox)

    /// A connection has ended: see ``Handler/closed(_:reason:outbox:)``. By default nothing.
    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox)

    /// The server begins to stop: see ``Handler/stopping(outbox:)``. By default nothing.
    mutating func stopping(outbox: inout Outbox)

    /// A connection is about to be closed because of what its peer sent, or because a reply could
    /// not be sent. To log it, or to count: `closed` follows, with the error's code. By default
    /// nothing.
    mutating func rejected(_ error: ProtocolError, from id: ConnectionID)

    /// Calls the method of the message. Generated.
    ///
    /// - Throws: what is wrong with the message, or with the reply to it.
    mutating func received(
        _ message: ReceivedMessage,
        from id: ConnectionID,
        outbox: inout Outbox
    ) throws(ProtocolError)
}

extension Service where Self: ~Copyable {
    @inlinable
    public mutating func opened(_ id: ConnectionID, outbox: inout Outbox) {}

    @inlinable
    public mutating func closed(
        _ id: ConnectionID,
        reason: CloseReason,
        outbox: inout Outbox
    ) {}

    @inlinable
    public mutating func stopping(outbox: inout Outbox) {}

    @inlinable
    public mutating func rejected(_ error: ProtocolError, from id: ConnectionID) {}
}
