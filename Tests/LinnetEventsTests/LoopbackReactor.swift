// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetConnections
import LinnetEvents
import LinnetTestSupport

/// A reactor that invents its input from a seed, and does everything else as a reactor does: table,
/// life cycle, events to workers or inline, commands. It checks what comes back.
struct LoopbackReactor: ~Copyable {
    let index: Int
    private let world: LoopbackWorld
    private let magazine: PacketPool.Magazine
    private var consumer: EventQueue<Command>.Consumer
    private var ports: [EventPort]
    /// Instead of ports when handlers run here.
    private var runner: HandlerRunner<CheckingHandler>?
    private var random: SeededRandom
    private var connections: [Connection] = []
    private var toOpenCount: Int

    private struct Connection {
        let id: ConnectionID
        let workerIndex: Int
        var machine: ConnectionMachine
        var credits = CreditAccount()
        var nextFrame: UInt64 = 0
        var nextReply: UInt64 = 0
    }

    private let deadlines = ConnectionDeadlines()
    private let limits = CreditLimits(maxFrameCount: 8, maxByteCount: 1_000)
    private let now = MonotonicInstant(nanoseconds: 0)

    init(
        index: Int,
        world: LoopbackWorld,
        workers: [EventQueue<Event>],
        runner: consuming HandlerRunner<CheckingHandler>? = nil,
        connectionCount: Int,
        seed: UInt64
    ) throws {
        let magazine = try world.pool.magazine()
        self.index = index
        self.world = world
        self.magazine = magazine
        self.runner = runner
        consumer = world.commands[index].makeConsumer()
        ports = workers.map { EventPort(to: $0) }
        random = SeededRandom(seed: seed)
        toOpenCount = connectionCount
    }

    /// Runs until all its connections have come and gone.
    mutating func run() {
        while toOpenCount > 0 || !connections.isEmpty {
            for _ in 0..<Int.random(in: 1...8, using: &random) { step() }
            endBatch()
        }
    }

    /// Does what others ask for, with no connection of its own left.
    mutating func idle() {
        endBatch()
    }

    /// Gives back what other threads still sent here. Nobody sends any more.
    consuming func end() {
        consumer.close { [memory = world.pool.memory] command in
            if command.kind == .send { memory.release(command.block) }
        }
        runner?.outbox.flush()
    }

    private mutating func step() {
        if toOpenCount > 0, connections.count < 12, random.oneIn(4) { open() }
        guard let place = connections.indices.randomElement(using: &random) else { return }
        if runner?.outbox.hasRoomForEvent == false { return obeyOwn() }
        let phase = connections[place].machine.phase
        // Later phases wait for the worker: they break too, but not before it has had a chance.
        if random.oneIn(phase <= .open ? 40 : 5_000) {
            return perform(connections[place].machine.aborted(.peerReset), place)
        }
        switch (phase, random.next() % 40) {
        case (.opening, _): finishOpening(place)
        case (.open, 0): perform(connections[place].machine.inputEnded(.peerClosed), place)
        case (.open, 2): perform(connections[place].machine.inputEnded(.framingError), place)
        case (.open, 3):
            let action = connections[place].machine.closeRequested(
                .serverStopping,
                now: now,
                deadlines: deadlines
            )
            perform(action, place)
        case (.open, _): read(place)
        case (.finished, _):
            let action = connections[place].machine.outboundEmptied(
                now: now,
                deadlines: deadlines
            )
            perform(action, place)
        case (.lingering, _): perform(connections[place].machine.peerEnded(), place)
        default: break
        }
    }

    private mutating func open() {
        let workerIndex = ports.isEmpty ? index : toOpenCount % ports.count
        guard
            let id = world.table.reserve(
                reactorIndex: index,
                peer: .unknown,
                workerIndex: workerIndex,
                now: now
            )
        else { return }
        toOpenCount -= 1
        let machine = ConnectionMachine(now: now, deadlines: deadlines)
        connections.append(Connection(id: id, workerIndex: workerIndex, machine: machine))
    }

    /// `opened` counts as data: if there is no room, the reactor comes back.
    private mutating func finishOpening(_ place: Int) {
        let connection = connections[place]
        guard post(.opened(connection.id), to: connection.workerIndex) else { return }
        world.verdict.count("told")
        perform(connections[place].machine.opened(), place)
    }

