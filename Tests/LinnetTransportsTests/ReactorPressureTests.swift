// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetPollers
import LinnetTestSupport
import LinnetTransports
import Testing

/// A reactor whose limits are reached: nothing is lost, nothing grows, and others go on.
@Suite struct ReactorPressureTests {
    typealias Mode = ReactorWorld.Mode
    private let many = (0..<500).map { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }

    @Test func `a worker's queue that is full delays frames and ends, and loses none`() throws {
        var options = ReactorWorld.Options()
        options.eventCapacity = 8
        let world = try ReactorWorld(.workers, options)
        let peers = try (0..<4).map { _ in try world.connect() }
        let ids = world.log.opened
        world.workerWorks = false
        for peer in peers {
            peer.send(packets(many))
            peer.finish()
        }
        world.turn(10)
        #expect(world.log.payloads.isEmpty)
        // One event for each turn.
        var turnCount = 0
        while world.log.reasons.count < 4, turnCount < 20_000 {
            world.turn()
            world.work(maxCount: 1)
            turnCount += 1
        }
        world.workerWorks = true
        world.turn(10)
        for (peer, id) in zip(peers, ids) {
            #expect(world.log.payloads[id] == many)
            #expect(world.log.reasons[id] == .peerClosed)
            NaiveDecoder().decode(peer.receive()).expectEchoes(of: many)
            peer.close()
        }
        world.finish()
        #expect(world.network.openCount == 1)
    }

    @Test func `of those that wait for a full worker one is tried in a turn`() throws {
        var options = ReactorWorld.Options()
        options.eventCapacity = 4
        let world = try ReactorWorld(.workers, options)
        let peers = try (0..<12).map { _ in try world.connect() }
        world.workerWorks = false
        for peer in peers { peer.send(packets([[7]])) }
        world.turn()
        let before = counter(world, .stalls)
        #expect(before >= 8, "others than those whose frames had room wait")
        world.turn(100)
        #expect(counter(world, .stalls) == before + 100)
        world.workerWorks = true
        world.turn(20)
        for peer in peers {
            NaiveDecoder().decode(peer.receive()).expectEchoes(of: [[7]])
            peer.close()
        }
        world.finish()
    }

    @Test func `without credit a connection waits, and others do not`() throws {
        var options = ReactorWorld.Options()
        options.eventCapacity = 1_024
        options.change = { $0.creditLimits = CreditLimits(maxFrameCount: 10) }
        let world = try ReactorWorld(.workers, options)
        let greedy = try world.connect()
        let greedyID = world.newest
        let other = try world.connect()
        world.workerWorks = false
        greedy.send(packets(many))
        world.turn(5)
        other.send(packets([[1]]))
        world.turn(5)
        world.work()
        #expect(world.log.payloads[greedyID]?.count == 10)
        #expect(world.log.payloads[world.newest] == [[1]])
        world.workerWorks = true
        let isDone = world.turn(until: { world.log.payloads[greedyID]?.count == 500 })
        #expect(isDone)
        world.turn(4)
        NaiveDecoder().decode(greedy.receive()).expectEchoes(of: many)
        NaiveDecoder().decode(other.receive()).expectEchoes(of: [[1]])
        greedy.close()
        other.close()
        world.finish()
    }

    /// Blocks for two packets of 5,000 bytes in the making.
    private func tightPool() -> PacketPool.Configuration {
        PacketPool.Configuration(
            blockClasses: [
                .init(blockByteCount: 512, blockCount: 256, reserveCount: 32),
                .init(blockByteCount: 8_192, blockCount: 4, reserveCount: 0),
                .init(blockByteCount: 65_536, blockCount: 8, reserveCount: 2),
                .init(blockByteCount: 1_048_576, blockCount: 1, reserveCount: 0),
            ],
            hasGuardPages: false
        )
    }

