// SPDX-License-Identifier: Apache-2.0

import Linnet

/// Knows what is traded, and tells who subscribed what it costs.
struct Board: PricesService {
    private let names: [UInt32: String] = [1: "Linnet plc", 2: "Hawfinch SE", 3: "Siskin AG"]
    private var subscribers: [UInt32: Set<ConnectionID>] = [:]

    mutating func subscribe(
        _ message: Subscribe.View,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        let instrument = message.instrument
        subscribers[instrument, default: []].insert(id)
        // What has no room is missed: the next quote says all that counts.
        _ = try? outbox.send(Quote.self, to: id) { quote in
            quote.instrument = instrument
            quote.bid = FixedDecimal(mantissa: 9_995)
            quote.ask = FixedDecimal(mantissa: 10_005)
            return quote.done()
        }
    }

    mutating func unsubscribe(
        _ message: Unsubscribe.View,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        subscribers[message.instrument]?.remove(id)
    }

    mutating func lookup(
        _ request: Lookup.View,
        from id: ConnectionID,
        reply: consuming Reply<Prices, Lookup>,
        outbox: inout Outbox
    ) -> Replied {
        let number = request.instrument
        guard let name = names[number] else {
            return reply.unknownInstrument(
                UnknownInstrument(instrument: number),
                through: &outbox
            )
        }
        return reply.instrument(through: &outbox) { instrument in
            instrument.number = number
            instrument.currency = "EUR"
            return instrument.put(.name, name).done()
        }
    }

    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        for instrument in subscribers.keys { subscribers[instrument]?.remove(id) }
    }

    func rejected(_ error: ProtocolError, from id: ConnectionID) {
        print("\(id) is turned away: \(error)")
    }
}
