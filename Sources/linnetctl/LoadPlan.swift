// SPDX-License-Identifier: Apache-2.0

package import Linnet

/// What a load is to do.
package struct LoadPlan: Sendable {
    package var endpoint: Endpoint
    package var framing = PacketFraming()
    package var connectionCount = 64
    /// Packets of each connection that are under way at a time; of no meaning with a rate.
    package var depth = 16
    package var payloadByteCount = 40
    package var duration = Duration.seconds(10)
    /// Before the measurement begins.
    package var warmup = Duration.milliseconds(500)
    /// Packets a second of all connections together; `nil`: as fast as replies come.
    package var rate: Double?
    package var threadCount = 1
    /// Each connection sends no more than that, and the load ends when all is answered; `nil`: no
    /// limit but time.
    package var maxPacketCount: Int?
    /// How long replies may take once nothing more is sent, and how long connecting may take.
    package var patience = Duration.seconds(3)

    package init(endpoint: Endpoint) {
        self.endpoint = endpoint
    }

    /// Bytes of each packet on the wire.
    package var packetByteCount: Int { PacketHeader.byteCount + payloadByteCount }

    /// Clients with room for all of it.
    var clientConfiguration: ClientConfiguration {
        var configuration = ClientConfiguration()
        configuration.reactorCount = threadCount
        configuration.maxConnectionCount = connectionCount
        configuration.pool = PacketPool.Configuration(holding: framing.limits.maxPacketByteCount)
        // Who holds replies back until its own packets are written, while the server does the same,
        // waits for ever.
        let byteCount = min(max(4 * 1_048_576, 2 * depth * packetByteCount), 1 << 30)
        configuration.transport.outboundHighWaterByteCount = byteCount
        configuration.transport.maxOutboundByteCount = byteCount
        return configuration
    }
}

/// When the packets of an open loop are to go out: at even distances, each connection in its turn.
package struct LoadPacing: Sendable {
    /// When the first does, in nanoseconds.
    package let start: UInt64
    /// Packets a second.
    package let rate: Double
    package let connectionCount: Int

    package init(start: UInt64, rate: Double, connectionCount: Int) {
        self.start = start
        self.rate = rate
        self.connectionCount = connectionCount
    }

    /// When a packet is to go out.
    package func time(of packet: UInt64) -> UInt64 {
        start &+ UInt64(Double(packet) * 1e9 / rate)
    }

    /// When the packet of a connection with this number is.
    package func time(of number: UInt64, connection: Int) -> UInt64 {
        time(of: number &* UInt64(connectionCount) &+ UInt64(connection))
    }

    /// Whose turn it is, and its number there.
    package func place(of packet: UInt64) -> (connection: Int, number: UInt64) {
        let (number, connection) = packet.quotientAndRemainder(dividingBy: UInt64(connectionCount))
        return (Int(connection), number)
    }
}
