// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linnet
import LinnetBytes
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import LinnetTransports
import Logging
import Testing

/// How servers begin and end.
@Suite struct ServerStopTests {
    /// Every answer that a peer gets is whole and in order, FIN follows the last, and what the
    /// server read was answered: its own counts say how many that are.
    @Test(arguments: Setup.plain)
    func `a stop under load answers what was read, then sends FIN`(setup: Setup) throws {
        let peerCount = 8
        let tally = Tally()
        let ends = (0..<peerCount).map { _ in Tally() }
        let statistics = try withServer(setup) { world in
            let peers = try (0..<peerCount).map { _ in try world.peer() }
            withThreads(peerCount * 2 + 1) { thread in
                if thread == peerCount * 2 {
                    _ = waitUntil { world.record.frameCount > 5_000 }
                    world.server.stop(within: .seconds(20))
                } else if thread < peerCount {
                    // It sends until the server does not take it any more, or has said its last.
                    let payload = [UInt8](repeating: 1, count: 40)
                    while true {
                        let bytes = (0..<32).flatMap { _ in peers[thread].next(payload) }
                        if peers[thread].send(bytes) < bytes.count { break }
                        if ends[thread].count > 0 { break }
                    }
                    peers[thread].finish()
                } else {
                    let (bytes, end) = peers[thread - peerCount].receiveToEnd()
                    ends[thread - peerCount].add(1)
                    #expect(end == .finished)
                    #expect(bytes.count % 64 == 0)
                    tally.add(bytes.count / 64)
                }
            }
            #expect(world.record.reasons.allSatisfy { $0 == .serverStopping })
            #expect(world.record.stoppingCount == 1)
            let isRunning = world.server.isRunning
            #expect(!isRunning)
            return world.server.statistics
        }
        #expect(tally.count == statistics.receivedFrameCount)
        #expect(tally.count == statistics.sentFrameCount)
        let byteCount = statistics.receivedFrameCount * 64
        #expect(statistics.receivedByteCount - byteCount < statistics.discardedByteCount + 8 * 64)
    }

