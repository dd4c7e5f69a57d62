// SPDX-License-Identifier: Apache-2.0

import Linnet

/// Knows the instruments below 100, and quotes what is subscribed to once.
struct Board: PricesService {
    func lookup(
        _ request: Lookup.View,
        from id: ConnectionID,
        reply: consuming Reply<Prices, Lookup>,
        outbox: inout Outbox
    ) -> Replied {
        let number = request.instrument
        guard number < 100 else {
            return reply.unknownInstrument(UnknownInstrument(instrument: number), through: &outbox)
        }
        return reply.instrument(through: &outbox) { instrument in  // in the bytes that leave
            instrument.number = number
            instrument.currency = "EUR"
            return instrument.put(.name, "Share No. \(number)").done()
        }
    }

    func subscribe(_ message: Subscribe.View, from id: ConnectionID, outbox: inout Outbox) {
        let quote = Quote(instrument: message.instrument, bid: 12.25, ask: 12.5)
        _ = try? outbox.send(quote, to: id)
    }

    func unsubscribe(_ message: Unsubscribe.View, from id: ConnectionID, outbox: inout Outbox) {}
}

let server = Server(ServerConfiguration(endpoints: [.tcp(host: "127.0.0.1", port: 0)]))
try server.start { _ in Board() }  // one for each worker: its state needs no lock

let client = try await PricesClient.connect(to: server.endpoints[0])
let found = try await client.lookup(Lookup(instrument: 7))
print("7 is \(found.view[.name]), in \(found.view.currency)")
do {
    _ = try await client.lookup(Lookup(instrument: 700))
} catch let unknown as UnknownInstrument {
    print("there is no \(unknown.instrument)")
}
_ = try client.subscribe(Subscribe(instrument: 7))
switch try await client.next() {
case .quote(let quote): print("7 costs \(quote.view.ask)")
}
await client.close()
server.stop()
