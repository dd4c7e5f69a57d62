// SPDX-License-Identifier: Apache-2.0

/// Where everything of a pool lies in its one region, computed before the region is mapped.
///
/// ```
/// PoolControl | ClassControl... | MagazineControl... | owners | stacks | headers
/// -- page -- | blocks of class 0 | guard page | blocks of class 1 | guard page | ...
/// ```
struct PoolLayout {
    struct ClassLayout {
        var blockClass: PacketPool.BlockClass
        var stackCapacity: Int
        var stacksOffset = 0
        /// Whole cache lines, so that owners of two stacks do not slow each other down.
        var stackStrideByteCount: Int { (stackCapacity * 4 + 127) / 128 * 128 }
        var headersOffset = 0
        var blocksOffset = 0
        var guardOffset: Int?
    }

    private(set) var classes: [ClassLayout] = []
    let magazineCount: Int
    let classesOffset: Int
    let magazinesOffset: Int
    let takenMagazinesOffset: Int
    private(set) var byteCount: Int

    /// Checks the configuration, which is the programmer's, and lays it out.
    init(_ configuration: PacketPool.Configuration) {
        Self.check(configuration)
        let classCount = configuration.blockClasses.count
        magazineCount = configuration.maxMagazineCount
        // SAFETY: only the size of the type is used.
        var end = unsafe MemoryLayout<PoolControl>.stride

        func place(_ byteCount: Int, alignment: Int = 128) -> Int {
            let offset = (end + alignment - 1) / alignment * alignment
            end = offset + byteCount
            return offset
        }

        classesOffset = place(classCount * ClassControl.strideByteCount)
        magazinesOffset = place(magazineCount * classCount * MagazineControl.strideByteCount)
        takenMagazinesOffset = place(magazineCount * MemoryLayout<AtomicWord>.stride)
        for blockClass in configuration.blockClasses {
            let capacity = Self.stackCapacity(of: blockClass, magazineCount: magazineCount)
            var layout = ClassLayout(blockClass: blockClass, stackCapacity: capacity)
            layout.stacksOffset = place(magazineCount * layout.stackStrideByteCount)
            layout.headersOffset = place(blockClass.blockCount * BlockHeader.strideByteCount)
            classes.append(layout)
        }
        let page = MappedRegion.pageByteCount
        for index in classes.indices {
            let blockClass = classes[index].blockClass
            let blocksByteCount = blockClass.blockByteCount * blockClass.blockCount
            classes[index].blocksOffset = place(blocksByteCount, alignment: page)
            if configuration.hasGuardPages {
                classes[index].guardOffset = place(page, alignment: page)
            }
        }
        byteCount = place(0, alignment: page)
    }

    /// Free blocks that one magazine may keep to itself: 256 KiB worth, at most 64 blocks, and
    /// never so many that all magazines together could hold more than a quarter of the class.
    private static func stackCapacity(
        of blockClass: PacketPool.BlockClass,
        magazineCount: Int
    ) -> Int {
        let generalCount = blockClass.blockCount - blockClass.reserveCount
        let byMemory = min(64, 262_144 / blockClass.blockByteCount)
        return min(byMemory, generalCount / (4 * magazineCount))
    }

    private static func check(_ configuration: PacketPool.Configuration) {
        let classes = configuration.blockClasses
        precondition(
            (1...BlockIndex.maxClassCount).contains(classes.count),
            "a pool has 1 to \(BlockIndex.maxClassCount) classes of blocks"
        )
        precondition(
            (1...1_024).contains(configuration.maxMagazineCount),
            "a pool has 1 to 1,024 magazines"
        )
        for blockClass in classes {
            precondition(
                blockClass.blockByteCount > 0 && blockClass.blockByteCount % 64 == 0
                    && blockClass.blockByteCount <= 1 << 31,
                "the size of a block is a multiple of 64 bytes, at most 2 GiB"
            )
            precondition(
                (1...BlockIndex.maxBlockCount).contains(blockClass.blockCount),
                "a class has 1 to \(BlockIndex.maxBlockCount) blocks"
            )
            precondition(
                (0...blockClass.blockCount).contains(blockClass.reserveCount),
                "the reserve is a part of the class"
            )
        }
        for (smaller, larger) in zip(classes, classes.dropFirst()) {
            precondition(
                smaller.blockByteCount < larger.blockByteCount,
                "classes of blocks go from the smallest to the largest"
            )
        }
    }
}
