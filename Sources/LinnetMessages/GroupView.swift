// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// The entries of a group, where they stand. Each is found in O(1).
///
/// ```swift
/// let fills = order[.fills]
/// for index in fills.indices { total += fills[index].quantity }
/// ```
///
/// Cost: four words.
@safe
@frozen
public struct GroupView<Entry: Block>: BitwiseCopyable, ~Escapable {
    // Invariants: `blocks` points at the blocks of `count` entries, `tail` at `tailByteCount`
    // bytes.
    @usableFromInline let blocks: UnsafeRawPointer
    @usableFromInline let tail: UnsafeRawPointer
    @usableFromInline let storedCount: UInt32
    @usableFromInline let tailByteCount: UInt32
    @usableFromInline let fixedByteCount: UInt16
    @usableFromInline let endCount: UInt16

    /// The group of a region that is empty or holds header and blocks.
    @inlinable
    @inline(__always)
    @_lifetime(copy region)
    init(_ region: RawSpan) {
        guard region.byteCount > 0 else {
            // SAFETY: nothing is read through them; 8 is not null.
            unsafe blocks = UnsafeRawPointer(bitPattern: 8).unsafelyUnwrapped
            unsafe tail = blocks
            storedCount = 0
            tailByteCount = 0
            fixedByteCount = 0
            endCount = 0
            return
        }
        // SAFETY: the pointers stay within the region, whose lifetime is the view's.
        let start = unsafe region.withUnsafeBytes { unsafe $0.baseAddress.unsafelyUnwrapped }
        let header = GroupHeader<Entry>(region)
        let tailOffset = GroupHeader<Entry>.byteCount + header.count * header.stride
        assert(tailOffset <= region.byteCount)
        unsafe blocks = start + GroupHeader<Entry>.byteCount
        unsafe tail = start + tailOffset
        storedCount = UInt32(truncatingIfNeeded: header.count)
        tailByteCount = UInt32(truncatingIfNeeded: region.byteCount - tailOffset)
        fixedByteCount = UInt16(truncatingIfNeeded: header.fixedByteCount)
        endCount = UInt16(truncatingIfNeeded: header.endCount)
    }

    /// How many entries there are.
    @inlinable public var count: Int { Int(storedCount) }
    @inlinable var stride: Int { Int(fixedByteCount) + Int(endCount) * Entry.endByteCount }
    @inlinable public var isEmpty: Bool { count == 0 }
    @inlinable public var indices: Range<Int> { 0..<count }

    /// The entry of that index. Traps if there is none.
    @inlinable
    public subscript(index: Int) -> MessageView<Entry> {
        @inline(__always)
        @_lifetime(copy self)
        get {
            precondition(index >= 0 && index < count, "there is no such entry")
            return entry(index)
        }
    }

    /// Calls the closure with each entry, in order.
    @inlinable
    @inline(__always)
    public func forEach(_ body: (MessageView<Entry>) throws -> Void) rethrows {
        for index in 0..<count { try body(entry(index)) }
    }

    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    func entry(_ index: Int) -> MessageView<Entry> {
        // SAFETY: the index is below `count`.
        unsafe _overrideLifetime(
            MessageView(
                block: blocks + index &* stride,
                tail: tail,
                fixedByteCount: fixedByteCount,
                endCount: endCount,
                tailByteCount: tailByteCount
            ),
            copying: self
        )
    }
}

/// The header of a group whose region has at least as many bytes (Specs/schema.md §3.5).
@frozen
@usableFromInline
struct GroupHeader<Entry: Block> {
    @usableFromInline let count: Int
    @usableFromInline let fixedByteCount: Int
    @usableFromInline let endCount: Int

    @inlinable static var byteCount: Int { Entry.endByteCount + 4 }

    @inlinable
    @inline(__always)
    init(_ region: RawSpan) {
        assert(region.byteCount >= Self.byteCount)
        // SAFETY: the region is long enough.
        if Entry.endByteCount == 2 {
            count = unsafe Int(region.loadLittleEndian(uncheckedAt: 0, as: UInt16.self))
            fixedByteCount = unsafe Int(region.loadLittleEndian(uncheckedAt: 2, as: UInt16.self))
            endCount = unsafe Int(region.loadLittleEndian(uncheckedAt: 4, as: UInt16.self))
        } else {
            count = unsafe Int(region.loadLittleEndian(uncheckedAt: 0, as: UInt32.self))
            fixedByteCount = unsafe Int(region.loadLittleEndian(uncheckedAt: 4, as: UInt16.self))
            endCount = unsafe Int(region.loadLittleEndian(uncheckedAt: 6, as: UInt16.self))
        }
    }

    @inlinable var stride: Int { fixedByteCount + endCount * Entry.endByteCount }
}

// MARK: - Verifying

extension GroupView {
    /// Whether a region that is not empty is a group (Specs/schema.md §4.3).
    @inlinable
    @inline(__always)
    static func isValid(_ region: RawSpan, version: UInt16, max: Int) -> Bool {
        guard region.byteCount >= GroupHeader<Entry>.byteCount else { return false }
        let header = GroupHeader<Entry>(region)
        guard header.count > 0, header.count <= max else { return false }
        if header.fixedByteCount != Entry.fixedByteCount || header.endCount != Entry.endCount
            || version != Entry.Root.version
        {
            let shape = BlockShape(
                fixedByteCount: header.fixedByteCount,
                endCount: header.endCount
            )
            guard Entry.accepts(shape, version: version) else { return false }
        }
        // Counts have at most 32 bits and strides 18: no overflow.
        let blocksByteCount = header.count &* header.stride
        let tailByteCount = region.byteCount &- GroupHeader<Entry>.byteCount &- blocksByteCount
        guard tailByteCount >= 0 else { return false }
        let group = GroupView(region)
        if header.endCount == 0 {
            guard tailByteCount == 0 else { return false }
            if Entry.isAlwaysValid && !Entry.isMap { return true }
        } else if Entry.endCount == 0 && Entry.isAlwaysValid && !Entry.isMap {
            return true
        }
        return group.areEntriesValid(version: version)
    }

    @inlinable
    func areEntriesValid(version: UInt16) -> Bool {
        let hasEnds = Entry.endCount > 0 && endCount > 0
        var begin = 0
        for index in 0..<count {
            let entry = entry(index)
            if hasEnds {
                guard entry.end(0) == begin else { return false }
            }
            let fields = BlockVerifier<Entry>(entry, version: version, begin: begin)
            begin = Entry.verify(fields)
            if hasEnds { begin = fields.lastEnd(after: begin) }
            guard begin >= 0 else { return false }
            if Entry.isMap && index > 0 {
                guard Entry.isAscending(self.entry(index - 1), entry) else { return false }
            }
        }
        return !hasEnds || begin == Int(tailByteCount)
    }
}

extension MessageView where Owner: Message {
    @inlinable
    @inline(__always)
    func isValid(version: UInt16) -> Bool {
        let fields = BlockVerifier<Owner>(self, version: version, begin: 0)
        return fields.lastEnd(after: Owner.verify(fields)) == tailByteCount
    }
}

extension GroupView {
    /// A copy of all entries. Allocates.
    @inlinable
    public func values() -> [Entry] {
        var values: [Entry] = []
        values.reserveCapacity(count)
        for index in 0..<count { values.append(Entry(entry(index))) }
        return values
    }
}
