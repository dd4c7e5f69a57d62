// SPDX-License-Identifier: Apache-2.0

/// What the table says of a connection: the facts of one moment.
public struct ConnectionFacts: BitwiseCopyable, Hashable, Sendable {
    public var id: ConnectionID
    public var peer: PeerAddress
    public var phase: ConnectionPhase
    /// The worker that handles the connection, for its whole life.
    public var workerIndex: Int
    /// Bytes and frames that came in, and that went out to the kernel.
    public var receivedByteCount: UInt64
    public var receivedFrameCount: UInt64
    public var sentByteCount: UInt64
    public var sentFrameCount: UInt64
    /// When bytes last came in or went out.
    public var lastActivity: MonotonicInstant
    /// Whether as much waits to be written as may: what is sent is answered `.full`.
    public var outboundIsFull: Bool
    /// What was delivered to the worker and not yet given back.
    public var inFlightFrameCount: UInt32
    public var inFlightByteCount: UInt32
}
