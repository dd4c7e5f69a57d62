// SPDX-License-Identifier: Apache-2.0

import CLinnet
import Glibc
import LinnetBytes
import LinnetConnections
import LinnetPollers
import Testing

/// What each poller promises.
struct PollerTests {
    private let token = PollerWorld.streamToken

    @Test(arguments: PollerWorld.Kind.allCases)
    func `input is reported once until nothing is left`(_ kind: PollerWorld.Kind) throws {
        let world = try kind.make()
        let (near, far) = try world.connection()
        #expect(world.poller.reports() == [:])

        far.send([1, 2, 3, 4, 5])
        #expect(world.poller.waitFor(.input, of: token).isDisjoint(with: [.ended, .broken]))
        #expect(world.poller.reports() == [:])
        #expect(world.poller.receive(from: near, atMost: 2) == .bytes([1, 2]))
        #expect(world.poller.receive(from: near, atMost: 2) == .bytes([3, 4]))
        #expect(world.poller.receive(from: near, atMost: 2) == .bytes([5]))
        #expect(world.poller.reports() == [:])

        far.send([6])
        #expect(world.poller.waitFor(.input, of: token).contains(.input))
        #expect(world.poller.receive(from: near, atMost: 1) == .bytes([6]))
        #expect(world.poller.receive(from: near, atMost: 1) == .wouldBlock)
        far.send([7])
        #expect(world.poller.waitFor(.input, of: token).contains(.input))
        far.close()
        world.end(near)
    }

    @Test(arguments: PollerWorld.Kind.allCases)
    func `what came before the watch is reported`(_ kind: PollerWorld.Kind) throws {
        let world = try kind.make()
        let far = try world.connect()
        far.send([1])
        far.finish()
        guard case .connection(let near, _) = world.poller.accept(from: world.listener) else {
            Issue.record("nothing was accepted")
            return
        }
        try world.poller.watch(near, as: .stream, token: 9)
        #expect(world.poller.waitFor([.input, .output, .ended], of: 9).contains(.ended))
        #expect(world.poller.receiveAll(from: near) == ([1], .bytes([])))
        far.close()
        world.end(near)
    }

    @Test(arguments: PollerWorld.Kind.allCases)
    func `FIN is an end behind the bytes`(_ kind: PollerWorld.Kind) throws {
        let world = try kind.make()
        let (near, far) = try world.connection()
        far.send([1, 2])
        far.finish()
        let kinds = world.poller.waitFor([.input, .ended], of: token)
        #expect(!kinds.contains(.broken))
        #expect(world.poller.receiveAll(from: near) == ([1, 2], .bytes([])))

        // The other direction still works.
        #expect(world.poller.send([[3]], to: near) == .bytes(1))
        #expect(far.receive(atLeast: 1) == [3])
        world.poller.shutDownSending(near)
        #expect(far.takeEnd() == .finished)
        far.close()
        world.end(near)
    }

