// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetConnections

/// Commands that wait for the end of a batch: for each reactor those that go there, in order.
///
/// The memory is reserved for the worst case and committed as it is touched; after each batch the
/// commands are gone, so the same few lines are used again and again.
///
/// Thread: that of its outbox.
@frozen
@safe
@usableFromInline
struct CommandStages: ~Copyable {
    /// Kept alive, and used by their memory: that counts no references.
    @usableFromInline let queues: [EventQueue<Command>]
    @usableFromInline let targets: [QueueMemory<Command>]
    @usableFromInline let targetCount: Int
    /// Commands that can wait for one reactor.
    @usableFromInline let capacity: Int
    @usableFromInline let region: MappedRegion
    @usableFromInline let rings: UnsafeMutablePointer<Ring>
    @usableFromInline let commands: UnsafeMutablePointer<Command>
    /// How many wait for the reactor for which most wait.
    @usableFromInline private(set) var fullestCount = 0

    /// Where the commands to one reactor stand: `count` of them from `first`, around the end.
    @frozen
    @usableFromInline
    struct Ring: BitwiseCopyable {
        @usableFromInline var first: Int
        @usableFromInline var count: Int

        @inlinable
        init(first: Int, count: Int) {
            self.first = first
            self.count = count
        }
    }

    init(queues: [EventQueue<Command>], capacity: Int) throws(Errno) {
        precondition(!queues.isEmpty, "commands go to at least one reactor")
        precondition(capacity >= 64, "an outbox holds at least 64 commands for each reactor")
        self.queues = queues
        targets = queues.map(\.memory)
        targetCount = queues.count
        self.capacity = capacity
        let ringsByteCount = (queues.count * MemoryLayout<Ring>.stride + 63) / 64 * 64
        let commandByteCount = MemoryLayout<Command>.stride
        region = try MappedRegion(
            byteCount: ringsByteCount + queues.count * capacity * commandByteCount
        )
        // SAFETY: the region has the rings, which begin as zeros, and then room for all commands.
        unsafe rings = region.base.bindMemory(to: Ring.self, capacity: queues.count)
        unsafe commands = (region.base + ringsByteCount)
            .bindMemory(to: Command.self, capacity: queues.count * capacity)
    }

    // SAFETY of all below: the index is checked against the queues, and no count exceeds the
    // capacity.

    var reactorCount: Int { targetCount }

    @inlinable
    @inline(__always)
    func count(_ reactorIndex: Int) -> Int {
        precondition(reactorIndex >= 0 && reactorIndex < targetCount, "no such reactor")
        return unsafe rings[reactorIndex].count
    }

    @inlinable
    @inline(__always)
    mutating func append(_ command: Command) {
        let reactorIndex = command.id.reactorIndex
        let count = count(reactorIndex)
        precondition(count < capacity, "a command was staged without a look for room")
        unsafe place(count, reactorIndex).initialize(to: command)
        // By itself: the sanitizer of threads misreads a change in place.
        unsafe (rings + reactorIndex).initialize(
            to: Ring(first: rings[reactorIndex].first, count: count &+ 1)
        )
        fullestCount = max(fullestCount, count &+ 1)
    }

    /// Where the command stands that is `offset` behind the first.
    @inlinable
    @inline(__always)
    func place(_ offset: Int, _ reactorIndex: Int) -> UnsafeMutablePointer<Command> {
        let index = unsafe rings[reactorIndex].first &+ offset
        let wrapped = index < capacity ? index : index &- capacity
        return unsafe commands + (reactorIndex &* capacity &+ wrapped)
    }

    /// Takes the first `count` commands off.
    @usableFromInline
    func removeFirst(_ count: Int, _ reactorIndex: Int) {
        var ring = unsafe rings[reactorIndex]
        ring.count -= count
        // From the start again, whenever that is possible: the same few lines are used.
        let first = ring.first + count
        ring.first = ring.count == 0 ? 0 : first < capacity ? first : first - capacity
        unsafe (rings + reactorIndex).initialize(to: ring)
    }

    /// Posts what finds room, in order, and wakes each reactor that got some, once. The rest stays.
    ///
    /// - Parameters:
    ///   - ownReactorIndex: the reactor that takes its commands itself.
    ///   - dropped: gets each command whose reactor has ended.
    mutating func flush(except ownReactorIndex: Int?, dropped: (Command) -> Void) {
        guard fullestCount > 0 else { return }
        for reactorIndex in targets.indices where reactorIndex != ownReactorIndex {
            post(reactorIndex, dropped: dropped)
        }
        noteFullest()
    }

    private mutating func post(_ reactorIndex: Int, dropped: (Command) -> Void) {
        let target = targets[reactorIndex]
        let ring = unsafe rings[reactorIndex]
        var goneCount = 0
        var queuedCount = 0
        posting: while goneCount < ring.count {
            let command = unsafe place(goneCount, reactorIndex).pointee
            let isControl = !command.holdsBlock
            // A run takes what is there for data; only where that is full control goes alone.
            var run = target.claim(maxCount: ring.count - goneCount, isControl: false)
            if run.result == .full, isControl { run = target.claim(maxCount: 1, isControl: true) }
            switch run.result {
            case .full: break posting
            case .closed:
                dropped(command)
                goneCount += 1
            case .queued:
                for offset in 0..<run.count {
                    target.publish(
                        unsafe place(goneCount + offset, reactorIndex).pointee,
                        at: run.first &+ UInt64(truncatingIfNeeded: offset)
                    )
                }
                goneCount += run.count
                queuedCount += run.count
            }
        }
        if queuedCount > 0 { target.wakeConsumer() }
        if goneCount > 0 { removeFirst(goneCount, reactorIndex) }
    }

    /// Posts what waits for one reactor, if there is room.
    mutating func flush(_ reactorIndex: Int, dropped: (Command) -> Void) {
        post(reactorIndex, dropped: dropped)
        noteFullest()
    }

    /// The next command for a reactor that runs its handlers inline, which needs no queue to
    /// itself; `nil` when it has taken all.
    ///
    /// Its room is free at once, so that what obeying it asks for finds room.
    mutating func takeNext(_ reactorIndex: Int) -> Command? {
        guard count(reactorIndex) > 0 else {
            noteFullest()
            return nil
        }
        let command = unsafe place(0, reactorIndex).pointee
        removeFirst(1, reactorIndex)
        return command
    }

    /// Gives commands for a reactor to `body` until it says that one is not for it; those before
    /// are taken off.
    @inlinable
    @inline(__always)
    mutating func takeWhile(_ reactorIndex: Int, _ body: (Command) -> Bool) {
        let count = count(reactorIndex)
        var takenCount = 0
        while takenCount < count, body(unsafe place(takenCount, reactorIndex).pointee) {
            takenCount &+= 1
        }
        if takenCount > 0 { didTake(takenCount, reactorIndex) }
    }

    @usableFromInline
    mutating func didTake(_ takenCount: Int, _ reactorIndex: Int) {
        removeFirst(takenCount, reactorIndex)
        noteFullest()
    }

    /// Gives each command that waits to `body`; they stay.
    func forEach(_ body: (Command) -> Void) {
        for reactorIndex in targets.indices {
            let ring = unsafe rings[reactorIndex]
            for offset in 0..<ring.count {
                body(unsafe place(offset, reactorIndex).pointee)
            }
        }
    }

    private mutating func noteFullest() {
        fullestCount = targets.indices.reduce(0) { unsafe max($0, rings[$1].count) }
    }
}
