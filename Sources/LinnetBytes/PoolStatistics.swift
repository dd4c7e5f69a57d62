// SPDX-License-Identifier: Apache-2.0

extension PacketPool {
    /// What one class has done so far.
    public struct ClassStatistics: Sendable, Hashable {
        public var blockByteCount: Int
        public var blockCount: Int
        /// Blocks that are out.
        public var inUseCount: Int
        /// The most that were out at a time. With several magazines it is the sum of their peaks,
        /// so an upper bound; blocks that other threads released count until a magazine takes them
        /// back.
        public var highWaterCount: Int
        /// How often `acquire` found the class exhausted.
        public var exhaustedCount: Int
    }

    /// A look at all classes, smallest first. While other threads work, the numbers of one look
    /// need not fit together exactly. O(classes × magazines); allocates the array.
    public var statistics: [ClassStatistics] {
        configuration.blockClasses.indices.map { memory.statistics(ofClass: $0) }
    }
}

extension PoolMemory {
    fileprivate func statistics(ofClass classIndex: Int) -> PacketPool.ClassStatistics {
        let blocks = blockClass(classIndex)
        var sum = PacketPool.ClassStatistics(
            blockByteCount: blocks.blockByteCount,
            blockCount: blocks.blockCount,
            inUseCount: 0,
            highWaterCount: 0,
            exhaustedCount: 0
        )
        func add(_ counters: UsageCounters) {
            sum.inUseCount += counters.heldCount
            sum.highWaterCount += counters.highWaterCount
            sum.exhaustedCount += counters.exhaustedCount
        }
        add(blocks.outside)
        for index in 0..<magazineCount {
            let control = magazine(index, classIndex: classIndex)
            add(control.counters)
            sum.inUseCount -= control.returnedCount
        }
        sum.inUseCount = min(max(sum.inUseCount, 0), blocks.blockCount)
        sum.highWaterCount = min(sum.highWaterCount, blocks.blockCount)
        return sum
    }
}