    @Test(arguments: [PollerWorld.Kind.tcp, .simulated])
    func `RST breaks the connection`(_ kind: PollerWorld.Kind) throws {
        let world = try kind.make()
        let (near, far) = try world.connection()
        far.reset()
        #expect(world.poller.waitFor(.broken, of: token).contains([.input, .ended]))
        #expect(
            world.poller.receive(from: near, atMost: 1) == .failed(Errno(rawValue: ECONNRESET))
        )
        #expect(world.poller.receive(from: near, atMost: 1) == .bytes([]))
        #expect(world.poller.send([[1]], to: near) == .failed(Errno(rawValue: EPIPE)))
        far.close()
        world.end(near)
    }

    @Test(arguments: PollerWorld.Kind.allCases)
    func `to close with bytes that were not received is RST`(_ kind: PollerWorld.Kind) throws {
        let world = try kind.make()
        let (near, far) = try world.connection()
        far.send([1, 2])
        _ = world.poller.waitFor(.input, of: token)
        world.end(near)
        #expect(far.takeEnd() == .reset)
        far.close()
    }

    @Test(arguments: PollerWorld.Kind.allCases)
    func `output is reported when there is room again`(_ kind: PollerWorld.Kind) throws {
        let world = try kind.make()
        let (near, far) = try world.connection()
        let chunk = (0..<10_007).map { UInt8(truncatingIfNeeded: $0) }
        var sent = 0
        var receivedCount = 0
        for _ in 0..<3 {
            sending: while true {
                let offset = sent % chunk.count
                switch world.poller.send([Array(chunk[offset...])], to: near) {
                case .bytes(let count): sent += count
                case .wouldBlock: break sending
                case .failed(let error): throw error
                }
            }
            #expect(world.poller.reports() == [:])
            let bytes = far.receive(atLeast: sent - receivedCount)
            let isInOrder = bytes.indices.allSatisfy {
                bytes[$0] == chunk[(receivedCount + $0) % chunk.count]
            }
            #expect(isInOrder)
            receivedCount += bytes.count
            #expect(receivedCount == sent)
            #expect(world.poller.waitFor(.output, of: token) == .output)
        }
        far.close()
        world.end(near)
    }

    @Test(arguments: PollerWorld.Kind.allCases, [1, 2, 3, 1024, 1025])
    func `pieces leave in their order`(_ kind: PollerWorld.Kind, pieceCount: Int) throws {
        let world = try kind.make()
        let (near, far) = try world.connection()
        var pieces = (0..<pieceCount).map { [UInt8(truncatingIfNeeded: $0), UInt8($0 / 256)] }
        let expected = Array(pieces.joined())
        while !pieces.isEmpty {
            guard case .bytes(let count) = world.poller.send(pieces, to: near) else { break }
            try #require(count > 0 && count.isMultiple(of: 2))
            pieces.removeFirst(count / 2)
        }
        #expect(far.receive(atLeast: expected.count) == expected)
        far.close()
        world.end(near)
    }

    @Test(arguments: PollerWorld.Kind.allCases, [false, true])
    func `a listener that does not listen keeps its backlog`(
        _ kind: PollerWorld.Kind,
        isShared: Bool
    ) throws {
        let world = try kind.make()
        let token = PollerWorld.listenerToken
        try world.poller.watch(world.listener, as: .listener(isShared: isShared), token: token)
        #expect(world.poller.reports() == [:])
        let first = try world.connect()
        #expect(world.poller.waitFor(.input, of: token) == .input)
        #expect(world.poller.reports() == [token: .input], "the backlog is not empty")

        try world.poller.setListening(false, world.listener, token: token)
        let second = try world.connect()
        #expect(world.poller.reports() == [:])

        try world.poller.setListening(true, world.listener, token: token)
        #expect(world.poller.waitFor(.input, of: token) == .input)
        var accepted: [Descriptor] = []
        while case .connection(let descriptor, _) = world.poller.accept(from: world.listener) {
            accepted.append(descriptor)
        }
        #expect(accepted.count == 2)
        #expect(world.poller.accept(from: world.listener) == .none)
        #expect(world.poller.reports() == [:])
        first.close()
        second.close()
        for descriptor in accepted { world.poller.close(descriptor) }
        world.end()
    }

    @Test(arguments: PollerWorld.Kind.allCases)
    func `nothing is reported of what was forgotten`(_ kind: PollerWorld.Kind) throws {
        let world = try kind.make()
        let (near, far) = try world.connection()
        far.send([1])
        world.poller.forget(near)
        far.finish()
        #expect(world.poller.reports() == [:])
        far.close()
        world.end(near)
    }

    @Test(arguments: PollerWorld.Kind.allCases)
    func `a wait is never shorter than its limit`(_ kind: PollerWorld.Kind) throws {
        let world = try kind.make()
        for nanoseconds in [0, 1, 999_999, 1_000_001, 3_000_000] {
            let start = world.poller.now
            #expect(world.poller.wait(atMost: .nanoseconds(nanoseconds)) == [:])
            #expect(start.duration(to: world.poller.now) >= .nanoseconds(nanoseconds))
        }
        world.end()
    }

    @Test(arguments: PollerWorld.Kind.allCases)
    func `each signal wakes, and nobody has to read it`(_ kind: PollerWorld.Kind) throws {
        let world = try kind.make()
        let waker = Descriptor(rawValue: linnet_eventfd_make())
        try world.poller.watch(waker, as: .waker, token: 5)
        #expect(world.poller.reports() == [:])
        for _ in 0..<3 {
            linnet_eventfd_signal(waker.rawValue)
            linnet_eventfd_signal(waker.rawValue)
            #expect(world.poller.wait(atMost: nil) == [5: .input])
            #expect(world.poller.reports() == [:])
        }
        world.poller.forget(waker)
        linnet_eventfd_signal(waker.rawValue)
        #expect(world.poller.reports() == [:])
        Glibc.close(waker.rawValue)
        world.end()
    }

    @Test(arguments: [PollerWorld.Kind.tcp, .simulated])
    func `a connection that is refused is broken, and says why`(
        _ kind: PollerWorld.Kind
    ) throws {
        let world = try kind.make()
        let socket = try world.connectToNobody()
        try world.poller.watch(socket, as: .stream, token: 3)
        #expect(world.poller.waitFor(.broken, of: 3).contains([.input, .broken]))
        #expect(world.poller.connectionError(of: socket) == Errno(rawValue: ECONNREFUSED))
        world.end(socket)
    }
}
