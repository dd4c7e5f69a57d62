// SPDX-License-Identifier: Apache-2.0

/// Blocks that were released by other threads than the one whose magazine acquired them.
///
/// Invariant: any thread pushes one block at a time; any thread takes the whole list at once.
/// Without a pop of single blocks there is no ABA, so the head needs no tag. It packs the number of
/// blocks on the list and the number + 1 of the first (0: empty).
///
/// Thread: any. Lock-free.
struct ReturnedList: ~Copyable {
    private let head: AtomicWord

    borrowing func push(_ number: UInt32, in links: IndexLinks) {
        var seen = head.load(.relaxed)
        while true {
            links.setNext(of: number, to: UInt32(truncatingIfNeeded: seen))
            // Releases the link and the holder's last use of the block to `takeAll`. After it has
            // succeeded this thread touches the pool no more: the pool may be gone.
            let (exchanged, original) = head.compareExchange(
                expected: seen,
                desired: (seen >> 32 &+ 1) << 32 | UInt64(number &+ 1),
                .releasing
            )
            if exchanged { return }
            seen = original
        }
    }

    /// Takes the list as a chain, or `nil` if it is empty. O(length).
    borrowing func takeAll(in links: IndexLinks) -> IndexChain? {
        // A look first: an exchange would take the cache line from the threads that push.
        guard head.load(.relaxed) != 0 else { return nil }
        // Pairs with the release in `push`.
        let taken = head.exchange(0, .acquiring)
        return links.chain(ofListFrom: UInt32(truncatingIfNeeded: taken))
    }

    /// Blocks on the list now.
    var count: Int {
        Int(head.load(.relaxed) >> 32)
    }
}
