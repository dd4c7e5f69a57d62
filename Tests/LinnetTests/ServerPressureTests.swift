// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import LinnetTransports
import Logging
import Testing

/// What happens when queues, lists and sockets are full.
@Suite struct ServerPressureTests {
    private static func makeServer(
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) -> Server {
        var configuration = ServerConfiguration(
            endpoints: [.tcp(host: "127.0.0.1", port: 0)],
            execution: .inline
        )
        configuration.maxConnectionCount = 64
        configuration.logger.logLevel = .critical
        change(&configuration)
        return Server(configuration)
    }

    /// One byte says how many follow; what is sent is the payload alone.
    private struct BareFraming: Framing {
        enum Failure: Error {}
        struct State: BitwiseCopyable, Sendable {}
        struct Metadata: BitwiseCopyable, Sendable {}

        var initialState: State { State() }
        var maxFrameByteCount: Int { 256 }

        func nextFrame(
            in bytes: RawSpan,
            state: inout State
        ) throws(Failure) -> FrameStep<Metadata> {
            let count = 1 + Int(bytes.loadLittleEndian(at: 0) as UInt8)
            guard bytes.byteCount >= count else { return .incomplete }
            return .frame(byteCount: count, payload: 1..<count, metadata: Metadata())
        }

        func failure(atEndBehind bytes: RawSpan, state: State) -> Failure? { nil }
    }

    private struct BareEcho: Handler {
        typealias F = BareFraming

        mutating func received(
            _ frame: borrowing FrameView<BareFraming>,
            from id: ConnectionID,
            outbox: inout Outbox
        ) {
            _ = outbox.send(frame, to: id)
        }
    }

    @Test(arguments: [Execution.inline, .workers(1)])
    func `a frame without bytes is sent at once`(execution: Execution) throws {
        let server = Self.makeServer { $0.execution = execution }
        try server.start(framing: BareFraming()) { _ in BareEcho() }
        let peer = try RawPeer(server.endpoints[0], limit: 3)
        peer.send([0])
        peer.send([2, 7, 8, 0, 0, 1, 9])
        #expect(peer.receive(3) == [7, 8, 9])
        peer.finish()
        #expect(peer.receiveToEnd().end == .finished)
        server.stop(within: .seconds(5))
    }

    /// Sends many packets to the newest connection for each that comes.
    private struct Multiplier: Handler {
        static let count = 1_000
        let record: ServerRecord

        mutating func opened(_ id: ConnectionID, outbox: inout Outbox) { record.opened(id) }

        mutating func received(
            _ packet: borrowing PacketView,
            from id: ConnectionID,
            outbox: inout Outbox
        ) {
            for _ in 0..<Self.count {
                _ = outbox.send(copying: packet.payload, to: record.newest)
            }
        }
    }

    @Test func `what found no room with another reactor is posted when there is room`() throws {
        let record = ServerRecord()
        let server = Self.makeServer {
            $0.reactorCount = 2
            $0.balance = .roundRobin
            $0.commandQueueCapacity = 64
        }
        try server.start { _ in Multiplier(record: record) }
        defer { server.stop(within: .seconds(5)) }
        let first = try RawPeer(server.endpoints[0], limit: 3)
        #expect(waitUntil { record.openedCount == 1 })
        let firstID = record.newest
        let second = try RawPeer(server.endpoints[0], limit: 3)
        #expect(waitUntil { record.openedCount == 2 })
        #expect(record.newest.reactorIndex != firstID.reactorIndex)
        first.send(payload: [1])
        #expect(second.receive(25 * Multiplier.count).count == 25 * Multiplier.count)
    }

    @Test(arguments: Setup.executions)
    func `who reads on is not closed, however much waits for it`(setup: Setup) throws {
        let change = { (configuration: inout ServerConfiguration) in
            // Long beside the time in which the loop below reads once, however slow the machine.
            configuration.deadlines = ConnectionDeadlines(write: .seconds(3))
            configuration.sockets.sendBufferByteCount = 8_192
            configuration.transport.maxOutboundByteCount = 131_072
        }
        try withServer(setup, change) { world in
            let peer = try RawPeer(world.endpoint, receiveBufferByteCount: 16_384, limit: 60)
            #expect(waitUntil { world.record.openedCount == 1 })
            let sender = try #require(world.server.sender)
            let id = world.record.newest
            let payload = [UInt8](repeating: 1, count: 1_000)
            let end = ContinuousClock.now + .seconds(7)
            var byteCount = 0
            while ContinuousClock.now < end, world.record.reasons.isEmpty {
                while sender.send(copying: payload.rawSpan, to: id) == .queued {}
                byteCount += peer.receive(20_000).count
            }
            #expect(world.record.reasons == [], "after \(byteCount) bytes")
            peer.reset()
        }
    }

