// SPDX-License-Identifier: Apache-2.0

/// What a connection and a reactor may take of the server, beside the pool and the queues.
public struct TransportLimits: Hashable, Sendable {
    /// Bytes read from one connection before the others get their turn. 65,536 by default: one full
    /// read. What a flood of many connections costs the others is their number times this, read and
    /// perhaps written; more at a time would hardly be faster.
    public var maxTurnByteCount = 65_536
    /// Outbound bytes of one connection above which its frames are not delivered any more, until
    /// half of them are written: who does not read is not answered either. Connections that this
    /// process began are read all the same: two that wait for each other to read never go on. A
    /// connection of which the kernel takes nothing is closed after the write deadline, and one
    /// above the mark if it is not at half of it by then and the kernel has not taken as much as
    /// the mark either. 65,536 by default: what a fast peer takes in one round trip.
    public var outboundHighWaterByteCount = 65_536
    /// Outbound bytes of one connection at which sends to it are refused. 4,194,304 by default:
    /// four of the longest packets. At most 1 GiB.
    public var maxOutboundByteCount = 4_194_304
    /// Pieces of outbound of all connections of one reactor: runs of small packets, and payloads
    /// that are written from where they stand. 262,144 by default, 28 bytes each as they are used.
    public var maxOutboundPieceCount = 262_144
    /// Payloads up to so many bytes are copied behind each other and leave in one piece; longer
    /// ones are written from where they stand. 1,024 by default: to copy so much costs less than a
    /// piece of its own.
    public var maxCopiedByteCount = 1_024
    /// Connections taken from a listener before others get their turn. 64 by default.
    public var maxAcceptCount = 64

    public init() {}

    /// Traps if a limit makes no sense: what is configured is the programmer's.
    package func check() {
        precondition(maxTurnByteCount >= 1, "a turn has room for a byte")
        precondition(
            outboundHighWaterByteCount >= 1 && maxOutboundByteCount >= outboundHighWaterByteCount
                && maxOutboundByteCount <= 1 << 30,
            "outbound has a high-water mark, and a limit not below it and not above 1 GiB"
        )
        precondition(
            (4...1 << 28).contains(maxOutboundPieceCount),
            "a reactor keeps 4 to 2^28 pieces of outbound"
        )
        precondition(maxCopiedByteCount >= 0, "payloads have no negative length")
        precondition(maxAcceptCount >= 1, "a listener has its turn")
    }
}

/// How new connections find their reactor.
public enum Balance: String, CaseIterable, Hashable, Sendable {
    /// Each reactor listens for itself and the kernel chooses by a hash of the addresses
    /// (`SO_REUSEPORT`). The cheapest; uneven when connections are few and long. On Unix sockets a
    /// reactor that sleeps takes the connection.
    case reusePort = "reuse-port"
    /// The first reactor accepts for all, and gives them out in turns.
    case roundRobin = "round-robin"
    /// The first reactor accepts for all; the number of the socket decides.
    case descriptorHash = "fd-hash"
    /// The first reactor accepts for all; who has fewest connections gets the next.
    case leastConnections = "least-connections"
}
