// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetPollers
import LinnetTestSupport
import LinnetTransports
import Testing

/// A reactor in a world of one thread, in which every transfer is scripted and time is virtual.
@Suite struct ReactorTests {
    typealias Mode = ReactorWorld.Mode
    private let payloads: [[UInt8]] = [[], [1, 2, 3], Array(0..<40)]

    // MARK: Transfers

    @Test(arguments: Mode.allCases)
    func `reads of any size deliver the same`(mode: Mode) throws {
        let world = try ReactorWorld(mode)
        let stream = packets(payloads)
        for cut in 1..<stream.count {
            let peer = try world.connect()
            peer.script(receiving: .atMost(cut), .atMost(0), .atMost(1))
            peer.send(stream)
            world.turn(6)
            #expect(world.log.payloads[world.newest] == payloads, "cut at \(cut)")
            NaiveDecoder().decode(peer.receive()).expectEchoes(of: payloads)
            peer.finish()
            world.turn(6)
            #expect(world.log.reasons[world.newest] == .peerClosed)
            #expect(peer.hasReceivedFIN)
            peer.close()
        }
        world.finish()
        #expect(world.network.openCount == 1)
    }

    @Test(arguments: Mode.allCases)
    func `writes of any size arrive whole`(mode: Mode) throws {
        let world = try ReactorWorld(mode)
        let total = packets(payloads).count
        for cut in 1..<total {
            let peer = try world.connect()
            peer.script(sending: .atMost(cut), .atMost(0), .atMost(1), .atMost(0))
            peer.send(packets(payloads))
            world.turn(10)
            NaiveDecoder().decode(peer.receive()).expectEchoes(of: payloads)
            peer.close()
            world.turn(6)
        }
        world.finish()
        #expect(world.network.openCount == 1)
    }

    @Test(arguments: Mode.allCases)
    func `a peer without a window gets all when it opens it`(mode: Mode) throws {
        let world = try ReactorWorld(mode)
        let peer = try world.connect()
        peer.setWindow(0)
        let many = (0..<100).map { [UInt8($0)] }
        peer.send(packets(many))
        peer.finish()
        world.turn(10)
        #expect(peer.receive() == [])
        // Byte by byte; then all.
        var bytes: [UInt8] = []
        for _ in 0..<100 {
            peer.setWindow(1)
            world.turn(2)
            bytes += peer.receive()
        }
        peer.setWindow(100_000)
        world.turn(6)
        bytes += peer.receive()
        NaiveDecoder().decode(bytes).expectEchoes(of: many)
        #expect(peer.hasReceivedFIN)
        peer.close()
        world.finish()
    }

    // MARK: Accepting

    @Test(arguments: Mode.allCases)
    func `a lack of descriptors neither spins nor loses the listener`(mode: Mode) throws {
        let world = try ReactorWorld(mode)
        let exhausted = Acceptance.exhausted(Errno(rawValue: EMFILE))
        world.network.script([exhausted, exhausted, .gone], of: world.listener)
        let start = world.network.now
        let peer = world.network.connect(to: world.listener)
        peer.send(packets([[7]]))
        var turnCount = 0
        while world.log.opened.isEmpty, turnCount < 100 {
            world.turn()
            turnCount += 1
        }
        #expect(turnCount < 12, "it spins")
        let waited = start.duration(to: world.network.now)
        #expect(waited >= .milliseconds(100) && waited < .milliseconds(200))
        world.turn(4)
        NaiveDecoder().decode(peer.receive()).expectEchoes(of: [[7]])
        peer.close()
        world.finish()
    }

    @Test(arguments: Mode.allCases)
    func `without a free slot connections wait in the backlog`(mode: Mode) throws {
        var options = ReactorWorld.Options()
        options.slotCount = 2
        let world = try ReactorWorld(mode, options)
        let first = try world.connect()
        let second = try world.connect()
        let third = world.network.connect(to: world.listener)
        third.send(packets([[3]]))
        world.turn(50)
        #expect(world.log.opened.count == 2)
        #expect(!third.isBroken)
        first.close()
        let isOpen = world.turn(until: { world.log.opened.count == 3 })
        #expect(isOpen)
        world.turn(3)
        NaiveDecoder().decode(third.receive()).expectEchoes(of: [[3]])
        second.close()
        third.close()
        world.finish()
        #expect(world.network.openCount == 1)
    }

    // MARK: Deadlines

    @Test(arguments: Mode.allCases)
    func `who takes nothing is closed after the write deadline`(mode: Mode) throws {
        let world = try ReactorWorld(mode)
        let peer = try world.connect()
        peer.setWindow(0)
        peer.send(packets([[1], [2]]))
        let start = world.network.now
        let isClosed = world.turn(until: { world.log.reasons[world.newest] != nil })
        #expect(isClosed)
        #expect(world.log.reasons[world.newest] == .writeTimeout)
        let waited = start.duration(to: world.network.now)
        #expect(waited >= .seconds(30) && waited < .seconds(31))
        peer.close()
        world.finish()
        #expect(world.network.openCount == 1)
    }

    @Test(arguments: Mode.allCases)
    func `who never ends is left after the linger deadline`(mode: Mode) throws {
        let world = try ReactorWorld(mode)
        let peer = try world.connect()
        #expect(world.commands.push(.close(world.newest, .closedByApplication(code: 1))) == .queued)
        world.turn(4)
        #expect(peer.hasReceivedFIN)
        let start = world.network.now
        let isFree = world.turn(until: { world.table.count == 0 })
        #expect(isFree)
        let waited = start.duration(to: world.network.now)
        #expect(waited >= .seconds(1.9) && waited < .seconds(2.2))
        #expect(world.log.reasons[world.newest] == .closedByApplication(code: 1))
        peer.close()
        world.finish()
    }

