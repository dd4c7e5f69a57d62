// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
public import LinnetBytes
public import LinnetCodec
public import LinnetConnections
public import LinnetEvents
internal import LinnetPollers
public import LinnetTransports

/// Connections that this process opens, and a handler for them: a server's other half.
///
/// ```swift
/// let group = try ClientGroup.start { _ in Printer() }
/// let id = try await group.connect(to: .tcp(host: "127.0.0.1", port: 7400))
/// _ = group.sender.send(copying: [1, 2, 3].span.bytes, to: id)
/// group.stop()
/// ```
///
/// The handler is called as a server's is, with the same promises. A group has threads, a pool and
/// limits of its own: what one group does costs another nothing. For one connection with calls that
/// wait there is ``Client``.
///
/// The last reference that goes away stops the group in the background.
///
/// Thread: any.
public final class ClientGroup: Sendable {
    public let configuration: ClientConfiguration
    private let engine: Engine
    private let attempts: ConnectAttempts
    private let failureNames: [String]
    private let attemptCount = AtomicWord(0)

    /// Starts the threads of a group that has no connection yet.
    ///
    /// - Parameters:
    ///   - configuration: limits and habits.
    ///   - framing: the wire.
    ///   - makeHandler: called once on each reactor, or on each worker, with its index.
    /// - Throws: `Errno` when the system refuses memory, descriptors or threads.
    @inlinable
    public static func start<H: Handler & ~Copyable>(
        _ configuration: ClientConfiguration = ClientConfiguration(),
        framing: H.F,
        makeHandler: @escaping @Sendable (_ index: Int) -> H
    ) throws(Errno) -> ClientGroup {
        let attempts = ConnectAttempts()
        let engine = try Engine.start(
            makeParts(configuration, sendLimits: framing.sendLimits),
            framing: framing,
            connected: { attempts.settle($0, $1) },
            makeHandler: makeHandler
        )
        return ClientGroup(configuration, engine, attempts, failureNames: H.F.failureNames)
    }

    /// As ``start(_:framing:makeHandler:)``, for Linnet's own packets.
    @inlinable
    public static func start<H: Handler & ~Copyable>(
        _ configuration: ClientConfiguration = ClientConfiguration(),
        makeHandler: @escaping @Sendable (_ index: Int) -> H
    ) throws(Errno) -> ClientGroup where H.F == PacketFraming {
        try start(configuration, framing: PacketFraming(), makeHandler: makeHandler)
    }

    @usableFromInline
    static func makeParts(
        _ configuration: ClientConfiguration,
        sendLimits: SendLimits
    ) throws(Errno) -> EngineParts {
        precondition(
            (1...ConnectionID.maxReactorCount).contains(configuration.reactorCount),
            "a group has 1 to \(ConnectionID.maxReactorCount) reactors"
        )
        precondition(configuration.maxConnectionCount >= 1, "a group has room for a connection")
        if case .workers(let count) = configuration.execution {
            precondition((1...1_024).contains(count), "a group has 1 to 1,024 workers")
        }
        _ = raiseDescriptorLimit()
        return try EngineParts(
            EngineSettings(configuration),
            listeners: Array(repeating: [], count: configuration.reactorCount),
            sendLimits: sendLimits
        )
    }

    @usableFromInline
    init(
        _ configuration: ClientConfiguration,
        _ engine: Engine,
        _ attempts: ConnectAttempts,
        failureNames: [String]
    ) {
        self.configuration = configuration
        self.engine = engine
        self.attempts = attempts
        self.failureNames = failureNames
    }

    deinit {
        let engine = engine
        let attempts = attempts
        let limit = configuration.deadlines.drain
        guard !engine.isStopped else { return }
        // To stop is to wait, and this may be a thread that others wait for.
        DispatchQueue.global().async { Self.stop(engine, attempts, within: limit) }
    }

    /// Takes leave of all connections: handles what was read, writes what was sent, sends FIN, and
    /// ends all threads. Connections that are left at the limit are aborted; those that connect
    /// still are given up at once.
    ///
    /// Blocks until all threads have ended. A second call returns at once. Not from a handler.
    ///
    /// - Parameter limit: the drain deadline of the configuration by default.
    public func stop(within limit: Duration? = nil) {
        Self.stop(engine, attempts, within: limit ?? configuration.deadlines.drain)
    }

    private static func stop(_ engine: Engine, _ attempts: ConnectAttempts, within limit: Duration)
    {
        attempts.beginStopping()
        engine.stop(within: limit)
        attempts.stop()
    }

    /// All connections, for any thread to look at.
    public var connections: ConnectionTable { engine.parts.table }

    /// Sends and closes from any thread.
    public var sender: ConnectionSender { ConnectionSender(engine.parts) }

    /// What the group has done so far. O(reactors).
    public var statistics: ServerStatistics {
        ServerStatistics(engine, failureNames: failureNames)
    }
}

// MARK: - Connecting

