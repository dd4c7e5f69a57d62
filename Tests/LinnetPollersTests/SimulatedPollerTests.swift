// SPDX-License-Identifier: Apache-2.0

import CLinnet
import Glibc
import LinnetBytes
import LinnetConnections
import LinnetPollers
import LinnetTestSupport
import Testing

/// What a simulated poller does beyond the promises of all.
struct SimulatedPollerTests {
    private let token: UInt64 = 7

    @Test func `a transfer that the script has cut short is not the last`() throws {
        let (poller, near, far) = try makeConnection(clock: .virtual)
        far.send([1, 2, 3, 4])
        far.script(receiving: .atMost(1), .atMost(0), .failed(Errno(rawValue: EIO)))
        #expect(poller.reports() == [token: [.input, .output]])
        #expect(poller.receive(from: near, atMost: 10) == .bytes([1]))
        #expect(poller.reports() == [token: .input])
        #expect(poller.receive(from: near, atMost: 10) == .wouldBlock)
        #expect(poller.reports() == [token: .input])
        #expect(poller.receive(from: near, atMost: 10) == .failed(Errno(rawValue: EIO)))
        #expect(poller.receive(from: near, atMost: 10) == .bytes([2, 3, 4]))
        #expect(poller.reports() == [:])
    }

    @Test func `input is not reported again before the loop has looked for it`() throws {
        let (poller, near, far) = try makeConnection(clock: .virtual)
        far.send([1])
        #expect(poller.reports() == [token: [.input, .output]])
        far.send([2])
        #expect(poller.reports() == [:])
        #expect(poller.receive(from: near, atMost: 1) == .bytes([1]))
        far.send([3])
        #expect(poller.reports() == [:])
        #expect(poller.receive(from: near, atMost: 3) == .bytes([2, 3]))
        far.send([4])
        #expect(poller.reports() == [token: .input])
    }

    @Test func `behind an end a short transfer is followed by no report`() throws {
        let (poller, near, far) = try makeConnection(clock: .virtual)
        far.send([1, 2])
        far.finish()
        far.script(receiving: .atMost(1))
        #expect(poller.reports() == [token: [.input, .output, .ended]])
        #expect(poller.receive(from: near, atMost: 10) == .bytes([1]))
        #expect(poller.reports() == [:])
        #expect(poller.receiveAll(from: near) == ([2], .bytes([])))
    }

    @Test func `sends are cut short, blocked and failed`() throws {
        let (poller, near, far) = try makeConnection(clock: .virtual)
        _ = poller.reports()
        far.setWindow(5)
        far.script(sending: .atMost(1), .atMost(0), .failed(Errno(rawValue: ENOBUFS)))
        #expect(poller.send([[1, 2], [3]], to: near) == .bytes(1))
        #expect(poller.send([[2, 3]], to: near) == .wouldBlock)
        #expect(poller.reports() == [token: .output])
        #expect(poller.send([[2, 3]], to: near) == .failed(Errno(rawValue: ENOBUFS)))
        #expect(poller.send([[2, 3], [4, 5, 6]], to: near) == .bytes(4))
        #expect(poller.send([[6]], to: near) == .wouldBlock)
        #expect(poller.reports() == [:])
        far.setWindow(6)
        #expect(poller.reports() == [token: .output])
        #expect(poller.send([[6, 7]], to: near) == .bytes(1))
        #expect(far.receive() == [1, 2, 3, 4, 5, 6])
    }

    @Test func `a peer that has closed answers bytes with RST`() throws {
        let (poller, near, far) = try makeConnection(clock: .virtual)
        far.close()
        #expect(poller.reports() == [token: [.input, .output, .ended]])
        #expect(poller.send([[1]], to: near) == .bytes(1))
        #expect(poller.reports()[token]?.contains(.broken) == true)
        #expect(poller.send([[1]], to: near) == .failed(Errno(rawValue: ECONNRESET)))
        #expect(poller.send([[1]], to: near) == .failed(Errno(rawValue: EPIPE)))
    }

    @Test func `a listener is out of descriptors for as long as the script says`() throws {
        let network = SimulatedNetwork(clock: .virtual)
        let poller = Boxed(try SimulatedPoller(network))
        let listener = network.listen()
        try poller.watch(listener, as: .listener(isShared: false), token: 1)
        let exhausted = Acceptance.exhausted(Errno(rawValue: EMFILE))
        network.script([exhausted, exhausted, .gone], of: listener)
        let address = PeerAddress.ipv4(0x7F00_0001, port: 9)
        let far = network.connect(to: listener, from: address)
        #expect(poller.reports() == [1: .input])
        let answers = (0..<4).map { _ in poller.accept(from: listener) }
        #expect(Array(answers.prefix(3)) == [exhausted, exhausted, .gone])
        guard case .connection(let near, address) = answers[3] else {
            Issue.record("\(answers[3])")
            return
        }
        poller.close(near)
        #expect(far.hasReceivedFIN)
    }