    @Test func `a connection whose worker has no room opens later, or is dropped in time`() throws {
        var options = ReactorWorld.Options()
        options.eventCapacity = 4
        let world = try ReactorWorld(.workers, options)
        world.workerWorks = false
        let peers = (0..<8).map { _ in world.network.connect(to: world.listener) }
        for (index, peer) in peers.enumerated() { peer.send(packets([[UInt8(index)]])) }
        world.turn(20)
        #expect(world.table.count == 8)
        world.workerWorks = true
        let areOpen = world.turn(until: { world.log.opened.count == 8 })
        #expect(areOpen)
        world.turn(20)
        for (index, peer) in peers.enumerated() {
            NaiveDecoder().decode(peer.receive()).expectEchoes(of: [[UInt8(index)]])
            peer.close()
        }
        world.turn(10)
        // Those that stay refused are forgotten after the opening deadline.
        world.workerWorks = false
        let late = (0..<8).map { _ in world.network.connect(to: world.listener) }
        world.turn(20)
        let count = world.table.count
        #expect(count == 8)
        let isOver = world.turn(until: { world.table.count < 8 })
        #expect(isOver)
        #expect(world.log.opened.count == 8)
        for peer in late { peer.close() }
        world.finish()
        #expect(world.network.openCount == 1)
    }

    // MARK: Ends

    @Test(arguments: Mode.allCases)
    func `RST in each phase leaves nothing behind`(mode: Mode) throws {
        let world = try ReactorWorld(mode)
        // Before it is opened, idle, inside a packet, with answers under way, while it lingers.
        let early = world.network.connect(to: world.listener)
        early.reset()
        world.turn(4)
        let idle = try world.connect()
        idle.reset()
        world.turn(4)
        #expect(world.log.reasons[world.newest] == .peerReset)
        let inside = try world.connect()
        inside.send(Array(packets([[1, 2, 3]]).dropLast()))
        world.turn(4)
        inside.reset()
        world.turn(4)
        #expect(world.log.reasons[world.newest] == .peerReset)
        let blocked = try world.connect()
        blocked.setWindow(0)
        blocked.send(packets(payloads))
        world.turn(4)
        blocked.reset()
        world.turn(4)
        #expect(world.log.reasons[world.newest] == .peerReset)
        let lingering = try world.connect()
        #expect(world.commands.push(.close(world.newest, .closedByApplication(code: 0))) == .queued)
        world.turn(4)
        lingering.reset()
        world.turn(4)
        #expect(world.log.reasons[world.newest] == .closedByApplication(code: 0))
        let count = world.table.count
        #expect(count == 0)
        for peer in [early, idle, inside, blocked, lingering] { peer.close() }
        world.finish()
        #expect(world.network.openCount == 1)
    }

    /// A close by command and the completions of the same batch.
    @Test(arguments: Mode.allCases)
    func `ends that meet in one batch are one end`(mode: Mode) throws {
        let world = try ReactorWorld(mode)
        for round in 0..<4 {
            let first = try world.connect()
            let firstID = world.newest
            let second = try world.connect()
            let secondID = world.newest
            // The first asks for the end of the second, whose own completion is in the same batch.
            world.log.react = { packet, id, outbox in
                id == firstID
                    ? outbox.close(secondID, code: 5) : outbox.send(packet.lease(), to: id)
            }
            first.send(packets([[1]]))
            second.send(packets([[1], [2]]))
            if round == 1 { second.reset() }
            if round == 2 { second.finish() }
            if round == 3 { first.reset() }
            world.turn(8)
            #expect(world.log.reasons[secondID] != nil || round == 3)
            first.close()
            second.close()
            let isEmpty = world.turn(until: { world.table.count == 0 })
            #expect(isEmpty)
        }
        world.finish()
        #expect(world.network.openCount == 1)
    }

    /// Slots that stand on lists when their connection ends, and are taken again.
    @Test(arguments: Mode.allCases)
    func `slots that are taken again keep nothing of the life before`(mode: Mode) throws {
        var options = ReactorWorld.Options()
        options.slotCount = 2
        options.eventCapacity = 8
        let world = try ReactorWorld(mode, options)
        var random = SeededRandom(seed: 9)
        for _ in 0..<300 {
            let peer = try world.connect()
            let id = world.newest
            peer.setWindow(random.oneIn(2) ? 0 : 65_536)
            let sent = (0..<Int.random(in: 1...30, using: &random)).map { [UInt8($0)] }
            peer.send(packets(sent))
            world.workerWorks = random.oneIn(2)
            world.turn(Int.random(in: 0...3, using: &random))
            switch Int.random(in: 0...3, using: &random) {
            case 0: peer.reset()
            case 1: _ = world.commands.push(.close(id, .closedByApplication(code: 1)))
            case 2: peer.finish()
            default: peer.send([9, 9, 9, 9, 9])
            }
            if random.oneIn(2) { world.turn() }
            peer.close()
            world.workerWorks = true
            world.turn(2)
            let got = world.log.payloads[id] ?? []
            #expect(got == Array(sent.prefix(got.count)))
        }
        world.finish()
        #expect(world.network.openCount == 1)
    }
}

extension NaiveOutcome {
    func expectEchoes(
        of payloads: [[UInt8]],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(error == nil, sourceLocation: sourceLocation)
        #expect(packets.map(\.payload) == payloads, sourceLocation: sourceLocation)
    }
}