    @Test(arguments: Mode.allCases)
    func `without blocks only those that need one wait, and go on later`(mode: Mode) throws {
        var options = ReactorWorld.Options()
        options.pool = tightPool()
        let world = try ReactorWorld(mode, options)
        let payload = [UInt8](repeating: 4, count: 300_000)
        let packet = packets([payload])
        var peers: [(peer: SimulatedPeer, id: ConnectionID)] = []
        for _ in 0..<4 { peers.append((try world.connect(), world.newest)) }
        var sent = peers.map { _ in 0 }
        // Each goes on as far as there is room; the others go on when the first is through.
        let small = try world.connect()
        let smallID = world.newest
        for round in 0..<200 {
            for (index, entry) in peers.enumerated() where sent[index] < packet.count {
                sent[index] += entry.peer.send(Array(packet[sent[index]...]))
            }
            small.send(packets([[UInt8(round)]], from: round))
            world.turn(3)
            #expect(world.log.payloads[smallID]?.count == round + 1, "it was delayed")
            _ = small.receive()
        }
        #expect(counter(world, .stalls) > 0)
        var answers = peers.map { _ in 0 }
        let areDone = world.turn(until: {
            for (index, entry) in peers.enumerated() {
                if sent[index] < packet.count {
                    sent[index] += entry.peer.send(Array(packet[sent[index]...]))
                }
                answers[index] += entry.peer.receive().count
                if answers[index] == packet.count { entry.peer.finish() }
            }
            return answers.allSatisfy { $0 == packet.count }
        })
        #expect(areDone, "\(answers) of \(packet.count)")
        for entry in peers { entry.peer.close() }
        small.close()
        world.finish()
        #expect(world.network.openCount == 1)
    }

    @Test(arguments: Mode.allCases)
    func `above the high-water mark frames wait, above the limit sends are refused`(
        mode: Mode
    ) throws {
        var options = ReactorWorld.Options()
        options.change = {
            $0.limits.outboundHighWaterByteCount = 1_000
            $0.limits.maxOutboundByteCount = 4_000
        }
        let world = try ReactorWorld(mode, options)
        let slow = try world.connect()
        let slowID = world.newest
        slow.setWindow(0)
        for seq in 0..<40 {
            slow.send(packets([[UInt8](repeating: 1, count: 76)], from: seq))
            world.turn()
        }
        let count = world.log.payloads[slowID]?.count ?? 0
        #expect(count >= 10 && count <= 12, "\(count) frames were delivered")
        // Others send to it until it is full.
        let other = try world.connect()
        world.log.react = { packet, _, outbox in
            outbox.send(packet.lease(), to: slowID)
        }
        world.log.sendResults = []
        for seq in 0..<100 {
            other.send(packets([[UInt8](repeating: 2, count: 76)], from: seq))
            world.turn(2)
        }
        let queuedCount = world.log.sendResults.count { $0 == .queued }
        #expect(queuedCount >= 28 && queuedCount <= 31, "\(queuedCount)")
        #expect(world.log.sendResults.last == .full)
        slow.setWindow(100_000)
        world.turn(10)
        #expect(world.log.payloads[slowID]?.count == 40)
        world.log.sendResults = []
        other.send(packets([[1]], from: 100))
        world.turn(3)
        #expect(world.log.sendResults == [.queued])
        #expect(NaiveDecoder().decode(slow.receive()).error == nil)
        slow.close()
        other.close()
        world.finish()
    }

    @Test(arguments: Mode.allCases)
    func `a flood leaves the turn to others after its share`(mode: Mode) throws {
        var options = ReactorWorld.Options()
        options.eventCapacity = 8_192
        options.pipeByteCount = 1 << 20
        options.change = {
            $0.limits.maxTurnByteCount = 1_000
            $0.creditLimits = CreditLimits(maxFrameCount: 4_096, maxByteCount: 1 << 20)
        }
        let world = try ReactorWorld(mode, options)
        world.log.react = { _, _, _ in .queued }
        let flood = try world.connect()
        let floodID = world.newest
        let other = try world.connect()
        flood.send(packets((0..<10_000).map { _ in [UInt8](repeating: 1, count: 26) }))
        other.send(packets([[1]]))
        world.turn()
        world.work()
        #expect(world.log.payloads[world.newest] == [[1]])
        let count = world.log.payloads[floodID]?.count ?? 0
        #expect(count <= 1_311, "\(count) frames of 50 bytes: more than one read")
        world.turn(50)
        #expect(world.log.payloads[floodID]?.count == 10_000)
        flood.close()
        other.close()
        world.finish()
    }

