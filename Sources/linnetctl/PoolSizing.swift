// SPDX-License-Identifier: Apache-2.0

package import LinnetBytes

extension PacketPool.Configuration {
    /// The longest packet for which ``init(holding:)`` makes room: the pool reserves address space
    /// for some of them.
    package static let maxPacketByteCount = 1 << 30

    /// The default, with a class of larger blocks if packets may be longer than its largest: room
    /// for at least four of them, and for more the shorter they are. Memory is committed as packets
    /// arrive.
    package init(holding maxPacketByteCount: Int) {
        precondition(maxPacketByteCount <= Self.maxPacketByteCount, "a packet of at most 1 GiB")
        self.init()
        let largest = blockClasses.last?.blockByteCount ?? 0
        guard maxPacketByteCount > largest else { return }
        let count = min(64, max(4, 256 * 1_048_576 / maxPacketByteCount))
        blockClasses.append(
            PacketPool.BlockClass(
                blockByteCount: (maxPacketByteCount + 63) / 64 * 64,
                blockCount: count,
                reserveCount: 1
            )
        )
    }
}
