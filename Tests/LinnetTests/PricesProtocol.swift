// SPDX-License-Identifier: Apache-2.0

// The protocol of Tests/Examples/Sources/prices/prices.linnet, as the emitter writes it, by hand.

public import Linnet

/// Prices of instruments, to all who ask.
public enum Prices: WireProtocol {
    public static var magic: UInt32 { 0x4349_5250 }
    public static var versions: ClosedRange<UInt16> { 1...1 }
    public static var maxPacketByteCount: Int { 4_096 }
    public static var events: [UInt16] { [Quote.number] }
    public static var exchanges: [Exchange] {
        [
            Exchange(
                request: Lookup.number,
                replies: [Instrument.number, UnknownInstrument.number]
            )
        ]
    }
}

/// What a server of `Prices` does.
public protocol PricesService: Service, ~Copyable where Wire == Prices {
    /// The client sends a `Subscribe`.
    mutating func subscribe(
        _ message: Subscribe.View,
        from id: ConnectionID,
        outbox: inout Outbox
    )

    /// The client sends an `Unsubscribe`.
    mutating func unsubscribe(
        _ message: Unsubscribe.View,
        from id: ConnectionID,
        outbox: inout Outbox
    )

    /// The client asks `Lookup`: the reply is an `Instrument`, or an `UnknownInstrument`.
    mutating func lookup(
        _ request: Lookup.View,
        from id: ConnectionID,
        reply: consuming Reply<Prices, Lookup>,
        outbox: inout Outbox
    ) -> Replied
}

extension PricesService where Self: ~Copyable {
    @inlinable
    public mutating func received(
        _ message: ReceivedMessage,
        from id: ConnectionID,
        outbox: inout Outbox
    ) throws(ProtocolError) {
        switch message.number {
        case Subscribe.number:
            subscribe(try message.view(), from: id, outbox: &outbox)
        case Unsubscribe.number:
            unsubscribe(try message.view(), from: id, outbox: &outbox)
        case Lookup.number:
            try lookup(
                try message.view(),
                from: id,
                reply: message.reply(to: id),
                outbox: &outbox
            ).check()
        case Quote.number, Instrument.number, UnknownInstrument.number:
            throw .wrongSide(message.number)
        default:
            throw .unknownMessage(message.number)
        }
    }
}

extension Reply where Wire == Prices, Request == Lookup {
    /// Answers with an `Instrument` that is built in place.
    @inlinable
    public consuming func instrument(
        through outbox: inout Outbox,
        _ build: (consuming Instrument.Builder) -> Sealed<Instrument>
    ) -> Replied {
        send(building: Instrument.self, through: &outbox, build)
    }

    /// Answers with an `Instrument`.
    @inlinable
    public consuming func instrument(
        _ message: Instrument,
        through outbox: inout Outbox
    ) -> Replied {
        send(message: message, through: &outbox)
    }

    /// Answers with an error, an `UnknownInstrument` that is built in place.
    @inlinable
    public consuming func unknownInstrument(
        through outbox: inout Outbox,
        _ build: (consuming UnknownInstrument.Builder) -> Sealed<UnknownInstrument>
    ) -> Replied {
        send(building: UnknownInstrument.self, through: &outbox, build)
    }

    /// Answers with an error, an `UnknownInstrument`.
    @inlinable
    public consuming func unknownInstrument(
        _ message: UnknownInstrument,
        through outbox: inout Outbox
    ) -> Replied {
        send(message: message, through: &outbox)
    }
}

/// A connection to a server of `Prices`.
public typealias PricesClient = TypedClient<Prices>

/// What a server of `Prices` sends on its own.
public enum PricesEvent: Sendable {
    case quote(MessageLease<Quote>)
}

extension TypedClient where Wire == Prices {
    /// Sends a `Subscribe`.
    @inlinable
    public func subscribe(_ message: Subscribe) throws(BuildError) -> SendResult {
        try send(message: message)
    }

    /// Sends a `Subscribe` that is built in place.
    @inlinable
    public func subscribe(
        _ build: (consuming Subscribe.Builder) -> Sealed<Subscribe>
    ) throws(BuildError) -> SendResult {
        try send(building: Subscribe.self, build)
    }

    /// Sends an `Unsubscribe`.
    @inlinable
    public func unsubscribe(_ message: Unsubscribe) throws(BuildError) -> SendResult {
        try send(message: message)
    }

    /// Sends an `Unsubscribe` that is built in place.
    @inlinable
    public func unsubscribe(
        _ build: (consuming Unsubscribe.Builder) -> Sealed<Unsubscribe>
    ) throws(BuildError) -> SendResult {
        try send(building: Unsubscribe.self, build)
    }

    /// Asks `Lookup`, and waits for the `Instrument`.
    ///
    /// - Throws: `UnknownInstrument`, or what ends the connection.
    @inlinable
    public nonisolated(nonsending) func lookup(
        _ request: Lookup
    ) async throws -> MessageLease<Instrument> {
        try lookup(reply: try await ask(request: request))
    }

    /// Asks `Lookup`, built in place, and waits for the `Instrument`.
    ///
    /// - Throws: `UnknownInstrument`, or what ends the connection.
    @inlinable
    public nonisolated(nonsending) func lookup(
        _ build: (consuming Lookup.Builder) -> Sealed<Lookup>
    ) async throws -> MessageLease<Instrument> {
        try lookup(reply: try await ask(building: Lookup.self, build))
    }

    @usableFromInline
    func lookup(reply: consuming ServerMessage) throws -> MessageLease<Instrument> {
        switch reply.number {
        case UnknownInstrument.number: throw try error(in: reply, as: UnknownInstrument.self)
        default: return try message(in: reply)
        }
    }

    /// What the server sends next on its own. Waits for it; one task at a time.
    ///
    /// - Throws: `ClientError.closed` when the connection has ended and all that came before was
    ///   taken; `CancellationError`, and then nothing is lost.
    public func next() async throws -> PricesEvent {
        let event = try await nextEvent()
        switch event.number {
        case Quote.number: return .quote(try message(in: event))
        default: throw leave(because: .unknownMessage(event.number))
        }
    }
}
