// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetConnections

/// What a handler's side asks of the reactor that owns a connection: plain data that fits into a
/// cell of a queue.
///
/// `send` holds one reference of the block in which the payload stands: who takes the command must
/// release it. A command for a connection that is gone is dropped by the reactor.
@frozen
@usableFromInline
package struct Command: BitwiseCopyable, Sendable {
    @frozen
    @usableFromInline
    package enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// Put the payload behind what goes out already.
        case send
        /// End the connection gracefully, for `reason`.
        case close
        /// `closed` was called: write out what there is, then end. The last of its connection.
        case finished
        /// Frames were handled: `frameCount` of them with `byteCount` bytes are in flight no more.
        case credit
    }

    package let id: ConnectionID
    package let block: Block
    /// Of the payload within the block.
    package let offset: UInt32
    package let byteCount: UInt32
    package let frameCount: UInt32
    /// What the framing's writer is to know: of packets, their flags.
    package let flags: UInt16
    package let kind: Kind
    private let packedReason: UInt64

    private init(
        _ kind: Kind,
        _ id: ConnectionID,
        block: Block = .none,
        offset: Int = 0,
        byteCount: Int = 0,
        frameCount: Int = 0,
        flags: UInt16 = 0,
        packedReason: UInt64 = 0
    ) {
        self.kind = kind
        self.id = id
        self.block = block
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.byteCount = UInt32(truncatingIfNeeded: byteCount)
        self.frameCount = UInt32(truncatingIfNeeded: frameCount)
        self.flags = flags
        self.packedReason = packedReason
    }

    /// Takes over one reference of the block.
    static func send(_ id: ConnectionID, _ block: Block, _ range: Range<Int>, flags: UInt16) -> Self
    {
        Command(
            .send,
            id,
            block: block,
            offset: range.lowerBound,
            byteCount: range.count,
            flags: flags
        )
    }

    static func close(_ id: ConnectionID, _ reason: CloseReason) -> Self {
        Command(.close, id, packedReason: reason.rawValue)
    }

    static func finished(_ id: ConnectionID) -> Self { Command(.finished, id) }

    static func credit(_ id: ConnectionID, frameCount: Int, byteCount: Int) -> Self {
        Command(.credit, id, byteCount: byteCount, frameCount: frameCount)
    }

    /// Why the connection is to end: of `close`.
    package var reason: CloseReason {
        guard let reason = CloseReason(rawValue: packedReason) else {
            preconditionFailure("a command that closes has a reason")
        }
        return reason
    }
}
