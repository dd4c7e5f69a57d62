// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetPollers
import LinnetTestSupport
import LinnetTransports
import Testing

/// What a handler of a test was called with, and what it is to do.
final class HandlerLog {
    var calls: [String] = []
    var payloads: [ConnectionID: [[UInt8]]] = [:]
    var opened: [ConnectionID] = []
    var reasons: [ConnectionID: CloseReason] = [:]
    var sendResults: [SendResult] = []
    /// By default it answers with what came.
    var react: (borrowing PacketView, ConnectionID, inout Outbox) -> SendResult = {
        $2.send($0.lease(), to: $1, flags: $0.header.flags.rawValue & 0xF002)
    }
}

struct LoggingHandler: Handler {
    let log: HandlerLog

    mutating func opened(_ id: ConnectionID, outbox: inout Outbox) {
        #expect(!log.opened.contains(id))
        log.opened.append(id)
    }

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        #expect(log.opened.contains(id) && log.reasons[id] == nil, "a frame outside of a life")
        log.payloads[id, default: []].append([UInt8](packet.payload))
        log.sendResults.append(log.react(packet, id, &outbox))
    }

    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        #expect(log.opened.contains(id) && log.reasons[id] == nil, "closed once, after opened")
        log.reasons[id] = reason
    }
}

/// A reactor on sockets in memory, whose clock stands still unless it waits, and its handler's
/// side, all on the thread of the test, which takes the turns.
@safe
final class ReactorWorld {
    enum Mode: CaseIterable { case inline, workers }

    let network: SimulatedNetwork
    let listener: Descriptor
    let pool: PacketPool
    let table: ConnectionTable
    let commands: EventQueue<Command>
    let events: EventQueue<Event>
    let counters: ReactorCounters
    let log = HandlerLog()
    let mode: Mode
    /// Whether the worker does its part in each turn.
    var workerWorks = true

    private var reactor: Reactor<SimulatedPoller>?
    private let driver: ReactorDriver
    private var consumer: EventQueue<Event>.Consumer?
    private var worker: HandlerRunner<LoggingHandler>?
    private let inline: UnsafeMutablePointer<InlineSession<LoggingHandler>>?
    private let feeding: UnsafeMutablePointer<WorkerSession<PacketFraming>>?

    struct Options {
        var slotCount = 16
        var pipeByteCount = 65_536
        var eventCapacity = 256
        var pool = PacketPool.Configuration()
        var change: (inout ReactorSettings) -> Void = { _ in }
    }

    init(_ mode: Mode, _ options: Options = Options()) throws {
        self.mode = mode
        pool = try PacketPool(options.pool)
        table = try ConnectionTable(reactorCount: 1, maxConnectionCount: options.slotCount)
        commands = try EventQueue(capacity: 256, reserveCount: 32, wakesThroughDescriptor: true)
        events = try EventQueue(capacity: options.eventCapacity, reserveCount: 1)
        counters = try ReactorCounters()
        network = SimulatedNetwork(clock: .virtual, pipeByteCount: options.pipeByteCount)
        listener = network.listen()
        var settings = ReactorSettings(index: 0)
        settings.workerCount = mode == .inline ? 0 : 1
        options.change(&settings)
        let framing = PacketFraming()
        guard let magazine = pool.makeMagazine() else { throw Errno(rawValue: 12) }
        let outbox = try Outbox(
            magazine: magazine,
            queues: [commands],
            table: table.memory,
            sendLimits: framing.sendLimits,
            workerIndex: 0,
            ownReactorIndex: mode == .inline ? 0 : nil
        )
        let runner = HandlerRunner(
            handler: LoggingHandler(log: log),
            outbox: outbox,
            table: table.memory,
            pool: pool.memory
        )
        let parsers = try ConnectionParsers(framing, slotCount: options.slotCount, pool: pool)
        // SAFETY: the session stays in its place until `deinit`, which ends after the reactor.
        switch mode {
        case .inline:
            let place = UnsafeMutablePointer<InlineSession<LoggingHandler>>.allocate(capacity: 1)
            unsafe place.initialize(to: InlineSession(parsers: parsers, runner: runner))
            driver = unsafe InlineSession.driver(place, connected: { _, _ in true })
            unsafe (inline, feeding) = (place, nil)
        case .workers:
            let place = UnsafeMutablePointer<WorkerSession<PacketFraming>>.allocate(capacity: 1)
            unsafe place.initialize(
                to: WorkerSession(
                    parsers: parsers,
                    workers: [events],
                    creditLimits: settings.creditLimits
                )
            )
            driver = unsafe WorkerSession.driver(place, connected: { _, _ in true })
            unsafe (inline, feeding) = (nil, place)
            worker = consume runner
            consumer = events.makeConsumer()
        }
        reactor = try Reactor(
            poller: SimulatedPoller(network),
            settings: settings,
            listeners: [Listener(descriptor: listener, isShared: false)],
            table: table,
            pool: pool,
            reactors: [commands],
            counters: counters,
            drain: DrainState()
        )
    }

    deinit {
        // SAFETY: as in `init`; the reactor is gone.
        unsafe inline?.deinitialize(count: 1)
        unsafe inline?.deallocate()
        unsafe feeding?.deinitialize(count: 1)
        unsafe feeding?.deallocate()
    }

    /// Takes turns, and lets the worker do its part behind each.
    func turn(_ count: Int = 1) {
        for _ in 0..<count {
            reactor?.turn(driver)
            if workerWorks { work() }
        }
    }

    /// Takes turns until something is true; false if it is not after many.
    func turn(until condition: () -> Bool) -> Bool {
        for _ in 0..<20_000 {
            if condition() { return true }
            turn()
        }
        return false
    }

    func work(maxCount: Int = .max) {
        guard mode == .workers else { return }
        var count = 0
        while count < maxCount, let event = consumer?.pop() {
            _ = worker?.handle(event)
            count += 1
        }
        consumer?.publish()
        worker?.outbox.flush()
    }

    /// Ends the reactor and looks for what is left behind.
    func finish() {
        workerWorks = true
        #expect(commands.push(.end, isControl: true) == .queued)
        turn(3)
        reactor?.run(driver)
        work()
        reactor.take()?.close()
        consumer.take()?.close { event in
            if event.kind == .frame { pool.memory.release(event.block) }
        }
        worker = nil
        #expect(log.reasons.count == log.opened.count, "each is closed once")
        let count = table.count
        #expect(count == 0, "slots are left")
        // The page of an inline handler's outbox goes with it.
        let heldCount = pool.statistics.reduce(0) { $0 + $1.inUseCount }
        #expect(heldCount <= (mode == .inline ? 1 : 0), "blocks are left")
    }

    /// A connection that the reactor has opened.
    func connect() throws -> SimulatedPeer {
        let peer = network.connect(to: listener)
        let count = log.opened.count
        let isOpen = turn(until: { self.log.opened.count > count })
        try #require(isOpen)
        return peer
    }

    var newest: ConnectionID { log.opened.last ?? ConnectionID(rawValue: 0) }
}

func packets(_ payloads: [[UInt8]], from seq: Int = 0) -> [UInt8] {
    payloads.enumerated().flatMap {
        NaiveEncoder(payload: $1, seq: UInt64(seq + $0)).bytes
    }
}
