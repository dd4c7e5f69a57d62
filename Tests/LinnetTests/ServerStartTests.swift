// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linnet
import LinnetBytes
import LinnetPollers
import LinnetTransports
import Logging
import Testing

/// How servers begin, and end without being asked.
@Suite struct ServerStartTests {
    private static func makeConfiguration(_ setup: Setup, port: UInt16 = 0) -> ServerConfiguration {
        var configuration = ServerConfiguration(
            endpoints: [.tcp(host: "127.0.0.1", port: port)],
            execution: setup.execution
        )
        configuration.reactorCount = 2
        configuration.maxConnectionCount = 64
        configuration.logger.logLevel = .critical
        return configuration
    }

    private static func isRefused(_ endpoint: Endpoint) -> Bool {
        do {
            _ = try RawPeer(endpoint)
            return false
        } catch {
            return (error as? Errno)?.rawValue == ECONNREFUSED
        }
    }

    @Test(arguments: Setup.executions)
    func `a server of which a thread cannot start leaves nothing behind`(setup: Setup) throws {
        let first = Server(Self.makeConfiguration(setup))
        try first.start { _ in Echo() }
        let endpoint = first.endpoints[0]
        guard case .tcp(_, let port) = endpoint else { return }
        first.stop()
        var configuration = Self.makeConfiguration(setup, port: port)
        configuration.reactorProcessors = [0, 9_999]
        let server = Server(configuration)
        #expect(throws: Errno.invalidArgument) { try server.start { _ in Echo() } }
        #expect(Self.isRefused(endpoint))
        #expect(!server.isRunning)
    }

    @Test func `blocks that are too short for the framing stop the start, not the first peer`()
        async
    {
        await #expect(processExitsWith: trap) {
            let framing = PacketFraming(limits: PacketLimits(maxPacketByteCount: 1_048_577))
            let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
            try Server(ServerConfiguration(endpoints: [endpoint])).start(framing: framing) { _ in
                Echo()
            }
        }
    }

    @Test(arguments: Setup.executions)
    func `a server that nobody refers to stops`(setup: Setup) throws {
        var server: Server? = Server(Self.makeConfiguration(setup))
        try server?.start { _ in Echo() }
        let endpoint = try #require(server?.endpoints[0])
        let peer = try RawPeer(endpoint)
        peer.send(payload: [1])
        #expect(peer.receive(25).count == 25)
        server = nil
        #expect(peer.receiveToEnd().end == .finished)
        peer.close()
        #expect(waitUntil { Self.isRefused(endpoint) })
    }

    @Test func `connections that come one by one find their reactors in turns`() throws {
        var configuration = Self.makeConfiguration(Setup(execution: .inline))
        configuration.balance = .roundRobin
        let server = Server(configuration)
        try server.start { _ in Echo() }
        defer { server.stop() }
        var peers: [RawPeer] = []
        for count in 1...6 {
            peers.append(try RawPeer(server.endpoints[0]))
            #expect(waitUntil { server.statistics.openedConnectionCount == count })
        }
        let table = try #require(server.connections)
        #expect([table.count(ofReactor: 0), table.count(ofReactor: 1)] == [3, 3])
        for peer in peers { peer.close() }
    }
}
