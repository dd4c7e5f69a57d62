// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// A message that is kept: its bytes where they were received, verified once.
///
/// It may cross threads, be stored, and outlive the call that delivered it. The bytes count against
/// the limits of their pool until the last reference goes away: who wants them for long makes a
/// value, `Quote(lease.view)`.
///
/// Version 6.3 of the compiler breaks where a view is taken of what a throwing call has just
/// returned, as in `try await client.lookup(request).view`: name the lease first.
///
/// Cost: one object and one reference of a block; nothing is copied. Thread: any.
@safe
public final class MessageLease<Owner: Message>: @unchecked Sendable {
    // Sendable: nothing changes, and a lease may cross threads.
    // Invariant: `start` and `byteCount` are the packet's bytes, which stay where they are and are
    // not written as long as it is held; they passed `MessageView.init(verifying:)`.
    private let packet: PacketLease
    private let start: UnsafeRawPointer?
    private let byteCount: Int

    /// Verifies what a packet carries (Specs/schema.md §4).
    ///
    /// - Throws: as ``MessageView/init(verifying:)``; then the packet has been given back.
    public init(verifying packet: consuming PacketLease) throws(MessageError) {
        try packet.withBytes { bytes throws(MessageError) in
            _ = try MessageView<Owner>(verifying: bytes)
        }
        // SAFETY: the block does not move, and is held by what is stored below.
        unsafe start = packet.withBytes { unsafe $0.withUnsafeBytes { $0.baseAddress } }
        byteCount = packet.byteCount
        self.packet = packet
    }

    /// The message, for as long as the lease is held.
    public var view: MessageView<Owner> {
        @_lifetime(borrow self)
        get {
            // SAFETY: the initializer verified these very bytes.
            let view = unsafe MessageView<Owner>(unverified: bytes)
            return unsafe _overrideLifetime(view, borrowing: self)
        }
    }

    /// A copy of the message. Allocates for texts, bytes, lists and groups.
    public var value: Owner { Owner(view) }

    /// The bytes, for as long as the lease is held.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // SAFETY: as the invariant says; the result cannot outlive the borrow.
            let bytes = unsafe RawSpan(
                _unsafeBytes: UnsafeRawBufferPointer(start: start, count: byteCount)
            )
            return unsafe _overrideLifetime(bytes, borrowing: self)
        }
    }

    /// The packet that the message came in, to be sent on. O(1), nothing is copied.
    public func packetLease() -> PacketLease {
        packet.shared()
    }
}
