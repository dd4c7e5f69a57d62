// SPDX-License-Identifier: Apache-2.0

extension EventQueue {
    /// What one producer pushes in one go: it claims cells in runs, so that only one in many pushes
    /// costs an atomic exchange, and wakes the consumer once.
    ///
    /// Each push is there for the consumer at once. Cells that were claimed and not used are given
    /// up by ``finish()``, which must come before the producer does anything that takes long: the
    /// consumer gets no further until then. Runs grow from batch to batch with what was used, to at
    /// most 32 cells.
    ///
    /// Thread: one; it must not be copied between a push and ``finish()``.
    public struct Batch: Sendable {
        /// Kept alive by who pushes to it.
        public let queue: EventQueue
        @usableFromInline let memory: QueueMemory<Item>
        /// The positions that are claimed and not used.
        @usableFromInline var next: UInt64 = 0
        @usableFromInline var end: UInt64 = 0
        @usableFromInline var maxRunCount = 1
        @usableFromInline var pushedCount = 0

        init(queue: EventQueue) {
            self.queue = queue
            memory = queue.memory
        }

        /// Puts an item behind those of this producer before. O(1), never blocks, never allocates.
        ///
        /// - Parameter isControl: may take the cells that are kept from data.
        @inlinable
        public mutating func push(_ item: Item, isControl: Bool = false) -> PushResult {
            if next == end {
                let run = memory.claim(maxCount: isControl ? 1 : maxRunCount, isControl: isControl)
                guard run.result == .queued else { return run.result }
                next = run.first
                end = run.first &+ UInt64(truncatingIfNeeded: run.count)
                maxRunCount = min(maxRunCount * 2, 32)
            }
            memory.publish(item, at: next)
            next &+= 1
            pushedCount += 1
            return .queued
        }

        /// Gives up the cells that were claimed and not used, and wakes the consumer if it sleeps.
        @inlinable
        public mutating func finish() {
            while next != end {
                memory.publishNothing(at: next)
                next &+= 1
            }
            guard pushedCount > 0 else { return }
            maxRunCount = min(pushedCount, 32)
            pushedCount = 0
            memory.wakeConsumer()
        }
    }

    /// A batch of pushes by the calling thread.
    public func makeBatch() -> Batch {
        Batch(queue: self)
    }
}
