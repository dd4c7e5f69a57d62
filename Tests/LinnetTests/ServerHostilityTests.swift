// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetBytes
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import LinnetTransports
import Testing

/// Peers that mean no good: they are bounded, and nobody else notices them.
@Suite struct ServerHostilityTests {
    private static func shortWrite(_ configuration: inout ServerConfiguration) {
        configuration.deadlines = ConnectionDeadlines(write: .milliseconds(300))
        configuration.sockets.sendBufferByteCount = 8_192
        // Reached before the deadline, however slow the machine.
        configuration.transport.maxOutboundByteCount = 131_072
    }

    /// It sends, until it cannot, packets whose answers it never reads.
    private func floodWithoutReading(
        _ world: ServerWorld,
        payloadByteCount: Int,
        packetCount: Int
    ) throws -> RawPeer {
        let peer = try RawPeer(
            world.endpoint,
            receiveBufferByteCount: 4_096,
            sendBufferByteCount: 65_536,
            limit: 1
        )
        let payload = [UInt8](repeating: 5, count: payloadByteCount)
        let run = 64
        for _ in 0..<packetCount / run {
            let bytes = (0..<run).flatMap { _ in peer.next(payload) }
            if peer.send(bytes) < bytes.count { break }
        }
        return peer
    }

    @Test(arguments: Setup.plain, [8, 900, 20_000])
    func `who never reads is closed after the write deadline, and others go on`(
        setup: Setup,
        payloadByteCount: Int
    ) throws {
        try withServer(setup, Self.shortWrite) { world in
            let other = try world.peer()
            other.send(payload: [1])
            #expect(other.receive(25).count == 25)
            let peer = try floodWithoutReading(
                world,
                payloadByteCount: payloadByteCount,
                packetCount: 60_000_000 / (payloadByteCount + 24) / 20
            )
            let isClosed = waitUntil { world.record.reasons.count == 1 }
            #expect(isClosed, "\(world.server.statistics)")
            #expect(world.record.reasons == [.writeTimeout])
            for index in 0..<100 as Range<UInt8> {
                other.send(payload: [index])
                #expect(other.receive(25).last == index)
            }
            peer.close()
        }
    }

    /// Small sends from elsewhere find the kernel full long before the high-water mark.
    @Test(arguments: Setup.plain)
    func `who never reads what others send to it is closed as well`(setup: Setup) throws {
        try withServer(setup, Self.shortWrite) { world in
            let peer = try RawPeer(world.endpoint, receiveBufferByteCount: 4_096)
            let isOpen = waitUntil { world.record.openedCount == 1 }
            #expect(isOpen)
            let sender = try #require(world.server.sender)
            let id = world.record.newest
            let payload = [UInt8](repeating: 1, count: 1_000)
            var results: [SendResult] = []
            let isClosed = waitUntil {
                for _ in 0..<50 { results.append(sender.send(copying: payload.rawSpan, to: id)) }
                return world.record.reasons.count == 1
            }
            #expect(isClosed, "\(world.server.statistics)")
            #expect(world.record.reasons == [.writeTimeout])
            #expect(results.contains(.full))
            peer.close()
        }
    }

    @Test(arguments: Setup.plain)
    func `a slow reader gets all of it`(setup: Setup) throws {
        try withServer(setup) { world in
            let peer = try RawPeer(world.endpoint, receiveBufferByteCount: 4_096)
            let payload = [UInt8](repeating: 5, count: 900)
            let count = 4_000
            withThreads(2) { thread in
                if thread == 0 {
                    for _ in 0..<count { peer.send(payload: payload) }
                    peer.finish()
                } else {
                    // It begins when the server is stuck.
                    _ = waitUntil(within: .seconds(2)) { world.record.frameCount > 100 }
                    let (bytes, end) = peer.receiveToEnd()
                    #expect(bytes.count == count * 924)
                    #expect(end == .finished)
                }
            }
        }
    }

    @Test(arguments: Setup.plain)
    func `an endless incomplete packet is kept within its size, and others go on`(
        setup: Setup
    ) throws {
        try withServer(setup) { world in
            let header = Array(
                NaiveEncoder(payload: [UInt8](repeating: 0, count: 1_048_552)).bytes.prefix(24)
            )
            var peers: [RawPeer] = []
            for _ in 0..<30 {
                let peer = try world.peer()
                peer.send(header + [UInt8](repeating: 0, count: 700_000))
                peers.append(peer)
            }
            let isRead = waitUntil {
                world.server.statistics.receivedByteCount == 30 * 700_024
            }
            #expect(isRead)
            let other = try world.peer()
            other.send(payload: [1])
            #expect(other.receive(25).count == 25)
            #expect(world.record.frameCount == 1)
            for peer in peers { peer.close() }
            let isClosed = waitUntil { world.record.reasons.count == 30 }
            #expect(isClosed)
            #expect(world.record.reasons.allSatisfy { $0 == .truncated })
        }
    }