    @Test func `what was read of a connection that is paused is handled before the end`() throws {
        var configuration = ServerConfiguration(
            endpoints: [.tcp(host: "127.0.0.1", port: 0)],
            execution: .workers(1)
        )
        // All others of the packets wait in the parser.
        configuration.credits = CreditLimits(maxFrameCount: 2)
        configuration.logger.logLevel = .critical
        let server = Server(configuration)
        let record = ServerRecord()
        try server.start { _ in PausingHandler(record: record) }
        let peer = try RawPeer(try #require(server.endpoints.first))
        _ = peer.send((0..<50).flatMap { _ in peer.next([1]) })
        let isPaused = waitUntil {
            record.frameCount > 0 && server.statistics.receivedByteCount == 50 * 25
        }
        #expect(isPaused)
        withThreads(2) { thread in
            if thread == 0 {
                server.stop(within: .seconds(10))
            } else {
                let (_, end) = peer.receiveToEnd()
                #expect(end == .finished)
                peer.close()
            }
        }
        #expect(record.frameCount == 50)
        #expect(record.reasons == [.serverStopping])
    }

    @Test(arguments: Setup.plain)
    func `what a slow handler has read is answered before the end`(setup: Setup) throws {
        try withServer(setup) { world in
            let peer = try world.peer()
            for _ in 0..<100 { peer.send(payload: [1], flags: EchoHandler.waitFlag) }
            // Inline the reactor waits with its handler, and reads no more meanwhile.
            let waits = waitUntil {
                world.gate.waitingCount == 1
                    && (setup.execution == .inline
                        || world.server.statistics.receivedByteCount == 2_500)
            }
            #expect(waits)
            withThreads(3) { thread in
                switch thread {
                case 0: world.server.stop(within: .seconds(20))
                case 1:
                    _ = waitUntil { !world.server.isRunning }
                    world.gate.open()
                default:
                    let (bytes, end) = peer.receiveToEnd()
                    #expect(end == .finished)
                    #expect(bytes.count == world.record.frameCount * 25)
                    if setup.execution != .inline { #expect(bytes.count == 2_500) }
                    peer.finish()
                }
            }
        }
    }

    @Test func `a handler that takes longer than the limit is not waited for by its peers`() throws
    {
        let setup = Setup(execution: .workers(1))
        try withServer(setup) { world in
            let peer = try world.peer()
            peer.send(payload: [1], flags: EchoHandler.waitFlag)
            let waits = waitUntil { world.gate.waitingCount == 1 }
            #expect(waits)
            withThreads(2) { thread in
                if thread == 0 { return world.server.stop(within: .milliseconds(100)) }
                let (bytes, _) = peer.receiveToEnd()
                #expect(bytes == [])
                // The threads still end only behind the handler.
                world.gate.open()
            }
            #expect(world.record.reasons == [.serverStopping])
        }
    }

    @Test(arguments: Setup.plain)
    func `idle connections and silent peers do not hold a stop up`(setup: Setup) throws {
        let deadlines = ConnectionDeadlines(linger: .milliseconds(200))
        try withServer(setup, { $0.deadlines = deadlines }) { world in
            let peers = try (0..<50).map { _ in try world.peer() }
            let areOpen = waitUntil { world.record.openedCount == 50 }
            #expect(areOpen)
            peers[0].send(Array(NaiveEncoder(payload: [1]).bytes.prefix(20)))
            let start = ContinuousClock.now
            world.server.stop(within: .seconds(200))
            #expect(ContinuousClock.now - start < .seconds(100))
            for peer in peers { #expect(peer.receiveToEnd().bytes == []) }
            #expect(world.record.reasons.allSatisfy { $0 == .serverStopping })
        }
    }

    @Test(arguments: Setup.plain)
    func `a stopped server takes no connection, stops once, and its address is free`(
        setup: Setup
    ) throws {
        var configuration = ServerConfiguration(
            endpoints: [setup.makeEndpoint()],
            execution: setup.execution
        )
        configuration.maxConnectionCount = 64
        configuration.logger.logLevel = .critical
        let first = Server(configuration)
        let (record, gate) = (ServerRecord(), Gate())
        try first.start { _ in EchoHandler(record: record, gate: gate) }
        let endpoint = try #require(first.endpoints.first)
        let peer = try RawPeer(endpoint)
        peer.send(payload: [1])
        #expect(peer.receive(25).count == 25)

        configuration.endpoints = [endpoint]
        let second = Server(configuration)
        #expect(throws: TransportError.failed(.listen, endpoint, Errno(rawValue: EADDRINUSE))) {
            try second.start { _ in EchoHandler(record: record, gate: gate) }
        }
        peer.finish()
        first.stop(within: .seconds(20))
        first.stop(within: .seconds(20))
        #expect(throws: (any Error).self) { try RawPeer(endpoint) }

        let third = Server(configuration)
        try third.start { _ in EchoHandler(record: record, gate: gate) }
        let other = try RawPeer(endpoint)
        other.send(payload: [1])
        #expect(other.receive(25).count == 25)
        other.close()
        third.stop(within: .seconds(20))
        let heldCounts = [first, third].flatMap { $0.sender?.pool.statistics ?? [] }
        #expect(heldCounts.allSatisfy { $0.inUseCount == 0 })
    }

    /// Who embeds a server may stop it from another thread than the one that runs it.
    @Test func `run returns when the server has stopped, not before`() throws {
        var configuration = ServerConfiguration(
            endpoints: [.tcp(host: "127.0.0.1", port: 0)],
            execution: .workers(1)
        )
        configuration.maxConnectionCount = 64
        configuration.logger.logLevel = .critical
        let server = Server(configuration)
        let (record, gate, started) = (ServerRecord(), Gate(), Gate())
        withThreads(3) { thread in
            switch thread {
            case 0:
                do {
                    try server.run(started: { _ in started.open() }) { _ in
                        EchoHandler(record: record, gate: gate)
                    }
                } catch {
                    Issue.record("\(error)")
                }
                // All is over.
                #expect(record.reasons == [.serverStopping])
                #expect(server.connections?.count == 0)
            case 1:
                started.pass()
                do {
                    let peer = try RawPeer(try #require(server.endpoints.first))
                    peer.send(payload: [1], flags: EchoHandler.waitFlag)
                    _ = waitUntil { gate.waitingCount == 1 }
                    server.stop(within: .seconds(20))
                } catch {
                    Issue.record("\(error)")
                }
            default:
                started.pass()
                _ = waitUntil { gate.waitingCount == 1 && !server.isRunning }
                // Long enough for `run` to notice.
                poll(nil, 0, 300)
                gate.open()
            }
        }
    }
}

/// Counts on several threads.
private final class Tally: @unchecked Sendable {
    // Sendable: the count is atomic.
    private let word = AtomicWord(0)

    func add(_ count: Int) { _ = word.wrappingAdd(UInt64(count), .relaxed) }
    var count: Int { Int(word.load(.relaxed)) }
}

/// Pauses each connection with each packet, and never goes on.
private struct PausingHandler: Handler {
    let record: ServerRecord

    mutating func opened(_ id: ConnectionID, outbox: inout Outbox) { record.opened(id) }

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        record.received(from: id)
        outbox.pause(id)
    }

    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        record.closed(id, reason)
    }
}
