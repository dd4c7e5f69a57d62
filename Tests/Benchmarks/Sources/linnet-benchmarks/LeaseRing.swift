// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinnetBytes
import Synchronization

/// A ring of 256 leases from one thread to one other, which yield when it is full or empty.
///
/// Invariant: places `taken ..< put` (modulo 256) belong to the taker, the others to the putter;
/// the release of each index pairs with the acquire on the other side.
final class LeaseRing: @unchecked Sendable {
    // Sendable: by the invariant, no place has two users at a time.
    private let places = UnsafeMutablePointer<PacketLease?>.allocate(capacity: 256)
    private let putCount = Atomic(0)
    private let takenCount = Atomic(0)

    init() {
        for index in 0..<256 { (places + index).initialize(to: nil) }
    }

    deinit {
        for index in 0..<256 { (places + index).deinitialize(count: 1) }
        places.deallocate()
    }

    func put(_ lease: consuming PacketLease) {
        let index = putCount.load(ordering: .relaxed)
        while index - takenCount.load(ordering: .acquiring) == 256 { sched_yield() }
        places[index % 256] = consume lease
        putCount.store(index + 1, ordering: .releasing)
    }

    func take() {
        let index = takenCount.load(ordering: .relaxed)
        while putCount.load(ordering: .acquiring) == index { sched_yield() }
        places[index % 256] = nil
        takenCount.store(index + 1, ordering: .releasing)
    }
}
