// SPDX-License-Identifier: Apache-2.0

public import LinnetCodec

/// A `protocol` of a schema: what packets carry, and who may send it (Specs/schema.md §2.5).
///
/// Conformances are generated, with all that goes with them. Of `protocol Prices` these are
///
/// - `Prices`, which conforms to this;
/// - `PricesService`, which a server's part implements: one method for each message that the client
///   sends or asks (see ``Service``);
/// - methods of `Reply<Prices, …>`, one for each message that may answer;
/// - `PricesClient`, with the same methods as the service has (see ``TypedClient``), and
///   `PricesEvent`, what the server sends on its own.
public protocol WireProtocol: SendableMetatype {
    /// Of all packets.
    static var magic: UInt32 { get }
    /// Versions of the protocol that both sides accept. They write the newest.
    static var versions: ClosedRange<UInt16> { get }
    /// The longest packet in bytes, header included.
    static var maxPacketByteCount: Int { get }
    /// Numbers of the messages that a server sends on its own.
    static var events: [UInt16] { get }
    /// What a client asks, and what may answer.
    static var exchanges: [Exchange] { get }
}

/// A request and its replies, by the numbers of their messages.
public struct Exchange: Sendable, Hashable {
    public var request: UInt16
    /// The response, then the errors that may come instead.
    public var replies: [UInt16]

    public init(request: UInt16, replies: [UInt16]) {
        self.request = request
        self.replies = replies
    }
}

extension WireProtocol {
    /// The packets of the protocol, for servers and clients.
    public static var framing: PacketFraming {
        PacketFraming(
            magic: magic,
            limits: PacketLimits(versions: versions, maxPacketByteCount: maxPacketByteCount)
        )
    }
}
