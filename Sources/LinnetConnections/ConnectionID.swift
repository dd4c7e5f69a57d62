// SPDX-License-Identifier: Apache-2.0

// LinnetConnections owns what is known of connections and when they end: their names, the table
// that all threads may read, the life cycle, credits and close reasons. It does no IO, and its
// machines own no clock. It promises that a name whose connection is gone is recognised, whatever
// became of its slot, and that who reads the table sees the facts of one moment of one connection,
// or nothing. It imports LinnetBytes.

/// The name of a connection: plain data that any thread may keep for as long as it likes.
///
/// A connection has a slot of the ``ConnectionTable``, in the part of the one reactor that owns it.
/// Slots are used again, names are not: the generation of a slot is odd while a connection has it
/// and even while it is free, and grows by one at each change. So an old name names nothing, until
/// the same slot was used 2^31 times.
///
/// It prints as `reactor.slot#generation`: `0.17#3`.
@frozen
public struct ConnectionID: BitwiseCopyable, Hashable, Sendable {
    /// Generation in the upper 32 bits, reactor in the next 8, slot in the lower 24.
    public let rawValue: UInt64

    /// How many reactors and how many slots of each can be named.
    public static let maxReactorCount = 1 << 8
    public static let maxSlotCount = 1 << 24

    /// The name that these bits are, whether such a connection exists or not.
    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    @inlinable
    package init(generation: UInt32, reactorIndex: Int, slotIndex: Int) {
        assert(reactorIndex >= 0 && reactorIndex < Self.maxReactorCount)
        assert(slotIndex >= 0 && slotIndex < Self.maxSlotCount)
        let place = UInt64(truncatingIfNeeded: reactorIndex << 24 | slotIndex)
        rawValue = UInt64(generation) << 32 | place
    }

    /// Grows each time the slot is taken or freed.
    @inlinable
    public var generation: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }
    /// The reactor that owns the connection.
    @inlinable
    public var reactorIndex: Int { Int(truncatingIfNeeded: rawValue >> 24 & 0xFF) }
    /// The slot within the reactor's part of the table.
    @inlinable
    public var slotIndex: Int { Int(truncatingIfNeeded: rawValue & 0xFF_FFFF) }
}

extension ConnectionID: CustomStringConvertible {
    public var description: String { "\(reactorIndex).\(slotIndex)#\(generation)" }
}
