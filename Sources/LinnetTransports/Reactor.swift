// SPDX-License-Identifier: Apache-2.0

// LinnetTransports owns sockets: reactors, listeners, connecting, and the memory of what is to be
// written. It moves frames between the kernel and the handler's side, and promises that nothing a
// peer does delays another connection for long, grows beyond its limit, or reaches another
// connection. It imports LinnetPollers and all below.

package import LinnetBytes
internal import LinnetCodec
package import LinnetConnections
package import LinnetEvents
package import LinnetPollers

/// One thread that owns sockets: it reads, cuts frames, delivers them, obeys the commands of the
/// handler's side, writes, and closes.
///
/// A turn: wait; read what is there and deliver it; wake the workers; obey the commands that came
/// back; write what there is to write, one system call for each connection; close what ended.
///
/// Promises:
/// 1. Nobody else touches its sockets, slots and outbound. Others post commands.
/// 2. A connection that cannot go on now (no credit, no room with its worker, no block, too much
///    outbound) is not read: its bytes stay in the kernel, and TCP holds the peer back. Nothing is
///    dropped and nothing grows.
/// 3. No connection has more than `maxTurnByteCount` bytes of a turn.
/// 4. A descriptor is closed at the end of the turn in which its connection was released, so that a
///    completion of this turn cannot reach another connection.
///
/// Thread: one, from ``run(_:)`` on.
package struct Reactor<P: Poller & ~Copyable>: ~Copyable {
    let index: Int
    var poller: P
    var settings: ReactorSettings
    let table: TableMemory
    let pool: PoolMemory
    let magazine: PacketPool.Magazine
    var commands: EventQueue<Command>.Consumer
    /// The queues of all reactors, to hand connections over.
    let reactors: [EventQueue<Command>]
    let counters: ReactorCounters
    let drainState: DrainState
    private let slotRegion: MappedRegion
    let slots: ReactorSlots
    var pieces: OutboundPieces
    var listeners: [Listener]
    var now: MonotonicInstant

    /// Where the next bytes are read and written, unless a connection has a block of its own.
    var readBlock = CurrentBlock()
    var writeBlock = CurrentBlock()
    let blockClassIndex: Int
    let blockByteCount: Int

    /// Connections with something to write, with input that was not read, that wait for room, and
    /// with a deadline.
    var dirty: SlotList
    var ready: SlotList
    var stalled: SlotList
    var timed: SlotList
    /// By worker: whether its queue had no room for a frame while those that wait were tried again.
    var workerIsFull: [Bool]
    var nextSweep = MonotonicInstant.distantFuture
    /// When to look for silent peers, and where to begin.
    var nextLook = MonotonicInstant.distantFuture
    var nextLookIndex = 0
    let begunFrames: BegunFrames
    /// Descriptors to close at the end of the turn.
    var parked: [Descriptor] = []
    let sendPieces: SendPieces
    var nextWorker = 0
    var nextReactor = 0
    var openCount = 0
    var isDraining = false
    /// The server stops, and the handler here could not be told yet.
    var isDrainWanted = false
    private var isDrained = false
    var hasEnded = false
    var drainDeadline = MonotonicInstant.distantFuture
    var acceptsAgainAt = MonotonicInstant.distantFuture
    /// Commands may be left in the queue: the last turn took as many as it may.
    var hasMoreCommands = false
    /// What handlers here have answered since the last time that all was written, about.
    var unsentByteCount = 0
    /// Blocks were wanted in this turn, and there was none: how long a peer may have taken nothing
    /// and keep its own.
    var patience: Duration?
    /// No command of a handler here waits for room in another reactor's queue.
    var hasPostedAll = true
    /// Commands of handlers that run here are being obeyed: what comes of it waits its turn.
    var isObeying = false

    /// Commands taken from the queue in one turn.
    static var maxCommandCount: Int { 4_096 }
    /// How often deadlines are looked at. Each is met at most so much late.
    static var sweepInterval: Duration { .milliseconds(50) }
    /// How soon what waits for room is tried again, if nothing happens before.
    static var retryInterval: Duration { .milliseconds(1) }
    /// How soon accepting tries again after descriptors or slots ran out.
    static var acceptRetryInterval: Duration { .milliseconds(50) }
    /// Connections written to at the end of one turn: a broadcast to many takes several turns, in
    /// which others are read.
    static var maxFlushCount: Int { 1_024 }
    /// Who keeps less of the pool than this is not closed for it.
    static var minShedByteCount: Int { 4_096 }
    /// Answers that wait for each other before they are written.
    static var maxUnsentByteCount: Int { 1_024 }
    /// How long a peer may take nothing when another waits for a block of its own. A peer that
    /// reads takes something within a round trip or two.
    static var shedPatience: Duration { .seconds(1) }
    /// Connections that one frame may cost that has no room otherwise.
    static var maxShedCount: Int { 8 }
    /// Pieces that go out with one system call.
    static var maxSendPieceCount: Int { 64 }
    /// No read into the shared block is shorter, unless the peer sent less.
    static var minReadByteCount: Int { 16_384 }

    /// - Throws: `Errno` when the system refuses memory or the registration of a descriptor.
    package init(
        poller: consuming P,
        settings: ReactorSettings,
        listeners: [Listener],
        table: ConnectionTable,
        pool: PacketPool,
        reactors: [EventQueue<Command>],
        counters: ReactorCounters,
        drain: DrainState
    ) throws(Errno) {
        guard let magazine = pool.makeMagazine() else {
            preconditionFailure("a reactor needs a magazine: raise the pool's maxMagazineCount")
        }
        var poller = poller
        let queue = reactors[settings.index]
        let slotCount = table.memory.slotCount
        let slotRegion = try MappedRegion(byteCount: ReactorSlots.byteCount(count: slotCount))
        let slots = ReactorSlots(count: slotCount, in: slotRegion)
        let begunFrames = try BegunFrames(count: slotCount)
        let pieces = try OutboundPieces(capacity: settings.limits.maxOutboundPieceCount)
        let classIndex =
            pool.classIndex(holding: 65_536) ?? pool.configuration.blockClasses.count - 1
        if let descriptor = queue.wakeDescriptor {
            try poller.watch(Descriptor(rawValue: descriptor), as: .waker, token: Self.wakeToken)
        }
        for (position, listener) in listeners.enumerated() {
            try poller.watch(
                listener.descriptor,
                as: .listener(isShared: listener.isShared),
                token: Self.listenerToken(position)
            )
        }
        index = settings.index
        now = poller.now
        self.poller = poller
        self.settings = settings
        self.listeners = listeners
        self.table = table.memory
        self.pool = pool.memory
        self.magazine = magazine
        commands = queue.makeConsumer()
        self.reactors = reactors
        self.counters = counters
        drainState = drain
        self.slotRegion = slotRegion
        self.slots = slots
        self.pieces = pieces
        blockClassIndex = classIndex
        blockByteCount = pool.configuration.blockClasses[classIndex].blockByteCount
        dirty = slots.list(0)
        ready = slots.list(1)
        stalled = slots.list(2)
        timed = slots.list(3)
        workerIsFull = [Bool](repeating: false, count: settings.workerCount)
        self.begunFrames = begunFrames
        sendPieces = SendPieces(capacity: Self.maxSendPieceCount)
    }

    /// Tokens below those of connections, whose upper half is not 0.
    static var wakeToken: UInt64 { 0 }
    static func listenerToken(_ position: Int) -> UInt64 { UInt64(position) + 1 }
}

