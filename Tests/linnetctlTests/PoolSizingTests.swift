// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import Testing
import linnetctl

@Suite("A pool for packets of any length")
struct PoolSizingTests {
    @Test("short packets have the default pool", arguments: [28, 65_536, 1_048_576])
    func short(maxPacketByteCount: Int) {
        let standard = PacketPool.Configuration()
        #expect(PacketPool.Configuration(holding: maxPacketByteCount) == standard)
    }

    @Test("longer ones have a class of their own", arguments: [1_048_577, 10_000_000, 1 << 30])
    func long(maxPacketByteCount: Int) throws {
        let pool = try PacketPool(PacketPool.Configuration(holding: maxPacketByteCount))
        #expect(pool.classIndex(holding: maxPacketByteCount) == 4)
        #expect(pool.configuration.blockClasses[4].blockCount >= 4)
    }
}
