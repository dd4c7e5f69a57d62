// SPDX-License-Identifier: Apache-2.0

extension PacketPool {
    /// One thread's stack of free blocks, last in first out, so that the block acquired next is
    /// likely to be in the cache still. See ``PacketPool`` for the invariants.
    ///
    /// Thread: one at a time, usually for its whole life. When the value ends its blocks go to the
    /// shared depot.
    public struct Magazine: ~Copyable {
        public let pool: PacketPool
        package let memory: PoolMemory
        private let index: Int

        init(pool: PacketPool, index: Int) {
            self.pool = pool
            self.memory = pool.memory
            self.index = index
        }

        deinit {
            for classIndex in 0..<memory.classCount {
                let control = memory.magazine(index, classIndex: classIndex)
                control.empty(into: memory.blockClass(classIndex))
            }
            memory.giveBackMagazine(index)
        }

        /// Takes a free block of the smallest class that holds `byteCount` bytes.
        ///
        /// Amortised O(1): a call that finds the stack empty walks the blocks that came back since
        /// the last such call. Never blocks, never allocates. The caller holds the block's one
        /// reference and must release it once.
        ///
        /// - Parameter mayUseReserve: true only for a connection that holds no block.
        /// - Returns: `nil` when the class is exhausted, or when no class is large enough.
        package func acquire(holding byteCount: Int, mayUseReserve: Bool = false) -> Block? {
            guard let classIndex = memory.classIndex(holding: byteCount) else { return nil }
            return acquire(classIndex: classIndex, mayUseReserve: mayUseReserve)
        }

        /// Takes a free block of the class; see ``acquire(holding:mayUseReserve:)``.
        package func acquire(classIndex: Int, mayUseReserve: Bool = false) -> Block? {
            let blocks = memory.blockClass(classIndex)
            let control = memory.magazine(index, classIndex: classIndex)
            if let number = control.pop() ?? refill(control, from: blocks, classIndex) {
                control.counters.noteAcquired()
                return blocks.open(
                    number,
                    classIndex: classIndex,
                    owner: UInt64(index)
                )
            }
            // SAFETY: the depot lies in the region that `pool` keeps mapped.
            if mayUseReserve,
                let chain = unsafe blocks.reserve.pointee.pop(maxCount: 1, in: blocks.links)
            {
                blocks.outside.noteAcquired()
                return blocks.open(
                    chain.first,
                    classIndex: classIndex,
                    owner: UInt64(index)
                )
            }
            control.counters.noteExhausted()
            return nil
        }

        /// Drops `count` references of a block. The last puts it on this thread's stack, whoever
        /// acquired it. O(1).
        package func release(_ block: Block, count: Int = 1) {
            guard memory.dropReferences(of: block, count: count) else { return }
            let blocks = memory.blockClass(block.index.classIndex)
            let number = block.index.number
            guard number < blocks.generalCount else { return blocks.pushToDepot(number) }
            let control = memory.magazine(index, classIndex: block.index.classIndex)
            control.counters.noteReturned(count: 1)
            control.push(UInt32(truncatingIfNeeded: number), in: blocks)
        }

        /// The stack is empty: blocks that came back, then the depot, then what came back to
        /// others.
        private func refill(
            _ control: MagazineControl,
            from blocks: ClassControl,
            _ classIndex: Int
        ) -> UInt32? {
            if let chain = control.takeReturned(in: blocks) {
                control.counters.noteReturned(count: chain.count)
                return control.keep(chain, of: blocks)
            }
            // Half a stack, so that a release right after it does not go back to the depot.
            let wanted = max(1, control.capacity / 2)
            // SAFETY: the depot lies in the region that `pool` keeps mapped.
            if let chain = unsafe blocks.general.pointee.pop(maxCount: wanted, in: blocks.links) {
                return control.keep(chain, of: blocks)
            }
            guard let chain = memory.takeReturned(classIndex: classIndex) else { return nil }
            control.counters.noteReturned(count: chain.count)
            return control.keep(chain, of: blocks)
        }
    }
}

/// One magazine's part of the region, for one class: the list that all threads push to, and on a
/// cache line of its own the stack and the counters, which only the owner writes.
@safe
struct MagazineControl {
    private let returned: UnsafeMutablePointer<ReturnedList>
    private let stack: UnsafeMutablePointer<Stack>
    let counters: UsageCounters

