// SPDX-License-Identifier: Apache-2.0

internal import CLinnet
internal import Synchronization

/// Where the blocks of one class lie: constant after the pool was made, except for what its
/// pointers lead to.
@safe
struct ClassControl {
    let blockByteCount: Int
    let blockCount: Int
    /// Blocks 0 ..< generalCount are for everyone, the rest is the reserve.
    let generalCount: Int
    /// Whether freed blocks are poisoned, for the address sanitizer.
    let isSanitized: Bool
    let general: UnsafeMutablePointer<BlockDepot>
    let reserve: UnsafeMutablePointer<BlockDepot>
    private let blocks: UnsafeMutableRawPointer
    private let headers: UnsafeMutableRawPointer
    /// Counts for blocks that no magazine counts: of the reserve, and of threads without a magazine.
    let outside: UsageCounters

    /// Two cache lines, which processors fetch in pairs.
    private static let lineByteCount = 128
    /// What all threads write: two depots and the counters, each on lines of its own.
    static let sharedByteCount = 3 * lineByteCount

    /// - Parameter shared: `sharedByteCount` zero bytes of the region.
    init(
        _ layout: PoolLayout.ClassLayout,
        base: UnsafeMutableRawPointer,
        shared: UnsafeMutableRawPointer
    ) {
        blockByteCount = layout.blockClass.blockByteCount
        blockCount = layout.blockClass.blockCount
        generalCount = layout.blockClass.blockCount - layout.blockClass.reserveCount
        isSanitized = linnet_has_address_sanitizer()
        // SAFETY: the layout placed these ranges apart from each other within the region.
        unsafe blocks = base + layout.blocksOffset
        unsafe headers = base + layout.headersOffset
        unsafe general = shared.bindMemory(to: BlockDepot.self, capacity: 1)
        unsafe reserve = (shared + Self.lineByteCount)
            .bindMemory(to: BlockDepot.self, capacity: 1)
        unsafe outside = UsageCounters(at: shared + 2 * Self.lineByteCount, isShared: true)
        unsafe general.initialize(to: BlockDepot(numbers: 0..<generalCount))
        unsafe reserve.initialize(to: BlockDepot(numbers: generalCount..<blockCount))
        if isSanitized {
            unsafe linnet_poison(blocks, blockByteCount * blockCount)
        }
    }

    /// First byte of a block. The caller has checked the number.
    @unsafe
    func bytes(of number: Int) -> UnsafeMutableRawPointer {
        unsafe blocks + number * blockByteCount
    }

    /// The caller has checked the number.
    @unsafe
    func header(of number: Int) -> UnsafeMutablePointer<BlockHeader> {
        unsafe (headers + number * BlockHeader.strideByteCount)
            .assumingMemoryBound(to: BlockHeader.self)
    }

    func poison(_ number: Int) {
        guard isSanitized else { return }
        unsafe linnet_poison(bytes(of: number), blockByteCount)
    }

    /// Turns a free block into one that the caller holds.
    func open(_ number: UInt32, classIndex: Int, owner: UInt32) -> Block {
        // SAFETY: numbers on lists are of this class. The block is the caller's alone, so plain
        // (relaxed) stores do; whoever gets the name gets it by an operation that publishes them.
        let header = unsafe header(of: Int(number))
        unsafe header.pointee.owner.store(owner, ordering: .relaxed)
        unsafe header.pointee.references.store(1, ordering: .relaxed)
        if isSanitized {
            unsafe linnet_unpoison(bytes(of: Int(number)), blockByteCount)
        }
        return Block(
            index: BlockIndex(classIndex: classIndex, number: Int(number)),
            generation: unsafe header.pointee.generation.load(ordering: .relaxed)
        )
    }
}

// MARK: - Lists

extension ClassControl {
    /// The link of a free block: number + 1 of the next, or 0.
    func next(of number: UInt32) -> UInt32 {
        // SAFETY: numbers on lists are of this class.
        unsafe header(of: Int(number)).pointee.next.load(ordering: .relaxed)
    }

    func setNext(of number: UInt32, to next: UInt32) {
        // SAFETY: as in `next(of:)`. Published by the release of the push that follows.
        unsafe header(of: Int(number)).pointee.next.store(next, ordering: .relaxed)
    }

    /// A list that was taken whole, as a chain. O(length).
    func chain(ofListFrom link: UInt32) -> BlockChain? {
        guard link != 0 else { return nil }
        var chain = BlockChain(first: link - 1, last: link - 1, count: 1)
        while true {
            let next = next(of: chain.last)
            guard next != 0 else { return chain }
            chain.last = next - 1
            chain.count += 1
        }
    }

    func count(ofListFrom link: UInt32) -> Int {
        chain(ofListFrom: link)?.count ?? 0
    }

    /// Puts one block back that no magazine may keep.
    func pushToDepot(_ number: Int) {
        outside.noteReturned(count: 1)
        let link = UInt32(truncatingIfNeeded: number)
        let chain = BlockChain(first: link, last: link, count: 1)
        if number >= generalCount {
            unsafe reserve.pointee.push(chain, in: self)
        } else {
            unsafe general.pointee.push(chain, in: self)
        }
    }

    /// Puts all blocks of the chain but the first into the depot.
    func pushRest(of chain: BlockChain) {
        guard chain.count > 1 else { return }
        let rest = BlockChain(
            first: next(of: chain.first) - 1,
            last: chain.last,
            count: chain.count - 1
        )
        unsafe general.pointee.push(rest, in: self)
    }
}
