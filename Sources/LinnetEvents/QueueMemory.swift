// SPDX-License-Identifier: Apache-2.0

internal import CLinnet
public import LinnetBytes

/// The memory of an ``EventQueue``: plain data to be copied at will, so that who pushes counts no
/// references. Whoever has one keeps the queue.
///
/// Thread: any.
@frozen
@safe
@usableFromInline
package struct QueueMemory<Item: BitwiseCopyable & Sendable>: BitwiseCopyable, @unchecked Sendable {
    // Sendable: the words never change; what they lead to is written as the queue's invariants say.

    @usableFromInline let front: UnsafeMutablePointer<QueueFront>
    @usableFromInline let cells: UnsafeMutableRawPointer
    /// The queue's eventfd, on which the consumer sleeps, or -1 if it sleeps on the word.
    @usableFromInline let wakeDescriptor: CInt
    @usableFromInline let capacity: Int
    @usableFromInline let dataCapacity: Int

    // SAFETY of all below: the region begins with the front, which is valid as zeros, and then come
    // the cells; it lives as long as the queue. A position's cell lies within it, and is the
    // caller's alone between claim and publication, or publication and `head`.

    @unsafe
    init(
        base: UnsafeMutableRawPointer,
        capacity: Int,
        dataCapacity: Int,
        wakeDescriptor: CInt
    ) {
        self.wakeDescriptor = wakeDescriptor
        unsafe front = base.bindMemory(to: QueueFront.self, capacity: 1)
        unsafe cells = base + QueueFront.byteCount
        self.capacity = capacity
        self.dataCapacity = dataCapacity
    }

    @inlinable
    @inline(__always)
    func cell(_ position: UInt64) -> UnsafeMutableRawPointer {
        let index = Int(truncatingIfNeeded: position) & (capacity &- 1)
        return unsafe cells + index &* QueueFront.cellByteCount
    }

    @inlinable
    @inline(__always)
    func stamp(_ position: UInt64) -> UnsafeMutablePointer<AtomicWord> {
        unsafe cell(position).assumingMemoryBound(to: AtomicWord.self)
    }

    /// See ``EventQueue/push(_:isControl:)``.
    @inlinable
    package func push(_ item: Item, isControl: Bool = false) -> PushResult {
        let run = claim(maxCount: 1, isControl: isControl)
        if run.result == .queued { publish(item, at: run.first) }
        return run.result
    }

    /// Claims up to `maxCount` positions in a row, but no more than half of the room, or one.
    ///
    /// The caller publishes each of them, in order, before it does anything that takes long: the
    /// consumer gets no further until it has.
    @inlinable
    package func claim(maxCount: Int, isControl: Bool) -> ClaimedRun {
        let limit = Int64(isControl ? capacity : dataCapacity)
        // Pairs with the release of the claim below: the head that this producer sees is not older
        // than what the claimer before saw. A newer tail with an older head would look full.
        var position = unsafe front.pointee.tail.load(.acquiring)
        while true {
            guard position & QueueFront.closedBit == 0 else { return ClaimedRun(.closed) }
            // Pairs with the release in `Consumer.publish`: the cell one lap before was read. The
            // position can be old and so lie behind the head, but then it cannot be claimed.
            let head = unsafe front.pointee.head.load(.acquiring)
            let room = limit &- Int64(bitPattern: position &- head)
            guard room > 0 else { return ClaimedRun(.full) }
            let count = min(Int64(maxCount), max(1, room / 2))
            let (exchanged, original) = unsafe front.pointee.tail.compareExchange(
                expected: position,
                desired: position &+ UInt64(bitPattern: count),
                .acquiringAndReleasing
            )
            if exchanged { return ClaimedRun(.queued, first: position, count: Int(count)) }
            position = original
        }
    }

    /// Publishes the item of a position that the caller has claimed.
    @inlinable
    package func publish(_ item: Item, at position: UInt64) {
        let cell = unsafe cell(position)
        unsafe announceAccess(to: cell + QueueFront.itemOffset, writes: true)
        unsafe (cell + QueueFront.itemOffset).storeBytes(of: item, as: Item.self)
        // Releases the item to the acquire in `Consumer.pop`.
        unsafe stamp(position).pointee.store(position &+ 1, .releasing)
    }

    /// Publishes that nothing is at a position that the caller has claimed.
    @inlinable
    package func publishNothing(at position: UInt64) {
        unsafe stamp(position).pointee.store((position &+ 1) | QueueFront.nothingBit, .releasing)
    }

    /// See ``EventQueue/wakeConsumer()``.
    @inlinable
    package func wakeConsumer() {
        // Releases the pushes, and acquires what other producers released before, so that the
        // consumer's exchange gets all of it from the last; see "Sleep and wake".
        let wasAsleep = unsafe front.pointee.sleeping.exchange(0, .acquiringAndReleasing) == 1
        if wasAsleep { endSleep() }
    }

    @usableFromInline
    func endSleep() {
        if wakeDescriptor >= 0 {
            linnet_eventfd_signal(wakeDescriptor)
        } else {
            unsafe front.pointee.sleeping.wakeOne()
        }
    }

    var count: Int {
        let tail = unsafe front.pointee.tail.load(.relaxed) & ~QueueFront.closedBit
        let head = unsafe front.pointee.head.load(.relaxed)
        return max(0, Int(truncatingIfNeeded: tail &- head))
    }
}

/// Positions in a row that a producer has claimed, or why it has not.
@frozen
@usableFromInline
package struct ClaimedRun {
    @usableFromInline package let result: PushResult
    @usableFromInline package let first: UInt64
    @usableFromInline package let count: Int

    @inlinable
    init(_ result: PushResult, first: UInt64 = 0, count: Int = 0) {
        self.result = result
        self.first = first
        self.count = count
    }
}

/// The words of a queue, each on lines of its own (processors fetch lines in pairs).
@usableFromInline
struct QueueFront: ~Copyable {
    /// The next position to claim; the top bit is set when the queue is closed.
    @usableFromInline let tail: AtomicWord
    private let tailPadding: [15 of UInt64]
    /// The consumer has done with all positions below.
    @usableFromInline let head: AtomicWord
    private let headPadding: [15 of UInt64]
    /// 1 while the consumer sleeps or is about to.
    @usableFromInline let sleeping: AtomicWord
    private let sleepingPadding: [15 of UInt64]

    /// In a stamp: the position is published, and nothing is there.
    @usableFromInline static let nothingBit: UInt64 = 1 << 63
    @usableFromInline static let closedBit: UInt64 = 1 << 63
    @usableFromInline static let cellByteCount = 64
    @usableFromInline static let itemOffset = 8
    @usableFromInline static let maxItemByteCount = 56
    static let byteCount = 3 * 128
}