    @unsafe
    private struct Stack {
        var numbers: UnsafeMutablePointer<UInt32>
        var capacity: Int
        var count: Int
    }

    /// Two cache lines for others, two for the owner.
    static let strideByteCount = 256

    init(base: UnsafeMutableRawPointer) {
        // SAFETY: the layout gave `strideByteCount` bytes to this magazine and class; zeros are a
        // valid list and valid counters; `initialize` writes the stack before any other use.
        unsafe returned = base.assumingMemoryBound(to: ReturnedList.self)
        unsafe stack = (base + 128).assumingMemoryBound(to: Stack.self)
        unsafe counters = UsageCounters(
            at: base + 128 + MemoryLayout<Stack>.stride,
            isShared: false
        )
    }

    // SAFETY of all below: the region is mapped while a magazine or a held block exists; `numbers`
    // has room for `capacity` numbers and `count` never exceeds it; only the owner gets to the
    // stack.

    func initialize(numbers: UnsafeMutableRawPointer, capacity: Int) {
        let numbers = unsafe numbers.bindMemory(to: UInt32.self, capacity: capacity)
        unsafe stack.initialize(to: Stack(numbers: numbers, capacity: capacity, count: 0))
    }

    var capacity: Int { unsafe stack.pointee.capacity }

    /// Any thread.
    func pushReturned(_ number: UInt32, in blocks: ClassControl) {
        unsafe returned.pointee.push(number, in: blocks.links)
    }

    /// Any thread: the returned blocks, which are now the caller's.
    func takeReturned(in blocks: ClassControl) -> IndexChain? {
        unsafe returned.pointee.takeAll(in: blocks.links)
    }

    /// Any thread: how many blocks have returned and wait to be taken.
    var returnedCount: Int { unsafe returned.pointee.count }

    func pop() -> UInt32? {
        let count = unsafe stack.pointee.count
        guard count > 0 else { return nil }
        unsafe stack.pointee.count = count - 1
        return unsafe stack.pointee.numbers[count - 1]
    }

    /// Puts a free block on top; a full stack gives its older half to the depot first.
    func push(_ number: UInt32, in blocks: ClassControl) {
        if unsafe stack.pointee.count == stack.pointee.capacity {
            flush(count: (capacity + 1) / 2, into: blocks)
        }
        guard capacity > 0 else {
            unsafe blocks.general.pointee.push(
                IndexChain(number),
                in: blocks.links
            )
            return
        }
        unsafe stack.pointee.numbers[stack.pointee.count] = number
        unsafe stack.pointee.count += 1
    }

    /// Keeps what the stack, which is empty, has room for; the depot gets the rest.
    /// - Returns: one of the blocks, for immediate use.
    func keep(_ chain: IndexChain, of blocks: ClassControl) -> UInt32 {
        var rest = chain
        for _ in 0..<min(chain.count - 1, capacity) {
            let following = blocks.links.next(of: rest.first) - 1
            rest.first = following
            rest.count -= 1
            unsafe stack.pointee.numbers[stack.pointee.count] = following
            unsafe stack.pointee.count += 1
        }
        blocks.pushRest(of: rest)
        return chain.first
    }

    /// Gives everything to the depot.
    func empty(into blocks: ClassControl) {
        flush(count: unsafe stack.pointee.count, into: blocks)
        if let chain = takeReturned(in: blocks) {
            counters.noteReturned(count: chain.count)
            unsafe blocks.general.pointee.push(chain, in: blocks.links)
        }
    }

    /// Gives the `count` oldest blocks of the stack to the depot.
    private func flush(count: Int, into blocks: ClassControl) {
        guard count > 0 else { return }
        let numbers = unsafe stack.pointee.numbers
        for position in 1..<count {
            unsafe blocks.links.setNext(of: numbers[position - 1], to: numbers[position] + 1)
        }
        let chain = unsafe IndexChain(first: numbers[0], last: numbers[count - 1], count: count)
        unsafe blocks.general.pointee.push(chain, in: blocks.links)
        let left = unsafe stack.pointee.count - count
        unsafe numbers.update(from: numbers + count, count: left)
        unsafe stack.pointee.count = left
    }
}
