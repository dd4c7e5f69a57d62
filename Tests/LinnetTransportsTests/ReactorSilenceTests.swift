// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetConnections
import LinnetEvents
import LinnetPollers
import LinnetTestSupport
import LinnetTransports
import Testing

/// Peers that begin a frame and do not end it, and peers that are silent; time is virtual.
@Suite struct ReactorSilenceTests {
    typealias Mode = ReactorWorld.Mode

    private func world(
        _ mode: Mode,
        frame: Duration? = .seconds(60),
        idle: Duration? = nil
    ) throws -> ReactorWorld {
        var options = ReactorWorld.Options()
        options.change = { $0.deadlines = ConnectionDeadlines(frame: frame, idle: idle) }
        return try ReactorWorld(mode, options)
    }

    /// How long it takes until the newest connection is closed, if it is within 1,000 s.
    private func timeToClose(_ world: ReactorWorld) -> Duration? {
        let start = world.network.now
        let isClosed = world.turn {
            world.log.reasons[world.newest] != nil
                || start.duration(to: world.network.now) > .seconds(1_000)
        }
        guard isClosed, world.log.reasons[world.newest] != nil else { return nil }
        return start.duration(to: world.network.now)
    }

    @Test(arguments: Mode.allCases, [1, 23, 24, 60])
    func `who does not end a frame is closed, with answers to what came before`(
        mode: Mode,
        byteCount: Int
    ) throws {
        let world = try world(mode)
        let peer = try world.connect()
        peer.send(packets([[1]]) + packets([Array(0..<40)], from: 1).prefix(byteCount))
        let time = try #require(timeToClose(world))
        #expect(world.log.reasons[world.newest] == .frameTimeout)
        #expect(time >= .seconds(60) && time < .seconds(64))
        world.turn(3)
        NaiveDecoder().decode(peer.receive()).expectEchoes(of: [[1]])
        #expect(peer.hasReceivedFIN)
        peer.close()
        world.finish()
    }

    /// A byte now and then is no progress: the frame has its time, however it comes.
    @Test(arguments: Mode.allCases)
    func `who drips bytes is closed as well`(mode: Mode) throws {
        let world = try world(mode, frame: .seconds(8))
        let peer = try world.connect()
        let bytes = packets([Array(0..<200)])
        let start = world.network.now
        for byte in bytes where world.log.reasons.isEmpty {
            peer.send([byte])
            let next = world.network.now + .milliseconds(100)
            _ = world.turn { world.network.now >= next }
        }
        let time = start.duration(to: world.network.now)
        #expect(world.log.reasons[world.newest] == .frameTimeout)
        #expect(time >= .seconds(8) && time < .milliseconds(8_800))
        peer.close()
        world.finish()
    }

    @Test(arguments: Mode.allCases)
    func `whose frames are always cut by its sends but end in time stays`(mode: Mode) throws {
        let world = try world(mode, frame: .seconds(2))
        let peer = try world.connect()
        let payloads = (0..<50).map { [UInt8](repeating: UInt8($0), count: 40) }
        let bytes = packets(payloads)
        // Each send ends one packet and begins the next: there is never no frame begun.
        peer.send(Array(bytes.prefix(32)))
        for index in 0..<50 {
            peer.send(Array(bytes[(32 + index * 64)..<min(bytes.count, 96 + index * 64)]))
            let next = world.network.now + .milliseconds(500)
            _ = world.turn { world.network.now >= next }
        }
        #expect(world.log.reasons.isEmpty)
        NaiveDecoder().decode(peer.receive()).expectEchoes(of: payloads)
        peer.close()
        world.finish()
    }

    @Test(arguments: Mode.allCases)
    func `the time in which we do not read does not count`(mode: Mode) throws {
        let world = try world(mode, frame: .seconds(2))
        let peer = try world.connect()
        world.log.react = { $2.pause($1) }
        let bytes = packets([[1], [2]])
        peer.send(Array(bytes.prefix(40)))
        world.turn(3)
        #expect(world.log.payloads[world.newest] == [[1]])
        let end = world.network.now + .seconds(20)
        _ = world.turn { world.network.now >= end }
        #expect(world.log.reasons.isEmpty)
        #expect(world.commands.push(.resume(world.newest)) == .queued)
        let time = try #require(timeToClose(world))
        #expect(time >= .seconds(2) && time < .seconds(3))
        #expect(world.log.reasons[world.newest] == .frameTimeout)
        peer.close()
        world.finish()
    }

    @Test(arguments: Mode.allCases)
    func `without a limit a frame and silence may last`(mode: Mode) throws {
        let world = try world(mode, frame: nil)
        let peer = try world.connect()
        peer.send([0x4C])
        world.turn(2_000)
        #expect(world.log.reasons.isEmpty)
        peer.close()
        world.finish()
    }

    @Test(arguments: Mode.allCases)
    func `who is silent is closed if silence has a limit`(mode: Mode) throws {
        let world = try world(mode, idle: .seconds(30))
        let peer = try world.connect()
        for number in 0..<5 {
            peer.send(packets([[7]], from: number))
            let next = world.network.now + .seconds(25)
            _ = world.turn { world.network.now >= next }
        }
        #expect(world.log.reasons.isEmpty)
        let time = try #require(timeToClose(world))
        #expect(time >= .seconds(4) && time < .seconds(7))
        #expect(world.log.reasons[world.newest] == .idleTimeout)
        NaiveDecoder().decode(peer.receive()).expectEchoes(
            of: [[7], [7], [7], [7], [7]]
        )
        peer.close()
        world.finish()
    }

    @Test func `while a worker has its frame a connection is not idle`() throws {
        let world = try world(.workers, idle: .seconds(3))
        let peer = try world.connect()
        world.workerWorks = false
        peer.send(packets([[7]]))
        let end = world.network.now + .seconds(60)
        _ = world.turn { world.network.now >= end }
        world.workerWorks = true
        world.turn(3)
        NaiveDecoder().decode(peer.receive()).expectEchoes(of: [[7]])
        #expect(world.log.reasons.isEmpty)
        peer.close()
        world.finish()
    }

    /// The place of a slot remembers a frame of the connection before.
    @Test(arguments: Mode.allCases)
    func `a new connection has its own time`(mode: Mode) throws {
        let world = try world(mode, frame: .seconds(4))
        let first = try world.connect()
        first.send([0x4C])
        let almost = world.network.now + .seconds(3)
        _ = world.turn { world.network.now >= almost }
        #expect(world.log.reasons.isEmpty)
        first.close()
        _ = world.turn { world.log.reasons.count == 1 }
        world.turn(3)
        let second = try world.connect()
        #expect(world.log.opened[0].slotIndex == world.newest.slotIndex)
        second.send([0x4C])
        let time = try #require(timeToClose(world))
        #expect(time >= .seconds(4))
        second.close()
        world.finish()
    }
}
