// SPDX-License-Identifier: Apache-2.0

/// Memory for packets: a fixed number of blocks of a few sizes, mapped once.
///
/// - A **block** has one header with an atomic count of references. Who acquires it holds the
///   first; the last release gives the block back.
/// - Each thread that handles many packets makes itself a ``Magazine``, a small stack of free
///   blocks that it alone uses. Blocks that other threads release return to the magazine that
///   acquired them, through a list that is taken whole.
/// - Each class of blocks has a hard cap. When it is reached `acquire` returns `nil`; the pool
///   never grows, blocks or allocates. A share of each class, the reserve, is kept for connections
///   that hold no block, so that a few hungry ones cannot starve the rest.
/// - Memory is committed when it is first touched, and zeroed only then: a block that is acquired
///   again holds bytes of its former life.
///
/// Invariants:
/// 1. A block is in exactly one place: out (references > 0), in one magazine, on one list of
///    returned blocks, in a depot, or never used yet.
/// 2. A block of the reserve is never in a magazine or on a list of returned blocks.
/// 3. Only the thread that owns a magazine touches its stack; its list of returned blocks is pushed
///    by any thread and taken whole by any thread.
/// 4. The generation of a block grows when it is given back, so a handle from before is recognised.
///
/// Thread: all members may be used by any thread.
public final class PacketPool: Sendable {
    /// One size of block.
    public struct BlockClass: Sendable, Hashable {
        /// Bytes of each block: a multiple of 64.
        public var blockByteCount: Int
        /// Number of blocks, the hard cap.
        public var blockCount: Int
        /// How many of them are kept for connections that hold none.
        public var reserveCount: Int

        public init(blockByteCount: Int, blockCount: Int, reserveCount: Int) {
            self.blockByteCount = blockByteCount
            self.blockCount = blockCount
            self.reserveCount = reserveCount
        }
    }

    /// The limits of a pool. All memory that it can ever commit follows from them.
    public struct Configuration: Sendable, Hashable {
        /// From the smallest block to the largest; at most 8 classes.
        public var blockClasses: [BlockClass]
        /// How many magazines can exist at a time; at most 1,024.
        public var maxMagazineCount: Int
        /// Asks the kernel for huge pages.
        public var prefersHugePages: Bool
        /// Puts an inaccessible page behind each class.
        public var hasGuardPages: Bool

        /// Defaults: room for a few thousand connections in the middle of a packet, and for 64
        /// packets of the default maximum of 1 MiB; 179 MiB of address space in all, committed as
        /// it is touched.
        public init(
            blockClasses: [BlockClass] = [
                BlockClass(blockByteCount: 512, blockCount: 32_768, reserveCount: 4_096),
                BlockClass(blockByteCount: 4_096, blockCount: 8_192, reserveCount: 1_024),
                BlockClass(blockByteCount: 65_536, blockCount: 1_024, reserveCount: 128),
                BlockClass(blockByteCount: 1_048_576, blockCount: 64, reserveCount: 8),
            ],
            maxMagazineCount: Int = 64,
            prefersHugePages: Bool = false,
            hasGuardPages: Bool? = nil
        ) {
            self.blockClasses = blockClasses
            self.maxMagazineCount = maxMagazineCount
            self.prefersHugePages = prefersHugePages
            self.hasGuardPages = hasGuardPages ?? isDebugBuild
        }
    }

    @usableFromInline package let memory: PoolMemory
    public let configuration: Configuration

    /// Maps the pool.
    ///
    /// - Throws: `Errno` when the system refuses the mapping. A configuration that breaks its own
    ///   rules is a programming error and traps.
    public init(_ configuration: Configuration = Configuration()) throws(Errno) {
        let layout = PoolLayout(configuration)
        self.configuration = configuration
        self.memory = try PoolMemory(layout, prefersHugePages: configuration.prefersHugePages)
    }

    /// Unmaps the pool if every block is home. Leases that are still out stay valid: the mapping is
    /// then left in place until the process ends.
    deinit {
        memory.unmapIfAllBlocksAreHome()
    }

    /// A stack of free blocks for the calling thread, which alone may use it.
    ///
    /// - Returns: `nil` if `maxMagazineCount` magazines exist. O(`maxMagazineCount`).
    public func makeMagazine() -> Magazine? {
        guard let index = memory.takeMagazine() else { return nil }
        return Magazine(pool: self, index: index)
    }

    /// The most memory that the pool can commit: all blocks and their headers, in bytes.
    public var maxByteCount: Int { memory.regionByteCount }

    /// The index of the smallest class whose blocks hold `byteCount` bytes, or `nil` if none does.
    public func classIndex(holding byteCount: Int) -> Int? {
        memory.classIndex(holding: byteCount)
    }

    /// Takes a free block, or `nil` when the class is exhausted. For threads without a magazine:
    /// it goes to the shared depot each time. Never blocks, never allocates.
    package func acquire(classIndex: Int, mayUseReserve: Bool = false) -> Block? {
        memory.acquireFromDepot(classIndex: classIndex, mayUseReserve: mayUseReserve)
    }
}