    @Test(arguments: Mode.allCases)
    func `a payload that no block for writing holds is not copied, whatever the limit`(
        mode: Mode
    ) throws {
        var options = ReactorWorld.Options()
        options.change = { $0.limits.maxCopiedByteCount = .max }
        options.pipeByteCount = 1 << 20
        let world = try ReactorWorld(mode, options)
        let peer = try world.connect()
        let sizes = [65_511, 65_512, 65_513, 65_536, 200_000, 1]
        let payloads = sizes.map { [UInt8](repeating: 8, count: $0) }
        peer.send(packets(payloads))
        world.turn(40)
        #expect(world.log.payloads[world.newest]?.count == sizes.count)
        #expect(peer.receive().count == sizes.reduce(0) { $0 + $1 + 24 })
        peer.close()
        world.finish()
    }

    /// Who begins a packet and stops holds a block until another needs it.
    @Test(arguments: Mode.allCases)
    func `a peer that stops inside a packet gives way to one that goes on`(mode: Mode) throws {
        var options = ReactorWorld.Options()
        options.pool = tightPool()
        let world = try ReactorWorld(mode, options)
        let packet = packets([[UInt8](repeating: 4, count: 300_000)])
        let silent = try world.connect()
        let silentID = world.newest
        var sentCount = 0
        while sentCount < 100_000 {
            sentCount += silent.send(Array(packet[sentCount..<100_000]))
            world.turn(2)
        }
        let other = try world.connect()
        let otherID = world.newest
        var answerCount = 0
        sentCount = 0
        for _ in 0..<5_000 where answerCount < packet.count {
            sentCount += other.send(Array(packet[sentCount...]))
            world.turn()
            answerCount += other.receive().count
        }
        #expect(answerCount == packet.count)
        #expect(world.log.reasons[silentID] == .frameTimeout)
        #expect(world.log.reasons[otherID] == nil)
        silent.close()
        other.close()
        world.finish()
    }

    /// Pieces run out for one connection that takes nothing, not for another that does.
    @Test(arguments: Mode.allCases)
    func `a lack of pieces costs who takes nothing, not who reads`(mode: Mode) throws {
        var options = ReactorWorld.Options()
        options.change = {
            $0.limits.maxOutboundPieceCount = 10
            $0.limits.maxCopiedByteCount = 10
        }
        let world = try ReactorWorld(mode, options)
        let slow = try world.connect()
        let slowID = world.newest
        slow.setWindow(0)
        // Too long to be packed: each takes two pieces, until the connection is held.
        for seq in 0..<5 {
            slow.send(packets([[UInt8](repeating: 1, count: 20_000)], from: seq))
            world.turn()
        }
        let other = try world.connect()
        let otherID = world.newest
        for seq in 0..<20 {
            other.send(packets([[UInt8](repeating: 3, count: 2_000)], from: seq))
            world.turn(2)
        }
        #expect(world.log.reasons[otherID] == nil)
        #expect(world.log.payloads[otherID]?.count == 20)
        #expect(other.receive().count == 20 * 2_024)
        #expect(world.log.reasons[slowID] != nil)
        slow.close()
        other.close()
        world.finish()
    }

    @Test(arguments: Mode.allCases)
    func `a drain answers what was read, and aborts what is left at its deadline`(
        mode: Mode
    ) throws {
        let world = try ReactorWorld(mode)
        let good = try world.connect()
        let goodID = world.newest
        let stuck = try world.connect()
        let stuckID = world.newest
        stuck.setWindow(0)
        stuck.send(packets([[1]]))
        world.turn(3)
        good.send(packets(many))
        world.turn()
        #expect(world.commands.push(.drain, isControl: true) == .queued)
        let start = world.network.now
        world.turn(10)
        let got = world.log.payloads[goodID] ?? []
        NaiveDecoder().decode(good.receive()).expectEchoes(of: got)
        #expect(good.hasReceivedFIN)
        good.close()
        let isEmpty = world.turn(until: { world.table.count == 0 })
        #expect(isEmpty)
        #expect(start.duration(to: world.network.now) < .seconds(26))
        #expect(world.log.reasons[goodID] == .serverStopping)
        #expect(world.log.reasons[stuckID] == .serverStopping)
        stuck.close()
        world.finish()
    }

    private func counter(_ world: ReactorWorld, _ counter: ReactorCounters.Counter) -> Int {
        world.counters.value(counter)
    }
}
