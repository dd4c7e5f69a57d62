// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import LinnetBytes
    import LinnetTestSupport
    import Synchronization
    import Testing

    /// Sleep sets against the full search, on programs made up by chance.
    struct InterleavingSearchTests {
        @Test(arguments: 0..<100)
        func `fewer runs reach the same end states and the same kind of failure`(seed: UInt64) {
            let programs = RandomProgram.some(seed: seed)
            let all = endStates(of: programs, skipsEquivalentOrders: false)
            let some = endStates(of: programs, skipsEquivalentOrders: true)
            #expect((all.report.failure == nil) == (some.report.failure == nil))
            guard all.report.failure == nil else { return }
            #expect(all.states == some.states, "\(programs)")
            #expect(some.report.interleavingCount <= all.report.interleavingCount)
            #expect(some.report.interleavingCount >= some.states.count)
        }

        @Test func `threads that touch nothing in common are run once`() {
            let report = Interleaver().explore(
                make: { Words() },
                threads: [
                    { words in for _ in 0..<4 { words.a.store(1, .relaxed) } },
                    { words in for _ in 0..<4 { words.b.store(1, .relaxed) } },
                ],
                check: { _ in nil }
            )
            #expect(report.isExhaustive && report.interleavingCount == 1, "\(report)")
        }

        @Test func `the order of a sleep and a wake-up is not skipped`() {
            let report = Interleaver().explore(
                make: { Words() },
                threads: [{ $0.a.wait(while: 0) }, { $0.a.wakeOne() }],
                check: { _ in nil }
            )
            #expect(report.interleavingCount == 2)
            #expect(report.failure?.schedule == ["thread 1: wake w0", "thread 0: wait w0 while 0"])
        }

        private func endStates(
            of programs: [RandomProgram],
            skipsEquivalentOrders: Bool
        ) -> (states: Set<[UInt64]>, report: Interleaver.Report) {
            let states = Mutex<Set<[UInt64]>>([])
            let report = Interleaver(skipsEquivalentOrders: skipsEquivalentOrders).explore(
                make: { Words() },
                threads: programs.indices.map { index in
                    { words in
                        words.note(programs[index].run(on: words) << 2 | UInt64(index))
                    }
                },
                check: { words in
                    states.withLock { _ = $0.insert(words.values + words.notes.sorted()) }
                    return nil
                }
            )
            return (states.withLock { $0 }, report)
        }
    }

    /// A few operations on three words, made up by chance.
    private struct RandomProgram: Sendable {
        enum Instruction: CaseIterable { case load, store, add, exchange, spin, wait, wake }

        private let instructions: [(Instruction, word: Int)]

        /// Programs for two or three threads.
        static func some(seed: UInt64) -> [Self] {
            var random = SeededRandom(seed: seed)
            let isPair = random.oneIn(2)
            return (0..<(isPair ? 2 : 3)).map { _ in
                Self(length: isPair ? 4 : 2, &random)
            }
        }

        private init(length: Int, _ random: inout SeededRandom) {
            // Waiting is rare: most programs that wait end in a deadlock.
            let waits = random.oneIn(4)
            instructions = (0..<length).map { _ in
                let kinds = Instruction.allCases.prefix(waits ? 7 : 4)
                return (kinds[Int(random.next() % UInt64(kinds.count))], Int(random.next() % 3))
            }
        }

        /// Runs the program and returns a number that tells what it has seen.
        func run(on words: Words) -> UInt64 {
            var seen: UInt64 = 1
            for (place, (instruction, word)) in instructions.enumerated() {
                let value = UInt64(place) + 1
                words.withWord(word) { word in
                    switch instruction {
                    case .load: seen = seen &* 31 &+ word.load(.relaxed)
                    case .store: word.store(value, .relaxed)
                    case .add: seen = seen &* 31 &+ word.wrappingAdd(value, .relaxed)
                    case .exchange: seen = seen &* 31 &+ word.exchange(value, .relaxed)
                    case .spin: while word.load(.relaxed) == 0 { announceRetry() }
                    case .wait: word.wait(while: 0)
                    case .wake: word.wakeOne()
                    }
                }
            }
            return seen
        }
    }
#endif
