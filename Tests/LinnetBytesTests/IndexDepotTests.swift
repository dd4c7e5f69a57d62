// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import Testing

struct IndexDepotTests {
    @Test func `places never used are taken in their order, each once`() {
        let places = Places(0..<3)
        #expect(places.freshIndex == 0)
        #expect((0..<4).map { _ in places.pop() } == [[0], [1], [2], []])
        #expect(places.freshIndex == 3)
    }

    @Test func `a depot of no places is empty`() {
        let places = Places(4..<4)
        #expect(places.pop() == [])
        #expect(places.freshIndex == 4)
    }

    @Test func `a range need not begin at zero`() {
        let places = Places(5..<7)
        #expect((0..<3).map { _ in places.pop() } == [[5], [6], []])
        places.push([6])
        #expect(places.pop() == [6])
    }

    @Test func `what was put back last is taken first, before a place never used`() {
        let places = Places(0..<4)
        for _ in 0..<3 { _ = places.pop() }
        for index in [1, 0, 2] as [UInt32] { places.push([index]) }
        #expect((0..<5).map { _ in places.pop() } == [[2], [0], [1], [3], []])
    }

    @Test(arguments: [1, 2, 3, 4])
    func `a chain goes in whole and comes out in parts`(maxCount: Int) {
        let places = Places(0..<3)
        for _ in 0..<3 { _ = places.pop() }
        places.push([2, 0, 1])
        let first = places.pop(maxCount: maxCount)
        #expect(first == Array([2, 0, 1].prefix(maxCount)))
        #expect(places.pop(maxCount: 3) == Array([2, 0, 1].dropFirst(maxCount)))
        #expect(places.pop(maxCount: 3) == [])
    }

    @Test func `of places never used only one is taken at a time`() {
        let places = Places(0..<3)
        #expect(places.pop(maxCount: 3) == [0])
    }

    @Test func `chains on top of each other are one list`() {
        let places = Places(0..<4)
        for _ in 0..<4 { _ = places.pop() }
        places.push([0, 1])
        places.push([3, 2])
        #expect(places.pop(maxCount: 4) == [3, 2, 0, 1])
    }
}

/// A depot and the links of its places. One thread uses it.
@safe
private final class Places {
    private let depot: IndexDepot
    private let words: UnsafeMutablePointer<AtomicWord>
    private let links: IndexLinks

    // SAFETY of all below: each place of the range has a word, and this object owns the words.

    init(_ range: Range<Int>) {
        depot = IndexDepot(indices: range)
        unsafe words = .allocate(capacity: max(range.upperBound, 1))
        for index in range { unsafe (words + index).initialize(to: AtomicWord(0)) }
        unsafe links = IndexLinks(
            firstLink: UnsafeMutableRawPointer(words),
            strideByteCount: MemoryLayout<AtomicWord>.stride
        )
    }

    deinit { unsafe words.deallocate() }

    var freshIndex: Int { depot.freshIndex }

    func pop(maxCount: Int = 1) -> [UInt32] {
        guard let chain = depot.pop(maxCount: maxCount, in: links) else { return [] }
        var indices = [chain.first]
        for _ in 1..<chain.count { indices.append(links.next(of: indices[indices.count - 1]) - 1) }
        #expect(indices.last == chain.last)
        return indices
    }

    func push(_ indices: [UInt32]) {
        for (index, next) in zip(indices, indices.dropFirst()) {
            links.setNext(of: index, to: next + 1)
        }
        guard let first = indices.first, let last = indices.last else { return }
        depot.push(IndexChain(first: first, last: last, count: indices.count), in: links)
    }
}
