// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
public import LinnetConnections

/// A thread that runs one handler: it drains its queue in batches, calls the handler, and posts
/// what the handler asked for to each reactor once per batch. When there is nothing to do it
/// sleeps.
///
/// Thread: any.
@usableFromInline
package final class Worker: Sendable {
    /// The limits and habits of a worker.
    @usableFromInline
    package struct Configuration: Sendable {
        /// Frames and openings that can wait, at least. Default 8,192: half a megabyte, and
        /// some milliseconds of work for a fast handler.
        package var queueCapacity = 8_192
        /// Cells kept for the ends of connections, for `stopping` and `stop`. By default one for
        /// each slot of the table and two, so that an end always finds room; but at most 8,192,
        /// since a queue that does not fit into the cache is slow. Where there are more slots than
        /// cells, a reactor whose end is refused keeps the connection and comes back.
        package var queueReserveCount: Int?
        /// Events between two looks at the outbox. Default 64: small enough that a reply does not
        /// wait long, large enough that a wake-up is paid for by many.
        package var maxBatchCount = 64
        /// Commands to one reactor that can wait in the outbox.
        package var outboxCapacity = 4_096
        /// The only processor that the thread may use.
        package var processor: Int?

        @usableFromInline
        package init() {}
    }

    package let index: Int
    @usableFromInline package let queue: EventQueue<Event>
    package let statistics: WorkerStatistics
    private let thread: NamedThread

    /// Starts a worker.
    ///
    /// - Parameters:
    ///   - index: as the table has it of the worker's connections.
    ///   - pool: where frames and payloads stand; the worker takes one of its magazines.
    ///   - table: of all connections.
    ///   - reactors: the queues of their commands, by the index of the reactor.
    ///   - sendLimits: of the framing of all connections.
    ///   - makeHandler: called once, on the new thread.
    /// - Throws: `Errno` when the system refuses memory or the thread.
    @inlinable
    package static func start<H: Handler & ~Copyable>(
        index: Int,
        configuration: Configuration = Configuration(),
        pool: PacketPool,
        table: ConnectionTable,
        reactors: [EventQueue<Command>],
        sendLimits: SendLimits = .unlimited,
        makeHandler: @escaping @Sendable (_ workerIndex: Int) -> H
    ) throws(Errno) -> Worker {
        let parts = try WorkerParts(
            index: index,
            configuration: configuration,
            pool: pool,
            table: table,
            reactors: reactors,
            sendLimits: sendLimits
        )
        return try Worker(parts) {
            var runner = HandlerRunner(
                handler: makeHandler(parts.index),
                outbox: parts.takeOutbox(),
                table: parts.tableMemory,
                pool: parts.poolMemory
            )
            runner.run(
                parts.queue.makeConsumer(),
                maxBatchCount: parts.maxBatchCount,
                statistics: parts.statistics
            )
        }
    }

    @usableFromInline
    init(_ parts: WorkerParts, _ body: @escaping @Sendable () -> Void) throws(Errno) {
        index = parts.index
        queue = parts.queue
        statistics = parts.statistics
        thread = try NamedThread(
            name: "linnet-work-\(parts.index)",
            processor: parts.processor,
            body
        )
    }

    /// Tells the handler that the server begins to stop. Any thread. A reactor that hears of the
    /// stop flushes its port before it ends connections, so that their ends come behind this.
    package func beginStopping() -> PushResult {
        post(.stopping)
    }

    /// Ends the worker behind everything that was pushed before. What is pushed later is handled
    /// too, or answered `.closed`. Any thread, once.
    ///
    /// The worker ends when the reactors have taken what it asked for, so they must go on
    /// meanwhile.
    ///
    /// - Returns: `.full` if even the reserve is taken: try again.
    package func stop() -> PushResult {
        post(.stop)
    }

    /// Waits for the end, after ``stop()``. Any thread, once.
    package func join() {
        thread.join()
    }

    private func post(_ event: Event) -> PushResult {
        let result = queue.push(event, isControl: true)
        queue.wakeConsumer()
        return result
    }
}

/// What a worker has done, as of its last batch.
///
/// Thread: written by the worker alone, read by any. The two words order nothing.
@usableFromInline
package final class WorkerStatistics: Sendable {
    private let handled = AtomicWord(0)
    private let dropped = AtomicWord(0)

    @usableFromInline
    init() {}

    /// Frames that the handler was given.
    package var handledFrameCount: Int { Int(truncatingIfNeeded: handled.load(.relaxed)) }
    /// Frames that were dropped, because their connection was gone or closed by its handler.
    package var droppedFrameCount: Int { Int(truncatingIfNeeded: dropped.load(.relaxed)) }

    @usableFromInline
    func note(handled handledCount: Int, dropped droppedCount: Int) {
        handled.store(UInt64(truncatingIfNeeded: handledCount), .relaxed)
        dropped.store(UInt64(truncatingIfNeeded: droppedCount), .relaxed)
    }
}

/// What a worker is made of, from its making to its thread.
///
/// Thread: one makes it; the worker's takes the outbox out, once.
@usableFromInline
final class WorkerParts: @unchecked Sendable {
    // Sendable: all of it is constant but the outbox, which one thread puts in before it hands the
    // parts over, and the other takes out.
    @usableFromInline let index: Int
    @usableFromInline let queue: EventQueue<Event>
    @usableFromInline let maxBatchCount: Int
    @usableFromInline let statistics = WorkerStatistics()
    let processor: Int?
    private let pool: PacketPool
    private let table: ConnectionTable
    private var outbox: Outbox?

    @usableFromInline
    init(
        index: Int,
        configuration: Worker.Configuration,
        pool: PacketPool,
        table: ConnectionTable,
        reactors: [EventQueue<Command>],
        sendLimits: SendLimits
    ) throws(Errno) {
        precondition(configuration.maxBatchCount > 0, "a batch has at least one event")
        let reserveCount = configuration.queueReserveCount ?? min(table.slotCount + 2, 8_192)
        guard let magazine = pool.makeMagazine() else {
            preconditionFailure("a worker needs a magazine: raise the pool's maxMagazineCount")
        }
        self.index = index
        self.pool = pool
        self.table = table
        maxBatchCount = configuration.maxBatchCount
        processor = configuration.processor
        queue = try EventQueue<Event>(
            capacity: configuration.queueCapacity + reserveCount,
            reserveCount: reserveCount
        )
        outbox = try Outbox(
            magazine: magazine,
            queues: reactors,
            table: table.memory,
            sendLimits: sendLimits,
            workerIndex: index,
            capacity: configuration.outboxCapacity
        )
    }

    @usableFromInline var tableMemory: TableMemory { table.memory }
    @usableFromInline var poolMemory: PoolMemory { pool.memory }

    @usableFromInline
    func takeOutbox() -> Outbox {
        guard let taken = outbox.take() else {
            preconditionFailure("an outbox has one worker")
        }
        return taken
    }
}
