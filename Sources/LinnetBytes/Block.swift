// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

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
    let references: Atomic<UInt32>
    /// Grows each time the block is given back.
    let generation: Atomic<UInt32>
    /// While the block is on a list: number + 1 of the next, or 0.
    let next: Atomic<UInt32>
    /// Index of the magazine that acquired the block, or `noOwner`.
    let owner: Atomic<UInt32>

    static let noOwner = UInt32.max
    static let strideByteCount = 64
}
