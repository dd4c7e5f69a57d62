// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LinnetPollers
internal import LinnetTransports

/// How far a ``Server`` has come. Everything here happens a few times in its life.
///
/// Thread: any.
@usableFromInline
final class ServerState: Sendable {
    private struct Contents {
        var phase = Phase.new
        var engine: Engine?
        var sockets: [ListeningSocketBox] = []
        var failureNames: [String] = []
        var maxMemoryByteCount = 0
    }

    private enum Phase { case new, starting, running, stopping, stopped }

    private let contents = Locked(Contents())

    /// Returns whether it was new.
    func begin() -> Bool {
        contents.withLock { contents in
            guard contents.phase == .new else { return false }
            contents.phase = .starting
            return true
        }
    }

    func keep(_ sockets: [ListeningSocketBox], maxMemoryByteCount: Int) {
        contents.withLock {
            $0.sockets = sockets
            $0.maxMemoryByteCount = maxMemoryByteCount
        }
    }

    func didStart(_ engine: Engine, failureNames: [String]) {
        contents.withLock {
            $0.engine = engine
            $0.failureNames = failureNames
            $0.phase = .running
        }
    }

    /// The engine to stop, for the first who asks.
    func beginStopping() -> Engine? {
        contents.withLock { contents in
            guard contents.phase == .running else { return nil }
            contents.phase = .stopping
            // Who connects now is to go elsewhere at once, rather than to wait in the backlog.
            for socket in contents.sockets { socket.endListening() }
            return contents.engine
        }
    }

    /// Closes the listening sockets.
    func didStop() {
        contents.withLock {
            $0.phase = .stopped
            $0.sockets = []
        }
    }

    var engine: Engine? { contents.withLock { $0.engine } }
    var failureNames: [String] { contents.withLock { $0.failureNames } }
    var maxMemoryByteCount: Int { contents.withLock { $0.maxMemoryByteCount } }
    var isRunning: Bool { contents.withLock { $0.phase == .running } }
    var hasStopped: Bool { contents.withLock { $0.phase == .stopped } }

    var endpoints: [Endpoint] {
        contents.withLock { contents in
            var seen: Set<Endpoint> = []
            return contents.sockets.map(\.endpoint).filter { seen.insert($0).inserted }
        }
    }
}

/// A listening socket that a collection can hold.
final class ListeningSocketBox: Sendable {
    private let socket: ListeningSocket

    init(_ socket: consuming ListeningSocket) {
        self.socket = socket
    }

    var endpoint: Endpoint { socket.endpoint }
    var descriptor: Descriptor { socket.descriptor }

    func endListening() { socket.endListening() }

    func makeSibling() throws(TransportError) -> ListeningSocketBox {
        ListeningSocketBox(try socket.makeSibling())
    }
}

/// The sockets that a configuration asks for, and which reactor accepts from which.
struct OpenListeners {
    private(set) var listeners: [[Listener]]
    let sockets: [ListeningSocketBox]

    /// - Throws: ``TransportError``; what was opened before is closed again.
    init(_ configuration: ServerConfiguration) throws(TransportError) {
        let reactorCount = configuration.reactorCount
        let isSpread = configuration.balance == .reusePort && reactorCount > 1
        var sockets: [ListeningSocketBox] = []
        listeners = Array(repeating: [], count: reactorCount)
        for endpoint in configuration.endpoints {
            var isTCP = false
            if case .tcp = endpoint { isTCP = true }
            let first = ListeningSocketBox(
                try ListeningSocket(
                    at: endpoint,
                    options: configuration.sockets,
                    isShared: isSpread && isTCP
                )
            )
            sockets.append(first)
            for index in 0..<(isSpread ? reactorCount : 1) {
                var socket = first
                if index > 0, isTCP {
                    socket = try first.makeSibling()
                    sockets.append(socket)
                }
                listeners[index].append(
                    Listener(
                        descriptor: socket.descriptor,
                        isShared: isSpread && !isTCP
                    )
                )
            }
        }
        self.sockets = sockets
    }
}

extension EngineSettings {
    init(_ configuration: ServerConfiguration) {
        self.init()
        execution = configuration.execution
        reactorCount = configuration.reactorCount
        balance = configuration.balance
        pool = configuration.pool
        creditLimits = configuration.credits
        deadlines = configuration.deadlines
        limits = configuration.transport
        socketOptions = configuration.sockets
        workerQueueCapacity = configuration.workerQueueCapacity
        commandQueueCapacity = configuration.commandQueueCapacity
        reactorProcessors = configuration.reactorProcessors
        workerProcessors = configuration.workerProcessors
    }
}
