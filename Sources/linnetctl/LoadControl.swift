// SPDX-License-Identifier: Apache-2.0

internal import Histogram
internal import Linnet

/// What the threads of a load share.
///
/// Thread: any. The words are single facts that order nothing, but where they say so.
final class LoadControl: Sendable {
    let plan: LoadPlan
    /// One for each thread that receives, and one for the thread that paces.
    let meters: [LoadMeter]
    private let windowStart = AtomicWord(.max)
    private let windowEnd = AtomicWord(.max)
    private let firstTime = AtomicWord(0)
    private let stopping = AtomicWord(0)
    private let openCount = AtomicWord(0)
    private let goneCount = AtomicWord(0)
    private let contents = Locked(Contents())

    private struct Contents {
        var errors: [String: Int] = [:]
        var roster: [ConnectionID] = []
        var latency = LoadControl.makeHistogram()
        var lateness = LoadControl.makeHistogram()
    }

    init(_ plan: LoadPlan) {
        self.plan = plan
        meters = (0...plan.threadCount).map { _ in LoadMeter() }
    }

    /// Nanoseconds to three digits, up to an hour: a quarter of a megabyte.
    static func makeHistogram() -> Histogram<UInt64> {
        Histogram(highestTrackableValue: 3_600_000_000_000)
    }

    // MARK: The time

    /// Replies count from here to there. Releases the pacing to who reads it.
    func begin(now: UInt64) {
        let start = now &+ UInt64(max(0, plan.warmup.inSeconds) * 1e9)
        windowEnd.store(start &+ UInt64(max(0, plan.duration.inSeconds) * 1e9), .relaxed)
        firstTime.store(now, .relaxed)
        windowStart.store(start, .releasing)
    }

    var start: UInt64 { windowStart.load(.acquiring) }
    var end: UInt64 { windowEnd.load(.relaxed) }

    /// The pacing of an open loop, once it has begun.
    var pacing: LoadPacing? {
        guard let rate = plan.rate, start < .max else { return nil }
        return LoadPacing(
            start: firstTime.load(.relaxed),
            rate: rate,
            connectionCount: plan.connectionCount
        )
    }

    /// From now on the end of a connection is no error.
    func beginStopping() { stopping.store(1, .relaxed) }
    var isStopping: Bool { stopping.load(.relaxed) != 0 }

    // MARK: Connections

    /// - Returns: the connection's place in the turns.
    func noteOpened(_ id: ConnectionID) -> Int {
        _ = openCount.wrappingAdd(1, .relaxed)
        return contents.withLock { contents in
            contents.roster.append(id)
            return contents.roster.count - 1
        }
    }

    func noteClosed(_ reason: CloseReason) {
        _ = goneCount.wrappingAdd(1, .relaxed)
        if !isStopping { note("connections that ended: \(reason)") }
    }

    var openedCount: Int { Int(openCount.load(.relaxed)) }
    var closedCount: Int { Int(goneCount.load(.relaxed)) }
    var roster: [ConnectionID] { contents.withLock { $0.roster } }

    // MARK: What came of it

    func note(_ error: String, count: Int = 1) {
        contents.withLock { $0.errors[error, default: 0] += count }
    }

    func add(latency histogram: Histogram<UInt64>) {
        contents.withLock { $0.latency.add(histogram) }
    }

    func add(lateness histogram: Histogram<UInt64>) {
        contents.withLock { $0.lateness.add(histogram) }
    }

    var errors: [String: Int] { contents.withLock { $0.errors } }
    var latency: LatencySummary { contents.withLock { LatencySummary($0.latency) } }
    var lateness: LatencySummary { contents.withLock { LatencySummary($0.lateness) } }

    var sentCount: Int { meters.reduce(0) { $0 + $1.value(.sent) } }
    var receivedCount: Int { meters.reduce(0) { $0 + $1.value(.received) } }
    var measuredCount: Int { meters.reduce(0) { $0 + $1.value(.measured) } }
}

/// What one thread of a load has counted.
///
/// Thread: `add` that thread; `value` any. The words order nothing.
final class LoadMeter: Sendable {
    private let sent = AtomicWord(0)
    private let received = AtomicWord(0)
    private let measured = AtomicWord(0)

    enum Counter {
        case sent, received
        /// Received while it was measured.
        case measured
    }

    func addOne(_ counter: Counter) {
        // One writer: a load and a store are an addition.
        switch counter {
        case .sent: sent.store(sent.load(.relaxed) &+ 1, .relaxed)
        case .received: received.store(received.load(.relaxed) &+ 1, .relaxed)
        case .measured: measured.store(measured.load(.relaxed) &+ 1, .relaxed)
        }
    }

    func value(_ counter: Counter) -> Int {
        switch counter {
        case .sent: Int(sent.load(.relaxed))
        case .received: Int(received.load(.relaxed))
        case .measured: Int(measured.load(.relaxed))
        }
    }
}

/// The steady clock as a number, for stamps.
func nanosecondsNow() -> UInt64 {
    UInt64(clamping: MonotonicInstant.now().nanoseconds)
}
