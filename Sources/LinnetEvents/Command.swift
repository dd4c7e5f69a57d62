// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetConnections

/// What others ask of a reactor, most of it about a connection that it owns: plain data that fits
/// into a cell of a queue.
///
/// `send` and `broadcast` hold one reference of the block in which the payload stands, and `adopt`
/// a descriptor: who takes the command must release or close it. What else there is for a
/// connection that is gone is dropped by the reactor.
@frozen
@usableFromInline
package struct Command: BitwiseCopyable, Sendable {
    @frozen
    @usableFromInline
    package enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// Put the payload behind what goes out already.
        case send
        /// The same for a payload that was copied: before and behind it there is room for what the
        /// framing puts around it.
        case sendInPlace
        /// Put the payload behind what goes out already, in each connection of the reactor but one.
        case broadcast
        /// End the connection gracefully, for `reason`.
        case close
        /// `closed` was called: write out what there is, then end. The last of its connection.
        case finished
        /// Frames were handled: `frameCount` of them with `byteCount` bytes are in flight no more.
        case credit
        /// Read nothing from the connection until `resume`.
        case pause
        /// Read from the connection again.
        case resume
        /// Take over a connection that another thread has reserved, with its `descriptor`.
        case adopt
        /// The server begins to stop: end all connections gracefully.
        case drain
        /// End: close what is left, and take no more commands.
        case end
    }

    @usableFromInline package let id: ConnectionID
    @usableFromInline package let block: Block
    /// Of the payload within the block.
    @usableFromInline package let offset: UInt32
    @usableFromInline package let byteCount: UInt32
    @usableFromInline package let frameCount: UInt32
    /// What the framing's writer is to know: of packets, their flags.
    @usableFromInline package let flags: UInt16
    @usableFromInline package let kind: Kind
    /// Of `close` the reason; of `adopt` the descriptor, and above it whether it connects; of
    /// `broadcast` the connection that is left out.
    @usableFromInline let detail: UInt64

    @inlinable
    @inline(__always)
    init(
        _ kind: Kind,
        _ id: ConnectionID = ConnectionID(rawValue: 0),
        block: Block = .none,
        offset: Int = 0,
        byteCount: Int = 0,
        frameCount: Int = 0,
        flags: UInt16 = 0,
        detail: UInt64 = 0
    ) {
        self.kind = kind
        self.id = id
        self.block = block
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.byteCount = UInt32(truncatingIfNeeded: byteCount)
        self.frameCount = UInt32(truncatingIfNeeded: frameCount)
        self.flags = flags
        self.detail = detail
    }
}

extension Command {
    /// Takes over one reference of the block.
    @inlinable
    @inline(__always)
    package static func send(
        _ id: ConnectionID,
        _ block: Block,
        _ range: Range<Int>,
        flags: UInt16,
        inPlace: Bool = false
    ) -> Command {
        Command(
            inPlace ? .sendInPlace : .send,
            id,
            block: block,
            offset: range.lowerBound,
            byteCount: range.count,
            flags: flags
        )
    }

    /// For all connections of a reactor but `exceptedID`. Takes over one reference of the block.
    package static func broadcast(
        reactorIndex: Int,
        except exceptedID: ConnectionID?,
        _ block: Block,
        _ range: Range<Int>,
        flags: UInt16
    ) -> Command {
        Command(
            .broadcast,
            ConnectionID(generation: 0, reactorIndex: reactorIndex, slotIndex: 0),
            block: block,
            offset: range.lowerBound,
            byteCount: range.count,
            flags: flags,
            detail: exceptedID?.rawValue ?? 0
        )
    }

    package static func close(_ id: ConnectionID, _ reason: CloseReason) -> Command {
        Command(.close, id, detail: reason.rawValue)
    }

    package static func finished(_ id: ConnectionID) -> Command { Command(.finished, id) }

    package static func credit(_ id: ConnectionID, frameCount: Int, byteCount: Int) -> Command {
        Command(.credit, id, byteCount: byteCount, frameCount: frameCount)
    }

    package static func pause(_ id: ConnectionID) -> Command { Command(.pause, id) }
    package static func resume(_ id: ConnectionID) -> Command { Command(.resume, id) }

    /// Takes over the descriptor.
    ///
    /// - Parameters:
    ///   - id: reserved by the caller, whose part as the slot's owner ends here.
    ///   - isConnecting: whether the socket was told to connect and has not done so yet.
    package static func adopt(
        _ id: ConnectionID,
        descriptor: CInt,
        isConnecting: Bool
    ) -> Command {
        let number = UInt64(UInt32(bitPattern: descriptor))
        return Command(.adopt, id, detail: number | (isConnecting ? 1 << 32 : 0))
    }

    /// For the reactor, not for one of its connections.
    package static var drain: Command { Command(.drain) }
    package static var end: Command { Command(.end) }

    /// Whether the command holds a reference of its block.
    @inlinable
    package var holdsBlock: Bool {
        kind == .send || kind == .sendInPlace || kind == .broadcast
    }

    /// The connection that is left out, which may be none: of `broadcast`.
    package var exceptedID: ConnectionID {
        precondition(kind == .broadcast, "a command that broadcasts leaves one out")
        return ConnectionID(rawValue: detail)
    }

    /// Why the connection is to end: of `close`.
    package var reason: CloseReason {
        guard kind == .close, let reason = CloseReason(rawValue: detail) else {
            preconditionFailure("a command that closes has a reason")
        }
        return reason
    }

    /// The connection's socket: of `adopt`.
    package var descriptor: CInt {
        precondition(kind == .adopt, "a command that adopts has a descriptor")
        return CInt(truncatingIfNeeded: detail)
    }

    /// Whether the socket is still connecting: of `adopt`.
    package var isConnecting: Bool {
        precondition(kind == .adopt, "a command that adopts has a descriptor")
        return detail >> 32 != 0
    }
}
