// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import LinnetBytes
public import LinnetCodec
public import LinnetConnections
public import LinnetEvents
public import LinnetTransports

/// The memory, queues and threads behind a server or clients: a pool, a table, reactors, and
/// workers or handlers that run on the reactors.
///
/// Thread: any.
@usableFromInline
package final class Engine: Sendable {
    @usableFromInline package let parts: EngineParts
    @usableFromInline package let workers: [Worker]
    private let threads: [NamedThread]
    private let stopCount = AtomicWord(0)

    @usableFromInline
    init(parts: EngineParts, workers: [Worker], threads: [NamedThread]) {
        self.parts = parts
        self.workers = workers
        self.threads = threads
    }

    /// Starts all threads.
    ///
    /// It is `@inlinable`, so that framing and handler are specialised in the module of the caller.
    ///
    /// - Parameters:
    ///   - makeHandler: called once on each worker, or on each reactor when handlers run inline,
    ///     with its index.
    ///   - connected: told on a reactor's thread what became of each connection that we began,
    ///     once; returns whether anyone waited for that. If not, it is closed.
    /// - Throws: `Errno` when the system refuses memory, descriptors or threads. Nothing is left
    ///   behind then.
    @inlinable
    package static func start<H: Handler & ~Copyable>(
        _ parts: EngineParts,
        framing: H.F,
        connected: @escaping @Sendable (ConnectionID, Errno?) -> Bool,
        makeHandler: @escaping @Sendable (Int) -> H
    ) throws(Errno) -> Engine {
        switch parts.settings.execution {
        case .inline:
            var threads: [NamedThread] = []
            do throws(Errno) {
                for host in parts.hosts {
                    let index = threads.count
                    let parcel = Parcel(try parts.makeInlineContents(index, framing))
                    let thread = try parts.startThread(index) {
                        runInline(host, parcel, parts, index, makeHandler, connected)
                    }
                    threads.append(thread)
                }
            } catch {
                giveUp(parts, workers: [], threads: threads)
                throw error
            }
            return Engine(parts: parts, workers: [], threads: threads)
        case .workers(let count):
            var workers: [Worker] = []
            var threads: [NamedThread] = []
            do throws(Errno) {
                for index in 0..<count {
                    workers.append(
                        try Worker.start(
                            index: index,
                            configuration: parts.workerConfiguration(index),
                            pool: parts.pool,
                            table: parts.table,
                            reactors: parts.commandQueues,
                            sendLimits: parts.sendLimits,
                            makeHandler: makeHandler
                        )
                    )
                }
                let queues = workers.map(\.queue)
                for host in parts.hosts {
                    let parcel = Parcel(try parts.makeParsers(framing))
                    let thread = try parts.startThread(threads.count) {
                        runForWorkers(host, parcel, queues, parts.settings.creditLimits, connected)
                    }
                    threads.append(thread)
                }
            } catch {
                giveUp(parts, workers: workers, threads: threads)
                throw error
            }
            return Engine(parts: parts, workers: workers, threads: threads)
        }
    }

    /// Not all threads could be started: ends those that were.
    @usableFromInline
    static func giveUp(_ parts: EngineParts, workers: [Worker], threads: [NamedThread]) {
        for (host, thread) in zip(parts.hosts, threads) {
            host.end()
            thread.join()
        }
        for worker in workers { retryWhileFull { worker.stop() } }
        for worker in workers { worker.join() }
    }

    /// The life of a reactor whose handlers run on it.
    @inlinable
    static func runInline<H: Handler & ~Copyable>(
        _ host: ReactorHost,
        _ parcel: Parcel<InlineContents<H.F>>,
        _ parts: EngineParts,
        _ index: Int,
        _ makeHandler: (Int) -> H,
        _ connected: @escaping (ConnectionID, Errno?) -> Bool
    ) {
        let contents = parcel.take()
        let session = InlineSession(
            parsers: contents.parsers,
            runner: HandlerRunner(
                handler: makeHandler(index),
                outbox: contents.outbox,
                table: parts.table.memory,
                pool: parts.pool.memory
            )
        )
        let place = UnsafeMutablePointer<InlineSession<H>>.allocate(capacity: 1)
        // SAFETY: the session stays here until the reactor has ended, and only its thread, this
        // one, uses it.
        unsafe place.initialize(to: session)
        host.run(unsafe InlineSession.driver(place, connected: connected))
        unsafe place.deinitialize(count: 1)
        unsafe place.deallocate()
    }

    /// The life of a reactor that feeds workers.
    @inlinable
    static func runForWorkers<F: Framing>(
        _ host: ReactorHost,
        _ parcel: Parcel<ConnectionParsers<F>>,
        _ workers: [EventQueue<Event>],
        _ creditLimits: CreditLimits,
        _ connected: @escaping (ConnectionID, Errno?) -> Bool
    ) {
        let session = WorkerSession(
            parsers: parcel.take(),
            workers: workers,
            creditLimits: creditLimits
        )
        let place = UnsafeMutablePointer<WorkerSession<F>>.allocate(capacity: 1)
        // SAFETY: as in `runInline`.
        unsafe place.initialize(to: session)
        host.run(unsafe WorkerSession.driver(place, connected: connected))
        unsafe place.deinitialize(count: 1)
        unsafe place.deallocate()
    }

    /// Takes leave of all connections, then ends all threads. What was read is handled and answered
    /// until the limit; then connections are aborted. Once; other callers wait for nothing.
    package func stop(within limit: Duration) {
        guard stopCount.exchange(1, .acquiringAndReleasing) == 0 else { return }
        for worker in workers { Self.retryWhileFull { worker.beginStopping() } }
        for host in parts.hosts { host.beginDraining(within: limit) }
        for host in parts.hosts { host.waitUntilDrained() }
        for worker in workers { Self.retryWhileFull { worker.stop() } }
        for worker in workers { worker.join() }
        for host in parts.hosts { host.end() }
        for thread in threads { thread.join() }
    }

    /// Whether someone has called ``stop(within:)``.
    package var isStopped: Bool { stopCount.load(.relaxed) != 0 }

    private static func retryWhileFull(_ push: () -> PushResult) {
        while push() == .full { sleepThread(for: .milliseconds(1)) }
    }
}

/// How many processors the machine has at work.
package var processorCount: Int {
    max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))))
}
