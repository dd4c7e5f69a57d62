// SPDX-License-Identifier: Apache-2.0

import Linnet
import Logging

/// A server for small packets of at most 2,000 peers, on a machine with little memory.
func smallServer(at endpoint: Endpoint) -> (Server, PacketFraming) {
    var configuration = ServerConfiguration(endpoints: [endpoint], execution: .workers(2))
    configuration.maxConnectionCount = 2_000
    configuration.pool.blockClasses = [
        PacketPool.BlockClass(blockByteCount: 512, blockCount: 4_096, reserveCount: 512),
        PacketPool.BlockClass(blockByteCount: 65_536, blockCount: 96, reserveCount: 16),
    ]
    configuration.transport.maxOutboundByteCount = 262_144
    configuration.transport.maxOutboundPieceCount = 16_384
    configuration.deadlines = ConnectionDeadlines(write: .seconds(10), drain: .seconds(5))
    configuration.logger.logLevel = .warning
    let limits = PacketLimits(maxPacketByteCount: 16_384)
    return (Server(configuration), PacketFraming(limits: limits))
}
