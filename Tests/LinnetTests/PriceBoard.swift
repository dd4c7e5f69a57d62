// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linnet
import Testing

/// A service of `Prices` whose instruments are the numbers below 1,000, and what happened to it.
///
/// Instrument 2,013 ends the connection instead of being subscribed to; 2,014 has a name beyond its
/// bound; 2,015 waits at the gate; 2,016 sends quotes to who asks until there is no room for a
/// reply.
struct PriceBoard: PricesService {
    let log: ServiceLog
    var subscribers: [UInt32: Set<ConnectionID>] = [:]

    mutating func opened(_ id: ConnectionID, outbox: inout Outbox) { log.note("opened") }

    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        log.end(id, reason)
        for key in subscribers.keys { subscribers[key]?.remove(id) }
    }

    mutating func rejected(_ error: ProtocolError, from id: ConnectionID) { log.reject(error) }

    mutating func subscribe(
        _ message: Subscribe.View,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        let instrument = message.instrument
        if instrument == 2_013 {
            outbox.close(id, code: 13)
            return
        }
        subscribers[instrument, default: []].insert(id)
        log.note("subscribed")
    }

    mutating func unsubscribe(
        _ message: Unsubscribe.View,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        subscribers[message.instrument]?.remove(id)
        log.note("unsubscribed")
    }

    mutating func lookup(
        _ request: Lookup.View,
        from id: ConnectionID,
        reply: consuming Reply<Prices, Lookup>,
        outbox: inout Outbox
    ) -> Replied {
        let instrument = request.instrument
        if instrument == 2_015 { log.gate.pass() }
        while instrument == 2_016, (try? outbox.send(quote(instrument), to: id)) == .queued {}
        // All who subscribed to it hear that somebody looked.
        for subscriber in subscribers[instrument] ?? [] {
            let result = try? outbox.send(Quote.self, to: subscriber) { quote in
                quote.instrument = instrument
                quote.time = Timestamp(1_700_000_000)
                quote.bid = FixedDecimal(mantissa: Int64(instrument) * 10_000)
                quote.ask = FixedDecimal(mantissa: Int64(instrument) * 10_000 + 1)
                return quote.done()
            }
            if result != .queued { log.note("missed") }
        }
        guard instrument < 1_000 || instrument == 2_014 else {
            var unknown = UnknownInstrument()
            unknown.instrument = instrument
            return reply.unknownInstrument(unknown, through: &outbox)
        }
        return reply.instrument(through: &outbox) { found in
            found.number = instrument
            found.currency = "EUR"
            let name = instrument == 2_014 ? String(repeating: "x", count: 41) : "No. \(instrument)"
            return found.put(.name, name).done()
        }
    }
}

/// What happened to a service, of all threads.
final class ServiceLog: @unchecked Sendable {
    // Sendable: all of it is used under the lock.
    private let lock = NSLock()
    private var counts: [String: Int] = [:]
    private var errorList: [ProtocolError] = []
    private var reasonList: [CloseReason] = []
    let gate = Gate()

    func note(_ what: String) { lock.withLock { counts[what, default: 0] += 1 } }
    func reject(_ error: ProtocolError) { lock.withLock { errorList.append(error) } }
    func end(_ id: ConnectionID, _ reason: CloseReason) {
        lock.withLock { reasonList.append(reason) }
    }

    func count(_ what: String) -> Int { lock.withLock { counts[what] ?? 0 } }
    var errors: [ProtocolError] { lock.withLock { errorList } }
    var reasons: [CloseReason] { lock.withLock { reasonList } }
}