    @Test func `virtual time passes when nothing else happens`() throws {
        let (poller, _, far) = try makeConnection(clock: .virtual)
        let start = poller.now
        #expect(poller.wait(atMost: .seconds(60)) == [token: .output])
        #expect(poller.now == start)
        #expect(poller.wait(atMost: .seconds(60)) == [:])
        #expect(poller.now == start + .seconds(60))
        #expect(poller.wait(atMost: nil) == [:])
        #expect(poller.now == start + .seconds(60))
        far.send([1])
        #expect(poller.wait(atMost: nil) == [token: .input])
    }

    @Test func `manual time wakes those whose limit is over`() throws {
        let network = SimulatedNetwork(clock: .manual)
        let listener = network.listen()
        withThreads(2) { index in
            guard let poller = try? SimulatedPoller(network) else { return }
            let box = Boxed(poller)
            if index == 1 {
                try? box.watch(listener, as: .listener(isShared: false), token: 1)
                // The other thread moves the clock again and again, for it cannot know when this
                // one waits.
                #expect(box.wait(atMost: .seconds(10)) == [:])
                #expect(network.now >= MonotonicInstant(nanoseconds: 0) + .seconds(10))
                _ = network.connect(to: listener)
            } else {
                try? box.watch(listener, as: .listener(isShared: false), token: 1)
                while box.wait(atMost: .zero) == [:] { network.advance(by: .seconds(1)) }
            }
        }
    }

    @Test(arguments: [SimulatedNetwork.Clock.real, .manual])
    func `threads talk to each other`(clock: SimulatedNetwork.Clock) throws {
        let network = SimulatedNetwork(clock: clock, pipeByteCount: 100)
        let listener = network.listen()
        let message = (0..<10_000).map { UInt8(truncatingIfNeeded: $0) }
        withThreads(2) { index in
            if index == 0 {
                let far = network.connect(to: listener)
                var sent = 0
                while sent < message.count {
                    sent += far.send(Array(message[sent...]))
                    _ = far.receive()
                }
                far.finish()
                far.waitForEnd()
                #expect(!far.isBroken)
                _ = far.receive()
                far.close()
            } else {
                guard let poller = try? SimulatedPoller(network) else { return }
                #expect(Self.receiveMessage(Boxed(poller), from: listener) == message)
            }
        }
        #expect(network.openCount == 1)
    }

    @Test func `an eventfd wakes a poller that sleeps`() throws {
        let network = SimulatedNetwork(clock: .real)
        let waker = Descriptor(rawValue: linnet_eventfd_make())
        defer { Glibc.close(waker.rawValue) }
        withThreads(2) { index in
            if index == 0 {
                linnet_eventfd_signal(waker.rawValue)
            } else {
                guard let poller = try? SimulatedPoller(network) else { return }
                let box = Boxed(poller)
                try? box.watch(waker, as: .waker, token: 3)
                #expect(box.wait(atMost: nil) == [3: .input])
            }
        }
    }

    @Test func `a descriptor that is closed can be used no more`() async {
        await #expect(processExitsWith: trap) {
            let network = SimulatedNetwork(clock: .virtual)
            let poller = Boxed(try SimulatedPoller(network))
            let near = network.startConnecting(to: network.listen())
            poller.close(near)
            _ = poller.receive(from: near, atMost: 1)
        }
    }

    private func makeConnection(
        clock: SimulatedNetwork.Clock
    ) throws -> (poller: any PollerBox, near: Descriptor, far: SimulatedPeer) {
        let network = SimulatedNetwork(clock: clock)
        let poller = Boxed(try SimulatedPoller(network))
        let listener = network.listen()
        let far = network.connect(to: listener)
        guard case .connection(let near, _) = poller.accept(from: listener) else {
            throw Errno.invalidArgument
        }
        try poller.watch(near, as: .stream, token: token)
        return (poller, near, far)
    }

    /// Accepts one connection, receives until FIN, and closes it.
    private static func receiveMessage(
        _ poller: any PollerBox,
        from listener: Descriptor
    ) -> [UInt8] {
        try? poller.watch(listener, as: .listener(isShared: false), token: 1)
        #expect(poller.wait(atMost: nil) == [1: .input])
        guard case .connection(let near, _) = poller.accept(from: listener) else { return [] }
        try? poller.watch(near, as: .stream, token: 2)
        var message: [UInt8] = []
        while true {
            _ = poller.wait(atMost: nil)
            let (bytes, end) = poller.receiveAll(from: near)
            message += bytes
            if end == .bytes([]) { break }
        }
        poller.forget(near)
        poller.close(near)
        return message
    }
}
