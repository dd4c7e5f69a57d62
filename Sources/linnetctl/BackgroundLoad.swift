// SPDX-License-Identifier: Apache-2.0

internal import Linnet

/// A load on a thread of its own.
///
/// Thread: one. The report passes through a lock.
final class BackgroundLoad: Sendable {
    private let thread: NamedThread
    private let outcome: Outcome

    private final class Outcome: Sendable {
        let result = Locked<Result<LoadReport, any Error>?>(nil)

        var isOpen: Bool { result.withLock { if case nil = $0 { true } else { false } } }
    }

    /// Returns when all connections are open, or when there is no load.
    init(_ plan: LoadPlan) throws(Errno) {
        let outcome = Outcome()
        let run = LoadRun(plan)
        self.outcome = outcome
        thread = try NamedThread(name: "linnet-load", processor: nil) {
            let result = Result { try run.run() }
            outcome.result.withLock { $0 = result }
        }
        while !run.hasBegun, outcome.isOpen {
            sleepThread(for: .milliseconds(1))
        }
    }

    /// Waits for the end.
    func report() throws -> LoadReport {
        thread.join()
        guard let result = outcome.result.withLock({ $0 }) else {
            preconditionFailure("a thread that has ended has left its result")
        }
        return try result.get()
    }
}