    /// Feeds the first connection on request, or answers and closes.
    private struct Feeder: Handler {
        static let feedFlag: UInt16 = 1 << 12
        let record: ServerRecord

        mutating func opened(_ id: ConnectionID, outbox: inout Outbox) { record.opened(id) }

        mutating func received(
            _ packet: borrowing PacketView,
            from id: ConnectionID,
            outbox: inout Outbox
        ) {
            let first = ConnectionID(generation: 1, reactorIndex: 0, slotIndex: 0)
            if packet.header.flags.rawValue & Self.feedFlag != 0 {
                _ = outbox.send(copying: packet.payload, to: first)
            } else {
                _ = outbox.send(copying: packet.payload, to: id)
                outbox.close(id)
            }
        }

        mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
            record.closed(id, reason)
        }
    }

    @Test func `an answer that needs another's room goes out before the end behind it`() throws {
        let record = ServerRecord()
        let server = Self.makeServer {
            $0.transport.maxOutboundPieceCount = 16
            $0.sockets.sendBufferByteCount = 8_192
        }
        try server.start { _ in Feeder(record: record) }
        defer { server.stop(within: .seconds(5)) }
        let endpoint = server.endpoints[0]
        let fed = try RawPeer(endpoint, receiveBufferByteCount: 4_096)
        #expect(waitUntil { record.openedCount == 1 })
        let feeding = try RawPeer(endpoint)
        let food = [UInt8](repeating: 1, count: 1_000)
        for round in 0..<2_000 where record.reasons.first?.isGraceful ?? true {
            feeding.send(payload: food, flags: Feeder.feedFlag)
            let asking = try RawPeer(endpoint, limit: 3)
            asking.send(payload: [7])
            let (bytes, end) = asking.receiveToEnd()
            guard bytes.count == 25, end == .finished else {
                Issue.record("round \(round): \(bytes.count) bytes, then \(end)")
                break
            }
            if record.reasons.contains(.writeTimeout) { break }
        }
        #expect(record.reasons.contains(.writeTimeout), "\(server.statistics)")
        fed.close()
    }

    /// Of each page of answers one stands for a peer that does not read.
    @Test func `who does not read keeps no more than it is sent`() throws {
        try withServer(Setup(execution: .inline), { $0.sockets.sendBufferByteCount = 8_192 }) {
            world in
            let deaf = try RawPeer(
                world.endpoint,
                receiveBufferByteCount: 4_096,
                sendBufferByteCount: 65_536,
                limit: 1
            )
            let payload = [UInt8](repeating: 5, count: 1_000)
            // Until the kernel takes no more.
            while world.server.statistics.writeCount < 1_000_000 {
                let before = world.server.statistics.sentFrameCount
                deaf.send(payload: payload)
                if !waitUntil(
                    within: .milliseconds(300),
                    {
                        world.server.statistics.sentFrameCount > before
                    }
                ) {
                    break
                }
            }
            let other = try world.peer()
            for _ in 0..<100 {
                deaf.send(payload: [1])
                let packets = (0..<70).flatMap { _ in other.next(payload) }
                other.send(packets)
                #expect(other.receive(packets.count).count == packets.count)
            }
            let pool = try #require(world.server.sender).pool
            let kept = pool.statistics[2].inUseCount
            #expect(kept < 10, "\(kept) large blocks are kept")
            deaf.reset()
        }
    }

    /// Sends the same bytes many times to who asks.
    private struct Amplifier: Handler {
        static let payloadByteCount = 3_000_000
        let record: ServerRecord

        mutating func opened(_ id: ConnectionID, outbox: inout Outbox) { record.opened(id) }

        mutating func received(
            _ packet: borrowing PacketView,
            from id: ConnectionID,
            outbox: inout Outbox
        ) {
            let bytes = [UInt8](repeating: 1, count: Self.payloadByteCount)
            guard let payload = PacketLease(copying: bytes.rawSpan, in: outbox.magazine.memory)
            else { return }
            for _ in 0..<2_000 { _ = outbox.send(payload.shared(), to: id) }
        }

        mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
            record.closed(id, reason)
        }
    }

    @Test func `more than can be counted ends the connection, not the server`() throws {
        let record = ServerRecord()
        let server = Self.makeServer {
            $0.pool.blockClasses[3] = .init(
                blockByteCount: 4_194_304,
                blockCount: 4,
                reserveCount: 1
            )
        }
        let limits = PacketLimits(maxPacketByteCount: 4_000_000)
        try server.start(framing: PacketFraming(limits: limits)) { _ in Amplifier(record: record) }
        defer { server.stop(within: .seconds(5)) }
        let peer = try RawPeer(server.endpoints[0])
        peer.send(payload: [1])
        #expect(waitUntil { record.reasons.count == 1 })
        let other = try RawPeer(server.endpoints[0])
        #expect(waitUntil { record.openedCount == 2 })
        other.close()
        peer.close()
    }
}
