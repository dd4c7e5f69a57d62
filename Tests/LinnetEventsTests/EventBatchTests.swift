// SPDX-License-Identifier: Apache-2.0

import LinnetEvents
import LinnetTestSupport
import Synchronization
import Testing

/// Pushes that claim their cells in runs.
struct EventBatchTests {
    private func drain(_ consumer: inout EventQueue<Int>.Consumer) -> [Int] {
        var items: [Int] = []
        while let item = consumer.pop() { items.append(item) }
        consumer.publish()
        return items
    }

    @Test func `each push is there at once, in order, and unused cells are passed over`() throws {
        let queue = try EventQueue<Int>(capacity: 64, reserveCount: 0)
        var consumer = queue.makeConsumer()
        var batch = queue.makeBatch()
        for item in 1...6 {
            #expect(batch.push(item) == .queued)
            #expect(drain(&consumer) == [item])
        }
        // Runs of 1, 2 and 4: the last cell is claimed and not used.
        #expect(queue.count == 1)
        #expect(queue.push(7) == .queued)
        #expect(drain(&consumer).isEmpty, "it stands behind the unused cell")
        batch.finish()
        #expect(drain(&consumer) == [7])
        #expect(queue.count == 0)
    }

    @Test func `a batch goes on for laps, in runs as long as batches were`() throws {
        let queue = try EventQueue<Int>(capacity: 16, reserveCount: 4)
        var consumer = queue.makeConsumer()
        var batch = queue.makeBatch()
        var next = 0
        var expected = 0
        for size in (1...40).map({ $0 % 11 }) {
            for _ in 0..<size where batch.push(next) == .queued { next += 1 }
            batch.finish()
            for item in drain(&consumer) {
                #expect(item == expected)
                expected += 1
            }
        }
        #expect(next == expected && next > 150)
    }

    @Test func `data is refused at its threshold, control at the end, and the queue recovers`()
        throws
    {
        let queue = try EventQueue<Int>(capacity: 8, reserveCount: 3)
        var consumer = queue.makeConsumer()
        var batch = queue.makeBatch()
        var count = 0
        while batch.push(count) == .queued { count += 1 }
        #expect(count == 5)
        for _ in 0..<3 { #expect(batch.push(-1, isControl: true) == .queued) }
        #expect(batch.push(-1, isControl: true) == .full)
        batch.finish()
        #expect(drain(&consumer) == [0, 1, 2, 3, 4, -1, -1, -1])
        #expect(batch.push(9) == .queued)
        batch.finish()
        #expect(drain(&consumer) == [9])
        consumer.close { _ in }
        #expect(batch.push(10) == .closed)
        batch.finish()
    }
}

#if DEBUG
    /// Only debug builds announce what threads do.
    struct EventBatchInterleavingTests {
        private final class Shared: Sendable {
            let queue: EventQueue<Int>
            let queued = Atomic(0)
            let consumed = Atomic(0)

            init() {
                guard let queue = try? EventQueue<Int>(capacity: 8, reserveCount: 0) else {
                    preconditionFailure("no memory")
                }
                self.queue = queue
            }

            func push(_ items: [Int]) {
                var batch = queue.makeBatch()
                for item in items where batch.push(item) == .queued {
                    queued.add(item, ordering: .relaxed)
                }
                batch.finish()
            }

            func note(_ item: Int) { consumed.add(item, ordering: .relaxed) }
        }

        /// The second run has two cells, of which one is not used.
        @Test func `in all orders a batch reaches a consumer that sleeps`() {
            let report = Interleaver().explore(
                make: { Shared() },
                threads: [
                    { $0.push([1, 2]) },
                    { shared in
                        var consumer = shared.queue.makeConsumer()
                        while shared.consumed.load(ordering: .relaxed) < 3 {
                            consumer.waitForItems()
                            while let item = consumer.pop() { shared.note(item) }
                            consumer.publish()
                        }
                    },
                ],
                check: { $0.queue.count <= 1 ? nil : "cells were not given back" }
            )
            print(report.summary("a batch against sleep"))
            #expect(report.failure == nil && report.isExhaustive, "\(report)")
        }

        /// The mistake: the cell that was not used is never given up, so that what another pushes
        /// behind it never arrives.
        @Test func `a batch that does not end is found`() {
            let report = Interleaver().explore(
                make: { Shared() },
                threads: [
                    { shared in
                        var batch = shared.queue.makeBatch()
                        _ = batch.push(1)
                        _ = batch.push(2)
                        shared.queue.wakeConsumer()
                    },
                    { $0.push([4]) },
                    { shared in
                        var consumer = shared.queue.makeConsumer()
                        while shared.consumed.load(ordering: .relaxed) < 7 {
                            consumer.waitForItems()
                            while let item = consumer.pop() { shared.note(item) }
                            consumer.publish()
                        }
                    },
                ],
                check: { _ in nil }
            )
            print(report.summary("a batch that does not end"))
            #expect(report.failure?.message.contains("deadlock") == true, "\(report)")
        }

        @Test func `in all orders a batch, another producer, and close`() {
            let report = Interleaver(maxPreemptionCount: 2).explore(
                make: { Shared() },
                threads: [
                    { $0.push([1, 10]) },
                    { $0.push([100]) },
                    { shared in shared.queue.makeConsumer().close { shared.note($0) } },
                ],
                check: {
                    $0.queued.load(ordering: .relaxed) == $0.consumed.load(ordering: .relaxed)
                        ? nil : "what was queued was not consumed once"
                }
            )
            print(report.summary("two batches against close (at most 2 pre-emptions)"))
            #expect(report.failure == nil && report.isExhaustive, "\(report)")
        }
    }
#endif
