// SPDX-License-Identifier: Apache-2.0

package import LinnetBytes
package import LinnetConnections

/// A thread that runs one handler: it drains its queue in batches, calls the handler, and posts
/// what the handler asked for to each reactor once per batch. When there is nothing to do it
/// sleeps.
///
/// Thread: any.
package final class Worker: Sendable {
    /// The limits and habits of a worker.
    package struct Configuration: Sendable {
        /// Events that can wait, rounded up to a power of two. Default 8,192: half a megabyte, and
        /// some milliseconds of work for a fast handler.
        package var queueCapacity = 8_192
        /// Cells kept for the ends of connections. At least as many as connections that the worker
        /// can have: then an end always finds room.
        package var queueReserveCount = 1_024
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
    private let thread: NamedThread

    /// Starts a worker.
    ///
    /// - Parameters:
    ///   - makeHandler: called once, on the new thread.
    ///   - magazine: called once, on the new thread; for the payloads that the handler sends.
    /// - Throws: `Errno` when the system refuses memory or the thread.
    @inlinable
    package static func start<H: Handler & ~Copyable>(
        index: Int,
        configuration: Configuration = Configuration(),
        pool: PacketPool,
        table: ConnectionTable,
        reactors: [EventQueue<Command>],
        makeHandler: @escaping @Sendable (_ workerIndex: Int) -> H
    ) throws(Errno) -> Worker {
        let queue = try EventQueue<Event>(
            capacity: configuration.queueCapacity,
            reserveCount: configuration.queueReserveCount
        )
        guard let magazine = pool.makeMagazine() else {
            preconditionFailure("a worker needs a magazine: raise the pool's maxMagazineCount")
        }
        let outbox = try Outbox(
            magazine: magazine,
            queues: reactors,
            table: table.memory,
            workerIndex: index,
            capacity: configuration.outboxCapacity
        )
        let parcel = Parcel(outbox)
        return try Worker(index: index, queue: queue, processor: configuration.processor) {
            var runner = HandlerRunner(
                handler: makeHandler(index),
                outbox: parcel.take(),
                table: table.memory,
                pool: pool.memory
            )
            runner.run(queue.makeConsumer(), maxBatchCount: configuration.maxBatchCount)
        }
    }

    @usableFromInline
    init(
        index: Int,
        queue: EventQueue<Event>,
        processor: Int?,
        _ body: @escaping @Sendable () -> Void
    ) throws(Errno) {
        self.index = index
        self.queue = queue
        thread = try NamedThread(name: "linnet-work-\(index)", processor: processor, body)
    }

    /// Tells the handler that the server begins to stop. Any thread.
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
