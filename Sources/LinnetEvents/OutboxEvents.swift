// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
public import LinnetConnections

// What an outbox does for the side that runs the handler: it follows whose event is handled, gives
// credit back, and posts what waits at the end of a batch.

extension Outbox {
    /// Whether the handler has enough room for one more event: half of it, of which sends may take
    /// the half. To be asked before each event.
    ///
    /// If not, the worker takes no event until a reactor has taken commands. Reactors never wait
    /// for workers, so that comes; but a reactor that took none would stop the worker for the
    /// others too.
    @inlinable
    package var hasRoomForEvent: Bool { stages.fullestCount <= stages.capacity / 2 }

    /// Whether nothing waits for a reactor.
    @usableFromInline
    package var isEmpty: Bool { stages.fullestCount == 0 }

    /// Says whose event is handled from now on.
    @inlinable
    @inline(__always)
    package mutating func begin(_ id: ConnectionID) {
        if id != current { change(to: id) }
    }

    /// Whether frames of the current connection are handled.
    @inlinable
    @inline(__always)
    package var currentIsHandled: Bool { currentStage == .handling }

    @usableFromInline
    mutating func change(to id: ConnectionID) {
        stageCredit()
        current = id
        currentStage = table.handlingStage(of: id)
        currentIsFull = table.outboundIsFull(of: id)
    }

    /// Says that the handler is about to be told of the end of the current connection.
    @usableFromInline
    package mutating func noteClosed() {
        table.setHandlingStage(.closed, of: current)
        currentStage = .closed
    }

    /// Forgets the current connection: what is known of it is read again with its next event.
    @usableFromInline
    package mutating func endEvents() {
        stageCredit()
        current = ConnectionID(rawValue: 0)
        currentStage = .closed
        page.rewind()
    }

    /// Counts a frame of the current connection that was handled, or dropped.
    @inlinable
    package mutating func noteHandled(byteCount: Int) {
        handledFrameCount += 1
        handledByteCount += byteCount
    }

    /// Tells the reactor that the handler's side is done with the current connection.
    @usableFromInline
    package mutating func finish() {
        stageCredit()
        stages.append(.finished(current))
    }

    /// Ends the batch: posts what finds room, and wakes each reactor once.
    @usableFromInline
    package mutating func flush() {
        endEvents()
        let memory = magazine.memory
        stages.flush(except: ownReactorIndex) { Self.giveBack($0, to: memory) }
    }

    /// The next command for the reactor on which this outbox is used; `nil` when it has taken all.
    @usableFromInline
    package mutating func takeNext() -> Command? {
        ownReactorIndex.flatMap { stages.takeNext($0) }
    }

    /// Gives the first commands for the reactor on which this outbox is used to `body`, until it
    /// says that one is not for it.
    @inlinable
    @inline(__always)
    package mutating func takeWhile(_ body: (Command) -> Bool) {
        if let ownReactorIndex { stages.takeWhile(ownReactorIndex, body) }
    }

    private mutating func stageCredit() {
        guard handledFrameCount > 0 else { return }
        stages.append(
            .credit(current, frameCount: handledFrameCount, byteCount: handledByteCount)
        )
        handledFrameCount = 0
        handledByteCount = 0
    }
}
