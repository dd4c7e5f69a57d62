// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    /// What a thread does next to memory that others see.
    struct SharedOperation {
        enum Kind { case load, write, wait, wake }

        var kind: Kind
        /// A name for the word, good for one run.
        var address: UInt
        /// Whether the thread looks again for what it did not find.
        var isRetry = false
        /// `wait`: sleeps while the word holds this.
        var expected: UInt32 = 0

        /// Whether the order of two neighbours can matter. A write lets a thread look again,
        /// wherever that looks.
        func affects(_ other: Self) -> Bool {
            if isRetry && other.kind == .write || other.isRetry && kind == .write { return true }
            return address == other.address && (kind != .load || other.kind != .load)
        }
    }

    /// Some of the threads of a case.
    struct ThreadSet: OptionSet {
        var rawValue: UInt8

        static func thread(_ index: Int) -> Self { Self(rawValue: 1 << index) }

        /// The lowest index.
        var first: Int? { rawValue == 0 ? nil : rawValue.trailingZeroBitCount }
        var count: Int { rawValue.nonzeroBitCount }
    }

    /// A depth-first search through the orders of a case, one run after the other.
    ///
    /// It only chooses. A run repeats the choices of the one before up to the last that has another
    /// way to go, takes that, and from there on prefers to let the same thread go on.
    struct InterleavingSearch {
        private struct Choice {
            /// Those that could go on, to see that the case repeats itself.
            let candidates: ThreadSet
            var untried: ThreadSet
            /// Those that need not go on until a step affects theirs: the orders in which they go
            /// on first have been run ("sleep set").
            var asleep: ThreadSet
            var thread: Int
        }

        private let maxPreemptionCount: Int
        private let skipsEquivalentOrders: Bool
        private var path: [Choice] = []
        // Where the current run has come to.
        private var depth = 0
        private var asleep: ThreadSet = []
        private var preemptionCount = 0

        init(maxPreemptionCount: Int?, skipsEquivalentOrders: Bool) {
            self.maxPreemptionCount = maxPreemptionCount ?? .max
            self.skipsEquivalentOrders = skipsEquivalentOrders
        }

        /// Chooses who takes the next step, or `nil` if all orders from here on are equivalent to
        /// others that were run.
        ///
        /// - Parameters:
        ///   - candidates: Those that can; at least one.
        ///   - operations: What each is about to do.
        ///   - running: Who took the last step.
        mutating func choose(
            from candidates: ThreadSet,
            operations: (Int) -> SharedOperation,
            running: Int?
        ) -> Int? {
            let holder = running.flatMap { index in
                candidates.contains(.thread(index)) && !operations(index).isRetry ? index : nil
            }
            if depth == path.count {
                let mayPreempt = preemptionCount < maxPreemptionCount
                let allowed = mayPreempt ? candidates : holder.map { .thread($0) } ?? candidates
                let untried = allowed.subtracting(asleep)
                let preferred = holder.flatMap { untried.contains(.thread($0)) ? $0 : nil }
                guard let thread = preferred ?? untried.first else { return nil }
                path.append(
                    Choice(candidates: candidates, untried: untried, asleep: asleep, thread: thread)
                )
            }
            let choice = path[depth]
            precondition(
                choice.candidates == candidates,
                "the case does not do the same when its threads run in the same order"
            )
            depth += 1
            if let holder, holder != choice.thread { preemptionCount += 1 }
            stayAsleep(choice.asleep, beside: choice.thread, operations)
            return choice.thread
        }

        private mutating func stayAsleep(
            _ threads: ThreadSet,
            beside thread: Int,
            _ operations: (Int) -> SharedOperation
        ) {
            asleep = []
            var rest = threads
            let operation = operations(thread)
            while let index = rest.first {
                rest.remove(.thread(index))
                if !operations(index).affects(operation) { asleep.insert(.thread(index)) }
            }
        }

        /// Goes back to the start and turns to the next order; `false` if there is none.
        mutating func advance() -> Bool {
            depth = 0
            asleep = []
            preemptionCount = 0
            while var choice = path.popLast() {
                choice.untried.remove(.thread(choice.thread))
                if skipsEquivalentOrders { choice.asleep.insert(.thread(choice.thread)) }
                guard let thread = choice.untried.first else { continue }
                choice.thread = thread
                path.append(choice)
                return true
            }
            return false
        }
    }
#endif
