// SPDX-License-Identifier: Apache-2.0

internal import CLinnet

/// Everything of a pool that lies in its mapped region, behind one pointer: plain data that leases
/// and magazines copy without reference counting.
///
/// Who uses one keeps the region mapped: with a block that is out (the pool unmaps only when every
/// block is home), with the pool, or with a magazine, which holds the pool.
@safe
@usableFromInline
package struct PoolMemory: BitwiseCopyable, Equatable, @unchecked Sendable {
    // Sendable: what is behind the pointer is constant after `init`, or atomic, or owned by one
    // thread as the invariants of PacketPool say.
    private let control: UnsafeMutablePointer<PoolControl>

    /// Maps a region and writes the control structures into it.
    init(_ layout: PoolLayout, prefersHugePages: Bool) throws(Errno) {
        let region = try MappedRegion(
            byteCount: layout.byteCount,
            prefersHugePages: prefersHugePages,
            hasGuardPage: false
        )
        let base = unsafe region.base
        // SAFETY: the layout keeps all offsets within the region, aligned, and apart from each
        // other. Atomics and headers begin as zeros, which is what the kernel maps.
        unsafe control = base.bindMemory(to: PoolControl.self, capacity: 1)
        unsafe control.initialize(
            to: PoolControl(
                classCount: layout.classes.count,
                magazineCount: layout.magazineCount,
                regionByteCount: region.byteCount,
                classes: base + layout.classesOffset,
                magazines: base + layout.magazinesOffset,
                takenMagazines: (base + layout.takenMagazinesOffset).bindMemory(
                    to: AtomicWord.self,
                    capacity: layout.magazineCount
                )
            )
        )
        for (index, classLayout) in layout.classes.enumerated() {
            unsafe blockClass(index).initialize(classLayout, base: base)
            if let guardOffset = classLayout.guardOffset {
                try region.protect(offset: guardOffset, byteCount: MappedRegion.pageByteCount)
            }
            for magazine in 0..<layout.magazineCount {
                let stacks = unsafe base + classLayout.stacksOffset
                unsafe self.magazine(magazine, classIndex: index).initialize(
                    numbers: stacks + magazine * classLayout.stackStrideByteCount,
                    capacity: classLayout.stackCapacity
                )
            }
        }
        region.leak()
    }

    /// Unmaps the region unless a block is out. The pool's last act.
    func unmapIfAllBlocksAreHome() {
        for index in 0..<classCount {
            var homeCount = 0
            // SAFETY: the index is a class's; nothing else uses the pool but releases of leases,
            // whose last touch is the push that is counted here.
            let blocks = blockClass(index)
            homeCount += unsafe blocks.general.pointee.countWhileAlone(in: blocks.links)
            homeCount += unsafe blocks.reserve.pointee.countWhileAlone(in: blocks.links)
            for magazine in 0..<magazineCount {
                let control = self.magazine(magazine, classIndex: index)
                homeCount += control.takeReturned(in: blocks)?.count ?? 0
            }
            guard homeCount == blocks.blockCount else { return }
        }
        // SAFETY: all blocks are home, so nobody holds a pointer into the region.
        unsafe MappedRegion.unmap(
            base: UnsafeMutableRawPointer(control),
            byteCount: regionByteCount
        )
    }

    // SAFETY of all below: the region is mapped while a magazine or a held block exists; indices
    // are checked where they come in, so that headers, blocks and lists lie within the region.

    /// Whether both are of one pool.
    @usableFromInline
    package static func == (left: PoolMemory, right: PoolMemory) -> Bool {
        unsafe left.control == right.control
    }

    var classCount: Int { unsafe control.pointee.classCount }
    var magazineCount: Int { unsafe control.pointee.magazineCount }
    package var regionByteCount: Int { unsafe control.pointee.regionByteCount }

    func blockClass(_ index: Int) -> ClassControl {
        precondition(index >= 0 && index < classCount, "no such class of blocks")
        // SAFETY: the index was checked; `init` wrote all classes.
        return unsafe ClassControl(
            at: control.pointee.classes + index &* ClassControl.strideByteCount
        )
    }

    func magazine(_ index: Int, classIndex: Int) -> MagazineControl {
        // SAFETY: callers pass the index of a magazine of this pool and of one of its classes.
        unsafe MagazineControl(
            base: control.pointee.magazines
                + (index &* classCount &+ classIndex) &* MagazineControl.strideByteCount
        )
    }

    /// The index of a magazine that had no owner, which is now the caller's.
    func takeMagazine() -> Int? {
        (0..<magazineCount).first { index in
            // Acquires what the last owner did, released by `giveBackMagazine`.
            unsafe control.pointee.takenMagazines[index]
                .compareExchange(expected: 0, desired: 1, .acquiring).exchanged
        }
    }

    func giveBackMagazine(_ index: Int) {
        // Releases what this owner did to `takeMagazine`.
        unsafe control.pointee.takenMagazines[index].store(0, .releasing)
    }

    package func classIndex(holding byteCount: Int) -> Int? {
        for index in 0..<classCount where blockClass(index).blockByteCount >= byteCount {
            return index
        }
        return nil
    }
}

