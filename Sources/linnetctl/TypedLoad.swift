// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Histogram
package import Linnet

/// Typed clients that ask `serve --handler prices`, and verify each value of each reply.
package struct TypedLoad: Sendable {
    let endpoint: Endpoint
    var connectionCount = 8
    /// Requests of each connection that are under way.
    var depth = 16
    package var duration = Duration.seconds(1.5)
    /// Each lane asks at least so often, also if the time is over by then.
    package var minRequestCount = 1

    package init(endpoint: Endpoint) {
        self.endpoint = endpoint
    }

    /// Asks until the time is over; then each client subscribes, and takes its quotes.
    ///
    /// - Throws: what ends a connection.
    package func run() async throws -> TypedReport {
        var clients: [PricesClient] = []
        for _ in 0..<connectionCount {
            clients.append(try await PricesClient.connect(to: endpoint))
        }
        let start = nanosecondsNow()
        let end = start + UInt64(duration.inSeconds * 1e9)
        var tally = Tally()
        try await withThrowingTaskGroup(of: Tally.self) { group in
            for (index, client) in clients.enumerated() {
                for lane in 0..<depth {
                    group.addTask {
                        try await Self.ask(
                            client,
                            index * depth + lane,
                            until: end,
                            atLeast: minRequestCount
                        )
                    }
                }
            }
            for try await part in group { tally.add(part) }
        }
        let seconds = Double(nanosecondsNow() - start) * 1e-9
        for (index, client) in clients.enumerated() {
            try await Self.takeQuotes(client, instrument: UInt32(index), &tally)
        }
        for client in clients { await client.close() }
        return report(tally, seconds: seconds)
    }

    /// As ``run()``, for a thread that waits: one that runs no tasks.
    func runBlocking() throws -> TypedReport {
        let result = Locked<Result<TypedReport, any Error>?>(nil)
        let isOver = DispatchSemaphore(value: 0)
        Task.detached {
            do {
                let report = try await run()
                result.withLock { $0 = .success(report) }
            } catch {
                result.withLock { $0 = .failure(error) }
            }
            isOver.signal()
        }
        isOver.wait()
        guard let result = result.withLock({ $0 }) else {
            preconditionFailure("a task that has ended has left its result")
        }
        return try result.get()
    }

    private func report(_ tally: Tally, seconds: Double) -> TypedReport {
        var report = TypedReport()
        report.connectionCount = connectionCount
        report.depth = depth
        report.seconds = seconds
        report.replyCount = tally.latencies.count
        report.errorReplyCount = tally.errorReplyCount
        report.quoteCount = tally.quoteCount
        report.faults = tally.faults
        var histogram = LoadControl.makeHistogram()
        for latency in tally.latencies { histogram.record(latency) }
        report.latency = LatencySummary(histogram)
        return report
    }
}

// MARK: - Tasks

extension TypedLoad {
    /// What one task has seen.
    private struct Tally {
        /// Nanoseconds, of each reply.
        var latencies: [UInt64] = []
        var errorReplyCount = 0
        var quoteCount = 0
        var faults: [String: Int] = [:]

        mutating func note(_ fault: String) { faults[fault, default: 0] += 1 }

        mutating func add(_ other: Tally) {
            latencies += other.latencies
            errorReplyCount += other.errorReplyCount
            quoteCount += other.quoteCount
            faults.merge(other.faults, uniquingKeysWith: +)
        }
    }

    /// One request after the other, of all lanes spread over the instruments. One in eleven is for
    /// one that is not there.
    private static func ask(
        _ client: PricesClient,
        _ lane: Int,
        until end: UInt64,
        atLeast minRequestCount: Int
    ) async throws -> Tally {
        var tally = Tally()
        let count = PriceService.instrumentCount / 10 * 11
        var number = UInt32(truncatingIfNeeded: lane * 601) % count
        while true {
            let start = nanosecondsNow()
            guard start < end || tally.latencies.count < minRequestCount else { return tally }
            number = (number + 37) % count
            let expected = PriceService.instrument(number)
            do {
                let found = try await client.lookup(Lookup(instrument: number))
                if found.value != expected { tally.note("replies with wrong values") }
            } catch let error as UnknownInstrument {
                tally.errorReplyCount += 1
                if expected != nil || error.instrument != number {
                    tally.note("replies with wrong values")
                }
            }
            tally.latencies.append(nanosecondsNow() - start)
        }
    }

    private static func takeQuotes(
        _ client: PricesClient,
        instrument: UInt32,
        _ tally: inout Tally
    ) async throws {
        guard try client.subscribe(Subscribe(instrument: instrument)) == .queued else {
            return tally.note("subscriptions that were not sent")
        }
        for index in 0..<PriceService.quoteCount {
            switch try await client.next() {
            case .quote(let quote):
                if quote.value != PriceService.quote(instrument, index: index) {
                    tally.note("quotes with wrong values")
                }
                tally.quoteCount += 1
            }
        }
    }
}
