// SPDX-License-Identifier: Apache-2.0

/// Goes through the fields of a block once, in order (Specs/schema.md §4). Generated code calls it;
/// each call says whether the field is valid.
///
/// It is four words, a view and where the next region begins. Accepts exactly what
/// Specs/schema.md §4 accepts; which failure is the first is found by the slower walk of
/// ``MessageError``.
@frozen
public struct BlockVerifier<Owner: Block>: BitwiseCopyable, ~Escapable {
    @usableFromInline let view: MessageView<Owner>
    /// Where the first region begins in the tail.
    @usableFromInline let storedBegin: UInt32
    @usableFromInline let version: UInt16

    @inlinable
    @inline(__always)
    @_lifetime(copy view)
    init(_ view: MessageView<Owner>, version: UInt16, begin: Int) {
        self.view = view
        self.version = version
        storedBegin = UInt32(truncatingIfNeeded: begin)
    }

    /// Where the first region begins in the tail. Each call for a region moves a copy of it on.
    @inlinable public var begin: Int { Int(storedBegin) }
}

// MARK: - Fixed fields

extension BlockVerifier {
    /// Whether the version has these bytes of the fixed part. Costs nothing for those of the
    /// oldest.
    @inlinable
    @inline(__always)
    func isHeld(_ offset: Int, _ byteCount: Int) -> Bool {
        precondition(offset >= 0)
        return offset <= Owner.oldestFixedByteCount - byteCount
            || offset <= view.fixedByteCount - byteCount
    }

    /// Whether the fixed field is a value of its type, or not in this version.
    @inlinable
    @inline(__always)
    public func holds<T: InlineValue>(_ type: T.Type, at offset: Int) -> Bool {
        guard isHeld(offset, T.byteCount) else { return true }
        // SAFETY: checked above.
        return unsafe T.isValid(view.fixed(uncheckedAt: offset, T.byteCount))
    }

    /// Whether the fixed field is within the range, or not in this version.
    @inlinable
    @inline(__always)
    public func holds<T: InlineValue & Comparable>(
        _ type: T.Type,
        in range: ClosedRange<T>,
        at offset: Int
    ) -> Bool {
        guard isHeld(offset, T.byteCount) else { return true }
        // SAFETY: checked above.
        return unsafe range.contains(
            T(reading: view.fixed(uncheckedAt: offset, T.byteCount))
        )
    }

    /// Whether the presence byte has only bits of fields, or is not in this version.
    @inlinable
    @inline(__always)
    public func holdsPresence(at offset: Int, mask: UInt8) -> Bool {
        view.load(UInt8.self, at: offset, orElse: 0) & ~mask == 0
    }

    /// Whether the optional field is there.
    @inlinable
    @inline(__always)
    public func isPresent(_ offset: Int, bit: UInt8) -> Bool {
        view.isPresent(offset, bit: bit)
    }

    /// Whether the bytes are zero, or not in this version: those of a field that is absent.
    @inlinable
    public func isZero(at offset: Int, byteCount: Int) -> Bool {
        guard offset <= view.fixedByteCount - byteCount else { return true }
        for index in offset..<offset + byteCount {
            // SAFETY: checked above.
            let byte = unsafe UInt8(reading: view.fixed(uncheckedAt: index, 1))
            guard byte == 0 else { return false }
        }
        return true
    }
}

// MARK: - Regions

extension BlockVerifier {
    /// The bytes of the region of that end, or -1 if the end is wrong. In versions without it, 0.
    @inlinable
    @inline(__always)
    func regionByteCount(_ index: Int, _ begin: inout Int) -> Int {
        guard index < Owner.oldestEndCount || index < view.endCount else { return 0 }
        let end = view.end(index)
        guard end >= begin, end <= view.tailByteCount else { return -1 }
        let count = end &- begin
        begin = end
        return count
    }

    /// The region that ``regionByteCount(_:_:)`` moved over.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    func region(_ byteCount: Int, before begin: Int) -> RawSpan {
        // SAFETY: `begin` is at most the tail's length, and `byteCount` bytes were passed over.
        unsafe view.part(uncheckedAt: begin &- byteCount, byteCount)
    }

    /// `string<=max`.
    @inlinable
    @inline(__always)
    public func text(end: Int, max: Int, isPresent: Bool = true, _ begin: inout Int) -> Bool {
        let count = regionByteCount(end, &begin)
        guard count >= 0, count <= (isPresent ? max : 0) else { return false }
        return isUTF8(region(count, before: begin))
    }

    /// `bytes<=max`.
    @inlinable
    @inline(__always)
    public func bytes(end: Int, max: Int, isPresent: Bool = true, _ begin: inout Int) -> Bool {
        let count = regionByteCount(end, &begin)
        return count >= 0 && count <= (isPresent ? max : 0)
    }

    /// `[T]<=max`.
    @inlinable
    @inline(__always)
    public func list<T: InlineValue>(
        _ type: T.Type,
        end: Int,
        max: Int,
        isPresent: Bool = true,
        _ begin: inout Int
    ) -> Bool {
        let count = regionByteCount(end, &begin)
        guard count >= 0, count <= (isPresent ? max * T.byteCount : 0),
            count % T.byteCount == 0
        else { return false }
        return T.isAlwaysValid || areElementsValid(type, region(count, before: begin))
    }

    @inlinable
    func areElementsValid<T: InlineValue>(_ type: T.Type, _ region: RawSpan) -> Bool {
        var offset = 0
        while offset < region.byteCount {
            // SAFETY: the region's length is a multiple of the element's size.
            guard unsafe T.isValid(region.part(uncheckedAt: offset, T.byteCount)) else {
                return false
            }
            offset += T.byteCount
        }
        return true
    }

    /// A union.
    @inlinable
    public func union<T: UnionValue>(
        _ type: T.Type,
        end: Int,
        isOptional: Bool,
        _ begin: inout Int
    ) -> Bool {
        guard end < view.endCount else { return true }
        let count = regionByteCount(end, &begin)
        guard count > 0 else { return count == 0 && isOptional }
        guard count >= T.tagByteCount else { return false }
        // SAFETY: the region holds a tag.
        let union = unsafe UnionView<T>(region(count, before: begin))
        return union.tag != 0 && T.isValid(union)
    }

    /// A group or map.
    @inlinable
    @inline(__always)
    public func group<Entry: Block>(
        _ type: Entry.Type,
        end: Int,
        max: Int,
        _ begin: inout Int
    ) -> Bool {
        let count = regionByteCount(end, &begin)
        guard count > 0 else { return count == 0 }
        return GroupView<Entry>.isValid(
            region(count, before: begin),
            version: version,
            max: max
        )
    }

    /// Looks at the ends that are not known here, after the known ones. The last end, or -1.
    @inlinable
    @inline(__always)
    func lastEnd(after begin: Int) -> Int {
        begin >= 0 && view.endCount > Owner.endCount ? lastUnknownEnd(after: begin) : begin
    }

    @usableFromInline
    func lastUnknownEnd(after begin: Int) -> Int {
        var begin = begin
        for index in Owner.endCount..<view.endCount {
            guard regionByteCount(index, &begin) >= 0 else { return -1 }
        }
        return begin
    }
}
