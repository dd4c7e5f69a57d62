// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import LinnetBytes
    import LinnetEvents
    import LinnetTestSupport
    import Synchronization

    /// What the threads of one run of a scenario share: the queue, and a list for each of them,
    /// which it alone writes.
    final class QueueRun<C: TestedConsumer & ~Copyable>: Sendable {
        let queue: C.Queue
        private let consumer: Mutex<C?>
        private let consumed = Mutex<[UInt64]>([])
        private let queued: [Produced]

        init(_ consumer: consuming sending C, producerCount: Int) {
            queue = consumer.queue
            self.consumer = Mutex(consumer)
            queued = (0..<producerCount).map { _ in Produced() }
        }

        func takeConsumer() -> sending C? {
            consumer.withLock { $0.take() }
        }

        func noteConsumed(_ item: UInt64) { consumed.withLock { $0.append(item) } }

        func noteQueued(_ item: UInt64, by producer: Int) {
            queued[producer].items.withLock { $0.append(item) }
        }

        /// What is wrong at the end, when all threads have ended.
        var verdict: String? {
            let consumed = consumed.withLock { $0 }
            let known = consumed.count { (1...UInt64(queued.count)).contains($0 >> 8) }
            guard known == consumed.count else { return "nobody has pushed all of \(consumed)" }
            for (producer, produced) in queued.enumerated() {
                let pushed = produced.items.withLock { $0 }
                let arrived = consumed.filter { $0 >> 8 == UInt64(producer) + 1 }
                guard arrived == pushed else {
                    return "of producer \(producer), \(pushed) were queued and \(arrived) came"
                }
            }
            return nil
        }

        private final class Produced: Sendable {
            let items = Mutex<[UInt64]>([])
        }
    }

    extension QueueScenario {
        /// The numbered items of a producer tell it by their upper bits; none is zero.
        static func item(_ number: Int, of producer: Int) -> UInt64 {
            UInt64(producer + 1) << 8 | UInt64(number)
        }

        var itemCount: Int { producers.joined().reduce(0) { $0 + $1.count } }

        private var consumerSleeps: Bool {
            if case .sleeps = consumer { true } else { false }
        }

        /// What a producer's thread does.
        func produce<C: ~Copyable>(_ producer: Int, in run: QueueRun<C>) {
            var number = 0
            for batch in producers[producer] {
                for _ in 0..<batch.count {
                    let item = Self.item(number, of: producer)
                    number += 1
                    guard push(item, of: batch, in: run) else { return }
                    run.noteQueued(item, by: producer)
                }
                if consumerSleeps { run.queue.wakeConsumer() }
            }
        }

        /// Whether the item was queued; if not, the queue is closed.
        private func push<C: ~Copyable>(
            _ item: UInt64,
            of batch: Batch,
            in run: QueueRun<C>
        ) -> Bool {
            while true {
                switch run.queue.push(item, isControl: batch.isControl) {
                case .queued: return true
                case .closed: return false
                case .full where fillsUp && !batch.isControl:
                    if consumerSleeps { run.queue.wakeConsumer() }
                    announceRetry()
                case .full:
                    Interleaver.fail("a push was refused although there is room")
                    return false
                }
            }
        }

        /// What the consumer's thread does.
        func consume<C: ~Copyable>(in run: QueueRun<C>) {
            guard var consumer = run.takeConsumer() else { return }
            switch self.consumer {
            case .polls: poll(&consumer, batchCount: 1, in: run)
            case .pollsInBatches(let count): poll(&consumer, batchCount: count, in: run)
            case .sleeps: rest(&consumer, in: run)
            case .closes(let lookCount):
                for _ in 0..<lookCount {
                    guard let item = consumer.pop() else { continue }
                    run.noteConsumed(item)
                    consumer.publish()
                }
                consumer.close { run.noteConsumed($0) }
            }
        }

        private func poll<C: TestedConsumer & ~Copyable>(
            _ consumer: inout C,
            batchCount: Int,
            in run: QueueRun<C>
        ) {
            var count = 0
            while count < itemCount {
                guard let item = consumer.pop() else {
                    consumer.publish()
                    announceRetry()
                    continue
                }
                run.noteConsumed(item)
                count += 1
                if count % batchCount == 0 { consumer.publish() }
            }
        }

        private func rest<C: TestedConsumer & ~Copyable>(
            _ consumer: inout C,
            in run: QueueRun<C>
        ) {
            var count = 0
            while count < itemCount {
                consumer.waitForItems()
                while let item = consumer.pop() {
                    run.noteConsumed(item)
                    count += 1
                }
                consumer.publish()
            }
        }
    }
#endif
