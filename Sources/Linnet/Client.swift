// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
public import LinnetBytes
public import LinnetCodec
public import LinnetConnections
public import LinnetEvents
public import LinnetTransports

/// One connection to a server, with calls that wait.
///
/// ```swift
/// let client = try await Client.connect(to: .tcp(host: "127.0.0.1", port: 7400))
/// _ = client.send(copying: [1, 2, 3].span.bytes)
/// let answer = try await client.receive()
/// await client.close()
/// ```
///
/// Many packets may be under way: sends do not wait for answers. Packets are received in the order
/// in which they came. What is not received waits, and a server that sends more than fits is held
/// back: nothing is dropped.
///
/// Each client has a thread, a pool and three descriptors of its own, so that nothing it does costs
/// another. For many connections a ``ClientGroup`` costs less.
///
/// The last reference that goes away closes the connection in the background.
///
/// Thread: any. One task at a time receives.
public final class Client: Sendable {
    /// The name of the connection.
    public let id: ConnectionID
    private let group: ClientGroup
    package let mailbox: Mailbox
    private let closing = Locked<Task<Void, Never>?>(nil)

    private init(_ id: ConnectionID, _ group: ClientGroup, _ mailbox: Mailbox) {
        self.id = id
        self.group = group
        self.mailbox = mailbox
    }

    deinit {
        group.sender.close(id)
    }

    /// Connects.
    ///
    /// - Parameters:
    ///   - endpoint: the server's.
    ///   - limit: how long it may take, over all addresses of the host.
    ///   - framing: magic, versions and limits of the packets.
    ///   - mailboxCapacity: packets that may wait to be received, and those of one read besides; at
    ///     least 3. 1,024 by default: enough for a receiver that is held up for some milliseconds.
    ///   - configuration: limits and habits; its largest block holds the longest packet. Handlers
    ///     are not the user's here, so `execution` and `reactorCount` are not looked at.
    /// - Throws: `TransportError` of the last address, with ETIMEDOUT when the time is over;
    ///   `Errno` when the system refuses memory, descriptors or threads; `CancellationError`.
    public static func connect(
        to endpoint: Endpoint,
        within limit: Duration = .seconds(10),
        framing: PacketFraming = PacketFraming(),
        mailboxCapacity: Int = 1_024,
        configuration: ClientConfiguration = .oneConnection
    ) async throws -> Client {
        let mailbox = Mailbox(capacity: mailboxCapacity)
        return try await connect(to: endpoint, within: limit, framing, mailbox, configuration) {
            MailboxHandler(mailbox: mailbox)
        }
    }

    /// As ``connect(to:within:framing:mailboxCapacity:configuration:)``, with a handler that puts
    /// what is received into the mailbox.
    static func connect<H: Handler>(
        to endpoint: Endpoint,
        within limit: Duration,
        _ framing: PacketFraming,
        _ mailbox: Mailbox,
        _ configuration: ClientConfiguration,
        makeHandler: @escaping @Sendable () -> H
    ) async throws -> Client where H.F == PacketFraming {
        var configuration = configuration
        configuration.execution = .inline
        configuration.reactorCount = 1
        let group = try ClientGroup.start(configuration, framing: framing) { _ in makeHandler() }
        let id = try await group.connect(to: endpoint, within: limit)
        return Client(id, group, mailbox)
    }

    /// Sends and closes from any thread.
    @usableFromInline var sender: ConnectionSender { group.sender }

    /// Where payloads come from: see `PacketLease.init(copying:in:)`.
    public var pool: PacketPool { group.sender.pool }

    /// What the client has done so far.
    public var statistics: ServerStatistics { group.statistics }
}

// MARK: - Sending

extension Client {
    /// Sends the payload as one packet. O(1), never waits. Packets of one task arrive in order.
    ///
    /// - Parameters:
    ///   - payload: of the ``pool``.
    ///   - flags: of the packet's header.
    public func send(_ payload: consuming PacketLease, flags: PacketFlags = []) -> SendResult {
        group.sender.send(payload, to: id, flags: flags.rawValue)
    }

