// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

extension EventQueue {
    /// The taking end of a queue. Thread: its owner.
    public struct Consumer: ~Copyable, Sendable {
        /// Kept alive by its consumer.
        public let queue: EventQueue
        @usableFromInline let memory: QueueMemory<Item>
        /// The position to take next, and how far `head` says that this consumer has come.
        @usableFromInline var position: UInt64 = 0
        @usableFromInline var published: UInt64 = 0

        init(queue: EventQueue) {
            self.queue = queue
            memory = queue.memory
        }

        // SAFETY of all below: see `EventQueue`.

        /// Whether an item may be there.
        @inlinable
        public var hasItem: Bool {
            // Pairs with the release in `QueueMemory.publish`. If nothing is published there, that
            // is to be looked at too.
            let stamp = unsafe memory.stamp(position).pointee.load(.acquiring)
            return stamp & ~QueueFront.nothingBit == position &+ 1
        }

        /// Takes the next item, or `nil` if none is there. O(1).
        ///
        /// Its cell is free for producers after ``publish()``.
        @inlinable
        public mutating func pop() -> Item? {
            while true {
                // Pairs with the release in `QueueMemory.publish`.
                let stamp = unsafe memory.stamp(position).pointee.load(.acquiring)
                guard stamp & ~QueueFront.nothingBit == position &+ 1 else { return nil }
                let item = unsafe memory.cell(position) + QueueFront.itemOffset
                position &+= 1
                guard stamp & QueueFront.nothingBit == 0 else { continue }
                unsafe announceAccess(to: item, writes: false)
                return unsafe item.load(as: Item.self)
            }
        }

        /// Gives the cells of all items that were taken back to the producers.
        @inlinable
        public mutating func publish() {
            guard published != position else { return }
            published = position
            // Releases the reads of the cells to the acquire in `push`.
            unsafe memory.front.pointee.head.store(position, .releasing)
        }

        /// Gives at most `maxCount` items to `body`, then their cells back to the producers.
        ///
        /// - Returns: how many there were.
        @inlinable
        public mutating func drain(maxCount: Int, _ body: (Item) -> Void) -> Int {
            var count = 0
            while count < maxCount, let item = pop() {
                body(item)
                count += 1
            }
            publish()
            return count
        }

        /// Sleeps until an item is there. It may return earlier.
        public mutating func waitForItems() {
            wait(atMost: nil)
        }

        /// Sleeps until an item is there, or for about `limit`. It may return earlier.
        public mutating func waitForItems(atMost limit: Duration) {
            wait(atMost: limit)
        }

        private mutating func wait(atMost limit: Duration?) {
            precondition(memory.wakeDescriptor < 0, "this queue's consumer sleeps in a poller")
            if prepareToSleep() {
                unsafe memory.front.pointee.sleeping.wait(while: 1, atMost: limit)
            }
            didWake()
        }

        /// Announces that the consumer is about to sleep where it can also be woken by others: in a
        /// poller, through the queue's `wakeDescriptor`.
        ///
        /// The eventfd is watched edge-triggered, or read after each wake-up before the next call
        /// of this.
        ///
        /// - Returns: whether it may; if not, an item may be there. ``didWake()`` comes after
        ///   either.
        public mutating func prepareToSleep() -> Bool {
            publish()
            guard !hasItem else { return false }
            // See "Sleep and wake" in `EventQueue`.
            _ = unsafe memory.front.pointee.sleeping.exchange(1, .acquiringAndReleasing)
            return !hasItem
        }

        /// Says that the consumer looks at the queue again.
        public mutating func didWake() {
            _ = unsafe memory.front.pointee.sleeping.exchange(0, .acquiringAndReleasing)
        }

        /// Closes the queue, and gives all items that were pushed before to `body`. Pushes are
        /// answered `.closed` from now on.
        public consuming func close(_ body: (Item) -> Void) {
            let front = unsafe memory.front
            var end = unsafe front.pointee.tail.load(.relaxed)
            while true {
                let (exchanged, original) = unsafe front.pointee.tail.compareExchange(
                    expected: end,
                    desired: end | QueueFront.closedBit,
                    .relaxed
                )
                if exchanged { break }
                end = original
            }
            while position != end {
                if let item = pop() {
                    body(item)
                } else if position != end {
                    // A producer has claimed the position and is about to publish it.
                    announceRetry()
                    yieldProcessor()
                }
            }
            publish()
            // Nobody else may keep the memory any more.
            withExtendedLifetime(queue) {}
        }
    }
}
