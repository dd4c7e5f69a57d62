// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetPollers
import Testing

struct SimulatedNetworkTests {
    @Test func `the lowest number that is free comes first`() {
        let network = SimulatedNetwork(clock: .virtual)
        let listener = network.listen()
        let first = network.connect(to: listener)
        let second = network.connect(to: listener)
        first.close()
        let third = network.connect(to: listener)
        #expect(third.descriptor == first.descriptor)
        #expect(third.descriptor != second.descriptor)
        #expect(network.openCount == 3)
    }

    @Test func `a backlog has a limit`() {
        let network = SimulatedNetwork(clock: .virtual, maxBacklog: 2)
        let listener = network.listen()
        let peers = (0..<3).map { _ in network.connect(to: listener) }
        #expect(peers.map(\.isBroken) == [false, false, true])
    }

    @Test func `a listener that closes resets what waits`() throws {
        let network = SimulatedNetwork(clock: .virtual)
        var poller = try SimulatedPoller(network)
        let listener = network.listen()
        try poller.watch(listener, as: .listener(isShared: false), token: 1)
        let peer = network.connect(to: listener)
        poller.forget(listener)
        poller.close(listener)
        #expect(peer.isBroken)
        #expect(network.connect(to: listener).isBroken)
    }

    @Test func `nothing outlives the network`() throws {
        weak var released: SimulatedNetwork?
        do {
            let network = SimulatedNetwork(clock: .virtual)
            var poller = try SimulatedPoller(network)
            let listener = network.listen()
            try poller.watch(listener, as: .listener(isShared: true), token: 1)
            let client = network.startConnecting(to: listener)
            try poller.watch(client, as: .stream, token: 2)
            released = network
        }
        #expect(released == nil)
    }
}