    /// Sends a copy of the payload as one packet. O(bytes), never waits. `.full` also if the pool
    /// has no block for it.
    public func send(copying payload: RawSpan, flags: PacketFlags = []) -> SendResult {
        group.sender.send(copying: payload, to: id, flags: flags.rawValue)
    }

    /// As ``send(_:flags:)``, but waits while there is no room: looks each millisecond.
    ///
    /// - Returns: never `.full`.
    /// - Throws: `CancellationError`; then nothing was sent.
    public func sendWhenRoom(
        _ payload: consuming PacketLease,
        flags: PacketFlags = []
    ) async throws -> SendResult {
        while true {
            let result = send(payload.shared(), flags: flags)
            guard result == .full else { return result }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// As ``send(copying:flags:)``, but waits while there is no room: looks each millisecond.
    ///
    /// - Returns: never `.full`.
    /// - Throws: `CancellationError`; then nothing was sent.
    public func sendWhenRoom(
        copying payload: RawSpan,
        flags: PacketFlags = []
    ) async throws -> SendResult {
        while true {
            let result = send(copying: payload, flags: flags)
            guard result == .full else { return result }
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}

// MARK: - Receiving

extension Client {
    /// The payload of the next packet. Waits for it.
    ///
    /// The bytes stand where they were read; a lease that is kept keeps a block of the client's
    /// ``pool``, and who hoards them gets no more.
    ///
    /// - Throws: ``ClientError/closed(_:)`` when the connection has ended and all packets before
    ///   the end were received; `CancellationError` when the task was cancelled, which loses no
    ///   packet.
    public func receive() async throws -> PacketLease {
        try await nextItem().intoPayload()
    }

    /// The next packet with its header: see ``receive()``.
    public func receivePacket() async throws -> Packet {
        let item = try await nextItem()
        return Packet(header: item.header, payload: item.intoPayload())
    }

    private func nextItem() async throws -> Mailbox.Item {
        try await mailbox.receive(Pausing(id: id, group: group))
    }

    /// A packet that was received, and its payload for as long as it is kept.
    @frozen
    public struct Packet: ~Copyable, Sendable {
        public let header: PacketHeader
        public let payload: PacketLease
    }
}

// MARK: - The end

extension Client {
    /// Ends the connection gracefully: what was sent goes out, then FIN. Returns when the
    /// connection has ended and its thread too; after the `drain` deadline it is aborted.
    ///
    /// Packets that have come can still be received; then ``receive()`` throws.
    public func close() async {
        let task = closing.withLock { closing in
            if let closing { return closing }
            let group = group
            let id = id
            let task = Task {
                group.sender.close(id)
                await withCheckedContinuation { continuation in
                    // To stop is to wait for threads, which no task may do.
                    DispatchQueue.global().async {
                        group.stop()
                        continuation.resume()
                    }
                }
            }
            closing = task
            return task
        }
        await task.value
    }
}

extension ClientConfiguration {
    /// For a ``Client``: 13 MiB of address space for packets, and 256 KiB for what is sent from
    /// other threads.
    public static var oneConnection: ClientConfiguration {
        var configuration = ClientConfiguration()
        // Attempts at the other addresses of a host may be on their way out.
        configuration.maxConnectionCount = 64
        configuration.commandQueueCapacity = 4_096
        configuration.pool.blockClasses = [
            PacketPool.BlockClass(blockByteCount: 512, blockCount: 1_024, reserveCount: 64),
            PacketPool.BlockClass(blockByteCount: 4_096, blockCount: 256, reserveCount: 16),
            PacketPool.BlockClass(blockByteCount: 65_536, blockCount: 48, reserveCount: 4),
            PacketPool.BlockClass(blockByteCount: 1_048_576, blockCount: 8, reserveCount: 1),
        ]
        return configuration
    }
}
