// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import LinnetBytes
    import LinnetTestSupport
    import Synchronization
    import Testing

    /// The tests' interleaver, on small cases whose orders can be counted by hand.
    struct InterleaverTests {
        @Test(arguments: [
            ([5], 1), ([2, 2], 6), ([1, 1, 1], 6), ([3, 0, 2], 10), ([3, 2, 1], 60),
            ([2, 2, 2], 90), ([6, 6], 924), ([3, 3, 3], 1_680),
        ])
        func `all orders are run, and each once`(stepCounts: [Int], interleavingCount: Int) {
            let orders = Mutex<Set<[UInt64]>>([])
            let report = Interleaver(skipsEquivalentOrders: false).explore(
                make: { Words() },
                threads: stepCounts.indices.map { thread in
                    { words in
                        for _ in 0..<stepCounts[thread] {
                            words.a.store(0, .relaxed)
                            words.note(UInt64(thread))
                        }
                    }
                },
                check: { words in
                    orders.withLock { _ = $0.insert(words.notes) }
                    return nil
                }
            )
            #expect(report.isExhaustive && report.failure == nil, "\(report)")
            #expect(report.interleavingCount == interleavingCount && report.cutCount == 0)
            #expect(orders.withLock { $0.count } == interleavingCount)
        }

        @Test func `an update that is lost between a load and a store is found`() {
            let report = Interleaver().explore(
                make: { Words() },
                threads: [incrementInTwoSteps, incrementInTwoSteps],
                check: { $0.a.load(.relaxed) == 2 ? nil : "an update was lost" }
            )
            #expect(report.interleavingCount == 2 && !report.isExhaustive)
            #expect(
                report.failure?.description == """
                    an update was lost
                        thread 0: load w0
                        thread 1: load w0
                        thread 1: write w0
                        thread 0: write w0
                    """
            )
        }

        @Test(arguments: [2, 3])
        func `no update is lost by an atomic addition`(threadCount: Int) {
            let report = Interleaver().explore(
                make: { Words() },
                threads: Array(
                    repeating: { words in _ = words.a.wrappingAdd(1, .relaxed) },
                    count: threadCount
                ),
                check: { $0.a.load(.relaxed) == threadCount ? nil : "an update was lost" }
            )
            #expect(report.isExhaustive && report.failure == nil, "\(report)")
        }

        @Test(arguments: [0, 1 << 32])
        func `a stack whose head has no version loses a node, one with a version does not`(
            version: UInt64
        ) {
            let report = Interleaver().explore(
                make: { Stack(versionStep: version) },
                threads: [
                    { $0.hold($0.pop()) },
                    { stack in
                        let first = stack.pop()
                        stack.hold(stack.pop())
                        stack.push(first)
                    },
                ],
                check: { $0.isWhole ? nil : "a node is held twice or lost" }
            )
            #expect(report.isExhaustive == (version > 0), "\(report)")
            #expect((report.failure == nil) == (version > 0))
        }

        @Test func `a sleep after a check that may be old is found as a deadlock`() {
            let report = Interleaver().explore(
                make: { Words() },
                threads: [
                    { words in
                        guard words.a.load(.acquiring) == 0 else { return }
                        words.sleeping.store(1, .relaxed)
                        words.sleeping.wait(while: 1)
                    },
                    publish,
                ],
                check: { _ in nil }
            )
            #expect(
                report.failure?.description == """
                    deadlock: thread 0 at wait w1 while 1
                        thread 0: load w0
                        thread 1: write w0
                        thread 1: write w1
                        thread 0: write w1
                        thread 0: wait w1 while 1
                    """
            )
        }

        @Test(arguments: [1, 2, 3])
        func `a sleeper that checks again after its notice misses nothing`(itemCount: UInt64) {
            let report = Interleaver().explore(
                make: { Words() },
                threads: [
                    { $0.consume(itemCount) },
                    { words in for _ in 0..<itemCount { publish(words) } },
                ],
                check: { $0.a.load(.relaxed) == itemCount ? nil : "an item is missing" }
            )
            #expect(report.isExhaustive && report.failure == nil, "\(report)")
        }

        @Test func `a wake-up wakes who slept first, and nobody else`() {
            let sleep: @Sendable (Words) -> Void = { $0.sleeping.wait(while: 0) }
            let report = Interleaver(maxPreemptionCount: 0).explore(
                make: { Words() },
                threads: [sleep, sleep, { $0.sleeping.wakeOne() }],
                check: { _ in nil }
            )
            #expect(report.failure?.message == "deadlock: thread 1 at wait w0 while 0")
        }

        @Test func `a thread that spins goes on when another has written`() {
            let report = Interleaver(skipsEquivalentOrders: false).explore(
                make: { Words() },
                threads: [
                    { words in while words.a.load(.acquiring) == 0 { announceRetry() } },
                    { $0.a.store(1, .releasing) },
                ],
                check: { _ in nil }
            )
            #expect(report.isExhaustive && report.interleavingCount == 2, "\(report)")
        }

        @Test func `a spinning thread sees what was written in the middle of its attempt`() {
            let report = Interleaver(skipsEquivalentOrders: false).explore(
                make: { Words() },
                threads: [
                    { words in
                        while words.a.load(.acquiring) + words.b.load(.acquiring) == 0 {
                            announceRetry()
                        }
                    },
                    { $0.a.store(1, .releasing) },
                ],
                check: { _ in nil }
            )
            #expect(report.isExhaustive && report.interleavingCount == 3, "\(report)")
        }

        @Test func `threads that spin for each other are found as a livelock`() {
            let report = Interleaver().explore(
                make: { Words() },
                threads: [
                    { words in
                        while words.a.load(.acquiring) == 0 { announceRetry() }
                        words.b.store(1, .releasing)
                    },
                    { words in
                        while words.b.load(.acquiring) == 0 { announceRetry() }
                        words.a.store(1, .releasing)
                    },
                ],
                check: { _ in nil }
            )
            #expect(
                report.failure?.description == """
                    livelock: thread 0 at retry, load w0, thread 1 at retry, load w1
                        thread 0: load w0
                        thread 1: load w1
                    """
            )
        }

        @Test func `a run without end is a failure`() {
            let report = Interleaver(maxStepCount: 50).explore(
                make: { Words() },
                threads: [{ words in while words.a.load(.relaxed) == 0 {} }],
                check: { _ in nil }
            )
            #expect(report.failure?.message == "the run does not end within 50 steps")
            #expect(report.failure?.schedule.count == 50)
        }

        @Test func `the limit on runs is kept, and the report says so`() {
            let report = Interleaver(maxInterleavingCount: 5, skipsEquivalentOrders: false).explore(
                make: { Words() },
                threads: [incrementInTwoSteps, incrementInTwoSteps],
                check: { _ in nil }
            )
            #expect(report.description == "5 interleavings (not all), 0 cut")
        }

        @Test func `a case that is not the same each time ends the process`() async {
            await #expect(processExitsWith: .failure) {
                let runs = Words()
                _ = Interleaver().explore(
                    make: { runs.a.wrappingAdd(1, .relaxed) },
                    threads: [
                        { _ in runs.b.store(0, .relaxed) },
                        { run in if run == 0 { runs.b.store(0, .relaxed) } },
                    ],
                    check: { _ in nil }
                )
            }
        }

        @Test(arguments: [(0, 2), (1, 4), (2, 6), (3, 6)])
        func `a bound on pre-emptions leaves the orders with fewer switches`(
            bound: Int,
            interleavingCount: Int
        ) {
            let report = Interleaver(maxPreemptionCount: bound).explore(
                make: { Words() },
                threads: [incrementInTwoSteps, incrementInTwoSteps],
                check: { _ in nil }
            )
            #expect(report.isExhaustive && report.interleavingCount == interleavingCount)
        }

        @Test(arguments: [0, 1, 2])
        func `a fault is found with as many pre-emptions as it needs`(bound: Int) {
            let interleaver = Interleaver(maxPreemptionCount: bound)
            let shallow = interleaver.explore(
                make: { Words() },
                threads: [incrementInTwoSteps, incrementInTwoSteps],
                check: { $0.a.load(.relaxed) == 2 ? nil : "an update was lost" }
            )
            #expect((shallow.failure != nil) == (bound >= 1))

            let deep = interleaver.explore(
                make: { Words() },
                threads: [
                    { words in
                        words.a.store(1, .relaxed)
                        if words.b.load(.relaxed) == 1 { Interleaver.fail("b was seen") }
                    },
                    { words in
                        guard words.a.load(.relaxed) == 1 else { return }
                        words.b.store(1, .relaxed)
                        words.b.store(0, .relaxed)
                    },
                ],
                check: { _ in nil }
            )
            #expect((deep.failure?.message == "b was seen") == (bound >= 2), "\(deep)")
        }
    }
#endif
