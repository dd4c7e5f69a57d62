// SPDX-License-Identifier: Apache-2.0

public import LinnetCodec
public import LinnetConnections

/// What a service does with its connections: the part that users write.
///
/// There is one value for each worker (or each reactor, when handlers run inline), and its calls
/// come one at a time on that thread: its state needs no lock. Of one connection all calls come to
/// the same value: `opened`, then the frames in the order in which they arrived, then `closed`,
/// once and last. Nothing here throws: to turn a peer away is an explicit
/// ``Outbox/close(_:code:)``.
///
/// The code is the same whether the server runs it on workers or inline: see ``Execution``.
public protocol Handler: ~Copyable, SendableMetatype {
    /// The wire that the handler understands.
    associatedtype F: Framing = PacketFraming

    /// A connection is there. By default nothing.
    mutating func opened(_ id: ConnectionID, outbox: inout Outbox)

    /// A frame has arrived. The view is gone when the call returns: keep the payload by its
    /// `lease()`.
    mutating func received(
        _ frame: borrowing FrameView<F>,
        from id: ConnectionID,
        outbox: inout Outbox
    )

    /// A connection has ended. No call for it comes after this one, and what is sent to it is
    /// answered `.closed`. By default nothing.
    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox)

    /// The server begins to stop: connections are ended gracefully after this call. By default
    /// nothing.
    mutating func stopping(outbox: inout Outbox)
}

extension Handler where Self: ~Copyable {
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
}

/// Where handlers run.
public enum Execution: Sendable, Hashable {
    /// On threads of their own, so that a slow handler never holds up the network. A connection
    /// stays with one of the workers.
    case workers(Int)
    /// On the reactor that read the bytes: no hand-over and the best latency, for handlers that
    /// never block.
    case inline
}
