// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetConnections
public import LinnetEvents
public import LinnetTransports
public import Logging

/// Every limit and habit of a ``Server``. The defaults serve thousands of connections on any
/// machine; each says its reason.
public struct ServerConfiguration: Sendable {
    /// Where to listen; at least one. Port 0 lets the system choose: see ``Server/endpoints``.
    public var endpoints: [Endpoint]
    /// Where handlers run. By default on one worker for each processor but one, so that a slow
    /// handler never holds up the network.
    public var execution: Execution
    /// Threads that own sockets, 1 to 256. 1 by default: one moves more than a million packets a
    /// second. Raise it when that one is busy.
    public var reactorCount = 1
    /// How new connections find their reactor.
    public var balance = Balance.reusePort
    /// Connections at a time, of all reactors together. By default as many as the process may have
    /// descriptors (the soft limit is raised to the hard one), less 64 for everything else; at most
    /// 1,048,576. Each reactor has an equal share. At the limit new connections wait in the
    /// backlog.
    public var maxConnectionCount: Int?
    /// The memory for packets. Its largest block holds the longest frame: 1 MiB by default, as the
    /// longest packet.
    public var pool = PacketPool.Configuration()
    /// How much of one connection may be with its worker at a time.
    public var credits = CreditLimits()
    /// How long a connection may wait for its peer.
    public var deadlines = ConnectionDeadlines()
    /// What a connection and a reactor may take.
    public var transport = TransportLimits()
    /// Options of the sockets.
    public var sockets = SocketOptions()
    /// Frames that can wait for one worker. 8,192 by default: half a megabyte, and some
    /// milliseconds of work for a fast handler.
    public var workerQueueCapacity = 8_192
    /// Commands that can wait for one reactor. 8,192 by default, half a megabyte.
    public var commandQueueCapacity = 8_192
    /// The only processor that each reactor may use, by its index; those without an entry may use
    /// any.
    public var reactorProcessors: [Int] = []
    /// The only processor that each worker may use, likewise.
    public var workerProcessors: [Int] = []
    /// Where the server says where it listens, that it stops, and that descriptors may not do: a
    /// few lines. `import Logging` to set it.
    public var logger = Logger(label: "linnet.server")

    /// - Parameters:
    ///   - endpoints: where to listen.
    ///   - execution: `nil` for a worker for each processor but one.
    public init(endpoints: [Endpoint], execution: Execution? = nil) {
        self.endpoints = endpoints
        self.execution = execution ?? .workers(max(1, processorCount - 1))
    }
}
