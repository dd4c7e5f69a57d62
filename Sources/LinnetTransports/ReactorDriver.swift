// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
public import LinnetConnections
public import LinnetEvents

/// What a reactor asks of the side that knows the framing and the handler.
///
/// The reactor is not generic. It makes a call for each read and each frame that it writes; what is
/// behind the calls is formed where the types of framing and handler are known, and is specialised
/// there.
///
/// Thread: the reactor's. The closures capture a pointer and nothing else, and are only borrowed,
/// so that no call counts references.
@safe
@usableFromInline
package struct ReactorDriver {
    /// A connection is there: makes its parser, and tells the handler's side. `.full`: not now.
    let open: (ConnectionPlace) -> PushResult
    /// Where the next bytes of a connection are to be read.
    let readSpace: (_ slotIndex: Int, borrowing PacketPool.Magazine) -> StreamTail.ReadSpace
    /// Cuts bytes into frames and delivers them.
    let deliver:
        (
            ConnectionPlace, DeliverySource, inout CreditAccount, borrowing PacketPool.Magazine
        ) -> Delivery
    /// The peer's FIN was read: what is wrong with that, as the failure's number in the framing's
    /// list; `nil` if it is a clean end.
    let endInput: (_ slotIndex: Int) -> Int?
    /// Bytes of the pool that the parser of a connection keeps for an incomplete frame.
    let heldByteCount: (_ slotIndex: Int) -> Int
    /// No frame of the connection is wanted any more: gives back what its parser keeps.
    let dropInput: (_ slotIndex: Int) -> Void
    /// Tells a worker, or the handler here, of what is not a frame.
    let post: (Event, _ workerIndex: Int) -> PushResult
    /// Writes what stands before and behind a payload.
    let writeFrame:
        (
            _ slotIndex: Int, _ payload: UnsafeRawBufferPointer, _ flags: UInt16,
            _ front: UnsafeMutableRawBufferPointer, _ back: UnsafeMutableRawBufferPointer
        ) -> FrameEnds
    /// The next command of a handler that runs here.
    let takeCommand: () -> Command?
    /// The batch ends: wakes who was told something. False if commands of a handler here wait for
    /// room in the queue of another reactor.
    let endBatch: () -> Bool
    /// A connection is gone.
    let forget: (_ slotIndex: Int) -> Void
    /// A connection that we began is open, or ended before it was; once for each. Returns whether
    /// anyone waited for that; if not, one that is open is closed.
    let connected: (ConnectionID, Errno?) -> Bool
    /// Whether handlers run on the reactor.
    let isInline: Bool
    /// What the framing puts before and behind a payload.
    let sendLimits: SendLimits

    @usableFromInline
    package init(
        open: @escaping (ConnectionPlace) -> PushResult,
        readSpace: @escaping (Int, borrowing PacketPool.Magazine) -> StreamTail.ReadSpace,
        deliver:
            @escaping (
                ConnectionPlace, DeliverySource, inout CreditAccount,
                borrowing PacketPool.Magazine
            ) -> Delivery,
        endInput: @escaping (Int) -> Int?,
        heldByteCount: @escaping (Int) -> Int,
        dropInput: @escaping (Int) -> Void,
        post: @escaping (Event, Int) -> PushResult,
        writeFrame:
            @escaping (
                Int, UnsafeRawBufferPointer, UInt16, UnsafeMutableRawBufferPointer,
                UnsafeMutableRawBufferPointer
            ) -> FrameEnds,
        takeCommand: @escaping () -> Command?,
        endBatch: @escaping () -> Bool,
        forget: @escaping (Int) -> Void,
        connected: @escaping (ConnectionID, Errno?) -> Bool,
        isInline: Bool,
        sendLimits: SendLimits
    ) {
        self.open = open
        self.readSpace = readSpace
        self.deliver = deliver
        self.endInput = endInput
        self.heldByteCount = heldByteCount
        self.dropInput = dropInput
        self.post = post
        // SAFETY: it is called with buffers that outlive the call.
        unsafe self.writeFrame = writeFrame
        self.takeCommand = takeCommand
        self.endBatch = endBatch
        self.forget = forget
        self.connected = connected
        self.isInline = isInline
        self.sendLimits = sendLimits
    }
}

/// A connection as a reactor names it to the handler's side.
@frozen
@usableFromInline
package struct ConnectionPlace: BitwiseCopyable, Sendable {
    @usableFromInline package let id: ConnectionID
    @usableFromInline package let workerIndex: Int

    @inlinable
    package init(id: ConnectionID, workerIndex: Int) {
        self.id = id
        self.workerIndex = workerIndex
    }
}

/// Where the bytes stand that are to be delivered.
@frozen
@usableFromInline
package enum DeliverySource: Sendable {
    /// In a block of the reactor's.
    case block(Block, Range<Int>)
    /// Behind the parser's tail: so many were added.
    case tail(addedByteCount: Int)
}

/// What came of bytes that were delivered.
@frozen
@usableFromInline
package struct Delivery: BitwiseCopyable, Sendable {
    @usableFromInline package var frameCount = 0
    @usableFromInline package var outcome = Outcome.all
    /// What the handler has sent to the connection meanwhile, as far as it stands in one piece.
    @usableFromInline package var reply = Reply()

    @frozen
    @usableFromInline
    package enum Outcome: BitwiseCopyable, Sendable {
        /// All frames that were there were delivered.
        case all
        /// Frames wait until credit comes back, or the commands of this connection were obeyed.
        case paused
        /// The worker's queue has no room.
        case refused
        /// What came is not a frame: the failure's number in the framing's list.
        case failed(Int)
    }

    @inlinable
    package init() {}
}

/// Frames for one connection that stand behind each other, ready to go out.
@frozen
@usableFromInline
package struct Reply: BitwiseCopyable, Sendable {
    @usableFromInline package var block = Block.none
    @usableFromInline package var offset = 0
    @usableFromInline package var byteCount = 0
    /// How many frames there are, each with one reference of the block.
    @usableFromInline package var frameCount = 0

    @inlinable
    package init() {}
}

/// How many bytes a framing has written before and behind a payload.
@frozen
@usableFromInline
package struct FrameEnds: BitwiseCopyable, Sendable {
    @usableFromInline package let frontByteCount: Int
    @usableFromInline package let backByteCount: Int

    @inlinable
    package init(frontByteCount: Int, backByteCount: Int) {
        self.frontByteCount = frontByteCount
        self.backByteCount = backByteCount
    }
}
