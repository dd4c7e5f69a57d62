// SPDX-License-Identifier: Apache-2.0

// LinnetEvents owns what passes between threads: the queues of events to workers and of commands to
// reactors, the worker threads, and the handler that users write. It does no IO. It promises that
// nothing is lost or reordered, that no queue grows, that data never takes the room of control, and
// that a thread which sleeps is woken once for each batch that it sleeps through. It imports
// LinnetBytes, LinnetCodec, LinnetConnections, and the hooks of CLinnet.

internal import CLinnet
internal import Glibc
public import LinnetBytes

/// A bounded queue from many threads to one: cells of 64 bytes in mapped memory, plain data.
///
/// A producer claims a position by moving `tail`, writes the cell of that position, and publishes
/// it by the cell's stamp. The consumer takes cells in the order of their positions and says once
/// per batch, in `head`, how far it has come. Data is refused when ``dataCapacity`` cells are
/// taken, control only when all are: so the end of a connection finds room in a queue full of its
/// packets. Full is backpressure: the producer keeps what it has and comes back.
///
/// Invariants:
/// 1. `head <= tail <= head + capacity`. A position is claimed only after a look at `head` that
///    proves that the consumer has done with the position one lap before; that look acquires what
///    the consumer's `head` released.
/// 2. The stamp of a cell is its position + 1 once that position is published. It is stored with
///    release behind the item and loaded with acquire before it; it is never reset, since each lap
///    has stamps of its own.
/// 3. One thread consumes. So the order of positions is the order of events, and that of one
///    producer's pushes is kept. Between producers there is no order: a batch may use a position
///    that it claimed before another producer's push.
/// 4. Positions may be claimed in runs. At one that is not used its producer publishes that nothing
///    is there, and the consumer passes over it.
/// 5. Closed is the top bit of `tail`: the claim that comes next fails. All positions claimed
///    before are published sooner or later, and the consumer that closes waits for them: nothing is
///    lost between.
///
/// Sleep and wake: nobody sleeps on an event that is there. The word `sleeping` is exchanged by
/// both sides with acquire and release. The consumer stores 1, **then looks at the queue again**,
/// then sleeps while the word is 1. A producer publishes its batch, **then** stores 0, and wakes if
/// it found 1. All exchanges of one word stand in one order. If the producer's comes after the
/// consumer's, it finds 1 and wakes. If it comes before, the consumer's exchange reads from it, or
/// from an exchange behind it, and acquires: the second look sees the batch.
/// `Specs/models/sleep-wake.pml` is the model of it.
///
/// Not lock-free in one way, like all queues of this kind: a producer that stops between claim and
/// publication holds up the consumer, and with it what other producers have pushed behind. So a
/// batch is short. It wakes the consumer when it is done.
///
/// Speed: where producer and consumer have processors of their own, what costs is that cache lines
/// change hands, and that an atomic exchange waits until they have. So a ``Batch`` claims positions
/// in runs: with one exchange for each event a hand-over took five times as long.
///
/// Thread: `push` and `wakeConsumer` any; the one ``Consumer`` has one owner.
public final class EventQueue<Item: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Sendable: the region is written as the invariants say; everything else is constant.

    @usableFromInline package let memory: QueueMemory<Item>
    private let region: MappedRegion
    private let consumerCount = AtomicWord(0)

    /// - Parameters:
    ///   - capacity: how many items the queue holds, rounded up to a power of two.
    ///   - reserveCount: how many cells data may not take. If it is as large as the number of
    ///     control items that can be under way at a time, control is never refused.
    ///   - wakesThroughDescriptor: the consumer sleeps in a poller that watches
    ///     ``wakeDescriptor``. By default it sleeps in ``Consumer/waitForItems()``.
    /// - Throws: `Errno` when the system refuses the memory, 64 bytes for each cell, which is taken
    ///   at once; or the descriptor.
    public init(
        capacity: Int,
        reserveCount: Int,
        wakesThroughDescriptor: Bool = false
    ) throws(Errno) {
        precondition(capacity >= 2 && capacity <= 1 << 30, "a queue has 2 to 2^30 cells")
        precondition(
            reserveCount >= 0 && reserveCount < capacity,
            "the reserve is a part of the queue, and data needs some of it"
        )
        precondition(
            MemoryLayout<Item>.size <= QueueFront.maxItemByteCount
                && MemoryLayout<Item>.alignment <= 8,
            "an item has at most \(QueueFront.maxItemByteCount) bytes"
        )
        let capacity = 1 << (Int.bitWidth - (capacity - 1).leadingZeroBitCount)
        region = try MappedRegion(
            byteCount: QueueFront.byteCount + capacity * QueueFront.cellByteCount,
            isCommitted: true
        )
        let descriptor = wakesThroughDescriptor ? linnet_eventfd_make() : -1
        guard descriptor >= 0 || !wakesThroughDescriptor else { throw Errno.last }
        // SAFETY: the region has room for the front and the cells, and is kept as long as the
        // queue.
        memory = unsafe QueueMemory(
            base: region.base,
            capacity: capacity,
            dataCapacity: capacity - reserveCount,
            wakeDescriptor: descriptor
        )
    }

    deinit {
        // Who wakes the consumer keeps the queue, so nobody writes to the number any more.
        if let wakeDescriptor { close(wakeDescriptor) }
    }

    /// An eventfd that can be read after a wake-up of a consumer that sleeps in a poller. It is
    /// open as long as the queue is there.
    public var wakeDescriptor: CInt? { memory.wakeDescriptor >= 0 ? memory.wakeDescriptor : nil }
    /// How many cells there are: a power of two.
    @inlinable public var capacity: Int { memory.capacity }
    /// How many of them data may take.
    @inlinable public var dataCapacity: Int { memory.dataCapacity }

    /// Puts an item at the end. O(1), any thread, never blocks, never allocates.
    ///
    /// The consumer may sleep: call ``wakeConsumer()`` once after all pushes of a batch, and also
    /// before coming back later with what was refused.
    ///
    /// - Parameter isControl: may take the cells that are kept from data.
    @inlinable
    public func push(_ item: Item, isControl: Bool = false) -> PushResult {
        memory.push(item, isControl: isControl)
    }

    /// Wakes the consumer if it sleeps. Any thread, after its pushes; one system call at most.
    @inlinable
    public func wakeConsumer() {
        memory.wakeConsumer()
    }

    /// How many cells are taken now, about.
    public var count: Int {
        memory.count
    }

    /// The other end. A queue has one consumer: the second call traps.
    public func makeConsumer() -> Consumer {
        precondition(consumerCount.exchange(1, .relaxed) == 0, "a queue has one consumer")
        return Consumer(queue: self)
    }
}

/// What became of a push.
@frozen
public enum PushResult: Sendable {
    /// It will reach the consumer.
    case queued
    /// There is no room now: keep it and come back.
    case full
    /// The consumer has ended and will take nothing more.
    case closed
}
