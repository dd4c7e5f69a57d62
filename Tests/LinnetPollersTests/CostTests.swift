// SPDX-License-Identifier: Apache-2.0

#if !DEBUG
    // Only the optimizer's work is judged.

    import CTestSupport
    import Glibc
    import LinnetBytes
    import LinnetPollers
    import Testing

    /// What a poller of the system must not do between a wait and a transfer: allocate, and count
    /// references.
    @Suite(.serialized, .enabled(if: linnet_counts_costs()))
    struct CostTests {
        @Test func `a report, a transfer each way and a wait cost no allocation and no retain`()
            throws
        {
            var poller = try EpollPoller()
            let (ours, theirs) = try makeSocketPair()
            try poller.watch(ours, as: .stream, token: 1)
            let memory = try MappedRegion(byteCount: 4096)
            let buffer = unsafe UnsafeMutableRawBufferPointer(start: memory.base, count: 1024)
            let pieces = UnsafeMutableBufferPointer<SendPiece>.allocate(capacity: 2)
            defer { unsafe pieces.deallocate() }
            for index in pieces.indices {
                // SAFETY: the region has 4096 bytes and outlives the pieces.
                unsafe pieces.initializeElement(
                    at: index,
                    to: SendPiece(base: memory.base + 1024, byteCount: 100)
                )
            }
            let one = unsafe UnsafeBufferPointer(rebasing: pieces[..<1])
            let two = UnsafeBufferPointer(pieces)
            var byteCount = 0
            func round() {
                _ = unsafe poller.send(one, to: theirs)
                _ = unsafe poller.send(two, to: theirs)
                for index in 0..<poller.wait(atMost: .zero) {
                    guard poller.completion(index).token == 1 else { continue }
                    while case .bytes(let count) = unsafe poller.receive(from: ours, into: buffer) {
                        byteCount += count
                    }
                }
                _ = poller.wait(atMost: .nanoseconds(1))
            }
            round()
            let allocations = linnet_allocation_count()
            let retains = linnet_reference_count_operations()
            for _ in 0..<100 { round() }
            let newRetains = linnet_reference_count_operations() - retains
            let newAllocations = linnet_allocation_count() - allocations
            #expect(newRetains == 0)
            #expect(newAllocations == 0)
            #expect(byteCount == 101 * 300)
            poller.close(ours)
            poller.close(theirs)
        }
    }
#endif
