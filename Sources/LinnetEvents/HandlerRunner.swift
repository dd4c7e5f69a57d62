// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
public import LinnetConnections

/// A handler and what its calls need: the one place that calls handlers, on a worker or inline.
///
/// It keeps the promises of ``Handler``: a frame whose connection is gone or was closed by its
/// handler is dropped and counted, nothing is called behind `closed`, and before `closed` is called
/// the connection is marked, so that from then on every send to it is answered `.closed`.
///
/// It is `@inlinable`, so that framing and handler are specialised where the user's module starts
/// it.
///
/// Thread: that of its worker or reactor.
@frozen
@usableFromInline
package struct HandlerRunner<H: Handler & ~Copyable>: ~Copyable {
    @usableFromInline package var handler: H
    @usableFromInline package var outbox: Outbox
    @usableFromInline let table: TableMemory
    @usableFromInline let pool: PoolMemory
    /// Frames that were handed to the handler, and frames that were dropped because their
    /// connection was gone or closed.
    @usableFromInline package var handledFrameCount = 0
    @usableFromInline package var droppedFrameCount = 0

    /// - Parameter pool: where frames stand.
    @inlinable
    package init(
        handler: consuming H,
        outbox: consuming Outbox,
        table: TableMemory,
        pool: PoolMemory
    ) {
        self.handler = handler
        self.outbox = outbox
        self.table = table
        self.pool = pool
    }

    /// Calls the handler for an event. The caller has made sure that ``Outbox/hasRoomForEvent``.
    ///
    /// - Returns: false if the worker is to end.
    @inlinable
    package mutating func handle(_ event: Event) -> Bool {
        switch event.kind {
        case .frame: receive(event)
        case .opened: open(event.id)
        case .inputEnded: endInput(event)
        case .closed: close(event.id, reason: event.reason)
        case .stopping: handler.stopping(outbox: &outbox)
        case .stop: return false
        }
        return true
    }

    @inlinable
    @inline(__always)
    mutating func receive(_ event: Event) {
        outbox.begin(event.id)
        if outbox.currentIsHandled, table.contains(event.id) {
            let offset = Int(event.offset)
            let byteCount = Int(event.byteCount)
            // SAFETY: the event holds a reference of the block until it is released below, and
            // nobody writes these bytes meanwhile; the range was one of the block when it was read,
            // and is checked again.
            let all = unsafe UnsafeRawBufferPointer(pool.bytes(of: event.block))
            let bytes = unsafe RawSpan(
                _unsafeBytes: UnsafeRawBufferPointer(rebasing: all[offset..<offset + byteCount])
            )
            let home = FrameHome(
                memory: pool,
                block: event.block,
                offset: offset,
                prefersOwnBlock: event.prefersOwnBlock
            )
            let view = FrameView<H.F>(payload: bytes, metadata: event.metadata.load(), home: home)
            handler.received(view, from: event.id, outbox: &outbox)
            handledFrameCount &+= 1
        } else {
            droppedFrameCount &+= 1
        }
        pool.release(event.block)
        outbox.noteHandled(byteCount: Int(event.byteCount))
    }

    /// Calls the handler for a frame that still stands where it was read: inline.
    ///
    /// The reactor has made sure that ``Outbox/hasRoomForEvent``, and calls ``Outbox/endEvents()``
    /// before each read: while frames of one read are handled their connection cannot go.
    @inlinable
    package mutating func receive(_ frame: borrowing FrameView<H.F>, from id: ConnectionID) {
        outbox.begin(id)
        guard outbox.currentIsHandled else {
            droppedFrameCount &+= 1
            return
        }
        handler.received(frame, from: id, outbox: &outbox)
        handledFrameCount &+= 1
    }

    @inlinable
    mutating func open(_ id: ConnectionID) {
        outbox.begin(id)
        handler.opened(id, outbox: &outbox)
    }

    /// Everything before the end was handled: says goodbye, and tells the reactor.
    @inlinable
    mutating func endInput(_ event: Event) {
        if let failureIndex = event.failureIndex {
            sayLastWords(H.F.lastWords(failureIndex: failureIndex), to: event.id)
        }
        close(event.id, reason: event.reason)
        outbox.finish()
    }

    @usableFromInline
    mutating func sayLastWords(_ words: [UInt8], to id: ConnectionID) {
        outbox.begin(id)
        guard !words.isEmpty, outbox.currentIsHandled else { return }
        // SAFETY: every byte of the array is initialized.
        _ = unsafe outbox.send(copying: words.span.bytes, to: id)
    }

    /// The connection broke.
    @inlinable
    mutating func close(_ id: ConnectionID, reason: CloseReason) {
        outbox.begin(id)
        outbox.noteClosed()
        handler.closed(id, reason: reason, outbox: &outbox)
    }
}

// MARK: - A worker's loop

extension HandlerRunner where H: ~Copyable {
    /// Handles events in batches until it is told to stop; then what was pushed before the queue
    /// was closed.
    @inlinable
    package mutating func run(
        _ consumer: consuming EventQueue<Event>.Consumer,
        maxBatchCount: Int,
        statistics: WorkerStatistics
    ) {
        var goesOn = true
        while goesOn {
            var count = 0
            while count < maxBatchCount, goesOn, outbox.hasRoomForEvent,
                let event = consumer.pop()
            {
                goesOn = handle(event)
                count += 1
            }
            consumer.publish()
            outbox.flush()
            statistics.note(handled: handledFrameCount, dropped: droppedFrameCount)
            if count == 0 { rest(&consumer) }
        }
        consumer.close { event in
            waitForRoom()
            _ = handle(event)
        }
        outbox.flush()
        statistics.note(handled: handledFrameCount, dropped: droppedFrameCount)
        waitForRoom(isLast: true)
    }

    /// Nothing to do now: sleeps until there is an event, and no longer than a moment while
    /// commands wait for room.
    @usableFromInline
    mutating func rest(_ consumer: inout EventQueue<Event>.Consumer) {
        if outbox.isEmpty {
            consumer.waitForItems()
        } else if outbox.hasRoomForEvent {
            consumer.waitForItems(atMost: retryInterval)
        } else {
            sleepThread(for: retryInterval)
        }
    }

    /// Waits until the reactors have taken commands.
    @usableFromInline
    mutating func waitForRoom(isLast: Bool = false) {
        while isLast ? !outbox.isEmpty : !outbox.hasRoomForEvent {
            sleepThread(for: retryInterval)
            outbox.flush()
        }
    }
}

/// How soon a worker tries again to post commands that found a reactor's queue full.
private let retryInterval = Duration.microseconds(200)
