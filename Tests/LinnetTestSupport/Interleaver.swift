// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import Synchronization

    /// Runs two or three threads through all orders of their operations, on the real code.
    ///
    /// A thread stops before each operation that it announces (`AtomicWord`, `announceAccess`); one
    /// thread at a time goes on. Each order is a run of its own, from fresh state:
    ///
    ///     let report = Interleaver().explore(
    ///         make: { Counter() },
    ///         threads: [{ $0.increment() }, { $0.increment() }],
    ///         check: { $0.count == 2 ? nil : "an increment was lost" }
    ///     )
    ///     #expect(report.failure == nil && report.isExhaustive, "\(report)")
    ///
    /// A case must do the same each time that its threads are run in the same order: no clock, no
    /// chance, no threads of its own. Its threads share no memory that is not announced, and hold
    /// no lock of the system while they announce something.
    ///
    /// What it does not see: operations take effect in one order, so a missing acquire or release
    /// goes unnoticed (that is what the thread sanitizer is for). A sleep neither ends early nor
    /// times out. A thread that announces a retry goes on only after another has written since its
    /// last attempt: so it must not count its attempts, and an attempt that fails must not write
    /// (an exchange does) if several threads make them. Only debug builds announce, so this is part
    /// of debug builds only.
    ///
    /// The search is that of Godefroid, "Model checking for programming languages using VeriSoft"
    /// (1997), its bound that of Musuvathi and Qadeer, "Iterative context bounding" (2007).
    public struct Interleaver: Sendable {
        /// How often a thread that could go on is made to wait for another; `nil`: any number of
        /// times. Most faults need one or two.
        public var maxPreemptionCount: Int?
        /// Limits the time that a case takes: the runs in all.
        public var maxInterleavingCount: Int
        /// Limits one run, which may never end otherwise.
        public var maxStepCount: Int
        /// Whether only one is run of the orders that differ in neighbours which do not affect each
        /// other. The end states are the same. Not together with a bound on pre-emptions.
        public var skipsEquivalentOrders: Bool

        /// Skips equivalent orders if there is no bound on pre-emptions.
        public init(
            maxPreemptionCount: Int? = nil,
            maxInterleavingCount: Int = 1_000_000,
            maxStepCount: Int = 10_000,
            skipsEquivalentOrders: Bool? = nil
        ) {
            self.maxPreemptionCount = maxPreemptionCount
            self.maxInterleavingCount = maxInterleavingCount
            self.maxStepCount = maxStepCount
            self.skipsEquivalentOrders = skipsEquivalentOrders ?? (maxPreemptionCount == nil)
        }

        /// Runs the case once for each order, up to the first failure.
        ///
        /// `make` and `check` are called between the runs, by one thread or another, and announce
        /// nothing. Threads that can never end (a deadlock) are left behind, asleep.
        ///
        /// - Parameters:
        ///   - make: The state that the threads of one run share.
        ///   - threads: What they do: at most eight bodies.
        ///   - check: What is wrong with the state at the end of a run; `nil` if nothing is.
        public func explore<State: Sendable>(
            make: @escaping @Sendable () -> State,
            threads: [@Sendable (State) -> Void],
            check: @escaping @Sendable (State) -> String?
        ) -> Report {
            precondition((1...8).contains(threads.count), "a case has one to eight threads")
            precondition(
                !(skipsEquivalentOrders && maxPreemptionCount != nil),
                "with a bound on pre-emptions no order may be skipped"
            )
            let state = Slot<State>()
            let steps = LockstepCase(
                prepare: { state.value = make() },
                threads: threads.map { body in
                    { if let value = state.value { body(value) } }
                },
                check: { state.value.flatMap(check) },
                cleanUp: { state.value = nil }
            )
            return LockstepThreads(steps, options: self).run()
        }

        /// Says, in a thread of a case, that this run is wrong. The run goes on to its end.
        public static func fail(_ message: String) {
            LockstepThreads.failCurrentRun(message)
        }
    }

    /// What the closures of a case share.
    private final class Slot<State: Sendable>: Sendable {
        private let content = Mutex<State?>(nil)

        var value: State? {
            get { content.withLock { $0 } }
            set { content.withLock { $0 = newValue } }
        }
    }

    extension Interleaver {
        /// What came of a case.
        public struct Report: Sendable, CustomStringConvertible {
            /// Runs to the end, each in an order of its own, the one that failed included.
            public internal(set) var interleavingCount = 0
            /// Runs that turned out to be equivalent to others half-way, and were not checked.
            public internal(set) var cutCount = 0
            /// Whether all orders (within the bound on pre-emptions) were run, and none failed.
            public internal(set) var isExhaustive = false
            public internal(set) var failure: Failure?

            public var description: String {
                let extent = isExhaustive ? "all" : "not all"
                let counts = "\(interleavingCount) interleavings (\(extent)), \(cutCount) cut"
                return failure.map { "\($0)\nfound after \(counts)" } ?? counts
            }
        }

        /// What went wrong in one run, and how to get there.
        public struct Failure: Sendable, CustomStringConvertible {
            public let message: String
            /// One line for each step: `thread 1: write w0`. Words are numbered as they come up.
            public let schedule: [String]

            public var description: String {
                ([message] + schedule.map { "    " + $0 }).joined(separator: "\n")
            }
        }
    }
#endif
