// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
internal import LinnetConnections

/// Commands that wait for the end of a batch: for each reactor those that go there, in order.
///
/// The memory is reserved for the worst case and committed as it is touched; after each batch the
/// commands are gone, so the same few lines are used again and again.
///
/// Thread: that of its outbox.
@safe
struct CommandStages: ~Copyable {
    /// Kept alive, and used by their memory: that counts no references.
    private let queues: [EventQueue<Command>]
    private let targets: [QueueMemory<Command>]
    /// Commands that can wait for one reactor.
    let capacity: Int
    private let region: MappedRegion
    private let counts: UnsafeMutablePointer<Int>
    private let commands: UnsafeMutablePointer<Command>
    /// How many wait for the reactor for which most wait.
    private(set) var fullestCount = 0
    /// How many of its own commands a reactor has taken.
    private var takenCount = 0

    init(queues: [EventQueue<Command>], capacity: Int) throws(Errno) {
        precondition(!queues.isEmpty, "commands go to at least one reactor")
        precondition(capacity >= 64, "an outbox holds at least 64 commands for each reactor")
        self.queues = queues
        targets = queues.map(\.memory)
        self.capacity = capacity
        let countsByteCount = (queues.count * MemoryLayout<Int>.stride + 63) / 64 * 64
        let commandByteCount = MemoryLayout<Command>.stride
        region = try MappedRegion(
            byteCount: countsByteCount + queues.count * capacity * commandByteCount
        )
        // SAFETY: the region has the counts, which begin as zeros, and then room for all commands.
        unsafe counts = region.base.bindMemory(to: Int.self, capacity: queues.count)
        unsafe commands = (region.base + countsByteCount)
            .bindMemory(to: Command.self, capacity: queues.count * capacity)
    }

    // SAFETY of all below: the index is checked against the queues, and no count exceeds the
    // capacity.

    func count(_ reactorIndex: Int) -> Int {
        precondition(reactorIndex >= 0 && reactorIndex < targets.count, "no such reactor")
        return unsafe counts[reactorIndex]
    }

    mutating func append(_ command: Command) {
        let reactorIndex = command.id.reactorIndex
        let count = count(reactorIndex)
        precondition(count < capacity, "a command was staged without a look for room")
        unsafe (commands + reactorIndex * capacity + count).initialize(to: command)
        unsafe (counts + reactorIndex).initialize(to: count + 1)
        fullestCount = max(fullestCount, count + 1)
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
        let waiting = unsafe commands + reactorIndex * capacity
        let waitingCount = unsafe counts[reactorIndex]
        var goneCount = 0
        var queuedCount = 0
        posting: while goneCount < waitingCount {
            let command = unsafe waiting[goneCount]
            let isControl = command.kind != .send
            // A run takes what is there for data; only where that is full control goes alone.
            var run = target.claim(maxCount: waitingCount - goneCount, isControl: false)
            if run.result == .full, isControl { run = target.claim(maxCount: 1, isControl: true) }
            switch run.result {
            case .full: break posting
            case .closed:
                dropped(command)
                goneCount += 1
            case .queued:
                for place in 0..<run.count {
                    target.publish(
                        unsafe waiting[goneCount + place],
                        at: run.first &+ UInt64(truncatingIfNeeded: place)
                    )
                }
                goneCount += run.count
                queuedCount += run.count
            }
        }
        if queuedCount > 0 { target.wakeConsumer() }
        guard goneCount > 0 else { return }
        unsafe waiting.update(from: waiting + goneCount, count: waitingCount - goneCount)
        unsafe (counts + reactorIndex).initialize(to: waitingCount - goneCount)
    }

    /// Posts what waits for one reactor, if there is room.
    mutating func flush(_ reactorIndex: Int, dropped: (Command) -> Void) {
        post(reactorIndex, dropped: dropped)
        noteFullest()
    }

    /// The next command for a reactor that runs its handlers inline, which needs no queue to
    /// itself; `nil` when it has taken all.
    mutating func takeNext(_ reactorIndex: Int) -> Command? {
        let count = count(reactorIndex)
        guard takenCount < count else {
            takenCount = 0
            unsafe (counts + reactorIndex).initialize(to: 0)
            noteFullest()
            return nil
        }
        let start = unsafe commands + reactorIndex * capacity
        let command = unsafe start[takenCount]
        takenCount += 1
        // What obeying it asks for comes behind the rest, in the room of what was taken.
        if takenCount >= capacity / 4 {
            unsafe start.update(from: start + takenCount, count: count - takenCount)
            unsafe (counts + reactorIndex).initialize(to: count - takenCount)
            takenCount = 0
            noteFullest()
        }
        return command
    }

    private mutating func noteFullest() {
        fullestCount = targets.indices.reduce(0) { unsafe max($0, counts[$1]) }
    }
}
