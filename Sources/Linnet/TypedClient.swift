// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetConnections
public import LinnetEvents
public import LinnetMessages
public import LinnetTransports

/// One connection to the server of a `protocol`, with a method for each message of the client.
///
/// The methods are generated, and so is a name for the type:
///
/// ```swift
/// let client = try await PricesClient.connect(to: .tcp(host: "127.0.0.1", port: 7400))
/// let instrument = try await client.lookup(Lookup(instrument: 7))
/// print(instrument.view.tick)
/// _ = try client.subscribe(Subscribe(instrument: 7))
/// while true {
///     switch try await client.next() {
///     case .quote(let quote): print(quote.view.price)
///     }
/// }
/// ```
///
/// A request waits for its response, or throws the error message that came instead. Many may be
/// under way, of any tasks: replies come in the order of the requests. A task that is cancelled
/// goes on at once; the reply that still comes is dropped.
///
/// What the server sends on its own waits to be taken with `next()`. If much waits the connection
/// is not read, replies included, until some was taken: nothing is dropped. So who gets events
/// takes them in a task of its own.
///
/// When the connection ends every wait ends with ``ClientError/closed(_:)``. A server that breaks
/// the protocol is left: the reason says so (`CloseReason.protocolError`).
///
/// Thread: any. One task at a time takes events.
public final class TypedClient<Wire: WireProtocol>: Sendable {
    /// What is below the messages.
    public let client: Client
    private let requests: OpenRequests

    private init(_ client: Client, _ requests: OpenRequests) {
        self.client = client
        self.requests = requests
    }

    /// Connects. Packets are those of the protocol.
    ///
    /// - Parameters:
    ///   - endpoint: the server's.
    ///   - limit: how long it may take, over all addresses of the host.
    ///   - maxRequestCount: requests that may wait for replies; those beyond wait to be sent. 1,024
    ///     by default.
    ///   - eventCapacity: see ``Client/connect(to:within:framing:mailboxCapacity:configuration:)``.
    ///   - configuration: limits and habits; its largest block holds the longest packet.
    /// - Throws: as ``Client/connect(to:within:framing:mailboxCapacity:configuration:)``.
    public static func connect(
        to endpoint: Endpoint,
        within limit: Duration = .seconds(10),
        maxRequestCount: Int = 1_024,
        eventCapacity: Int = 1_024,
        configuration: ClientConfiguration = .oneConnection
    ) async throws -> TypedClient {
        let mailbox = Mailbox(capacity: eventCapacity)
        let requests = OpenRequests(maxCount: maxRequestCount)
        let (events, exchanges) = (Wire.events, Wire.exchanges)
        let client = try await Client.connect(
            to: endpoint,
            within: limit,
            Wire.framing,
            mailbox,
            configuration
        ) {
            TypedClientHandler(
                mailbox: mailbox,
                requests: requests,
                events: events,
                exchanges: exchanges
            )
        }
        return TypedClient(client, requests)
    }

    /// The name of the connection.
    public var id: ConnectionID { client.id }

    /// Requests that wait for replies.
    public var openRequestCount: Int { requests.count }

    /// Ends the connection gracefully: see ``Client/close()``. Requests that are open still get
    /// replies that come before the server's end; then every wait ends with
    /// ``ClientError/closed(_:)``.
    public func close() async {
        await client.close()
    }
}

// MARK: - For generated code

extension TypedClient {
    /// Sends a message: see ``Client/send(_:flags:)``. O(bytes).
    ///
    /// - Throws: what could not be written.
    @inlinable
    public func send<M: Message>(message: M) throws(BuildError) -> SendResult {
        guard let packet = try client.packet(of: message) else { return .full }
        return client.send(packet)
    }

    /// As ``send(message:)``, of a message that is built in place.
    @inlinable
    public func send<M: Message>(
        building type: M.Type,
        _ body: (consuming MessageBuilder<M, M.Start>) -> Sealed<M>
    ) throws(BuildError) -> SendResult {
        guard let packet = try client.packet(of: type, body) else { return .full }
        return client.send(packet)
    }

    /// Sends a request and waits for its reply. While there is no room for it, it looks again each
    /// millisecond.
    @inlinable
    public nonisolated(nonsending) func ask<Request: Message>(
        request: Request
    ) async throws -> ServerMessage {
        while true {
            if let packet = try client.packet(of: request) {
                return try await exchange(Request.number, packet)
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// As ``ask(request:)``, of a request that is built in place.
    @inlinable
    public nonisolated(nonsending) func ask<Request: Message>(
        building type: Request.Type,
        _ body: (consuming MessageBuilder<Request, Request.Start>) -> Sealed<Request>
    ) async throws -> ServerMessage {
        while true {
            if let packet = try client.packet(of: type, body) {
                return try await exchange(Request.number, packet)
            }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    @usableFromInline
    nonisolated(nonsending) func exchange(
        _ number: UInt16,
        _ packet: consuming PacketLease
    ) async throws -> ServerMessage {
        while true {
            let outcome = await requests.wait(for: number) { client.send(packet.shared()) }
            switch outcome {
            case .reply(let number, let item):
                return ServerMessage(number: number, packet: item.intoPayload())
            case .closed(let reason): throw ClientError.closed(reason)
            case .cancelled: throw CancellationError()
            case .refused: throw ClientError.requestTooLong
            case .noRoom: try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    /// The next message that the server has sent on its own: see ``Client/receive()``.
    public func nextEvent() async throws -> ServerMessage {
        let packet = try await client.receive()
        let number = packet.withBytes { $0.loadLittleEndian(at: 0, as: UInt16.self) }
        return ServerMessage(number: number, packet: packet)
    }

    /// The message, verified. If it is not valid the server is left.
    @inlinable
    public func message<M: Message>(
        in received: consuming ServerMessage,
        as type: M.Type = M.self
    ) throws(ProtocolError) -> MessageLease<M> {
        do throws(MessageError) {
            return try MessageLease(verifying: received.packet)
        } catch {
            throw leave(because: .invalidMessage(M.number, error))
        }
    }

    /// The error that a request throws.
    @inlinable
    public func error<M: Message>(
        in received: consuming ServerMessage,
        as type: M.Type = M.self
    ) throws(ProtocolError) -> M {
        try message(in: received, as: type).value
    }

    /// Closes the connection, because the server broke the protocol.
    public func leave(because error: ProtocolError) -> ProtocolError {
        client.sender.close(id, code: error.code)
        return error
    }
}

/// What a server has sent, of which only the number of its message is known. For generated code.
@frozen
public struct ServerMessage: ~Copyable, Sendable {
    public let number: UInt16
    public let packet: PacketLease

    @usableFromInline
    init(number: UInt16, packet: consuming PacketLease) {
        self.number = number
        self.packet = packet
    }
}
