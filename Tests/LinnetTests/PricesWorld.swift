// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linnet
import LinnetTestSupport
import Logging
import Testing

/// A server of `Prices` that runs, and what happened to its services.
struct PricesWorld {
    let server: Server
    let log = ServiceLog()
    var endpoint: Endpoint { server.endpoints[0] }

    init(_ place: Place, configure: (inout ServerConfiguration) -> Void = { _ in }) throws {
        var configuration = ServerConfiguration(
            endpoints: [place.endpoint()],
            execution: place.execution
        )
        configuration.logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        configuration.maxConnectionCount = 256
        configure(&configuration)
        server = Server(configuration)
        try server.start { [log] _ in PriceBoard(log: log) }
    }

    func stop() {
        log.gate.open()
        server.stop(within: .seconds(200))
        #expect(log.reasons.count == log.count("opened"), "each is closed once")
        let heldBlockCount = server.sender?.pool.statistics.reduce(0) { $0 + $1.inUseCount }
        #expect(heldBlockCount == 0, "blocks are left behind")
    }
}

/// Runs a server around `body`, and checks that nothing is left behind.
func withPrices(
    _ place: Place,
    configure: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (PricesWorld) async throws -> Void
) async throws {
    let world = try PricesWorld(place, configure: configure)
    defer { world.stop() }
    try await body(world)
}

/// A client of `Prices` in plain system calls.
final class PricesPeer {
    private let raw: RawPeer
    private var nextSeq: UInt64 = 0

    init(_ world: PricesWorld) throws {
        raw = try RawPeer(world.endpoint)
    }

    func send(_ payload: [UInt8]) {
        raw.send(pricesPacket(payload, seq: nextSeq))
        nextSeq += 1
    }

    func send(bytes: [UInt8]) { raw.send(bytes) }

    func finish() { raw.finish() }

    /// The payloads that come until the end, which must be a clean one.
    func payloadsToEnd() -> [[UInt8]] {
        let (bytes, end) = raw.receiveToEnd()
        #expect(end == .finished)
        var decoder = NaiveDecoder()
        decoder.magic = Prices.magic
        let outcome = decoder.decode(bytes)
        #expect(outcome.error == nil)
        return outcome.packets.map(\.payload)
    }
}

func pricesPacket(_ payload: [UInt8], seq: UInt64) -> [UInt8] {
    var encoder = NaiveEncoder(payload: payload, seq: seq)
    encoder.magic = Prices.magic
    return encoder.bytes
}

/// Messages with these numbers in their first fields.
func lookup(_ instrument: UInt32) -> Lookup {
    var lookup = Lookup()
    lookup.instrument = instrument
    return lookup
}

func subscribe(_ instrument: UInt32) -> Subscribe {
    var subscribe = Subscribe()
    subscribe.instrument = instrument
    return subscribe
}

func instrument(_ number: UInt32) -> Instrument {
    var instrument = Instrument()
    instrument.number = number
    instrument.currency = "EUR"
    instrument.name = "No. \(number)"
    return instrument
}

func unknownInstrument(_ number: UInt32) -> UnknownInstrument {
    var unknown = UnknownInstrument()
    unknown.instrument = number
    return unknown
}

func quote(_ number: UInt32) -> Quote {
    var quote = Quote()
    quote.instrument = number
    quote.time = Timestamp(1_700_000_000)
    quote.bid = FixedDecimal(mantissa: Int64(number) * 10_000)
    quote.ask = FixedDecimal(mantissa: Int64(number) * 10_000 + 1)
    return quote
}
