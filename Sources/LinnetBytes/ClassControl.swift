// SPDX-License-Identifier: Apache-2.0

internal import CLinnet

/// One class of a pool: a pointer to what is known of it in the region.
@safe
struct ClassControl {
    private let storage: UnsafeMutablePointer<Storage>

    /// Constant after the pool was made, except for what its pointers lead to.
    @unsafe
    private struct Storage {
        let blockByteCount: Int
        let blockCount: Int
        let generalCount: Int
        let isSanitized: Bool
        let blocks: UnsafeMutableRawPointer
        let headers: UnsafeMutableRawPointer
        let general: UnsafeMutablePointer<IndexDepot>
        let reserve: UnsafeMutablePointer<IndexDepot>
        let outside: UsageCounters
    }

    /// Two cache lines, which processors fetch in pairs.
    private static let lineByteCount = 128
    /// What `initialize` writes, what threads without a magazine count, and two depots: each on
    /// lines of its own.
    static let strideByteCount = 4 * lineByteCount

    /// - Parameter address: `strideByteCount` bytes of the region that `initialize` has written, or
    ///   zeros that it will write before any other use.
    init(at address: UnsafeMutableRawPointer) {
        // SAFETY: the layout gave these bytes to this class alone.
        unsafe storage = address.assumingMemoryBound(to: Storage.self)
    }

    // SAFETY of all below: the region is mapped while a magazine or a held block exists; the layout
    // placed all ranges apart from each other; callers have checked the numbers of blocks.

    func initialize(_ layout: PoolLayout.ClassLayout, base: UnsafeMutableRawPointer) {
        let count = layout.blockClass.blockCount
        let generalCount = count - layout.blockClass.reserveCount
        let shared = unsafe UnsafeMutableRawPointer(storage) + Self.lineByteCount
        let general = unsafe shared.bindMemory(to: IndexDepot.self, capacity: 1)
        let reserve = unsafe (shared + Self.lineByteCount)
            .bindMemory(to: IndexDepot.self, capacity: 1)
        unsafe general.initialize(to: IndexDepot(indices: 0..<generalCount))
        unsafe reserve.initialize(to: IndexDepot(indices: generalCount..<count))
        unsafe storage.initialize(
            to: Storage(
                blockByteCount: layout.blockClass.blockByteCount,
                blockCount: count,
                generalCount: generalCount,
                isSanitized: linnet_has_address_sanitizer(),
                blocks: base + layout.blocksOffset,
                headers: base + layout.headersOffset,
                general: general,
                reserve: reserve,
                outside: UsageCounters(at: shared + 2 * Self.lineByteCount, isShared: true)
            )
        )
        if isSanitized {
            unsafe linnet_poison(storage.pointee.blocks, blockByteCount * count)
        }
    }

    var blockByteCount: Int { unsafe storage.pointee.blockByteCount }
    var blockCount: Int { unsafe storage.pointee.blockCount }
    /// Blocks 0 ..< generalCount are for everyone, the rest is the reserve.
    var generalCount: Int { unsafe storage.pointee.generalCount }
    /// Whether freed blocks are poisoned, for the address sanitizer.
    var isSanitized: Bool { unsafe storage.pointee.isSanitized }
    /// Counts for blocks that no magazine counts: of the reserve, and of threads without a
    /// magazine.
    var outside: UsageCounters { unsafe storage.pointee.outside }

    @unsafe var general: UnsafeMutablePointer<IndexDepot> { unsafe storage.pointee.general }
    @unsafe var reserve: UnsafeMutablePointer<IndexDepot> { unsafe storage.pointee.reserve }

    /// First byte of a block. The caller has checked the number.
    @unsafe
    func bytes(of number: Int) -> UnsafeMutableRawPointer {
        unsafe storage.pointee.blocks + number &* blockByteCount
    }

    /// The caller has checked the number.
    @unsafe
    func header(of number: Int) -> UnsafeMutablePointer<BlockHeader> {
        unsafe (storage.pointee.headers + number &* BlockHeader.strideByteCount)
            .assumingMemoryBound(to: BlockHeader.self)
    }

    func poison(_ number: Int) {
        guard isSanitized else { return }
        unsafe linnet_poison(bytes(of: number), blockByteCount)
    }

    /// Turns a free block into one that the caller holds.
    @inline(__always)
    func open(_ number: UInt32, classIndex: Int, owner: UInt64) -> Block {
        // The block is the caller's alone, so relaxed stores do; whoever gets the name gets it by
        // an operation that publishes them.
        let header = unsafe header(of: Int(number))
        unsafe header.pointee.owner.store(owner, .relaxed)
        unsafe header.pointee.references.store(1, .relaxed)
        if isSanitized {
            unsafe linnet_unpoison(bytes(of: Int(number)), blockByteCount)
        }
        return Block(
            index: BlockIndex(classIndex: classIndex, number: Int(number)),
            generation: UInt32(
                truncatingIfNeeded: unsafe header.pointee.generation.load(.relaxed)
            )
        )
    }
}

// MARK: - Lists

extension ClassControl {
    /// The links of free blocks, which stand in their headers.
    var links: IndexLinks {
        unsafe IndexLinks(
            firstLink: storage.pointee.headers + BlockHeader.nextOffset,
            strideByteCount: BlockHeader.strideByteCount
        )
    }

    /// Puts one block back that no magazine may keep.
    func pushToDepot(_ number: Int) {
        outside.noteReturned(count: 1)
        let link = UInt32(truncatingIfNeeded: number)
        let chain = IndexChain(link)
        if number >= generalCount {
            unsafe reserve.pointee.push(chain, in: links)
        } else {
            unsafe general.pointee.push(chain, in: links)
        }
    }

    /// Puts all blocks of the chain but the first into the depot.
    func pushRest(of chain: IndexChain) {
        guard chain.count > 1 else { return }
        let rest = IndexChain(
            first: links.next(of: chain.first) - 1,
            last: chain.last,
            count: chain.count - 1
        )
        unsafe general.pointee.push(rest, in: links)
    }
}
