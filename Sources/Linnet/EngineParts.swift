// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
public import LinnetConnections
public import LinnetEvents
public import LinnetTransports

/// What an ``Engine`` is made with.
@usableFromInline
package struct EngineSettings: Sendable {
    @usableFromInline package var execution = Execution.inline
    package var reactorCount = 1
    package var balance = Balance.reusePort
    package var maxConnectionCount = 1_024
    package var pool = PacketPool.Configuration()
    @usableFromInline package var creditLimits = CreditLimits()
    package var deadlines = ConnectionDeadlines()
    package var limits = TransportLimits()
    package var socketOptions = SocketOptions()
    package var workerQueueCapacity = 8_192
    package var commandQueueCapacity = 8_192
    package var reactorProcessors: [Int] = []
    package var workerProcessors: [Int] = []

    package init() {}

    package var workerCount: Int {
        if case .workers(let count) = execution { return count }
        return 0
    }
}

/// The memory and queues of an engine, and its reactors before they run.
///
/// Thread: any.
@usableFromInline
package final class EngineParts: Sendable {
    @usableFromInline package let settings: EngineSettings
    @usableFromInline package let pool: PacketPool
    @usableFromInline package let table: ConnectionTable
    @usableFromInline package let commandQueues: [EventQueue<Command>]
    @usableFromInline package let hosts: [ReactorHost]
    /// What the framing can send.
    @usableFromInline package let sendLimits: SendLimits

    /// - Parameter listeners: of each reactor.
    /// - Throws: `Errno` when the system refuses memory or descriptors.
    package init(
        _ settings: EngineSettings,
        listeners: [[Listener]],
        sendLimits: SendLimits
    ) throws(Errno) {
        settings.limits.check()
        precondition(settings.reactorCount == listeners.count, "each reactor has its listeners")
        var pool = settings.pool
        // One for each reactor, each worker or inline handler, and some for users' threads.
        let magazineCount = settings.reactorCount * 2 + settings.workerCount + 16
        pool.maxMagazineCount = max(pool.maxMagazineCount, magazineCount)
        let slotCount =
            (settings.maxConnectionCount + settings.reactorCount - 1) / settings.reactorCount
        self.settings = settings
        self.sendLimits = sendLimits
        self.pool = try PacketPool(pool)
        table = try ConnectionTable(
            reactorCount: settings.reactorCount,
            maxConnectionCount: slotCount
        )
        var queues: [EventQueue<Command>] = []
        for _ in 0..<settings.reactorCount {
            queues.append(
                try EventQueue(
                    capacity: settings.commandQueueCapacity,
                    reserveCount: settings.commandQueueCapacity / 4,
                    wakesThroughDescriptor: true
                )
            )
        }
        commandQueues = queues
        var hosts: [ReactorHost] = []
        for index in 0..<settings.reactorCount {
            var reactor = ReactorSettings(index: index)
            reactor.limits = settings.limits
            reactor.deadlines = settings.deadlines
            reactor.creditLimits = settings.creditLimits
            reactor.balance = settings.balance
            reactor.workerCount = settings.workerCount
            hosts.append(
                try ReactorHost(
                    settings: reactor,
                    listeners: listeners[index],
                    table: table,
                    pool: self.pool,
                    reactors: queues
                )
            )
        }
        self.hosts = hosts
    }

    @usableFromInline
    func startThread(
        _ index: Int,
        _ body: @escaping @Sendable () -> Void
    ) throws(Errno) -> NamedThread {
        let processors = settings.reactorProcessors
        return try NamedThread(
            name: "linnet-net-\(index)",
            processor: index < processors.count ? processors[index] : nil,
            body
        )
    }

    @usableFromInline
    func workerConfiguration(_ index: Int) -> Worker.Configuration {
        var configuration = Worker.Configuration()
        configuration.queueCapacity = settings.workerQueueCapacity
        if index < settings.workerProcessors.count {
            configuration.processor = settings.workerProcessors[index]
        }
        return configuration
    }

    @usableFromInline
    func makeParsers<F: Framing>(_ framing: F) throws(Errno) -> ConnectionParsers<F> {
        try ConnectionParsers(framing, slotCount: table.memory.slotCount, pool: pool)
    }

    private func makeOutbox(_ index: Int) throws(Errno) -> Outbox {
        guard let magazine = pool.makeMagazine() else {
            preconditionFailure("a handler needs a magazine: raise the pool's maxMagazineCount")
        }
        return try Outbox(
            magazine: magazine,
            queues: commandQueues,
            table: table.memory,
            sendLimits: sendLimits,
            workerIndex: index,
            ownReactorIndex: index
        )
    }

    @usableFromInline
    func makeInlineContents<F: Framing>(
        _ index: Int,
        _ framing: F
    ) throws(Errno) -> InlineContents<F> {
        let parsers = try makeParsers(framing)
        return InlineContents(parsers: parsers, outbox: try makeOutbox(index))
    }

    /// The most memory that all of it can commit, in bytes, beside handlers and code.
    package func maxByteCount(parserByteCount: Int) -> Int {
        let slotCount = table.slotCount
        let queueCells =
            commandQueues.reduce(0) { $0 + $1.capacity }
            + settings.workerCount * (settings.workerQueueCapacity + 8_192) * 2
        return pool.maxByteCount + table.maxByteCount + queueCells * 64
            + slotCount * (ReactorHost.slotByteCount + parserByteCount)
            + settings.reactorCount
            * ReactorHost.outboundByteCount(pieceCount: settings.limits.maxOutboundPieceCount)
            + (settings.workerCount + settings.reactorCount) * settings.reactorCount * 4_096 * 56
    }
}

/// Carries what has one owner to the thread that is to own it.
@usableFromInline
package final class Parcel<Contents: ~Copyable>: @unchecked Sendable {
    // Sendable: one thread fills it and hands it over; the other takes the contents out, once.
    private var contents: Contents?

    @usableFromInline
    init(_ contents: consuming Contents) {
        self.contents = consume contents
    }

    @usableFromInline
    func take() -> Contents {
        guard let taken = contents.take() else {
            preconditionFailure("a parcel is opened once")
        }
        return taken
    }
}

/// What an inline reactor is made of.
@frozen
@usableFromInline
package struct InlineContents<F: Framing>: ~Copyable {
    @usableFromInline let parsers: ConnectionParsers<F>
    @usableFromInline let outbox: Outbox
}
