// SPDX-License-Identifier: Apache-2.0

package import LinnetBytes
package import LinnetCodec
package import LinnetConnections

/// A thread that runs one handler: it drains its queue in batches, calls the handler, and posts
/// what the handler asked for to each reactor once per batch. When there is nothing to do it
/// sleeps.
///
/// Thread: any.
package final class Worker: Sendable {
    /// The limits and habits of a worker.
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

        package init() {}
    }

    package let index: Int
    package let queue: EventQueue<Event>
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
        precondition(configuration.maxBatchCount > 0, "a batch has at least one event")
        let reserveCount = configuration.queueReserveCount ?? min(table.slotCount + 2, 8_192)
        let queue = try EventQueue<Event>(
            capacity: configuration.queueCapacity + reserveCount,
            reserveCount: reserveCount
        )
        guard let magazine = pool.makeMagazine() else {
            preconditionFailure("a worker needs a magazine: raise the pool's maxMagazineCount")
        }
        let outbox = try Outbox(
            magazine: magazine,
            queues: reactors,
            table: table.memory,
            sendLimits: sendLimits,
            workerIndex: index,
            capacity: configuration.outboxCapacity
        )
        let parcel = Parcel(outbox)
        let statistics = WorkerStatistics()
        return try Worker(
            index: index,
            queue: queue,
            statistics: statistics,
            processor: configuration.processor
        ) {
            var runner = HandlerRunner(
                handler: makeHandler(index),
                outbox: parcel.take(),
                table: table.memory,
                pool: pool.memory
            )
            runner.run(
                queue.makeConsumer(),
                maxBatchCount: configuration.maxBatchCount,
                statistics: statistics
            )
        }
    }

    @usableFromInline
    init(
        index: Int,
        queue: EventQueue<Event>,
        statistics: WorkerStatistics,
        processor: Int?,
        _ body: @escaping @Sendable () -> Void
    ) throws(Errno) {
        self.index = index
        self.queue = queue
        self.statistics = statistics
        thread = try NamedThread(name: "linnet-work-\(index)", processor: processor, body)
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

/// Carries a value that has one owner to another thread.
@usableFromInline
final class Parcel: @unchecked Sendable {
    // Sendable: one thread puts the value in and hands the parcel over; the other takes it out,
    // once.
    private var outbox: Outbox?

    @usableFromInline
    init(_ outbox: consuming Outbox) {
        self.outbox = consume outbox
    }

    @usableFromInline
    func take() -> Outbox {
        guard let taken = outbox.take() else {
            preconditionFailure("a parcel is opened once")
        }
        return taken
    }
}
