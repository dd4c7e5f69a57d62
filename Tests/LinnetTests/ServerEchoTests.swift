// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetCodec
import LinnetEvents
import LinnetTestSupport
import LinnetTransports
import Testing

/// What goes in comes out, however it is cut, and what is wrong ends the direction.
@Suite struct ServerEchoTests {
    private static let three = [
        NaiveEncoder(payload: [], seq: 0).bytes,
        NaiveEncoder(payload: [1, 2, 3, 4, 5], flags: 0x8001, seq: 1).bytes,
        NaiveEncoder(payload: Array(0..<40), flags: 2, seq: 2).bytes,
    ].flatMap(\.self)

    @Test(arguments: Setup.plain)
    func `three packets are answered wherever they are cut`(setup: Setup) throws {
        let stream = Self.three
        let sent = NaiveDecoder().decode(stream).packets
        try withServer(setup) { world in
            for cut in 1..<stream.count {
                let peer = try world.peer()
                let before = world.server.statistics.receivedByteCount
                peer.send(Array(stream[..<cut]))
                // The server has read the first part alone.
                let isRead = waitUntil {
                    world.server.statistics.receivedByteCount == before + cut
                }
                #expect(isRead)
                peer.send(Array(stream[cut...]))
                peer.finish()
                let (bytes, end) = peer.receiveToEnd()
                #expect(end == .finished)
                NaiveDecoder().decode(bytes).expectEchoes(of: sent, "cut at \(cut)")
            }
        }
    }

    @Test(arguments: Setup.plain)
    func `three packets are answered byte by byte`(setup: Setup) throws {
        let stream = Self.three
        try withServer(setup) { world in
            let peer = try world.peer()
            for (index, byte) in stream.enumerated() {
                peer.send([byte])
                let isRead = waitUntil { world.server.statistics.receivedByteCount == index + 1 }
                #expect(isRead)
            }
            peer.finish()
            let (bytes, end) = peer.receiveToEnd()
            #expect(end == .finished)
            NaiveDecoder().decode(bytes).expectEchoes(of: NaiveDecoder().decode(stream).packets)
        }
        // Without waiting, the kernel cuts as it likes.
        try withServer(setup) { world in
            let peer = try world.peer()
            for byte in stream { peer.send([byte]) }
            peer.finish()
            let bytes = peer.receiveToEnd().bytes
            NaiveDecoder().decode(bytes).expectEchoes(of: NaiveDecoder().decode(stream).packets)
        }
    }

    /// Specs/protocol.md 4.2 and 6: the packets before the first error are answered, then FIN
    /// comes.
    @Test(arguments: Setup.plain)
    func `all cases of the spec are answered and ended`(setup: Setup) throws {
        let groups = Dictionary(grouping: SpecCase.all) { "\($0.framing)" }
        #expect(SpecCase.all.count > 50)
        for cases in groups.values {
            guard let framing = cases.first?.framing else { continue }
            try withServer(setup, framing: framing, obeysFlags: false) { world in
                for specCase in cases { try check(specCase, world) }
            }
        }
    }

    private func check(_ specCase: SpecCase, _ world: ServerWorld) throws {
        for halfCloses in [true, false] where halfCloses || specCase.error?.after != nil {
            let peer = try world.peer()
            peer.send(specCase.bytes)
            // Without its FIN the error alone ends the direction.
            if halfCloses { peer.finish() }
            let (bytes, end) = peer.receiveToEnd()
            #expect(end == .finished, "\(specCase.id)")
            var decoder = NaiveDecoder()
            decoder.magic = specCase.framing.magic
            decoder.versions = 0...UInt16.max
            decoder.isStrict = true
            decoder.decode(bytes).expectEchoes(of: specCase.outcome.packets, "\(specCase.id)")
        }
    }

    enum BadEnd: String, CaseIterable { case magic, checksum, size, sequence, junk }

