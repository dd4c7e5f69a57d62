// SPDX-License-Identifier: Apache-2.0

internal import Linnet

/// What `serve --handler prices` does: the protocol of Tests/Examples/Sources/prices/prices.linnet,
/// with answers that a client can verify.
struct PriceService: PricesService {
    let clock: ServeClock
    let rejections: MessageRejections

    /// Instruments have the numbers below.
    static let instrumentCount: UInt32 = 1_000
    /// How many quotes a subscriber gets.
    static let quoteCount = 100

    static func instrument(_ number: UInt32) -> Instrument? {
        guard number < instrumentCount else { return nil }
        return Instrument(number: number, currency: "EUR", name: "No. \(number)")
    }

    static func quote(_ instrument: UInt32, index: Int) -> Quote {
        let bid = Int64(instrument) * 10_000 + Int64(index)
        return Quote(
            instrument: instrument,
            time: Timestamp(Int64(index)),
            bid: FixedDecimal(mantissa: bid),
            ask: FixedDecimal(mantissa: bid + 5)
        )
    }

    func lookup(
        _ request: Lookup.View,
        from id: ConnectionID,
        reply: consuming Reply<Prices, Lookup>,
        outbox: inout Outbox
    ) -> Replied {
        let number = request.instrument
        guard let instrument = Self.instrument(number) else {
            return reply.unknownInstrument(UnknownInstrument(instrument: number), through: &outbox)
        }
        return reply.instrument(instrument, through: &outbox)
    }

    func subscribe(_ message: Subscribe.View, from id: ConnectionID, outbox: inout Outbox) {
        for index in 0..<Self.quoteCount {
            let result = try? outbox.send(Self.quote(message.instrument, index: index), to: id)
            // Never silence: who would wait for a quote learns that none comes.
            guard result == .queued else {
                outbox.close(id, code: 1)
                return
            }
        }
    }

    func unsubscribe(_ message: Unsubscribe.View, from id: ConnectionID, outbox: inout Outbox) {}

    func rejected(_ error: ProtocolError, from id: ConnectionID) { rejections.note(error) }

    func stopping(outbox: inout Outbox) { clock.noteStopping() }
}

/// How often a service turned away what a peer sent, by cause.
///
/// Thread: any.
final class MessageRejections: Sendable {
    private let contents = Locked<[String: Int]>([:])

    func note(_ error: ProtocolError) {
        contents.withLock { $0[error.cause, default: 0] += 1 }
    }

    var counts: [String: Int] { contents.withLock { $0 } }
}

extension ProtocolError {
    /// The kind; of messages that are not valid, what is wrong in the words of Specs/schema.md §4.
    var cause: String {
        switch self {
        case .unknownMessage: "unknown-message"
        case .wrongSide: "wrong-side"
        case .invalidMessage(_, let error): "invalid-\(error.cause.rawValue)"
        case .unexpectedReply: "unexpected-reply"
        case .replyNotBuilt: "reply-not-built"
        case .replyNotSent: "reply-not-sent"
        }
    }
}
