// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Free blocks that belong to no thread: a lock-free stack, and behind it the blocks never used
/// yet.
///
/// Invariants:
/// 1. `head` packs a tag and the number + 1 of the top block (0: empty). Each change adds 1 to the
///    tag, so a compare-exchange that succeeds proves that nothing below the head changed since it
///    was read, however often blocks came and went (no ABA unless 2^32 changes fall into one
///    attempt).
/// 2. The links below an unchanged head are constant. Links that are read while the head changes
///    may be of another list; they are atomic, always name a block of this class, and are thrown
///    away with the failed attempt.
/// 3. `fresh` only grows, to `limit`; blocks below it have been out at least once. So memory of a
///    block is not touched before it is needed.
///
/// Thread: any. Lock-free; the order of blocks is last in, first out.
struct BlockDepot: ~Copyable {
    private let head: Atomic<UInt64>
    private let fresh: Atomic<UInt32>
    let limit: UInt32

    init(numbers: Range<Int>) {
        head = Atomic(0)
        fresh = Atomic(UInt32(numbers.lowerBound))
        limit = UInt32(numbers.upperBound)
    }

    /// Takes up to `maxCount` blocks as a chain, from the stack, or else one that was never used.
    borrowing func pop(maxCount: Int, in blocks: ClassControl) -> BlockChain? {
        popStack(maxCount: maxCount, in: blocks) ?? popFresh()
    }

    private borrowing func popStack(maxCount: Int, in blocks: ClassControl) -> BlockChain? {
        // Pairs with the release in `push`: the links that were stored before it are visible.
        var seen = head.load(ordering: .acquiring)
        while true {
            let first = UInt32(truncatingIfNeeded: seen)
            guard first != 0 else { return nil }
            var chain = BlockChain(first: first - 1, last: first - 1, count: 1)
            var rest = blocks.next(of: chain.last)
            while chain.count < maxCount, rest != 0 {
                chain.last = rest - 1
                chain.count += 1
                rest = blocks.next(of: chain.last)
            }
            let (exchanged, original) = head.weakCompareExchange(
                expected: seen,
                desired: Self.head(after: seen, first: rest),
                successOrdering: .acquiring,
                failureOrdering: .acquiring
            )
            if exchanged { return chain }
            seen = original
        }
    }

    private borrowing func popFresh() -> BlockChain? {
        var seen = fresh.load(ordering: .relaxed)
        while seen < limit {
            let (exchanged, original) = fresh.weakCompareExchange(
                expected: seen,
                desired: seen + 1,
                ordering: .relaxed
            )
            if exchanged { return BlockChain(first: seen, last: seen, count: 1) }
            seen = original
        }
        return nil
    }

    /// Puts a chain of free blocks on top.
    borrowing func push(_ chain: BlockChain, in blocks: ClassControl) {
        var seen = head.load(ordering: .relaxed)
        while true {
            blocks.setNext(of: chain.last, to: UInt32(truncatingIfNeeded: seen))
            // Releases the links, and what the last holder did with the blocks, to `pop`.
            let (exchanged, original) = head.weakCompareExchange(
                expected: seen,
                desired: Self.head(after: seen, first: chain.first + 1),
                successOrdering: .releasing,
                failureOrdering: .relaxed
            )
            if exchanged { return }
            seen = original
        }
    }

    private static func head(after seen: UInt64, first: UInt32) -> UInt64 {
        (seen >> 32 &+ 1) << 32 | UInt64(first)
    }

    /// How many blocks are here. Exact only while no other thread uses the pool.
    borrowing func countWhileAlone(in blocks: ClassControl) -> Int {
        let top = UInt32(truncatingIfNeeded: head.load(ordering: .acquiring))
        let stackedCount = blocks.chain(ofListFrom: top)?.count ?? 0
        return stackedCount + Int(limit - fresh.load(ordering: .relaxed))
    }
}

/// Free blocks linked one to the next: numbers within their class.
struct BlockChain {
    var first: UInt32
    var last: UInt32
    var count: Int
}

/// Blocks that were released by other threads than the one whose magazine acquired them.
///
/// Invariant: any thread pushes one block at a time; any thread takes the whole list at once.
/// Without a pop of single blocks there is no ABA, so the head needs no tag. It packs the number of
/// blocks on the list and the number + 1 of the first (0: empty).
///
/// Thread: any. Lock-free.
struct ReturnedList: ~Copyable {
    private let head: Atomic<UInt64>

    borrowing func push(_ number: UInt32, in blocks: ClassControl) {
        var seen = head.load(ordering: .relaxed)
        while true {
            blocks.setNext(of: number, to: UInt32(truncatingIfNeeded: seen))
            // Releases the link and the holder's last use of the block to `takeAll`. After it has
            // succeeded this thread touches the pool no more: the pool may be gone.
            let (exchanged, original) = head.weakCompareExchange(
                expected: seen,
                desired: (seen >> 32 &+ 1) << 32 | UInt64(number &+ 1),
                successOrdering: .releasing,
                failureOrdering: .relaxed
            )
            if exchanged { return }
            seen = original
        }
    }

    /// Takes the list as a chain, or `nil` if it is empty. O(length).
    borrowing func takeAll(in blocks: ClassControl) -> BlockChain? {
        // A look first: an exchange would take the cache line from the threads that push.
        guard head.load(ordering: .relaxed) != 0 else { return nil }
        // Pairs with the release in `push`.
        let taken = head.exchange(0, ordering: .acquiring)
        return blocks.chain(ofListFrom: UInt32(truncatingIfNeeded: taken))
    }

    /// Blocks on the list now.
    var count: Int {
        Int(head.load(ordering: .relaxed) >> 32)
    }
}
