// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetEvents
import LinnetTestSupport
import Synchronization
import Testing

/// Real threads on real processors; run under the thread sanitizer too.
///
/// `LINNET_CHURN_SECONDS` in the environment makes it all take about so long; a second otherwise.
@Suite(.serialized) struct EventQueueStressTests {
    private static let producerCount = 4
    private static let sizes = [(2, 1), (4, 1), (8, 0), (1_024, 64)]

    /// The share of each case: the sizes of queues, of each test.
    private var caseDuration: Duration {
        let text = ProcessInfo.processInfo.environment["LINNET_CHURN_SECONDS"]
        let seconds = text.flatMap { Double($0) } ?? 1
        return .seconds(seconds) / (2 * Self.sizes.count)
    }

    @Test(arguments: sizes)
    func `all items arrive once, in order, at a consumer that sleeps`(
        capacity: Int,
        reserveCount: Int
    ) throws {
        let queue = try EventQueue<Parcel>(capacity: capacity, reserveCount: reserveCount)
        let deadline = ContinuousClock.now + caseDuration
        let pushedCounts = Counts(Self.producerCount)
        let notes = notes(for: queue)
        let wrongCount = Atomic(0)
        withThreads(Self.producerCount + 1) { thread in
            guard thread < Self.producerCount else {
                wrongCount.store(consumeToTheEnd(queue, notes), ordering: .relaxed)
                return
            }
            var producer = Producer(thread, queue: queue, notes: notes[thread])
            while ContinuousClock.now < deadline { _ = producer.pushBatch() }
            producer.pushLast()
            pushedCounts[thread].store(producer.queuedCount, ordering: .relaxed)
        }
        #expect(wrongCount.load(ordering: .relaxed) == 0)
        for thread in 0..<Self.producerCount {
            #expect(pushedCounts[thread].load(ordering: .relaxed) > 0)
        }
        #expect(queue.count == 0)
    }

    /// Takes items until each producer's last has come.
    ///
    /// - Returns: how many were wrong. As each producer's items are numbered, one that is lost or
    ///   comes twice makes the next a wrong one.
    private func consumeToTheEnd(_ queue: EventQueue<Parcel>, _ notes: [Notes]) -> Int {
        var consumer = queue.makeConsumer()
        var random = SeededRandom(seed: 99)
        var arrivals = Arrivals(notes)
        while arrivals.lastCount < Self.producerCount {
            let maxCount = Int.random(in: 1...queue.capacity, using: &random)
            if consumer.drain(maxCount: maxCount, { arrivals.note($0) }) == 0 {
                consumer.waitForItems()
            }
        }
        return arrivals.wrongCount
    }

    @Test(arguments: sizes)
    func `what was queued before the close arrives, what was not is told so`(
        capacity: Int,
        reserveCount: Int
    ) throws {
        let deadline = ContinuousClock.now + caseDuration
        var random = SeededRandom(seed: 7)
        repeat {
            let queue = try EventQueue<Parcel>(capacity: capacity, reserveCount: reserveCount)
            let takenCount = Int.random(in: 0...4 * capacity, using: &random)
            let queuedCounts = Counts(Self.producerCount)
            let arrivedCounts = Counts(Self.producerCount)
            let wrongCount = Atomic(0)
            let notes = notes(for: queue)
            withThreads(Self.producerCount + 1) { thread in
                guard thread < Self.producerCount else {
                    let arrivals = consume(queue, notes, count: takenCount)
                    for producer in 0..<Self.producerCount {
                        let count = Int(arrivals.nextNumbers[producer])
                        arrivedCounts[producer].store(count, ordering: .relaxed)
                    }
                    wrongCount.store(arrivals.wrongCount, ordering: .relaxed)
                    return
                }
                var producer = Producer(thread, queue: queue, notes: notes[thread])
                while producer.pushBatch() {}
                queuedCounts[thread].store(producer.queuedCount, ordering: .relaxed)
            }
            #expect(wrongCount.load(ordering: .relaxed) == 0)
            #expect(arrivedCounts.values == queuedCounts.values)
        } while ContinuousClock.now < deadline
    }

    /// Takes at least so many items and closes the queue.
    private func consume(
        _ queue: EventQueue<Parcel>,
        _ notes: [Notes],
        count: Int
    ) -> Arrivals {
        var consumer = queue.makeConsumer()
        var arrivals = Arrivals(notes)
        var taken = 0
        while taken < count {
            consumer.waitForItems()
            taken += consumer.drain(maxCount: count - taken) { arrivals.note($0) }
        }
        consumer.close { arrivals.note($0) }
        return arrivals
    }

