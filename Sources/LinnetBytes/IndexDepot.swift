// SPDX-License-Identifier: Apache-2.0

/// Free places of an array, named by their indices: a lock-free stack, and behind it the places
/// never used yet.
///
/// Invariants:
/// 1. `head` packs a tag and the index + 1 of the top (0: empty). Each change adds 1 to the
///    tag, so a compare-exchange that succeeds proves that nothing below the head changed since it
///    was read, however often places came and went (no ABA unless 2^32 changes fall into one
///    attempt).
/// 2. The links below an unchanged head are constant. Links that are read while the head changes
///    may be of another list; they are atomic, always name a place of this array, and are thrown
///    away with the failed attempt.
/// 3. `fresh` only grows, to `limit`; places below it have been out at least once. So memory of a
///    place is not touched before it is needed.
///
/// Thread: any. Lock-free; the order is last in, first out.
package struct IndexDepot: ~Copyable {
    private let head: AtomicWord
    private let fresh: AtomicWord
    let limit: UInt32

    package init(indices: Range<Int>) {
        head = AtomicWord(0)
        fresh = AtomicWord(UInt64(indices.lowerBound))
        limit = UInt32(indices.upperBound)
    }

    /// Takes up to `maxCount` places as a chain, from the stack, or else one that was never used.
    package borrowing func pop(maxCount: Int, in links: IndexLinks) -> IndexChain? {
        popStack(maxCount: maxCount, in: links) ?? popFresh()
    }

    private borrowing func popStack(maxCount: Int, in links: IndexLinks) -> IndexChain? {
        // Pairs with the release in `push`: the links that were stored before it are visible.
        var seen = head.load(.acquiring)
        while true {
            let first = UInt32(truncatingIfNeeded: seen)
            guard first != 0 else { return nil }
            var chain = IndexChain(first - 1)
            var rest = links.next(of: chain.last)
            while chain.count < maxCount, rest != 0 {
                chain.last = rest - 1
                chain.count += 1
                rest = links.next(of: chain.last)
            }
            let (exchanged, original) = head.compareExchange(
                expected: seen,
                desired: Self.head(after: seen, first: rest),
                .acquiring
            )
            if exchanged { return chain }
            seen = original
        }
    }

    private borrowing func popFresh() -> IndexChain? {
        var seen = fresh.load(.relaxed)
        while seen < limit {
            let (exchanged, original) = fresh.compareExchange(
                expected: seen,
                desired: seen + 1,
                .relaxed
            )
            if exchanged { return IndexChain(UInt32(truncatingIfNeeded: seen)) }
            seen = original
        }
        return nil
    }

    /// Puts a chain of free places on top.
    package borrowing func push(_ chain: IndexChain, in links: IndexLinks) {
        var seen = head.load(.relaxed)
        while true {
            links.setNext(of: chain.last, to: UInt32(truncatingIfNeeded: seen))
            // Releases the links, and what the last holder did with the places, to `pop`.
            let (exchanged, original) = head.compareExchange(
                expected: seen,
                desired: Self.head(after: seen, first: chain.first + 1),
                .releasing
            )
            if exchanged { return }
            seen = original
        }
    }

    private static func head(after seen: UInt64, first: UInt32) -> UInt64 {
        (seen >> 32 &+ 1) << 32 | UInt64(first)
    }

    /// How many places were ever taken from the front: those at it and behind it have never been
    /// used.
    package var freshIndex: Int { Int(fresh.load(.relaxed)) }

    /// How many places are here. Exact only while no other thread uses the depot.
    borrowing func countWhileAlone(in links: IndexLinks) -> Int {
        let top = UInt32(truncatingIfNeeded: head.load(.acquiring))
        let stackedCount = links.chain(ofListFrom: top)?.count ?? 0
        return stackedCount + Int(limit) - freshIndex
    }
}

/// Free places linked one to the next.
package struct IndexChain {
    package var first: UInt32
    package var last: UInt32
    package var count: Int

    package init(first: UInt32, last: UInt32, count: Int) {
        self.first = first
        self.last = last
        self.count = count
    }

    /// A chain of one.
    package init(_ index: UInt32) {
        self.init(first: index, last: index, count: 1)
    }
}

/// The links of an array's free places: one word in each, `stride` bytes apart.
@safe
package struct IndexLinks {
    private let first: UnsafeMutableRawPointer
    private let strideByteCount: Int

    // SAFETY of all below: the maker of these links keeps the memory and passes no index that is
    // not of the array, and each place of the array has a word there.

    /// The caller keeps the memory, and passes no index that is not of the array.
    @unsafe
    package init(firstLink: UnsafeMutableRawPointer, strideByteCount: Int) {
        unsafe first = firstLink
        self.strideByteCount = strideByteCount
    }

    /// The link of a free place: index + 1 of the next, or 0.
    package func next(of index: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: unsafe link(of: index).pointee.load(.relaxed))
    }

    package func setNext(of index: UInt32, to next: UInt32) {
        // Published by the release of the push that follows.
        unsafe link(of: index).pointee.store(UInt64(next), .relaxed)
    }

    /// A list that was taken whole, as a chain. O(length).
    package func chain(ofListFrom link: UInt32) -> IndexChain? {
        guard link != 0 else { return nil }
        var chain = IndexChain(link - 1)
        while true {
            let next = next(of: chain.last)
            guard next != 0 else { return chain }
            chain.last = next - 1
            chain.count += 1
        }
    }

    private func link(of index: UInt32) -> UnsafeMutablePointer<AtomicWord> {
        unsafe (first + Int(index) &* strideByteCount).assumingMemoryBound(to: AtomicWord.self)
    }
}