// MARK: - The loop

extension Reactor where P: ~Copyable {
    /// Runs until it is told to end.
    package mutating func run(_ driver: ReactorDriver) {
        while !hasEnded {
            turn(driver)
            if isDraining, openCount == 0, !isDrained {
                isDrained = true
                drainState.noteDrained()
            }
        }
        end(driver)
    }

    /// One turn of the loop. For tests; ``run(_:)`` does nothing else.
    package mutating func turn(_ driver: ReactorDriver) {
        let count = waitForWork()
        now = poller.now
        // Who has used its share in this turn goes on in the next.
        let readyCount = ready.count
        for position in 0..<count { handle(poller.completion(position), driver) }
        continueReady(readyCount, driver)
        retryStalled(driver)
        _ = driver.endBatch()
        obeyCommands(driver)
        if isDrainWanted { drain(driver) }
        if now >= nextSweep { sweepDeadlines(driver) }
        if now >= nextLook { lookForSilence(driver) }
        if now >= acceptsAgainAt { resumeAccepting() }
        obeyOwnCommands(driver)
        // Workers begin on what credits have let through, while this writes.
        _ = driver.endBatch()
        flushDirty(driver)
        if let patience { _ = shedSlowest(after: patience, driver) }
        patience = nil
        obeyOwnCommands(driver)
        hasPostedAll = driver.endBatch()
        closeParked()
        counters.add(.turns)
    }