extension ClientGroup {
    /// Opens a connection. Its handler has been called `opened`, or is about to be, when this
    /// returns: what is sent from then on goes out.
    ///
    /// The addresses of a host are tried in turn, each with its share of the time that is left. A
    /// Unix socket whose backlog is full is tried again until the deadline.
    ///
    /// - Parameters:
    ///   - endpoint: the server's.
    ///   - limit: how long all of it may take. An address never has longer than the `opening`
    ///     deadline of the configuration.
    /// - Throws: `TransportError` of the last address, with ETIMEDOUT when the time is over;
    ///   ``ClientError`` when the group is full or was stopped; `CancellationError`. A connection
    ///   that opens later is closed again.
    public func connect(
        to endpoint: Endpoint,
        within limit: Duration = .seconds(10)
    ) async throws -> ConnectionID {
        let deadline = MonotonicInstant.now() + limit
        var addresses = try await endpoint.lookUp(before: deadline)[...]
        while true {
            let address = addresses.removeFirst()
            let now = MonotonicInstant.now()
            let share = now.duration(to: deadline) / (addresses.count + 1)
            do {
                return try await connect(to: address, of: endpoint, before: now + share)
            } catch is TransportError where !addresses.isEmpty {
                continue
            }
        }
    }

    /// As ``connect(to:within:)``, for threads that may block.
    @available(*, noasync, message: "use `await connect(to:within:)`")
    public func connectBlocking(
        to endpoint: Endpoint,
        within limit: Duration = .seconds(10)
    ) throws -> ConnectionID {
        let answer = Locked<Result<ConnectionID, any Error>?>(nil)
        let isDone = DispatchSemaphore(value: 0)
        Task {
            do {
                let id = try await connect(to: endpoint, within: limit)
                answer.withLock { $0 = .success(id) }
            } catch {
                answer.withLock { $0 = .failure(error) }
            }
            isDone.signal()
        }
        isDone.wait()
        guard let answer = answer.withLock({ $0 }) else {
            preconditionFailure("a task that has ended has left its answer")
        }
        return try answer.get()
    }

    private func connect(
        to address: SocketAddress,
        of endpoint: Endpoint,
        before deadline: MonotonicInstant
    ) async throws -> ConnectionID {
        let (id, promise) = try await begin(address, endpoint, before: deadline)
        defer { attempts.forget(id) }
        let outcome = await promise.value(before: deadline, late: .late, cancelled: .cancelled)
        switch outcome {
        case .open: return id
        case .failed(let error): throw TransportError.failed(.connect, endpoint, error)
        case .late:
            // If this finds no room, the reactor closes it when it opens or when its time is over.
            sender.close(id)
            throw TransportError.failed(.connect, endpoint, Errno(rawValue: ETIMEDOUT))
        case .cancelled:
            sender.close(id)
            throw CancellationError()
        case .stopped: throw ClientError.stopped
        }
    }

    /// Begins to connect; if the system has no room for that now, again after a moment.
    private func begin(
        _ address: SocketAddress,
        _ endpoint: Endpoint,
        before deadline: MonotonicInstant
    ) async throws -> (ConnectionID, Promise<ConnectOutcome>) {
        while true {
            do {
                return try begin(address, endpoint)
            } catch TransportError.failed(_, _, let error)
                where error.rawValue == EAGAIN && MonotonicInstant.now() < deadline
            {
                try await Task.sleep(for: retryInterval)
            }
        }
    }

    private func begin(
        _ address: SocketAddress,
        _ endpoint: Endpoint
    ) throws -> (ConnectionID, Promise<ConnectOutcome>) {
        guard let id = reserve(address) else {
            throw ClientError.tooManyConnections(limit: connections.slotCount)
        }
        let socket: ConnectingSocket
        do {
            socket = try ConnectingSocket(
                to: address,
                of: endpoint,
                options: configuration.sockets
            )
        } catch {
            connections.release(id)
            throw error
        }
        guard let promise = attempts.begin(id) else {
            connections.release(id)
            close(socket.descriptor.rawValue)
            throw ClientError.stopped
        }
        // Also one that has connected at once is reported to the reactor as one that does.
        let queue = engine.parts.commandQueues[id.reactorIndex]
        let command = Command.adopt(
            id,
            descriptor: socket.descriptor.rawValue,
            isConnecting: true
        )
        let result = queue.push(command, isControl: true)
        guard result != .queued else {
            queue.wakeConsumer()
            return (id, promise)
        }
        attempts.forget(id)
        connections.release(id)
        close(socket.descriptor.rawValue)
        if result == .closed { throw ClientError.stopped }
        throw TransportError.failed(.connect, endpoint, Errno(rawValue: EAGAIN))
    }

    /// A slot of the next reactor that has one.
    private func reserve(_ address: SocketAddress) -> ConnectionID? {
        let number = Int(truncatingIfNeeded: attemptCount.wrappingAdd(1, .relaxed))
        let reactorCount = configuration.reactorCount
        var workerCount = 0
        if case .workers(let count) = configuration.execution { workerCount = count }
        for step in 0..<reactorCount {
            let reactorIndex = (number + step) % reactorCount
            let id = connections.reserve(
                reactorIndex: reactorIndex,
                peer: address.peer,
                workerIndex: workerCount == 0 ? reactorIndex : number % workerCount,
                now: MonotonicInstant.now()
            )
            if let id { return id }
        }
        return nil
    }
}

/// How soon connecting is tried again when there was no room for it.
private let retryInterval = Duration.milliseconds(5)
