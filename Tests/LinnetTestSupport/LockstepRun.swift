// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    /// One run of a case: where each thread is, and what has happened.
    struct LockstepRun {
        private struct Thread {
            enum State {
                /// Has the turn, or gets it before any step: at its start, or when it was woken.
                case ready
                case running
                /// Before its operation.
                case stopped
                /// Asleep on the word of its operation.
                case asleep
                case finished
            }

            var state = State.ready
            var operation = SharedOperation(kind: .load, address: 0)
            var isRetrying = false
            /// Whether another has written since the thread last began to look for something.
            var hasNews = false
        }

        private var threads: [Thread]
        /// Threads asleep, the first to be woken first.
        private var sleepers: [Int] = []
        private var steps: [(thread: Int, operation: SharedOperation)] = []
        private var message: String?
        private var runningIndex: Int?
        /// Whether the rest of the run is equivalent to one that was run.
        private(set) var isCut = false

        init(threadCount: Int) {
            threads = Array(repeating: Thread(), count: threadCount)
        }

        mutating func begin(threadCount: Int) {
            threads.removeAll(keepingCapacity: true)
            for _ in 0..<threadCount { threads.append(Thread()) }
            sleepers.removeAll(keepingCapacity: true)
            steps.removeAll(keepingCapacity: true)
            message = nil
            runningIndex = nil
            isCut = false
        }

        var hasEnded: Bool { threads.allSatisfy { $0.state == .finished } }

        mutating func stop(_ index: Int, before operation: SharedOperation) {
            threads[index].operation = operation
            threads[index].operation.isRetry = threads[index].isRetrying
            threads[index].isRetrying = false
            threads[index].state = .stopped
        }

        /// The thread's next operation begins another attempt.
        mutating func retry(_ index: Int) { threads[index].isRetrying = true }

        mutating func finish(_ index: Int) { threads[index].state = .finished }

        /// The first failure counts.
        mutating func fail(_ message: String) { self.message = self.message ?? message }

        /// Takes steps up to one that gives a thread the turn; `nil`, with a failure, if none does.
        mutating func next(_ search: inout InterleavingSearch, maxStepCount: Int) -> Int? {
            while true {
                // What a thread does up to its first operation affects nobody.
                if let index = threads.firstIndex(where: { $0.state == .ready }) {
                    threads[index].state = .running
                    return index
                }
                let candidates = self.candidates
                guard let any = candidates.first else {
                    fail(deadlockMessage)
                    return nil
                }
                guard steps.count < maxStepCount else {
                    fail("the run does not end within \(maxStepCount) steps")
                    return nil
                }
                let chosen = isCut ? any : choose(from: candidates, &search)
                guard let chosen else {
                    isCut = true
                    continue
                }
                if step(chosen) { return chosen }
            }
        }

        private var candidates: ThreadSet {
            var candidates: ThreadSet = []
            for index in threads.indices {
                let thread = threads[index]
                if thread.state == .stopped, !thread.operation.isRetry || thread.hasNews {
                    candidates.insert(.thread(index))
                }
            }
            return candidates
        }

        private func choose(
            from candidates: ThreadSet,
            _ search: inout InterleavingSearch
        ) -> Int? {
            search.choose(
                from: candidates,
                operations: { threads[$0].operation },
                running: runningIndex
            )
        }

        /// Takes the thread's step, but for the access itself; `false` if it falls asleep.
        private mutating func step(_ index: Int) -> Bool {
            let operation = threads[index].operation
            steps.append((index, operation))
            runningIndex = index
            if operation.isRetry { threads[index].hasNews = false }
            switch operation.kind {
            case .load: break
            case .write:
                for other in threads.indices where other != index { threads[other].hasNews = true }
            case .wait:
                guard operation.holdsExpected else { break }
                threads[index].state = .asleep
                sleepers.append(index)
                return false
            case .wake: wakeOne(operation.address)
            }
            threads[index].state = .running
            return true
        }

        private mutating func wakeOne(_ address: UInt) {
            let place = sleepers.firstIndex { threads[$0].operation.address == address }
            guard let place else { return }
            threads[sleepers.remove(at: place)].state = .ready
        }
    }

    extension LockstepRun {
        var failure: Interleaver.Failure? {
            message.map { message in
                let aliases = self.aliases
                let schedule = steps.map { step in
                    "thread \(step.thread): \(step.operation.text(aliases))"
                }
                return Interleaver.Failure(message: message, schedule: schedule)
            }
        }

        private var deadlockMessage: String {
            let aliases = self.aliases
            let stuck = threads.indices.filter { threads[$0].state != .finished }
            let texts = stuck.map { "thread \($0) at \(threads[$0].operation.text(aliases))" }
            let isLivelock = stuck.allSatisfy { threads[$0].state == .stopped }
            return (isLivelock ? "livelock: " : "deadlock: ") + texts.joined(separator: ", ")
        }

        /// Words are numbered in the order of their first steps, those of threads that wait for
        /// theirs last.
        private var aliases: [UInt: String] {
            var aliases: [UInt: String] = [:]
            for address in steps.map(\.operation.address) + threads.map(\.operation.address)
            where aliases[address] == nil {
                aliases[address] = "w\(aliases.count)"
            }
            return aliases
        }
    }

    extension SharedOperation {
        /// Whether the word holds the value to sleep on.
        fileprivate var holdsExpected: Bool {
            // SAFETY: the thread that is about to sleep on the word keeps it; nobody writes now.
            guard let word = unsafe UnsafePointer<UInt32>(bitPattern: address) else { return false }
            return unsafe word.pointee == expected
        }

        fileprivate func text(_ aliases: [UInt: String]) -> String {
            let word = aliases[address] ?? "?"
            let text =
                switch kind {
                case .load: "load \(word)"
                case .write: "write \(word)"
                case .wait: "wait \(word) while \(expected)"
                case .wake: "wake \(word)"
                }
            return isRetry ? "retry, \(text)" : text
        }
    }
#endif
