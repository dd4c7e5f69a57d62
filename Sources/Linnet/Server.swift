// SPDX-License-Identifier: Apache-2.0

// Linnet is the front door: servers, clients, their configuration and what they log. It starts what
// the targets below it own, and re-exports what users need. `async` lives here and nowhere below.

internal import Dispatch
internal import Glibc
public import LinnetBytes
public import LinnetCodec
public import LinnetConnections
public import LinnetEvents
internal import LinnetPollers
public import LinnetTransports
internal import Logging

/// A service for peers that connect over TCP and Unix sockets.
///
/// ```swift
/// struct Echo: Handler {
///     mutating func received(
///         _ packet: borrowing PacketView, from id: ConnectionID, outbox: inout Outbox
///     ) {
///         _ = outbox.send(packet, to: id)
///     }
/// }
/// let server = Server(ServerConfiguration(endpoints: [.tcp(host: "127.0.0.1", port: 7400)]))
/// try server.run { _ in Echo() }
/// ```
///
/// The life of a packet, from top to bottom:
///
/// 1. `EpollPoller` reports that a socket has bytes. `Reactor.readInput` reads them into a block of
///    the packet pool, where they stay.
/// 2. `StreamParser` cuts the block into frames; `PacketFraming` checks each header before it
///    believes its size. What is left of an incomplete one is kept by `StreamTail`.
/// 3. Inline, `HandlerRunner` calls the handler with a view of the frame where it stands. With
///    workers, `EventPort` puts the frame's place into the queue of the connection's worker, whose
///    thread calls the handler. `CreditAccount` bounds what is under way.
/// 4. The handler sends by `Outbox`, which gathers commands and posts them to the reactor that owns
///    the connection, once per batch.
/// 5. `Reactor.appendFrame` numbers the packet and writes its header; short payloads are copied
///    behind each other, long ones are written from where they stand. `Reactor.flush` gives all of
///    a connection to the kernel with one system call.
/// 6. `Reactor.didSend` releases the blocks. The connection holds nothing until more bytes come.
///
/// The last reference that goes away stops the server in the background.
///
/// Thread: any.
public final class Server: Sendable {
    public let configuration: ServerConfiguration
    private let state = ServerState()

    /// A server that does not run yet.
    public init(_ configuration: ServerConfiguration) {
        precondition(!configuration.endpoints.isEmpty, "a server listens somewhere")
        precondition(
            (1...ConnectionID.maxReactorCount).contains(configuration.reactorCount),
            "a server has 1 to \(ConnectionID.maxReactorCount) reactors"
        )
        if case .workers(let count) = configuration.execution {
            precondition((1...1_024).contains(count), "a server has 1 to 1,024 workers")
        }
        self.configuration = configuration
    }

    deinit {
        let state = state
        let limit = configuration.deadlines.drain
        guard let engine = state.beginStopping() else { return }
        // To stop is to wait, and this may be a thread that others wait for.
        DispatchQueue.global().async {
            engine.stop(within: limit)
            state.didStop()
        }
    }

    /// Listens, and serves until SIGINT or SIGTERM comes or ``stop(within:)`` is called; then takes
    /// leave as that does.
    ///
    /// The calling thread waits. Threads that the process has already must block the two signals,
    /// or they end the process as ever.
    ///
    /// - Parameters:
    ///   - framing: the wire.
    ///   - limit: as of ``stop(within:)``.
    ///   - started: called when the server listens, with where.
    ///   - makeHandler: called once on each worker, or on each reactor when handlers run inline.
    /// - Throws: ``TransportError`` when an address cannot be had, `Errno` when the system refuses
    ///   memory, descriptors or threads.
    @inlinable
    public func run<H: Handler & ~Copyable>(
        framing: H.F,
        stoppingWithin limit: Duration? = nil,
        started: ([Endpoint]) -> Void = { _ in },
        makeHandler: @escaping @Sendable (_ index: Int) -> H
    ) throws {
        let signals = StopSignals()
        try start(framing: framing, makeHandler: makeHandler)
        started(endpoints)
        while isRunning, !signals.hasCome(within: .milliseconds(100)) {}
        stop(within: limit)
        // Another thread may have begun it.
        while !hasStopped { _ = signals.hasCome(within: .milliseconds(10)) }
    }

    /// As ``run(framing:stoppingWithin:started:makeHandler:)``, for Linnet's own packets.
    @inlinable
    public func run<H: Handler & ~Copyable>(
        stoppingWithin limit: Duration? = nil,
        started: ([Endpoint]) -> Void = { _ in },
        makeHandler: @escaping @Sendable (_ index: Int) -> H
    ) throws where H.F == PacketFraming {
        try run(
            framing: PacketFraming(),
            stoppingWithin: limit,
            started: started,
            makeHandler: makeHandler
        )
    }