// MARK: - Blocks

extension PoolMemory {
    /// The bytes of a block that the caller holds. Traps in debug builds if the block was given
    /// back.
    @unsafe
    @usableFromInline
    package func bytes(of block: Block) -> UnsafeMutableRawBufferPointer {
        let blocks = blockClass(block.index.classIndex)
        assert(isCurrent(block), "a block was used after it was given back")
        let number = block.index.number
        precondition(number < blocks.blockCount, "no such block")
        return unsafe UnsafeMutableRawBufferPointer(
            start: blocks.bytes(of: number),
            count: blocks.blockByteCount
        )
    }

    /// Usable bytes of the block.
    package func byteCount(of block: Block) -> Int {
        blockClass(block.index.classIndex).blockByteCount
    }

    /// Whether nobody else holds the block of which the caller holds `count` references.
    @usableFromInline
    package func isUnique(_ block: Block, count: Int = 1) -> Bool {
        // Pairs with the release in `release`: the others' last use came before.
        unsafe header(of: block).pointee.references.load(.acquiring) == UInt64(count)
    }

    @unsafe
    private func header(of block: Block) -> UnsafeMutablePointer<BlockHeader> {
        let blocks = blockClass(block.index.classIndex)
        precondition(block.index.number < blocks.blockCount, "no such block")
        return unsafe blocks.header(of: block.index.number)
    }

    private func isCurrent(_ block: Block) -> Bool {
        let header = unsafe header(of: block)
        return unsafe header.pointee.generation.load(.relaxed) == UInt64(block.generation)
            && header.pointee.references.load(.relaxed) > 0
    }

    /// Adds `count` references to a block that the caller holds. O(1), any thread.
    @usableFromInline
    package func retain(_ block: Block, count: Int = 1) {
        let header = unsafe header(of: block)
        let added = UInt64(truncatingIfNeeded: count)
        // Relaxed: the caller holds a reference already, so nothing is published by another.
        let old = unsafe header.pointee.references.wrappingAdd(added, .relaxed)
        precondition(old > 0 && isCurrent(block), "a block was retained after it was given back")
    }

    /// Drops `count` references; the last gives the block back. O(1), any thread, never blocks.
    @usableFromInline
    package func release(_ block: Block, count: Int = 1) {
        guard dropReferences(of: block, count: count) else { return }
        let blocks = blockClass(block.index.classIndex)
        let number = block.index.number
        let owner = unsafe blocks.header(of: number).pointee.owner.load(.relaxed)
        if number >= blocks.generalCount || owner == BlockHeader.noOwner {
            blocks.pushToDepot(number)
        } else {
            magazine(Int(owner), classIndex: block.index.classIndex)
                .pushReturned(UInt32(truncatingIfNeeded: number), in: blocks)
        }
    }

