// SPDX-License-Identifier: Apache-2.0

/// The name of a block of a ``PacketPool`` at one time of its life: plain data, 8 bytes.
///
/// It is not a reference: who stores one also holds a reference that it must release once. A name
/// whose block was given back is recognised by its generation.
@usableFromInline
package struct Block: BitwiseCopyable, Sendable, Hashable {
    /// Class in the upper 4 bits, number within the class in the lower 28.
    package let index: BlockIndex
    package let generation: UInt32

    package init(index: BlockIndex, generation: UInt32) {
        self.index = index
        self.generation = generation
    }

    /// What stands in plain data where there is no block. It is the name of one, and never used.
    @usableFromInline
    package static var none: Block {
        Block(index: BlockIndex(classIndex: 0, number: 0), generation: 0)
    }
}

/// Which block of which class.
package struct BlockIndex: BitwiseCopyable, Sendable, Hashable {
    package let rawValue: UInt32

    package static let maxClassCount = 8
    package static let maxBlockCount = 1 << 28 - 1

    package init(classIndex: Int, number: Int) {
        rawValue = UInt32(truncatingIfNeeded: classIndex << 28 | number)
    }

    package var classIndex: Int { Int(rawValue >> 28) }
    package var number: Int { Int(rawValue & 0x0FFF_FFFF) }
}

/// What the pool knows of one block: a cache line of its own, so that threads which release
/// neighbours do not slow each other down.
struct BlockHeader: ~Copyable {
    /// How many hold the block; 0 while it is free.
    let references: AtomicWord
    /// Grows each time the block is given back.
    let generation: AtomicWord
    /// While the block is on a list: number + 1 of the next, or 0.
    let next: AtomicWord
    /// Index of the magazine that acquired the block, or `noOwner`.
    let owner: AtomicWord

    static let noOwner = UInt64(UInt32.max)
    static let nextOffset = 2 * MemoryLayout<AtomicWord>.stride
    static let strideByteCount = 64
}
