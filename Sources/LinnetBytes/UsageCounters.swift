// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Counts of blocks that are out, for one magazine and class, or for all threads without a
/// magazine.
///
/// Thread: those of a magazine are written by its thread alone, so that a load and a store are
/// enough; shared ones by any thread. All are relaxed: they order nothing, people read them.
@safe
struct UsageCounters {
    private let cells: UnsafeMutablePointer<Cells>
    private let isShared: Bool

    static let byteCount = MemoryLayout<Cells>.stride

    struct Cells: ~Copyable {
        let held: Atomic<Int>
        let highWater: Atomic<Int>
        let exhausted: Atomic<Int>
    }

    /// Binds `byteCount` zero bytes of a pool's region.
    init(at address: UnsafeMutableRawPointer, isShared: Bool) {
        // SAFETY: the layout gave these bytes to these counters alone, and zeros are valid atomics.
        unsafe cells = address.bindMemory(to: Cells.self, capacity: 1)
        self.isShared = isShared
    }

    // SAFETY of all below: `cells` lies in the region of a pool that its users keep mapped.

    func noteAcquired() {
        if isShared {
            let now = unsafe cells.pointee.held.wrappingAdd(1, ordering: .relaxed).newValue
            unsafe cells.pointee.highWater.max(now, ordering: .relaxed)
            return
        }
        let now = unsafe cells.pointee.held.load(ordering: .relaxed) &+ 1
        unsafe cells.pointee.held.store(now, ordering: .relaxed)
        if unsafe now > cells.pointee.highWater.load(ordering: .relaxed) {
            unsafe cells.pointee.highWater.store(now, ordering: .relaxed)
        }
    }

    func noteReturned(count: Int) {
        if isShared {
            unsafe cells.pointee.held.wrappingSubtract(count, ordering: .relaxed)
            return
        }
        let now = unsafe cells.pointee.held.load(ordering: .relaxed) &- count
        unsafe cells.pointee.held.store(now, ordering: .relaxed)
    }

    func noteExhausted() {
        unsafe cells.pointee.exhausted.wrappingAdd(1, ordering: .relaxed)
    }

    /// Blocks out; of one magazine it can be negative, since blocks may come home through another.
    var heldCount: Int { unsafe cells.pointee.held.load(ordering: .relaxed) }
    var highWaterCount: Int { unsafe cells.pointee.highWater.load(ordering: .relaxed) }
    var exhaustedCount: Int { unsafe cells.pointee.exhausted.load(ordering: .relaxed) }
}
