// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import LinnetEvents
    import LinnetTestSupport
    import Testing

    /// A queue of numbers: the real one, or one with a mistake.
    protocol TestedQueue: Sendable {
        func push(_ item: UInt64, isControl: Bool) -> PushResult
        func wakeConsumer()
    }

    protocol TestedConsumer: ~Copyable, SendableMetatype {
        associatedtype Queue: TestedQueue

        var queue: Queue { get }
        mutating func pop() -> UInt64?
        mutating func publish()
        mutating func waitForItems()
        consuming func close(_ body: (UInt64) -> Void)
    }

    /// Producers and a consumer of a small queue, and what must be true in all orders: what was
    /// queued is consumed once, in each producer's order, and nothing else is; nobody waits for
    /// ever.
    struct QueueScenario: Sendable {
        enum Consumer: Sendable {
            /// Looks again and again, and gives each cell back at once.
            case polls
            /// Looks again and again, and gives cells back when it has taken so many.
            case pollsInBatches(Int)
            /// Takes what there is, gives the cells back, and sleeps.
            case sleeps
            /// Looks so many times, then closes the queue.
            case closes(afterLooks: Int)
        }

        /// Pushes, with a wake-up behind them if the consumer sleeps.
        struct Batch: Sendable {
            var count: Int
            /// Control always finds room in these scenarios; a refusal is a failure.
            var isControl = false
        }

        let name: String
        let reserveCount: Int
        let producers: [[Batch]]
        let consumer: Consumer
        /// Whether data may be refused; then the producer comes back.
        let fillsUp: Bool
        /// Of scenarios with too many orders to run them all.
        let maxPreemptionCount: Int?

        init(
            _ name: String,
            reserveCount: Int = 0,
            producers: [[Batch]],
            consumer: Consumer,
            fillsUp: Bool = false,
            maxPreemptionCount: Int? = nil
        ) {
            self.name = name
            self.reserveCount = reserveCount
            self.producers = producers
            self.consumer = consumer
            self.fillsUp = fillsUp
            self.maxPreemptionCount = maxPreemptionCount
        }

        static let capacity = 2

        /// Runs the scenario in all orders, and prints how many there were. Thread 0 is the
        /// consumer.
        ///
        /// - Parameter make: makes a queue that keeps so many of its cells from data.
        func explore<C: TestedConsumer & ~Copyable>(
            named suffix: String = "",
            make: @escaping @Sendable (_ reserveCount: Int) -> sending C
        ) -> Interleaver.Report {
            let report = Interleaver(maxPreemptionCount: maxPreemptionCount).explore(
                make: { QueueRun(make(reserveCount), producerCount: producers.count) },
                threads: [{ consume(in: $0) }]
                    + producers.indices.map { producer in { produce(producer, in: $0) } },
                check: { $0.verdict }
            )
            let bound = maxPreemptionCount.map { " (at most \($0) pre-emptions)" } ?? ""
            print(
                "interleavings: \(name)\(bound)\(suffix.isEmpty ? "" : ", ")\(suffix): "
                    + "\(report.interleavingCount), cut \(report.cutCount), "
                    + (report.isExhaustive ? "exhaustive" : "not exhaustive")
            )
            return report
        }
    }

    extension QueueScenario: CustomTestStringConvertible {
        var testDescription: String { name }
    }
#endif
