// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetConnections
public import LinnetEvents
public import LinnetTransports

/// Every limit and habit of a ``ClientGroup``; each says its reason.
public struct ClientConfiguration: Sendable {
    /// Where handlers run. Inline by default: a client has few connections and wants its answers
    /// early; handlers that block need workers.
    public var execution = Execution.inline
    /// Threads that own sockets, 1 to 256. 1 by default: one moves more than a million packets a
    /// second.
    public var reactorCount = 1
    /// Connections at a time, of all reactors together, also those that connect still. 1,024 by
    /// default: as many descriptors as most systems let a process have without asking. With more
    /// reactors it is rounded up to a multiple of their number.
    public var maxConnectionCount = 1_024
    /// The memory for packets: 31 MiB of address space by default, committed as it is touched. A
    /// quarter of a server's and less, because who connects decides how much comes back.
    public var pool = PacketPool.Configuration(
        blockClasses: [
            PacketPool.BlockClass(blockByteCount: 512, blockCount: 8_192, reserveCount: 1_024),
            PacketPool.BlockClass(blockByteCount: 4_096, blockCount: 1_024, reserveCount: 128),
            PacketPool.BlockClass(blockByteCount: 65_536, blockCount: 112, reserveCount: 16),
            PacketPool.BlockClass(blockByteCount: 1_048_576, blockCount: 16, reserveCount: 4),
        ],
        maxMagazineCount: 24
    )
    /// How much of one connection may be with its worker at a time.
    public var credits = CreditLimits()
    /// How long a connection may wait for its peer. `opening` is the longest that one address of an
    /// endpoint may take to connect; `drain` is how long ``ClientGroup/stop(within:)`` waits.
    public var deadlines = ConnectionDeadlines()
    /// What a connection and a reactor may take.
    public var transport = TransportLimits()
    /// Options of the sockets.
    public var sockets = SocketOptions()
    /// Frames that can wait for one worker. 8,192 by default: half a megabyte.
    public var workerQueueCapacity = 8_192
    /// Commands that can wait for one reactor, among them the sends of other threads. 8,192 by
    /// default, half a megabyte.
    public var commandQueueCapacity = 8_192

    public init() {}
}

extension EngineSettings {
    init(_ configuration: ClientConfiguration) {
        self.init()
        execution = configuration.execution
        reactorCount = configuration.reactorCount
        maxConnectionCount = configuration.maxConnectionCount
        pool = configuration.pool
        creditLimits = configuration.credits
        deadlines = configuration.deadlines
        limits = configuration.transport
        socketOptions = configuration.sockets
        workerQueueCapacity = configuration.workerQueueCapacity
        commandQueueCapacity = configuration.commandQueueCapacity
    }
}