    /// Listens and serves until ``stop(within:)``. Returns as soon as peers can connect. Once.
    ///
    /// - Parameters:
    ///   - framing: the wire.
    ///   - makeHandler: called once on each worker, or on each reactor when handlers run inline.
    /// - Throws: ``TransportError`` when an address cannot be had, `Errno` when the system refuses
    ///   memory, descriptors or threads.
    @inlinable
    public func start<H: Handler & ~Copyable>(
        framing: H.F,
        makeHandler: @escaping @Sendable (_ index: Int) -> H
    ) throws {
        do {
            let engine = try Engine.start(
                listen(framing: framing),
                framing: framing,
                connected: { _, _ in false },
                makeHandler: makeHandler
            )
            didStart(engine, failureNames: H.F.failureNames)
        } catch {
            didNotStart()
            throw error
        }
    }

    /// As ``start(framing:makeHandler:)``, for Linnet's own packets.
    @inlinable
    public func start<H: Handler & ~Copyable>(
        makeHandler: @escaping @Sendable (_ index: Int) -> H
    ) throws where H.F == PacketFraming {
        try start(framing: PacketFraming(), makeHandler: makeHandler)
    }

    /// Takes leave: accepts nothing more, calls `stopping`, handles and answers what was read,
    /// sends FIN, and ends all threads. Connections that are left at the limit are aborted.
    ///
    /// Blocks until all threads have ended; a handler that never returns keeps it from ending. A
    /// second call returns at once. Not from a handler, which it would wait for.
    ///
    /// - Parameter limit: the drain deadline of the configuration by default.
    public func stop(within limit: Duration? = nil) {
        guard let engine = state.beginStopping() else { return }
        let limit = limit ?? configuration.deadlines.drain
        configuration.logger.info("stopping", metadata: ["limit": "\(limit)"])
        engine.stop(within: limit)
        state.didStop()
        let counts = statistics
        configuration.logger.info(
            "stopped",
            metadata: [
                "connections": "\(counts.openedConnectionCount)",
                "packets in": "\(counts.receivedFrameCount)",
                "packets out": "\(counts.sentFrameCount)",
                "bytes not read": "\(counts.discardedByteCount)",
            ]
        )
    }

    /// Where the server listens: the configured endpoints, with the ports that the system chose.
    /// Empty before it runs.
    public var endpoints: [Endpoint] { state.endpoints }

    /// Whether it was started and not stopped.
    public var isRunning: Bool { state.isRunning }

    @usableFromInline var hasStopped: Bool { state.hasStopped }

    /// What it has done so far. Any time; O(reactors).
    public var statistics: ServerStatistics {
        state.engine.map { ServerStatistics($0, failureNames: state.failureNames) }
            ?? ServerStatistics()
    }

    /// All connections, for any thread to look at; `nil` before the server runs.
    public var connections: ConnectionTable? { state.engine?.parts.table }

    /// Sends and closes from any thread; `nil` before the server runs.
    public var sender: ConnectionSender? { state.engine.map { ConnectionSender($0.parts) } }

    /// The most memory that the server can commit, in bytes, beside its handlers' own and the code:
    /// pool, table, slots, parsers, queues. 0 before it runs.
    public var maxMemoryByteCount: Int { state.maxMemoryByteCount }
}

// MARK: - Listening

extension Server {
    @usableFromInline
    func listen<F: Framing>(framing: F) throws -> EngineParts {
        precondition(state.begin(), "a server starts once")
        var settings = EngineSettings(configuration)
        settings.maxConnectionCount = connectionLimit()
        let open = try OpenListeners(configuration)
        let parts = try EngineParts(
            settings,
            listeners: open.listeners,
            sendLimits: framing.sendLimits
        )
        state.keep(
            open.sockets,
            maxMemoryByteCount: parts.maxByteCount(
                parserByteCount: ConnectionParsers<F>.strideByteCount
            )
        )
        return parts
    }

    @usableFromInline
    func didStart(_ engine: Engine, failureNames: [String]) {
        state.didStart(engine, failureNames: failureNames)
        for endpoint in endpoints {
            configuration.logger.info("listening", metadata: ["on": "\(endpoint)"])
        }
    }

    @usableFromInline
    func didNotStart() {
        state.didStop()
    }

    /// As many connections as descriptors, less what everything else needs.
    private func connectionLimit() -> Int {
        let soft = raiseDescriptorLimit().soft
        let all = min(max(1, soft - 64), 1_048_576)
        guard let wanted = configuration.maxConnectionCount else { return all }
        precondition(wanted >= 1, "a server has room for a connection")
        if wanted > soft - 16 {
            configuration.logger.warning(
                "the limit of descriptors is lower than that of connections: raise it (ulimit -n)",
                metadata: ["descriptors": "\(soft)", "connections": "\(wanted)"]
            )
        }
        return wanted
    }
}
