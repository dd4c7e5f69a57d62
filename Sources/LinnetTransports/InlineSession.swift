// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
public import LinnetConnections
public import LinnetEvents

/// The handler's side of a reactor on which handlers run.
///
/// It is `@inlinable`, so that framing and handler are specialised where the user's module starts
/// the server.
///
/// Thread: the reactor's.
@usableFromInline
package struct InlineSession<H: Handler & ~Copyable>: ~Copyable {
    @usableFromInline var parsers: ConnectionParsers<H.F>
    @usableFromInline package var runner: HandlerRunner<H>
    @usableFromInline let sendLimits: SendLimits

    @inlinable
    package init(parsers: consuming ConnectionParsers<H.F>, runner: consuming HandlerRunner<H>) {
        sendLimits = parsers.framing.sendLimits
        self.parsers = parsers
        self.runner = runner
    }

    @inlinable
    mutating func open(_ place: ConnectionPlace) -> PushResult {
        guard runner.outbox.hasRoomForEvent else { return .full }
        parsers.open(place.id.slotIndex)
        _ = runner.handle(.opened(place.id))
        return .queued
    }

    @inlinable
    mutating func deliver(
        _ place: ConnectionPlace,
        _ source: DeliverySource,
        _ magazine: borrowing PacketPool.Magazine
    ) -> Delivery {
        var frameCount = 0
        runner.outbox.endEvents()
        var delivery = parsers.parse(place.id.slotIndex, source, from: magazine) { frame in
            guard runner.outbox.hasRoomForEvent else { return .refuse }
            runner.receive(frame, from: place.id)
            frameCount &+= 1
            return .next
        }
        delivery.frameCount = frameCount
        delivery.reply = completeReply(to: place.id)
        return delivery
    }

    /// Makes frames of the short payloads that the handler has sent to the connection whose frames
    /// it got, where they stand. What else it has asked for the reactor obeys behind them.
    @inlinable
    mutating func completeReply(to id: ConnectionID) -> Reply {
        var reply = Reply()
        let limits = sendLimits
        var bytes = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
        runner.outbox.takeWhile { command in
            guard command.kind == .sendInPlace, command.id == id else { return false }
            let front = limits.frontByteCount
            let start = Int(command.offset) &- front
            let end = Int(command.offset) &+ Int(command.byteCount)
            if reply.frameCount > 0,
                reply.block != command.block || reply.offset &+ reply.byteCount != start
            {
                return false
            }
            // SAFETY: each command holds a reference of the block.
            if reply.frameCount == 0 {
                unsafe bytes = parsers.pool.memory.bytes(of: command.block)
            }
            let byteCount = unsafe parsers.completeFrame(
                id.slotIndex,
                in: bytes,
                payload: Int(command.offset)..<end,
                flags: command.flags,
                room: start..<end &+ limits.backByteCount(flags: command.flags)
            )
            if reply.frameCount == 0 {
                reply.block = command.block
                reply.offset = start
            }
            reply.byteCount &+= byteCount
            reply.frameCount &+= 1
            return true
        }
        return reply
    }

    @inlinable
    mutating func post(_ event: Event) -> PushResult {
        guard runner.outbox.hasRoomForEvent else { return .full }
        _ = runner.handle(parsers.explained(event))
        return .queued
    }

    /// The session as the reactor sees it. `session` stays where it is as long as the driver.
    @unsafe
    @inlinable
    package static func driver(
        _ session: UnsafeMutablePointer<Self>,
        connected: @escaping (ConnectionID, Errno?) -> Bool
    ) -> ReactorDriver {
        // SAFETY of all: the caller keeps the session in its place, and only the reactor's thread
        // calls, one call at a time.
        let framing = unsafe session.pointee.parsers.framing
        return unsafe ReactorDriver(
            open: { unsafe session.pointee.open($0) },
            readSpace: { unsafe session.pointee.parsers.readSpace($0, from: $1) },
            deliver: { place, source, _, magazine in
                unsafe session.pointee.deliver(place, source, magazine)
            },
            endInput: { unsafe session.pointee.parsers.endInput($0) },
            heldByteCount: { unsafe session.pointee.parsers.heldByteCount($0) },
            dropInput: { unsafe session.pointee.parsers.dropInput($0) },
            post: { event, _ in unsafe session.pointee.post(event) },
            writeFrame: {
                unsafe session.pointee.parsers.writeFrame(
                    $0,
                    $1,
                    flags: $2,
                    front: $3,
                    back: $4
                )
            },
            takeCommand: { unsafe session.pointee.runner.outbox.takeNext() },
            endBatch: {
                unsafe session.pointee.runner.outbox.flush()
                return unsafe session.pointee.runner.outbox.isEmpty
            },
            forget: { unsafe session.pointee.parsers.forget($0) },
            connected: connected,
            isInline: true,
            sendLimits: framing.sendLimits
        )
    }
}