    private mutating func post(_ event: Event, to workerIndex: Int) -> Bool {
        if runner != nil {
            _ = runner?.handle(event)
            return true
        }
        return ports[workerIndex].push(event) == .queued
    }

    private mutating func read(_ place: Int) {
        guard !connections[place].credits.isPaused else { return }
        let id = connections[place].id
        let workerIndex = connections[place].workerIndex
        let number = connections[place].nextFrame
        var result = PushResult.full
        _ = magazine.withFrame(number) { frame in
            if runner != nil {
                runner?.receive(frame, from: id)
                result = .queued
            } else {
                result = ports[workerIndex].push(frame, from: id)
            }
        }
        guard result == .queued else { return world.verdict.count("full") }
        connections[place].nextFrame += 1
        if runner == nil { connections[place].credits.spend(byteCount: 8, within: limits) }
        world.table.update(id) { $0.noteReceived(byteCount: 8, frameCount: 1, now: now) }
    }

    private mutating func perform(_ action: ConnectionMachine.Action, _ place: Int) {
        let id = connections[place].id
        let workerIndex = connections[place].workerIndex
        switch action {
        case .none: break
        case .beginReading: break
        case .postInputEnded(let reason):
            if !post(.inputEnded(id, reason), to: workerIndex) {
                world.verdict.fault("an end was refused")
            }
        case .shutDown: break
        case .shutDownAndRelease, .release: release(place)
        case .releaseAndPostClosed(let reason):
            release(place)
            if !post(.closed(id, reason), to: workerIndex) {
                world.verdict.fault("an end was refused")
            }
        }
    }

    private mutating func release(_ place: Int) {
        world.table.release(connections[place].id)
        world.verdict.count("released")
        connections.remove(at: place)
    }

    /// Wakes the workers once, and does what they have asked for.
    private mutating func endBatch() {
        yieldProcessor()
        for place in ports.indices { ports[place].flush() }
        var taken: [Command] = []
        _ = consumer.drain(maxCount: .max) { taken.append($0) }
        for command in taken { obey(command) }
        runner?.outbox.flush()
        obeyOwn()
    }

    /// What handlers that run here have asked of this reactor.
    private mutating func obeyOwn() {
        while let command = runner?.outbox.takeNext() { obey(command) }
    }

    private mutating func obey(_ command: Command) {
        let place = connections.firstIndex { $0.id == command.id }
        switch command.kind {
        case .send, .sendInPlace: check(command, place)
        case .credit:
            guard let place else { break }
            _ = connections[place].credits.giveBack(
                frameCount: Int(command.frameCount),
                byteCount: Int(command.byteCount),
                within: limits
            )
        case .close:
            guard let place else { break }
            let action = connections[place].machine.closeRequested(
                command.reason,
                now: now,
                deadlines: deadlines
            )
            perform(action, place)
        case .finished:
            guard let place else { break }
            world.verdict.count("finished")
            let action = connections[place].machine.finished(
                hasOutbound: random.oneIn(2),
                now: now,
                deadlines: deadlines
            )
            perform(action, place)
        case .broadcast, .pause, .resume, .adopt, .drain, .end:
            world.verdict.fault("nobody has asked for \(command.kind)")
        }
    }

    /// A reply is for the connection that gets it, and the next of its replies.
    private mutating func check(_ command: Command, _ place: Int?) {
        // SAFETY: the command holds a reference of the block.
        let all = unsafe UnsafeRawBufferPointer(magazine.memory.bytes(of: command.block))
        let start = Int(command.offset)
        let bytes = unsafe UnsafeRawBufferPointer(
            rebasing: all[start..<start + Int(command.byteCount)]
        )
        let reply = Reply(unsafe RawSpan(_unsafeBytes: bytes))
        if reply.target != command.id { world.verdict.fault("a reply went to \(command.id)") }
        if let place {
            if !connections[place].machine.acceptsSends {
                world.verdict.fault("\(command.id): a reply behind finished")
            }
            if reply.number != connections[place].nextReply {
                world.verdict.fault("\(command.id): reply \(reply.number) out of order")
            }
            connections[place].nextReply += 1
            world.verdict.count("replies")
        }
        magazine.release(command.block)
    }
}
