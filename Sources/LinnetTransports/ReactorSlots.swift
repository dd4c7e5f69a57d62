// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

/// The slots of a reactor and its lists of them: mapped once, committed as they are used. Plain
/// data to be copied at will.
///
/// Thread: the reactor's.
@safe
struct ReactorSlots: BitwiseCopyable {
    private let base: UnsafeMutablePointer<ReactorSlot>
    private let lists: UnsafeMutableRawPointer
    let count: Int

    static let listCount = 4

    /// - Parameter region: of at least `byteCount(count:)` zeroed bytes, kept by the caller.
    init(count: Int, in region: borrowing MappedRegion) {
        precondition(region.byteCount >= Self.byteCount(count: count), "slots need their room")
        // SAFETY: the region has room for the slots, and then for the lists. A slot of zeros is
        // read for its flags alone, which then say that it is free.
        unsafe base = region.base.bindMemory(to: ReactorSlot.self, capacity: count)
        unsafe lists = region.base + count * MemoryLayout<ReactorSlot>.stride
        self.count = count
    }

    static func byteCount(count: Int) -> Int {
        count * MemoryLayout<ReactorSlot>.stride + listCount * listByteCount(count: count)
    }

    /// Each slot can stand in a list twice: once among those that are being dealt with, and once
    /// behind them for the next time.
    private static func listByteCount(count: Int) -> Int { (2 * count * 4 + 63) / 64 * 64 }

    // SAFETY of all below: the index is checked.

    subscript(_ slotIndex: Int) -> ReactorSlot {
        unsafeAddress {
            precondition(slotIndex >= 0 && slotIndex < count, "no such slot")
            return unsafe UnsafePointer(base + slotIndex)
        }
        nonmutating unsafeMutableAddress {
            precondition(slotIndex >= 0 && slotIndex < count, "no such slot")
            return unsafe base + slotIndex
        }
    }

    /// Begins a slot's next life.
    func initialize(_ slotIndex: Int, to slot: ReactorSlot) {
        precondition(slotIndex >= 0 && slotIndex < count, "no such slot")
        unsafe (base + slotIndex).initialize(to: slot)
    }

    func list(_ number: Int) -> SlotList {
        precondition(number >= 0 && number < Self.listCount)
        return unsafe SlotList(
            base: lists + number * Self.listByteCount(count: count),
            capacity: 2 * count
        )
    }
}
