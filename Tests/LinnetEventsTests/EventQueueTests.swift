// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetEvents
import LinnetTestSupport
import Testing

@Suite struct EventQueueTests {
    @Test func `items come out in the order in which they went in`() throws {
        let queue = try EventQueue<Int>(capacity: 8, reserveCount: 0)
        var consumer = queue.makeConsumer()
        for item in 0..<8 { #expect(queue.push(item) == .queued) }
        #expect(take(&consumer) == Array(0..<8))
        #expect(take(&consumer) == [])
    }

    @Test(arguments: [2, 4, 64])
    func `the order outlives many laps`(capacity: Int) throws {
        let queue = try EventQueue<Int>(capacity: capacity, reserveCount: 0)
        var consumer = queue.makeConsumer()
        var random = SeededRandom(seed: 1)
        var (pushed, taken) = (0, 0)
        while taken < 1_000 * capacity {
            for _ in 0..<Int.random(in: 0...capacity, using: &random) {
                let hasRoom = pushed - taken < capacity
                #expect(queue.push(pushed) == (hasRoom ? .queued : .full))
                pushed += hasRoom ? 1 : 0
            }
            let items = take(&consumer, Int.random(in: 0...capacity, using: &random))
            #expect(items == Array(taken..<taken + items.count))
            taken += items.count
        }
    }

    @Test(arguments: [(2, 0), (2, 1), (8, 0), (8, 3), (8, 7)])
    func `data is refused at its limit, control at the end of the queue`(
        capacity: Int,
        reserveCount: Int
    ) throws {
        let queue = try EventQueue<Int>(capacity: capacity, reserveCount: reserveCount)
        #expect(queue.dataCapacity == capacity - reserveCount)
        for item in 0..<queue.dataCapacity { #expect(queue.push(item) == .queued) }
        #expect(queue.push(-1) == .full)
        for item in queue.dataCapacity..<capacity {
            #expect(queue.push(item, isControl: true) == .queued)
            #expect(queue.push(-1) == .full)
        }
        #expect(queue.push(-1, isControl: true) == .full)
        var consumer = queue.makeConsumer()
        #expect(take(&consumer) == Array(0..<capacity))
    }

    @Test func `control takes the room of data, until it is taken itself`() throws {
        let queue = try EventQueue<Int>(capacity: 4, reserveCount: 2)
        var consumer = queue.makeConsumer()
        for item in 0..<3 { #expect(queue.push(item, isControl: true) == .queued) }
        #expect(queue.push(3) == .full)
        #expect(take(&consumer, 1) == [0])
        #expect(queue.push(3) == .full)
        #expect(take(&consumer, 1) == [1])
        #expect(queue.push(3) == .queued)
    }

    @Test func `there is room again when the consumer says so, not before`() throws {
        let queue = try EventQueue<Int>(capacity: 2, reserveCount: 0)
        var consumer = queue.makeConsumer()
        for lap in 0..<100 {
            #expect(queue.push(2 * lap) == .queued)
            #expect(queue.push(2 * lap + 1) == .queued)
            #expect(queue.push(-1) == .full)
            #expect(consumer.pop() == 2 * lap)
            #expect(queue.push(-1) == .full)
            #expect(consumer.pop() == 2 * lap + 1)
            #expect(queue.push(-1) == .full)
            consumer.publish()
        }
        #expect(consumer.pop() == nil)
    }

    @Test func `drain takes at most so many`() throws {
        let queue = try EventQueue<Int>(capacity: 8, reserveCount: 0)
        var consumer = queue.makeConsumer()
        for item in 0..<5 { _ = queue.push(item) }
        #expect(take(&consumer, 0) == [])
        #expect(take(&consumer, 2) == [0, 1])
        #expect(take(&consumer, 9) == [2, 3, 4])
    }

    @Test func `capacities are rounded up to powers of two, and data gets the rest`() throws {
        for (capacity, rounded) in [(2, 2), (3, 4), (4, 4), (5, 8), (1_000, 1_024)] {
            let queue = try EventQueue<Int>(capacity: capacity, reserveCount: 1)
            #expect(queue.capacity == rounded)
            #expect(queue.dataCapacity == rounded - 1)
        }
    }

    @Test func `the count is that of the cells taken`() throws {
        let queue = try EventQueue<Int>(capacity: 4, reserveCount: 0)
        var consumer = queue.makeConsumer()
        #expect(queue.count == 0)
        for item in 0..<6 { _ = queue.push(item) }
        #expect(queue.count == 4)
        _ = consumer.pop()
        #expect(queue.count == 4)
        consumer.publish()
        #expect(queue.count == 3)
        consumer.close { _ in }
        #expect(queue.count == 0)
    }

    @Test func `an item of 56 bytes keeps them all, beside its neighbours`() throws {
        let queue = try EventQueue<LargestItem>(capacity: 4, reserveCount: 0)
        #expect(MemoryLayout<LargestItem>.size == 56)
        var consumer = queue.makeConsumer()
        for lap in 0..<3 as Range<UInt64> {
            let numbers = 4 * lap..<4 * lap + 4
            for number in numbers { #expect(queue.push(LargestItem(number)) == .queued) }
            for number in numbers { #expect(consumer.pop() == LargestItem(number)) }
            consumer.publish()
        }
    }

    @Test func `an item of one byte comes out as it went in`() throws {
        let queue = try EventQueue<UInt8>(capacity: 256, reserveCount: 0)
        var consumer = queue.makeConsumer()
        for byte in UInt8.min...UInt8.max { #expect(queue.push(byte) == .queued) }
        for byte in UInt8.min...UInt8.max { #expect(consumer.pop() == byte) }
    }

    private func take(
        _ consumer: inout EventQueue<Int>.Consumer,
        _ maxCount: Int = .max
    ) -> [Int] {
        var items: [Int] = []
        let count = consumer.drain(maxCount: maxCount) { items.append($0) }
        #expect(count == items.count)
        return items
    }
}

@Suite struct EventQueueCloseTests {
    @Test func `a closed queue gives what was pushed before, and refuses everything`() throws {
        let queue = try EventQueue<Int>(capacity: 4, reserveCount: 1)
        var consumer = queue.makeConsumer()
        for item in 0..<3 { #expect(queue.push(item) == .queued) }
        #expect(queue.push(3, isControl: true) == .queued)
        #expect(consumer.pop() == 0)
        var items: [Int] = []
        consumer.close { items.append($0) }
        #expect(items == [1, 2, 3])
        #expect(queue.push(4) == .closed)
        #expect(queue.push(4, isControl: true) == .closed)
        queue.wakeConsumer()
    }

    @Test func `items can come while the last ones are taken, and are refused`() throws {
        let queue = try EventQueue<Int>(capacity: 4, reserveCount: 0)
        let consumer = queue.makeConsumer()
        _ = queue.push(0)
        consumer.close { _ in #expect(queue.push(1, isControl: true) == .closed) }
    }

    @Test func `a full queue that is closed answers that it is closed`() throws {
        let queue = try EventQueue<Int>(capacity: 2, reserveCount: 1)
        let consumer = queue.makeConsumer()
        _ = queue.push(0)
        #expect(queue.push(1) == .full)
        consumer.close { _ in }
        #expect(queue.push(1) == .closed)
    }
}

@Suite struct EventQueueWaitTests {
    @Test func `nobody waits for an item that is there`() throws {
        let queue = try EventQueue<Int>(capacity: 2, reserveCount: 0)
        var consumer = queue.makeConsumer()
        _ = queue.push(7)
        consumer.waitForItems()
        #expect(consumer.pop() == 7)
    }

    @Test func `a wait for nothing ends after its time`() throws {
        let queue = try EventQueue<Int>(capacity: 2, reserveCount: 0)
        var consumer = queue.makeConsumer()
        let elapsed = SuspendingClock().measure {
            consumer.waitForItems(atMost: .milliseconds(20))
        }
        #expect(elapsed >= .milliseconds(20))
        #expect(consumer.pop() == nil)
    }

    @Test func `to wait gives the cells back`() throws {
        let queue = try EventQueue<Int>(capacity: 2, reserveCount: 0)
        var consumer = queue.makeConsumer()
        for item in 0..<2 { _ = queue.push(item) }
        _ = consumer.pop()
        #expect(queue.push(2) == .full)
        consumer.waitForItems()
        #expect(queue.push(2) == .queued)
    }

    @Test func `a wake-up for nobody is forgotten`() throws {
        let queue = try EventQueue<Int>(capacity: 2, reserveCount: 0)
        var consumer = queue.makeConsumer()
        queue.wakeConsumer()
        let elapsed = SuspendingClock().measure {
            consumer.waitForItems(atMost: .milliseconds(20))
        }
        #expect(elapsed >= .milliseconds(20))
    }

    @Test func `two threads that answer each other by two queues never wait for ever`() throws {
        let there = try EventQueue<Int>(capacity: 2, reserveCount: 0)
        let back = try EventQueue<Int>(capacity: 2, reserveCount: 0)
        withThreads(2) { thread in
            var consumer = (thread == 0 ? back : there).makeConsumer()
            let target = thread == 0 ? there : back
            for number in 0..<2_000 {
                if thread == 1 { #expect(next(of: &consumer) == number) }
                #expect(target.push(number) == .queued)
                target.wakeConsumer()
                if thread == 0 { #expect(next(of: &consumer) == number) }
            }
        }
    }

    private func next(of consumer: inout EventQueue<Int>.Consumer) -> Int {
        while true {
            consumer.waitForItems()
            if let item = consumer.pop() { return item }
        }
    }
}

/// What a wrong program does to a queue: it ends, in release builds too.
@Suite struct EventQueueMisuseTests {
    @Test func `a queue has at least two cells`() async {
        await #expect(processExitsWith: trap) {
            _ = try EventQueue<Int>(capacity: 1, reserveCount: 0)
        }
    }

    @Test func `a queue has at most 2^30 cells`() async {
        await #expect(processExitsWith: trap) {
            _ = try EventQueue<Int>(capacity: 1 << 30 + 1, reserveCount: 0)
        }
    }

    @Test func `a reserve leaves data a cell`() async {
        await #expect(processExitsWith: trap) {
            _ = try EventQueue<Int>(capacity: 4, reserveCount: 4)
        }
    }

    @Test func `a reserve is not negative`() async {
        await #expect(processExitsWith: trap) {
            _ = try EventQueue<Int>(capacity: 4, reserveCount: -1)
        }
    }

    @Test func `an item fits into its cell`() async {
        await #expect(processExitsWith: trap) {
            _ = try EventQueue<[57 of UInt8]>(capacity: 4, reserveCount: 0)
        }
    }

    @Test func `an item is aligned like its cell`() async {
        await #expect(processExitsWith: trap) {
            _ = try EventQueue<SIMD2<UInt64>>(capacity: 4, reserveCount: 0)
        }
    }

    @Test func `a queue has one consumer`() async {
        await #expect(processExitsWith: trap) {
            let queue = try EventQueue<Int>(capacity: 4, reserveCount: 0)
            let first = queue.makeConsumer()
            let second = queue.makeConsumer()
            first.close { _ in }
            second.close { _ in }
        }
    }
}

/// Seven words that follow from one, so that a mixture of two items is recognised.
struct LargestItem: BitwiseCopyable, Equatable, Sendable {
    let words: [7 of UInt64]

    init(_ value: UInt64) {
        words = .init { (value &+ 1) &* (2 * UInt64($0) + 1) }
    }

    static func == (left: LargestItem, right: LargestItem) -> Bool {
        left.words.indices.allSatisfy { left.words[$0] == right.words[$0] }
    }
}
