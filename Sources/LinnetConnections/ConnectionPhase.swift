// SPDX-License-Identifier: Apache-2.0

/// How far the life of a connection has come. It goes forward only, and may leave phases out.
@frozen
public enum ConnectionPhase: UInt8, BitwiseCopyable, Hashable, Sendable, CaseIterable {
    /// Not yet usable: connecting, or shaking hands. The handler knows nothing of it.
    case opening
    /// Frames come in and go out.
    case open
    /// Nothing more is read. The handler finishes what was delivered, and may still send.
    case inputEnded
    /// The handler is through. What it has sent is being written.
    case finished
    /// All is written and the peer knows that nothing more comes. What it still sends is discarded,
    /// until it ends too or its time is over.
    case lingering
    /// Released: the name is gone, and the socket is closed or about to be.
    case closed
}

extension ConnectionPhase: Comparable {
    @inlinable
    public static func < (left: ConnectionPhase, right: ConnectionPhase) -> Bool {
        left.rawValue < right.rawValue
    }
}