    private mutating func waitForWork() -> Int {
        guard ready.count == 0, dirty.count == 0, !hasMoreCommands, commands.prepareToSleep() else {
            commands.didWake()
            return poller.wait(atMost: .zero)
        }
        let count = poller.wait(atMost: sleepLimit)
        commands.didWake()
        return count
    }

    private var sleepLimit: Duration? {
        if stalled.count > 0 || !hasPostedAll || isDrainWanted { return Self.retryInterval }
        let next = min(nextSweep, nextLook, acceptsAgainAt)
        guard next < .distantFuture else { return nil }
        return max(.zero, now.duration(to: next))
    }

    private mutating func handle(_ completion: Completion, _ driver: ReactorDriver) {
        guard completion.token >> 32 != 0 else {
            if completion.token != Self.wakeToken {
                acceptConnections(Int(completion.token) - 1, driver)
            }
            return
        }
        // A connection that ended earlier in this batch is not found.
        let id = ConnectionID(rawValue: completion.token)
        guard let slotIndex = slotIndex(of: id) else { return }
        if slots[slotIndex].flags.contains(.isConnecting) {
            finishConnecting(slotIndex, driver)
            guard self.slotIndex(of: id) != nil else { return }
        }
        if completion.kinds.intersects(.ended) || completion.kinds.intersects(.broken) {
            slots[slotIndex].flags.insert(.hasEnd)
        }
        if completion.kinds.intersects(.output), slots[slotIndex].flags.contains(.isBlocked) {
            slots[slotIndex].flags.remove(.isBlocked)
            flush(slotIndex, driver)
        }
        if completion.kinds.intersects(.broken), !slots[slotIndex].mayDeliver {
            return abort(slotIndex, .peerReset, driver)
        }
        // Ends and errors come with input.
        if completion.kinds.intersects(.input) {
            slots[slotIndex].flags.insert(.hasInput)
            // Who is ready has its turn below.
            if !slots[slotIndex].flags.contains(.isReady) { readInput(slotIndex, driver) }
        }
    }

    /// The slot of a connection that is there still.
    func slotIndex(of id: ConnectionID) -> Int? {
        let slotIndex = id.slotIndex
        guard id.reactorIndex == index, slotIndex < slots.count,
            slots[slotIndex].flags.contains(.isTaken), slots[slotIndex].generation == id.generation
        else { return nil }
        return slotIndex
    }

    func id(of slotIndex: Int) -> ConnectionID {
        ConnectionID(
            generation: slots[slotIndex].generation,
            reactorIndex: index,
            slotIndex: slotIndex
        )
    }

    func place(of slotIndex: Int) -> ConnectionPlace {
        ConnectionPlace(
            id: id(of: slotIndex),
            workerIndex: Int(slots[slotIndex].workerIndex)
        )
    }

    // MARK: The end

    private mutating func closeParked() {
        guard !parked.isEmpty else { return }
        for descriptor in parked { poller.close(descriptor) }
        parked.removeAll(keepingCapacity: true)
    }

    private mutating func end(_ driver: ReactorDriver) {
        abortAll(driver)
        obeyOwnCommands(driver)
        _ = driver.endBatch()
        closeParked()
    }

    /// Gives back what is left in the queue of commands, after ``run(_:)``.
    package consuming func close() {
        if let block = readBlock.block { magazine.release(block) }
        if let block = writeBlock.block { magazine.release(block) }
        let memory = pool
        let table = table
        var orphans: [Descriptor] = []
        commands.close { command in
            if command.holdsBlock { memory.release(command.block) }
            if command.kind == .adopt {
                orphans.append(Descriptor(rawValue: command.descriptor))
                table.release(command.id)
            }
        }
        for descriptor in orphans { poller.close(descriptor) }
    }
}
