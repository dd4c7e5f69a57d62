// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// A message that is kept: its bytes where they were received, verified once.
///
/// It may cross threads and outlive the call that delivered it. The bytes count against the limits
/// of their pool until the lease goes away: who wants them for long makes a value, `Quote(lease.view)`.
///
/// Cost: four words, and one reference of a block; nothing is copied. Thread: one owner at a time;
/// the value may be passed on.
public struct MessageLease<Owner: Message>: ~Copyable, Sendable {
    // Invariant: these bytes passed `MessageView.init(verifying:)`.
    private let packet: PacketLease

    /// Verifies what a packet carries (Specs/schema.md §4).
    ///
    /// - Throws: as ``MessageView/init(verifying:)``; then the packet has been given back.
    public init(verifying packet: consuming PacketLease) throws(MessageError) {
        try packet.withBytes { bytes throws(MessageError) in
            _ = try MessageView<Owner>(verifying: bytes)
        }
        self.packet = packet
    }

    /// The message, for as long as the lease is held.
    public var view: MessageView<Owner> {
        @_lifetime(borrow self)
        get {
            // SAFETY: the initializer verified these very bytes, and nobody writes them.
            unsafe MessageView(unverified: packet.bytes)
        }
    }

    /// The bytes, for as long as the lease is held.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get { packet.bytes }
    }

    /// Another lease of the same message. O(1), nothing is copied.
    public borrowing func shared() -> MessageLease {
        MessageLease(verified: packet.shared())
    }

    /// The packet that the message came in, to be sent on.
    public consuming func intoPacket() -> PacketLease {
        packet
    }

    private init(verified packet: consuming PacketLease) {
        self.packet = packet
    }
}
