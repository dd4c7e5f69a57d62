// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
internal import LinnetConnections

/// An incomplete frame, and when it was first seen.
struct BegunFrame: BitwiseCopyable {
    let generation: UInt32
    /// Of the frames of its connection, the lowest bits.
    let number: UInt32
    let start: MonotonicInstant

    func isSame(as other: BegunFrame) -> Bool {
        generation == other.generation && number == other.number
    }
}

/// One place for each slot: mapped once, committed where connections were found inside a frame.
///
/// Thread: the reactor's.
@safe
struct BegunFrames: ~Copyable {
    private let region: MappedRegion
    private let base: UnsafeMutablePointer<BegunFrame>
    private let count: Int

    /// - Throws: `Errno` when the system refuses the address space.
    init(count: Int) throws(Errno) {
        let region = try MappedRegion(byteCount: Self.byteCount(count: max(1, count)))
        // SAFETY: the region has room for so many. A place of zeros is that of a generation that no
        // connection has.
        unsafe base = region.base.bindMemory(to: BegunFrame.self, capacity: count)
        self.region = region
        self.count = count
    }

    static func byteCount(count: Int) -> Int { count * MemoryLayout<BegunFrame>.stride }

    // SAFETY: the index is checked.
    subscript(_ slotIndex: Int) -> BegunFrame {
        get {
            precondition(slotIndex >= 0 && slotIndex < count, "no such slot")
            return unsafe base[slotIndex]
        }
        nonmutating set {
            precondition(slotIndex >= 0 && slotIndex < count, "no such slot")
            unsafe base[slotIndex] = newValue
        }
    }
}
