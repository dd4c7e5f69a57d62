// SPDX-License-Identifier: Apache-2.0

import CBaseline
import Glibc
import LinnetEvents
import LinnetTestSupport

/// The event queue beside one under a mutex: hand-over from 1, 2 and 4 producers, and wake-up.
func queueComparisons() -> [Comparison] {
    [1, 2, 4].map(handOver) + [
        wakeUp(sleeping: true, isShared: true), wakeUp(sleeping: true, isShared: false),
        wakeUp(sleeping: false, isShared: false),
    ]
}

/// What an event is: 56 bytes, of which the first 8 are looked at.
private struct Item: BitwiseCopyable {
    var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (1, 0, 0, 0, 0, 0, 0)
}

private let capacity = 8_192
private let batchCount = 32

private func makeQueue() -> EventQueue<Item> {
    guard let queue = try? EventQueue<Item>(capacity: capacity, reserveCount: capacity / 8) else {
        preconditionFailure("the queue cannot be mapped")
    }
    return queue
}

/// Batches of 32 from each producer, one wake-up behind each; the consumer takes 64 at a time, on a
/// processor of its own.
private func handOver(producerCount: Int) -> Comparison {
    let eventCount = 1_000_000
    let ownCount = eventCount / producerCount
    return Comparison(
        "queue: hand over 56 B events, \(producerCount) to 1",
        operations: ownCount * producerCount,
        ours: {
            let queue = makeQueue()
            withThreads(producerCount + 1) { thread in
                baseline_pin(thread == producerCount ? 1 : 0)
                if thread == producerCount {
                    consume(ownCount * producerCount, from: queue)
                } else {
                    produce(ownCount, into: queue)
                }
            }
        },
        baseName: "mutex and condition, same batches",
        base: {
            // SAFETY: the queue has a lock of its own, and is freed when the threads have ended.
            nonisolated(unsafe) let queue = baseline_queue_make(capacity)
            withThreads(producerCount + 1) { thread in
                baseline_pin(thread == producerCount ? 1 : 0)
                if thread == producerCount {
                    var count = 0
                    while count < ownCount * producerCount {
                        var taken = 0
                        _ = baseline_queue_pop(queue, 64, &taken)
                        count += taken
                    }
                } else {
                    let items = [UInt64](repeating: 1, count: 7)
                    for start in stride(from: 0, to: ownCount, by: batchCount) {
                        baseline_queue_push(queue, items, min(batchCount, ownCount - start))
                    }
                }
            }
            baseline_queue_free(queue)
        }
    )
}

private func produce(_ count: Int, into queue: EventQueue<Item>) {
    var batch = queue.makeBatch()
    for index in 0..<count {
        while batch.push(Item()) != .queued {
            batch.finish()
            sched_yield()
        }
        if index % batchCount == batchCount - 1 { batch.finish() }
    }
    batch.finish()
}

private func consume(_ count: Int, from queue: EventQueue<Item>) {
    var consumer = queue.makeConsumer()
    var taken = 0
    var sum: UInt64 = 0
    while taken < count {
        let got = consumer.drain(maxCount: 64) { sum &+= $0.words.0 }
        taken += got
        if got == 0 { consumer.waitForItems() }
    }
    precondition(sum == UInt64(count), "events were lost")
}

/// One event goes to and fro between two threads: half of the way is one wake-up, or, where nobody
/// sleeps, one hand-over to a thread that is looking.
private func wakeUp(sleeping: Bool, isShared: Bool) -> Comparison {
    let roundCount = 2_000
    let thread = sleeping ? "a sleeping thread" : "a busy thread"
    let place = isShared ? "of the same core" : "of another core"
    return Comparison(
        "queue: one event to \(thread) \(place)",
        operations: 2 * roundCount,
        ours: {
            let queues = [makeQueue(), makeQueue()]
            withThreads(2) { thread in
                baseline_pin(isShared ? 0 : CInt(thread))
                var consumer = queues[thread].makeConsumer()
                for _ in 0..<roundCount {
                    if thread == 0 { pass(to: queues[1]) }
                    while consumer.pop() == nil {
                        if sleeping { consumer.waitForItems() } else { sched_yield() }
                    }
                    consumer.publish()
                    if thread == 1 { pass(to: queues[0]) }
                }
            }
        },
        baseName: sleeping ? "mutex and condition" : "",
        base: !sleeping
            ? nil
            : {
                // SAFETY: as above.
                nonisolated(unsafe) let queues = [
                    baseline_queue_make(16), baseline_queue_make(16),
                ]
                withThreads(2) { thread in
                    baseline_pin(isShared ? 0 : CInt(thread))
                    let item = [UInt64](repeating: 1, count: 7)
                    for _ in 0..<roundCount {
                        var count = 0
                        if thread == 0 { baseline_queue_push(queues[1], item, 1) }
                        _ = baseline_queue_pop(queues[thread], 1, &count)
                        if thread == 1 { baseline_queue_push(queues[0], item, 1) }
                    }
                }
                queues.forEach(baseline_queue_free)
            }
    )
}

private func pass(to queue: EventQueue<Item>) {
    precondition(queue.push(Item()) == .queued)
    queue.wakeConsumer()
}
