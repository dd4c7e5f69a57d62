// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LinnetBytes
package import LinnetConnections
package import LinnetEvents
internal import LinnetPollers

/// A reactor on epoll, from its making to its end, for those who start its thread.
///
/// Thread: made by any, then run by one; `drain`, `end` and the waits, any.
@usableFromInline
package final class ReactorHost: @unchecked Sendable {
    // Sendable: one thread makes the reactor, and the thread that runs it takes it out, once; the
    // rest is constant or atomic.
    private var reactor: Reactor<EpollPoller>?
    private let queue: EventQueue<Command>
    private let drain: DrainState
    package let counters: ReactorCounters

    /// - Throws: `Errno` when the system refuses memory or descriptors.
    package init(
        settings: ReactorSettings,
        listeners: [Listener],
        table: ConnectionTable,
        pool: PacketPool,
        reactors: [EventQueue<Command>]
    ) throws(Errno) {
        let drain = DrainState()
        let counters = try ReactorCounters()
        let reactor = try Reactor(
            poller: try EpollPoller(),
            settings: settings,
            listeners: listeners,
            table: table,
            pool: pool,
            reactors: reactors,
            counters: counters,
            drain: drain
        )
        self.reactor = consume reactor
        self.drain = drain
        self.counters = counters
        queue = reactors[settings.index]
    }

    /// Bytes that a reactor keeps for each slot, beside table and parser.
    package static var slotByteCount: Int {
        ReactorSlots.byteCount(count: 1) + BegunFrames.byteCount(count: 1)
    }
    /// Bytes that a reactor keeps for so many pieces of outbound.
    package static func outboundByteCount(pieceCount: Int) -> Int {
        OutboundPieces.byteCount(capacity: pieceCount)
    }

    /// Runs the reactor on the calling thread until ``end()``. Once.
    @usableFromInline
    package func run(_ driver: ReactorDriver) {
        guard var reactor = reactor.take() else {
            preconditionFailure("a reactor runs once")
        }
        reactor.run(driver)
        reactor.close()
    }

    /// Begins to take leave of all connections. Any thread.
    package func beginDraining(within limit: Duration) {
        drain.setLimit(limit)
        post(.drain)
    }

    /// Waits until a reactor that drains has no connection left. Any thread.
    package func waitUntilDrained() {
        drain.wait()
    }

    /// Ends the reactor; connections that are left are aborted. Any thread.
    package func end() {
        post(.end)
    }

    private func post(_ command: Command) {
        // The reactor always takes commands, so there is room soon.
        while queue.push(command, isControl: true) == .full { sleepThread(for: .milliseconds(1)) }
        queue.wakeConsumer()
    }
}

/// What a reactor and those who stop it tell each other.
package final class DrainState: Sendable {
    private let limitNanoseconds = AtomicWord(0)
    private let isDrained = AtomicWord(0)

    package init() {}

    func setLimit(_ limit: Duration) {
        let start = MonotonicInstant(nanoseconds: 0)
        // Ordered by the push of the command behind it.
        limitNanoseconds.store(UInt64(clamping: (start + limit).nanoseconds), .relaxed)
    }

    var limit: Duration {
        .nanoseconds(Int64(clamping: limitNanoseconds.load(.relaxed)))
    }

    func noteDrained() {
        // Releases what the reactor did to who waits.
        isDrained.store(1, .releasing)
        isDrained.wakeOne()
    }

    func wait() {
        while isDrained.load(.acquiring) == 0 {
            isDrained.wait(while: 0, atMost: .milliseconds(100))
        }
    }
}
