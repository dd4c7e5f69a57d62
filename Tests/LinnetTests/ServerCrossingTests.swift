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

/// What crosses from one reactor to another.
@Suite struct ServerCrossingTests {
    /// Sends each packet many times to all other connections.
    private struct Spreader: Handler {
        let record: ServerRecord
        let count: Int

        mutating func opened(_ id: ConnectionID, outbox: inout Outbox) {
            record.opened(id)
        }

        mutating func received(
            _ packet: borrowing PacketView,
            from id: ConnectionID,
            outbox: inout Outbox
        ) {
            for target in record.openIDs where target != id {
                for _ in 0..<count { _ = outbox.send(copying: packet.payload, to: target) }
            }
        }
    }

    /// A handler's sends wait in its outbox until the other reactor's queue, which is short, has
    /// room: no further event may be needed to move them.
    @Test(arguments: [Execution.inline, .workers(2)])
    func `sends to another reactor arrive though its queue is short`(execution: Execution) throws {
        var configuration = ServerConfiguration(
            endpoints: [.tcp(host: "127.0.0.1", port: 0)],
            execution: execution
        )
        configuration.reactorCount = 2
        configuration.balance = .roundRobin
        configuration.commandQueueCapacity = 16
        configuration.maxConnectionCount = 64
        configuration.logger.logLevel = .critical
        let record = ServerRecord()
        let server = Server(configuration)
        try server.start { _ in Spreader(record: record, count: 500) }
        defer { server.stop(within: .seconds(20)) }
        let endpoint = try #require(server.endpoints.first)
        let peers = try (0..<2).map { _ in try RawPeer(endpoint, limit: 5) }
        let areOpen = waitUntil { record.openedCount == 2 }
        #expect(areOpen)
        for round in 0..<20 {
            let (from, to) = (peers[round % 2], peers[(round + 1) % 2])
            from.send(payload: [UInt8(round)])
            let byteCount = to.receive(500 * 25).count
            #expect(byteCount == 500 * 25, "round \(round)")
            if byteCount < 500 * 25 { break }
        }
        for peer in peers { peer.close() }
    }
}