    @Test(arguments: Setup.plain, BadEnd.allCases)
    func `500 packets before a bad one are answered, then FIN comes`(
        setup: Setup,
        badEnd: BadEnd
    ) throws {
        let payload = [UInt8](repeating: 7, count: 40)
        let good = (0..<500).flatMap { NaiveEncoder(payload: payload, seq: $0).bytes }
        var bad = NaiveEncoder(payload: payload, seq: badEnd == .sequence ? 7 : 500)
        if badEnd == .magic { bad.magic = 1 }
        if badEnd == .checksum { bad.checksum = 1 }
        if badEnd == .size { bad.size = 0xFFFF_FFFF }
        let junk = [UInt8](repeating: 0xEE, count: badEnd == .junk ? 1_000_000 : 0)
        if badEnd == .junk { bad.magic = 2 }
        let stream = good + bad.bytes + junk
        let sent = NaiveDecoder().decode(good).packets
        try withServer(setup) { world in
            for halfCloses in [false, true] {
                let peer = try world.peer()
                // It reads nothing before everything is sent.
                let sentByteCount = peer.send(stream)
                #expect(sentByteCount == stream.count)
                if halfCloses { peer.finish() }
                let (bytes, end) = peer.receiveToEnd()
                #expect(end == .finished)
                NaiveDecoder().decode(bytes).expectEchoes(of: sent)
                peer.close()
            }
            let isEmpty = world.waitUntilEmpty()
            #expect(isEmpty)
            #expect(world.record.reasons == [.framingError, .framingError])
            #expect(world.record.frameCount == 1_000)
        }
    }

    @Test(arguments: Setup.plain)
    func `packets of all sizes are answered in their order`(setup: Setup) throws {
        var random = SeededRandom(seed: 4)
        let largest = 1_048_576 - 24
        let sizes =
            [0, 1, 255, 256, 487, 488, 489, 1_000, 1_024, 1_025, 4_072, 4_073, 65_512, 65_513]
            + [largest, 3, 65_536, 0, largest - 4, 12, 300_000]
            + (0..<200).map { _ in Int.random(in: 0...5_000, using: &random) }
        let payloads = sizes.map { random.bytes(count: $0) }
        try withServer(setup) { world in
            let peer = try world.peer()
            withThreads(2) { thread in
                if thread == 0 {
                    for (index, payload) in payloads.enumerated() {
                        let hasTrailer = index % 3 == 0 && payload.count <= largest - 4
                        peer.send(payload: payload, flags: hasTrailer ? 2 : UInt16(index % 2))
                    }
                    peer.finish()
                    return
                }
                let (bytes, end) = peer.receiveToEnd()
                #expect(end == .finished)
                expectPayloads(payloads, in: bytes)
            }
        }
    }

    /// The naive checksum takes too long for megabytes.
    private func expectPayloads(_ payloads: [[UInt8]], in bytes: [UInt8]) {
        var offset = 0
        for (seq, payload) in payloads.enumerated() {
            guard bytes.count >= offset + 24 + payload.count else {
                Issue.record("the answer \(seq) is missing")
                return
            }
            let flags = UInt16(bytes[offset + 6]) | UInt16(bytes[offset + 7]) << 8
            let front = NaiveEncoder(flags: flags & ~2, seq: UInt64(seq)).bytes
            #expect(bytes[(offset + 12)..<(offset + 20)] == front[12..<20], "the number of \(seq)")
            let start = offset + 24
            guard bytes[start..<start + payload.count] == payload[...] else {
                Issue.record("the answer \(seq) has another payload")
                return
            }
            offset = start + payload.count + (flags & 2 != 0 ? 4 : 0)
        }
        #expect(offset == bytes.count)
    }

    @Test(arguments: [Execution.inline, .workers(3)], Balance.allCases)
    func `each connection keeps its order on several reactors and workers`(
        execution: Execution,
        balance: Balance
    ) throws {
        for isUnix in [false, true] {
            let setup = Setup(
                execution: execution,
                isUnix: isUnix,
                reactorCount: 3,
                balance: balance
            )
            try withServer(setup) { world in
                withThreads(8) { thread in
                    do {
                        for round in 0..<8 { try converse(world, UInt8(thread * 8 + round)) }
                    } catch {
                        Issue.record("\(error)")
                    }
                }
                let isEmpty = world.waitUntilEmpty()
                #expect(isEmpty)
                #expect(world.record.openedCount == 64)
                #expect(world.record.reasons.allSatisfy { $0 == .peerClosed })
                #expect(world.record.frameCount == 64 * 40)
            }
        }
    }

    /// Several packets under way at a time.
    private func converse(_ world: ServerWorld, _ mark: UInt8) throws {
        let peer = try world.peer()
        for batch in 0..<4 as Range<UInt8> {
            for index in 0..<10 as Range<UInt8> { peer.send(payload: [mark, batch * 10 + index]) }
            let bytes = peer.receive(26 * 10)
            let payloads = stride(from: 24, to: bytes.count, by: 26).map {
                Array(bytes[$0..<$0 + 2])
            }
            #expect(payloads == (0..<10).map { [mark, batch * 10 + $0] })
        }
        peer.finish()
        #expect(peer.receiveToEnd().end == .finished)
    }
}
