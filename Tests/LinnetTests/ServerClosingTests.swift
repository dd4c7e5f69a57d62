// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import LinnetTransports
import Testing

/// All ways of closing: each connection is opened and closed once, for the right reason, and what
/// was sent before a graceful end arrives. `withServer` checks what comes after.
@Suite struct ServerClosingTests {
    @Test(arguments: Setup.plain)
    func `FIN between packets is a clean end`(setup: Setup) throws {
        try withServer(setup) { world in
            let peer = try world.peer()
            peer.send(payload: [1])
            peer.finish()
            let (bytes, end) = peer.receiveToEnd()
            #expect(bytes.count == 25)
            #expect(end == .finished)
            let isEmpty = world.waitUntilEmpty()
            #expect(isEmpty)
            #expect(world.record.reasons == [.peerClosed])
        }
    }

    @Test(arguments: Setup.plain)
    func `FIN without a packet, and before a byte is read, is a clean end`(setup: Setup) throws {
        try withServer(setup) { world in
            let peer = try world.peer()
            peer.finish()
            let (bytes, end) = peer.receiveToEnd()
            #expect(bytes == [])
            #expect(end == .finished)
            for _ in 0..<20 { try world.peer().close() }
            let isEmpty = waitUntil { world.record.reasons.count == 21 }
            #expect(isEmpty)
            #expect(world.record.reasons.allSatisfy { $0 == .peerClosed })
        }
    }

    @Test(arguments: Setup.plain)
    func `FIN inside a packet ends it as truncated, behind the answers`(setup: Setup) throws {
        let packet = NaiveEncoder(payload: [1, 2, 3], seq: 1).bytes
        try withServer(setup) { world in
            for cut in 1..<packet.count {
                let peer = try world.peer()
                peer.send(payload: [1])
                peer.send(Array(packet[..<cut]))
                peer.finish()
                let (bytes, end) = peer.receiveToEnd()
                #expect(bytes.count == 25, "cut at \(cut)")
                #expect(end == .finished)
            }
            let isEmpty = world.waitUntilEmpty()
            #expect(isEmpty)
            #expect(world.record.reasons.allSatisfy { $0 == .truncated })
        }
    }

    @Test(arguments: Setup.plain)
    func `RST ends a connection at once`(setup: Setup) throws {
        // A Unix socket resets when it is closed before all was read.
        try withServer(setup) { world in
            for round in 0..<20 {
                let peer = try world.peer()
                peer.send(payload: [UInt8](repeating: 1, count: round))
                if setup.isUnix {
                    let isAnswered = waitUntil { world.record.frameCount == round + 1 }
                    #expect(isAnswered)
                    let isSent = waitUntil { world.server.statistics.sentFrameCount == round + 1 }
                    #expect(isSent)
                } else {
                    let bytes = peer.receive(24 + round)
                    #expect(bytes.count == 24 + round)
                }
                peer.reset()
            }
            let isEmpty = world.waitUntilEmpty()
            #expect(isEmpty)
            #expect(world.record.reasons.count == 20)
            #expect(world.record.reasons.allSatisfy { $0 == .peerReset })
        }
    }

    @Test(arguments: Setup.plain)
    func `RST in the middle of everything harms nobody else`(setup: Setup) throws {
        var random = SeededRandom(seed: 11)
        try withServer(setup) { world in
            let other = try world.peer()
            for round in 0..<200 {
                let peer = try world.peer()
                let payload = [UInt8](
                    repeating: 1,
                    count: Int.random(in: 0...9_000, using: &random)
                )
                let count = Int.random(in: 0...4, using: &random)
                for _ in 0..<count { peer.send(payload: payload) }
                let packet = peer.next(payload)
                peer.send(Array(packet.prefix(Int.random(in: 0...packet.count, using: &random))))
                if count > 0, random.oneIn(2) { #expect(peer.receive(10).count == 10) }
                if random.oneIn(3) { peer.finish() }
                peer.reset()
                other.send(payload: [UInt8(round)])
                #expect(other.receive(25).last == UInt8(round))
            }
            other.finish()
            #expect(other.receiveToEnd().end == .finished)
            let isEmpty = world.waitUntilEmpty()
            #expect(isEmpty)
        }
    }

    @Test(arguments: Setup.plain)
    func `a handler closes behind its answer, with its code`(setup: Setup) throws {
        try withServer(setup) { world in
            for _ in 0..<10 {
                let peer = try world.peer()
                for _ in 0..<5 { peer.send(payload: [9]) }
                peer.send(payload: [1, 2, 3], flags: EchoHandler.closeFlag)
                // Behind the end nothing is handled, and it makes the kernel send no RST.
                for _ in 0..<200 { peer.send(payload: [UInt8](repeating: 8, count: 100)) }
                let (bytes, end) = peer.receiveToEnd()
                #expect(bytes.count == 5 * 25 + 27)
                #expect(end == .finished)
            }
            let isEmpty = world.waitUntilEmpty()
            #expect(isEmpty)
            #expect(world.record.reasons.allSatisfy { $0 == .closedByHandler(code: 3) })
            #expect(world.record.frameCount == 60)
        }
    }

    @Test(arguments: Setup.plain)
    func `another thread sends and closes`(setup: Setup) throws {
        try withServer(setup) { world in
            let sender = try #require(world.server.sender)
            for code in 0..<20 as Range<UInt32> {
                let peer = try world.peer()
                let isOpen = waitUntil { world.record.openedCount == Int(code) + 1 }
                #expect(isOpen)
                let id = world.record.newest
                #expect(sender.send(copying: [UInt8(code)].rawSpan, to: id) == .queued)
                #expect(sender.close(id, code: code) == .queued)
                let (bytes, end) = peer.receiveToEnd()
                #expect(bytes.last == UInt8(code) && bytes.count == 25)
                #expect(end == .finished)
                peer.close()
                let isClosed = waitUntil { sender.close(id) == .closed }
                #expect(isClosed)
                #expect(sender.send(copying: [1].rawSpan, to: id) == .closed)
            }
            let codes = (0..<20).map { CloseReason.closedByApplication(code: $0) }
            #expect(world.record.reasons == codes)
        }
    }

    @Test(arguments: Setup.plain)
    func `a peer that never ends is left after the linger deadline`(setup: Setup) throws {
        let change = { (configuration: inout ServerConfiguration) in
            configuration.deadlines = ConnectionDeadlines(linger: .milliseconds(100))
        }
        try withServer(setup, change) { world in
            let peer = try world.peer()
            peer.send(payload: [1], flags: EchoHandler.closeFlag)
            #expect(peer.receiveToEnd().end == .finished)
            // It does not close.
            let isEmpty = world.waitUntilEmpty()
            #expect(isEmpty)
            #expect(world.record.reasons == [.closedByHandler(code: 1)])
        }
    }

    @Test(arguments: Setup.plain)
    func `what a peer sent before it closed is handled`(setup: Setup) throws {
        // No answers, or a Unix socket would reset. More than the credit of a connection.
        try withServer(setup) { world in
            for _ in 0..<10 {
                let peer = try world.peer()
                let stream = (0..<1_000).flatMap { _ in
                    peer.next([UInt8](repeating: 3, count: 30), flags: EchoHandler.silentFlag)
                }
                peer.send(stream)
                peer.close()
            }
            let isEmpty = waitUntil { world.record.reasons.count == 10 }
            #expect(isEmpty)
            #expect(world.record.frameCount == 10_000)
            #expect(world.record.reasons.allSatisfy { $0 == .peerClosed })
        }
    }
}