    private func notes(for queue: EventQueue<Parcel>) -> [Notes] {
        (0..<Self.producerCount).map { _ in Notes(count: queue.capacity + 1) }
    }
}

/// A numbered item of a producer, that fills its cell.
private struct Parcel: BitwiseCopyable, Sendable {
    let producer: UInt32
    let isLast: Bool
    let number: UInt64
    /// Follows from the number.
    let content: [5 of UInt64]

    init(_ number: UInt64, of producer: Int, isLast: Bool) {
        self.producer = UInt32(producer)
        self.number = number
        self.isLast = isLast
        content = .init { number &* (2 * UInt64($0) + 3) }
    }

    var isWhole: Bool {
        content.indices.allSatisfy { content[$0] == number &* (2 * UInt64($0) + 3) }
    }
}

/// A thread's side: pushes batches of random sizes, of data and control, and is not put off.
private struct Producer {
    private let index: Int
    private let queue: EventQueue<Parcel>
    private let notes: Notes
    private var random: SeededRandom
    private(set) var queuedCount = 0

    init(_ index: Int, queue: EventQueue<Parcel>, notes: Notes) {
        self.index = index
        self.queue = queue
        self.notes = notes
        random = SeededRandom(seed: UInt64(index) + 1)
    }

    /// `false` when the queue is closed.
    mutating func pushBatch() -> Bool {
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            guard push(isControl: random.oneIn(4)) else { return false }
        }
        queue.wakeConsumer()
        return true
    }

    mutating func pushLast() {
        _ = push(isControl: true, isLast: true)
        queue.wakeConsumer()
    }

    private mutating func push(isControl: Bool, isLast: Bool = false) -> Bool {
        let parcel = Parcel(UInt64(queuedCount), of: index, isLast: isLast)
        notes.write(parcel.number)
        while true {
            switch queue.push(parcel, isControl: isControl) {
            case .queued:
                queuedCount += 1
                return true
            case .closed: return false
            case .full:
                queue.wakeConsumer()
                yieldProcessor()
            }
        }
    }
}

/// What has come to a consumer.
private struct Arrivals {
    private(set) var nextNumbers: [UInt64]
    private(set) var lastCount = 0
    private(set) var wrongCount = 0

    private let notes: [Notes]

    init(_ notes: [Notes]) {
        self.notes = notes
        nextNumbers = Array(repeating: 0, count: notes.count)
    }

    mutating func note(_ parcel: Parcel) {
        let producer = Int(parcel.producer)
        guard parcel.isWhole, nextNumbers.indices.contains(producer),
            parcel.number == nextNumbers[producer], notes[producer].read(parcel.number)
        else {
            wrongCount += 1
            return
        }
        nextNumbers[producer] += 1
        if parcel.isLast { lastCount += 1 }
    }
}

/// Plain memory of a producer, with a place for each of its items. There is one more than the queue
/// has cells: a place is written again when the item one lap before the last push was taken.
///
/// Nothing but the queue orders the accesses. The thread sanitizer sees them, as the queue's own
/// accesses to items it does not in debug builds: these are of the standard library, which is not
/// instrumented.
@safe
private final class Notes: @unchecked Sendable {
    // Sendable: the producer writes a place before it pushes, the consumer reads it before it gives
    // the cell back.
    private let places: UnsafeMutableBufferPointer<UInt64>

    // SAFETY of all below: the places are allocated here and live as long as the notes; an index is
    // less than their count.
    init(count: Int) {
        unsafe places = .allocate(capacity: count)
        unsafe places.initialize(repeating: 0)
    }

    deinit { unsafe places.deallocate() }

    func write(_ number: UInt64) {
        unsafe places[Int(number % UInt64(places.count))] = number
    }

    /// Whether the note of that item is there.
    func read(_ number: UInt64) -> Bool {
        unsafe places[Int(number % UInt64(places.count))] == number
    }
}

/// A number for each producer.
private final class Counts: Sendable {
    private let counts: [Count]

    private final class Count: Sendable {
        let atomic = Atomic(0)
    }

    init(_ count: Int) {
        counts = (0..<count).map { _ in Count() }
    }

    subscript(_ index: Int) -> Atomic<Int> {
        _read { yield counts[index].atomic }
    }

    var values: [Int] { counts.map { $0.atomic.load(ordering: .relaxed) } }
}
