// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetTestSupport
import Testing

struct ServiceTests {
    @Test(arguments: Place.all)
    func `requests are answered in their order, with responses and errors`(
        place: Place
    ) async throws {
        try await withPrices(place) { world in
            let peer = try PricesPeer(world)
            let numbers = (0..<300).map { UInt32($0) * 6 }
            for number in numbers { peer.send(try lookup(number).encoded()) }
            peer.finish()
            let replies = peer.payloadsToEnd()
            let expected = try numbers.map {
                try $0 < 1_000 ? instrument($0).encoded() : unknownInstrument($0).encoded()
            }
            #expect(replies == expected)
            #expect(world.log.errors == [])
        }
    }

    /// What a peer sends that its protocol forbids, and what is said of it.
    struct Offence: Sendable, CustomTestStringConvertible {
        var payload: [UInt8]
        var error: ProtocolError
        var testDescription: String { "\(error)" }

        static let all: [Offence] = [
            Offence(payload: [], error: .invalidMessage(0, MessageError(.truncated, offset: 0))),
            Offence(payload: [4], error: .invalidMessage(0, MessageError(.truncated, offset: 1))),
            Offence(payload: [99, 0, 1, 0, 0, 0, 0, 0], error: .unknownMessage(99)),
            Offence(payload: [0, 0, 1, 0, 0, 0, 0, 0], error: .unknownMessage(0)),
            Offence(payload: [3, 0], error: .wrongSide(3)),
            Offence(payload: [5, 0, 1, 0], error: .wrongSide(5)),
            Offence(payload: [6, 0, 1, 0], error: .wrongSide(6)),
        ]
    }

    @Test(arguments: Place.all, Offence.all)
    func `who sends what the protocol forbids is answered first, and then turned away`(
        place: Place,
        offence: Offence
    ) async throws {
        try await withPrices(place) { world in
            let peer = try PricesPeer(world)
            peer.send(try lookup(1).encoded())
            peer.send(try lookup(2).encoded())
            peer.send(offence.payload)
            peer.send(try lookup(3).encoded())
            let replies = peer.payloadsToEnd()
            #expect(try replies == [instrument(1).encoded(), instrument(2).encoded()])
            #expect(world.log.errors == [offence.error])
            #expect(world.log.reasons == [.closedByHandler(code: offence.error.code)])
            let found = world.log.reasons.first?.protocolError
            #expect(found?.kind == offence.error.kind)
            #expect(found?.message == offence.error.message)
        }
    }

    @Test(arguments: Place.all)
    func `no message is believed before it was verified`(place: Place) async throws {
        try await withPrices(place) { world in
            let whole = try lookup(1).encoded()
            for byteCount in 2..<whole.count {
                let peer = try PricesPeer(world)
                peer.send(Array(whole.prefix(byteCount)))
                #expect(peer.payloadsToEnd() == [])
            }
            let kinds = world.log.errors.map(\.kind)
            #expect(kinds == Array(repeating: .invalidMessage, count: whole.count - 2))
        }
    }

    @Test(arguments: Place.all)
    func `a reply that cannot be built ends the connection behind those before it`(
        place: Place
    ) async throws {
        try await withPrices(place) { world in
            let peer = try PricesPeer(world)
            for number in [1, 2_014, 2] as [UInt32] { peer.send(try lookup(number).encoded()) }
            #expect(try peer.payloadsToEnd() == [instrument(1).encoded()])
            #expect(world.log.errors.map(\.kind) == [.replyNotBuilt])
            #expect(world.log.errors.map(\.message) == [Lookup.number])
            #expect(world.log.reasons.first?.protocolError?.kind == .replyNotBuilt)
        }
    }

    @Test
    func `a reply without room ends the connection behind what was sent`() async throws {
        try await withPrices(Place.all[0]) { world in
            let peer = try PricesPeer(world)
            for number in [1, 2_016, 2] as [UInt32] { peer.send(try lookup(number).encoded()) }
            let payloads = peer.payloadsToEnd()
            #expect(try payloads.first == instrument(1).encoded())
            let quotes = try quote(2_016).encoded()
            #expect(payloads.count > 1 && payloads.dropFirst().allSatisfy { $0 == quotes })
            #expect(world.log.errors == [.replyNotSent(Lookup.number)])
        }
    }

    @Test(arguments: Place.all)
    func `a service ends a connection with a code of its own`(place: Place) async throws {
        try await withPrices(place) { world in
            let peer = try PricesPeer(world)
            peer.send(try lookup(1).encoded())
            peer.send(try subscribe(2_013).encoded())
            peer.send(try lookup(2).encoded())
            #expect(try peer.payloadsToEnd() == [instrument(1).encoded()])
            #expect(world.log.reasons == [.closedByHandler(code: 13)])
            #expect(world.log.reasons.first?.protocolError == nil)
            #expect(world.log.errors == [])
        }
    }

    @Test(arguments: Place.all)
    func `packets of another protocol or version are none`(place: Place) async throws {
        try await withPrices(place) { world in
            let payload = try lookup(1).encoded()
            var version = NaiveEncoder(payload: payload, version: 2)
            version.magic = Prices.magic
            let long = [UInt8](repeating: 0, count: Prices.maxPacketByteCount)
            let packets = [
                NaiveEncoder(payload: payload).bytes, version.bytes, pricesPacket(long, seq: 0),
            ]
            for packet in packets {
                let peer = try PricesPeer(world)
                peer.send(bytes: packet)
                #expect(peer.payloadsToEnd() == [])
            }
            #expect(world.log.reasons == Array(repeating: .framingError, count: packets.count))
            #expect(world.server.statistics.rejectionCounts.count == packets.count)
        }
    }
}
