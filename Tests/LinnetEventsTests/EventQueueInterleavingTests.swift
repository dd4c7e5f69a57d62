// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import LinnetEvents
    import LinnetTestSupport
    import Testing

    /// A queue of two cells in all orders of its threads' operations; or, where there are too many,
    /// in all in which a thread that could go on is made to wait at most so many times. A case
    /// takes seconds.
    ///
    /// Each mistake that can be made must be found by the same scenario that finds none in the
    /// queue.
    @Suite struct EventQueueInterleavingTests {
        @Test(arguments: QueueScenario.all)
        func `nothing is lost, nothing comes twice, nobody waits for ever`(
            scenario: QueueScenario
        ) {
            let report = scenario.explore {
                EventQueue<UInt64>.ofTwoCells(reserveCount: $0).makeConsumer()
            }
            #expect(report.failure == nil && report.isExhaustive, "\(report)")
        }

        @Test(arguments: QueueScenario.all)
        func `the algorithm without a mistake passes too`(scenario: QueueScenario) {
            let report = explore(scenario, mistake: nil)
            #expect(report.failure == nil && report.isExhaustive, "\(report)")
        }

        @Test(arguments: FaultyQueue.Mistake.allCases)
        func `each mistake is found`(mistake: FaultyQueue.Mistake) throws {
            let (scenario, symptom) = mistake.findings
            let failure = try #require(explore(scenario, mistake: mistake).failure)
            #expect(failure.message.contains(symptom), "\(failure)")
        }

        private func explore(
            _ scenario: QueueScenario,
            mistake: FaultyQueue.Mistake?
        ) -> Interleaver.Report {
            scenario.explore(named: mistake.map { "with \($0)" } ?? "without a mistake") {
                let queue = FaultyQueue(
                    mistake,
                    capacity: QueueScenario.capacity,
                    reserveCount: $0
                )
                return FaultyQueue.Consumer(queue: queue)
            }
        }
    }

    extension EventQueue<UInt64>: TestedQueue {
        fileprivate static func ofTwoCells(reserveCount: Int) -> EventQueue {
            do {
                return try EventQueue(
                    capacity: QueueScenario.capacity,
                    reserveCount: reserveCount
                )
            } catch {
                preconditionFailure("the system has no memory for two cells: \(error)")
            }
        }
    }
    extension EventQueue.Consumer: TestedConsumer where Item == UInt64 {}

    extension FaultyQueue.Mistake {
        /// Where it shows, and how.
        fileprivate var findings: (scenario: QueueScenario, symptom: String) {
            switch self {
            case .noRecheck, .wakeBeforePublish, .flagLoadedBeforePublish:
                (.sleepAgainstWake, "deadlock: thread 0 at wait")
            case .flagLoadedThenStored: (.sleepAgainstWake, "two wake-ups")
            case .stampBeforeItem: (.pushAgainstPop, "nobody has pushed")
            case .headBeforeRead: (.laps, "were queued and")
            case .tailLoadedThenStored: (.pushAgainstPopOfTwo, "livelock: thread 0")
            case .limitWithoutHead: (.laps, "livelock: thread 0")
            case .unsignedComparison: (.pushAgainstPopOfTwo, "although there is room")
            case .headBeforeTail, .noReserve: (.fullForData, "although there is room")
            case .closeWithoutWaiting, .closeByStore: (.stopAgainstPost, "were queued and")
            }
        }
    }

    extension QueueScenario {
        fileprivate static let all = [
            pushAgainstPop, pushAgainstPopOfTwo, fullForOne, fullForData, laps, manyLaps,
            lapsInBatches, lapsOfTwo, sleepAgainstWake, sleepAgainstWakeOfBatch,
            sleepAgainstWakeOfTwo, sleepAgainstFullQueue, stopAgainstPost, stopAgainstPostOfTwo,
            stopAgainstFullQueue,
        ]

        fileprivate static let pushAgainstPop = QueueScenario(
            "push against pop",
            producers: [[Batch(count: 2)]],
            consumer: .polls
        )
        fileprivate static let pushAgainstPopOfTwo = QueueScenario(
            "push against pop, 2 producers",
            producers: [[Batch(count: 1)], [Batch(count: 1)]],
            consumer: .polls
        )
        fileprivate static let fullForOne = QueueScenario(
            "data is refused and comes back, control finds room",
            reserveCount: 1,
            producers: [[Batch(count: 2), Batch(count: 1, isControl: true)]],
            consumer: .polls,
            fillsUp: true
        )
        fileprivate static let fullForData = QueueScenario(
            "one's data is refused and comes back, another's control finds room",
            reserveCount: 1,
            producers: [[Batch(count: 2)], [Batch(count: 1, isControl: true)]],
            consumer: .polls,
            fillsUp: true,
            maxPreemptionCount: 2
        )
        fileprivate static let laps = QueueScenario(
            "laps",
            producers: [[Batch(count: 3)]],
            consumer: .polls,
            fillsUp: true
        )
        fileprivate static let manyLaps = QueueScenario(
            "more laps",
            producers: [[Batch(count: 5)]],
            consumer: .polls,
            fillsUp: true,
            maxPreemptionCount: 2
        )
        fileprivate static let lapsInBatches = QueueScenario(
            "laps, two cells given back at a time",
            producers: [[Batch(count: 5)]],
            consumer: .pollsInBatches(2),
            fillsUp: true,
            maxPreemptionCount: 2
        )
        fileprivate static let lapsOfTwo = QueueScenario(
            "laps, 2 producers",
            producers: [[Batch(count: 2)], [Batch(count: 1)]],
            consumer: .polls,
            fillsUp: true,
            maxPreemptionCount: 2
        )
        fileprivate static let sleepAgainstWake = QueueScenario(
            "sleep against wake",
            producers: [[Batch(count: 1), Batch(count: 1)]],
            consumer: .sleeps
        )
        fileprivate static let sleepAgainstWakeOfBatch = QueueScenario(
            "sleep against wake, a batch of 2",
            producers: [[Batch(count: 2)]],
            consumer: .sleeps
        )
        fileprivate static let sleepAgainstWakeOfTwo = QueueScenario(
            "sleep against wake, 2 producers",
            producers: [[Batch(count: 1)], [Batch(count: 1)]],
            consumer: .sleeps
        )
        fileprivate static let sleepAgainstFullQueue = QueueScenario(
            "sleep against wake, a batch larger than the queue",
            producers: [[Batch(count: 3)]],
            consumer: .sleeps,
            fillsUp: true,
            maxPreemptionCount: 3
        )
        fileprivate static let stopAgainstPost = QueueScenario(
            "stop against post",
            producers: [[Batch(count: 2)]],
            consumer: .closes(afterLooks: 1)
        )
        fileprivate static let stopAgainstPostOfTwo = QueueScenario(
            "stop against post, 2 producers",
            producers: [[Batch(count: 1)], [Batch(count: 1)]],
            consumer: .closes(afterLooks: 0)
        )
        fileprivate static let stopAgainstFullQueue = QueueScenario(
            "stop against post, the queue being full",
            producers: [[Batch(count: 3)]],
            consumer: .closes(afterLooks: 1),
            fillsUp: true
        )
    }
#endif