    /// Drops `count` references. Returns whether they were the last, in which case the block is
    /// closed to its old names and the caller must put it somewhere.
    func dropReferences(of block: Block, count: Int) -> Bool {
        let header = unsafe header(of: block)
        let generation = unsafe header.pointee.generation.load(.relaxed)
        precondition(generation == UInt64(block.generation), "a block was released twice")
        let dropped = UInt64(truncatingIfNeeded: count)
        // Pairs with the release below: the others' last use came before.
        let seen = unsafe header.pointee.references.load(.acquiring)
        if seen == dropped && !isDebugBuild {
            // Nobody else holds the block, so nobody else can change the count: a store will do,
            // which costs a quarter of an atomic subtraction. Two threads that wrongly release the
            // same reference at the same time are caught in debug builds only.
            unsafe header.pointee.references.store(0, .relaxed)
        } else {
            // Releases this holder's use of the block, and acquires that of all before it.
            let old = unsafe header.pointee.references
                .wrappingAdd(0 &- dropped, .acquiringAndReleasing)
            precondition(old >= dropped, "a block was released more often than it was retained")
            guard old == dropped else { return false }
        }
        // Kept to the 32 bits that a block's name has.
        unsafe header.pointee.generation.store((generation &+ 1) & 0xFFFF_FFFF, .relaxed)
        blockClass(block.index.classIndex).poison(block.index.number)
        return true
    }

    /// Under the address sanitizer, makes an access behind the first `byteCount` bytes of the block
    /// a fault until it is called again or the block is given back. Otherwise it does nothing.
    package func limitAccess(to byteCount: Int, of block: Block) {
        let blocks = blockClass(block.index.classIndex)
        guard blocks.isSanitized else { return }
        precondition(byteCount <= blocks.blockByteCount)
        unsafe linnet_unpoison(blocks.bytes(of: block.index.number), byteCount)
        unsafe linnet_poison(
            blocks.bytes(of: block.index.number) + byteCount,
            blocks.blockByteCount - byteCount
        )
    }

    func acquireFromDepot(classIndex: Int, mayUseReserve: Bool) -> Block? {
        let blocks = blockClass(classIndex)
        var chain = unsafe blocks.general.pointee.pop(maxCount: 1, in: blocks.links)
        if chain == nil, let taken = takeReturned(classIndex: classIndex) {
            chain = IndexChain(taken.first)
            blocks.outside.noteReturned(count: taken.count)
            blocks.pushRest(of: taken)
        }
        if chain == nil, mayUseReserve {
            chain = unsafe blocks.reserve.pointee.pop(maxCount: 1, in: blocks.links)
        }
        guard let chain else {
            blocks.outside.noteExhausted()
            return nil
        }
        blocks.outside.noteAcquired()
        return blocks.open(chain.first, classIndex: classIndex, owner: BlockHeader.noOwner)
    }

    /// Takes the list of returned blocks of any magazine, for who finds nothing else: so blocks
    /// that wait for a sleeping thread are not lost to the others. The caller counts them as
    /// returned.
    func takeReturned(classIndex: Int) -> IndexChain? {
        let blocks = blockClass(classIndex)
        for index in 0..<magazineCount {
            let control = magazine(index, classIndex: classIndex)
            if let chain = control.takeReturned(in: blocks) { return chain }
        }
        return nil
    }
}

/// First thing in the region.
@unsafe
struct PoolControl {
    let classCount: Int
    let magazineCount: Int
    let regionByteCount: Int
    let classes: UnsafeMutableRawPointer
    let magazines: UnsafeMutableRawPointer
    /// Which magazines have an owner: 1, the others 0.
    let takenMagazines: UnsafeMutablePointer<AtomicWord>
}