    /// More incomplete packets than the pool has blocks for: those wait in the kernel.
    @Test(arguments: Setup.plain)
    func `a pool that is exhausted stalls those that need it, and nobody else`(
        setup: Setup
    ) throws {
        let change = { (configuration: inout ServerConfiguration) in
            configuration.pool.blockClasses = [
                .init(blockByteCount: 512, blockCount: 4_096, reserveCount: 512),
                .init(blockByteCount: 65_536, blockCount: 64, reserveCount: 8),
                .init(blockByteCount: 1_048_576, blockCount: 4, reserveCount: 1),
            ]
        }
        try withServer(setup, change) { world in
            let payload = [UInt8](repeating: 6, count: 300_000)
            let peers = try (0..<12).map { _ in try world.peer() }
            let packets = peers.map { $0.next(payload) }
            for (peer, packet) in zip(peers, packets) {
                peer.send(Array(packet[..<200_000]))
            }
            let isStalled = waitUntil { world.server.statistics.stallCount > 0 }
            #expect(isStalled)
            let other = try world.peer()
            for index in 0..<50 as Range<UInt8> {
                other.send(payload: [index])
                #expect(other.receive(25).last == index)
            }
            // Then they complete, one after the other where there is room.
            withThreads(peers.count) { index in
                peers[index].send(Array(packets[index][200_000...]))
                peers[index].finish()
                let (bytes, end) = peers[index].receiveToEnd()
                #expect(bytes.count == 300_024)
                #expect(end == .finished)
            }
        }
    }

    @Test(arguments: Setup.plain)
    func `many that do not read make room for one that does`(setup: Setup) throws {
        let change = { (configuration: inout ServerConfiguration) in
            configuration.sockets.sendBufferByteCount = 8_192
            configuration.pool.blockClasses = [
                .init(blockByteCount: 512, blockCount: 2_048, reserveCount: 256),
                .init(blockByteCount: 65_536, blockCount: 128, reserveCount: 16),
                .init(blockByteCount: 1_048_576, blockCount: 4, reserveCount: 1),
            ]
        }
        try withServer(setup, change) { world in
            let other = try world.peer()
            let isOpen = waitUntil { world.record.openedCount == 1 }
            #expect(isOpen)
            let id = world.record.newest
            let peers = try (0..<60).map { _ in
                try RawPeer(
                    world.endpoint,
                    receiveBufferByteCount: 4_096,
                    sendBufferByteCount: 8_192,
                    limit: 1
                )
            }
            withThreads(peers.count) { index in
                let payload = [UInt8](repeating: 5, count: index % 2 == 0 ? 50 : 700)
                let packets = (0..<1_200).flatMap { _ in peers[index].next(payload) }
                peers[index].send(packets)
            }
            for index in 0..<200 as Range<UInt8> {
                other.send(payload: [index])
                #expect(other.receive(25).last == index, "\(world.server.statistics)")
            }
            #expect(world.server.connections?.contains(id) == true, "it is not closed for them")
            for peer in peers { peer.reset() }
        }
    }

    @Test(arguments: Setup.plain)
    func `bytes that come one by one are read like others`(setup: Setup) throws {
        try withServer(setup) { world in
            let peers = try (0..<50).map { _ in try world.peer() }
            let packet = NaiveEncoder(payload: [UInt8](repeating: 1, count: 100)).bytes
            for byte in packet {
                for peer in peers { peer.send([byte]) }
            }
            for peer in peers { #expect(peer.receive(124) == packet) }
        }
    }

    /// Fairness: a peer that floods does not keep another from its answers.
    @Test(arguments: Setup.plain)
    func `a flood does not starve another connection`(setup: Setup) throws {
        try withServer(setup) { world in
            let flooding = try world.peer()
            let other = try world.peer()
            withThreads(3) { thread in
                switch thread {
                case 0:
                    let payload = [UInt8](repeating: 1, count: 60_000)
                    for _ in 0..<400 { flooding.send(payload: payload) }
                    flooding.finish()
                case 1:
                    #expect(flooding.receiveToEnd().bytes.count == 400 * 60_024)
                default:
                    for index in 0..<200 as Range<UInt8> {
                        other.send(payload: [index])
                        #expect(other.receive(25).last == index)
                    }
                }
            }
        }
    }
}
