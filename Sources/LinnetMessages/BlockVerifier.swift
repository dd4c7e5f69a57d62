// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// Goes through the fields of a block once, in order (Specs/schema.md §4). Generated code calls it;
/// each call says whether the field is valid.
///
/// It holds what a view does, and where the next region begins. Accepts exactly what
/// Specs/schema.md §4 accepts; which failure is the first is found by the slower walk of
/// ``MessageError``.
@frozen
public struct BlockVerifier<Owner: Block>: BitwiseCopyable, ~Escapable {
    @usableFromInline let view: MessageView<Owner>
    @usableFromInline let version: UInt16
    /// Where the next region begins in the tail.
    @usableFromInline var begin: Int
    /// The next end.
    @usableFromInline var endIndex: Int

    @inlinable
    @inline(__always)
    @_lifetime(copy view)
    init(_ view: MessageView<Owner>, version: UInt16, begin: Int) {
        self.view = view
        self.version = version
        self.begin = begin
        self.endIndex = Owner.isEntry ? 1 : 0
    }
}

// MARK: - Fixed fields

extension BlockVerifier {
    /// Whether the fixed field is a value of its type, or not in this version.
    @inlinable
    @inline(__always)
    public func holds<T: InlineValue>(_ type: T.Type, at offset: Int) -> Bool {
        guard offset <= view.fixedByteCount - T.byteCount else { return true }
        // SAFETY: checked above.
        return unsafe T.isValid(view.block.part(uncheckedAt: offset, T.byteCount))
    }

    /// Whether the fixed field is within the range, or not in this version.
    @inlinable
    @inline(__always)
    public func holds<T: InlineValue & Comparable>(
        _ range: ClosedRange<T>,
        at offset: Int
    ) -> Bool {
        guard offset <= view.fixedByteCount - T.byteCount else { return true }
        // SAFETY: checked above.
        return unsafe range.contains(
            T(reading: view.block.part(uncheckedAt: offset, T.byteCount))
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
            let byte = unsafe view.block.loadLittleEndian(uncheckedAt: index, as: UInt8.self)
            guard byte == 0 else { return false }
        }
        return true
    }
}

// MARK: - Regions

extension BlockVerifier {
    /// The bytes of the next region, or -1 if its end is wrong. In versions without the field, 0.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func nextRegionByteCount() -> Int {
        guard endIndex < view.endCount else { return 0 }
        let end = view.end(endIndex)
        endIndex += 1
        guard end >= begin, end <= view.tail.byteCount else { return -1 }
        let count = end - begin
        begin = end
        return count
    }

    /// The region that ``nextRegionByteCount()`` was about.
    @inlinable
    @inline(__always)
    @_lifetime(copy self)
    func region(_ byteCount: Int) -> RawSpan {
        // SAFETY: `begin` is at most the tail's length, and `byteCount` bytes were passed over.
        unsafe view.tail.part(uncheckedAt: begin - byteCount, byteCount)
    }

    /// `string<=max`.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func text(max: Int, isPresent: Bool = true) -> Bool {
        let count = nextRegionByteCount()
        guard count >= 0, count <= (isPresent ? max : 0) else { return false }
        return isUTF8(region(count))
    }

    /// `bytes<=max`.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func bytes(max: Int, isPresent: Bool = true) -> Bool {
        let count = nextRegionByteCount()
        return count >= 0 && count <= (isPresent ? max : 0)
    }

    /// `[T]<=max`.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    public mutating func list<T: InlineValue>(
        _ type: T.Type,
        max: Int,
        isPresent: Bool = true
    ) -> Bool {
        let count = nextRegionByteCount()
        guard count >= 0, count <= (isPresent ? max * T.byteCount : 0),
            count % T.byteCount == 0
        else { return false }
        if T.isAlwaysValid { return true }
        let region = region(count)
        var offset = 0
        while offset < count {
            // SAFETY: `count` is a multiple of the element's size.
            guard unsafe T.isValid(region.part(uncheckedAt: offset, T.byteCount)) else {
                return false
            }
            offset += T.byteCount
        }
        return true
    }

    /// A union.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func union<T: UnionValue>(_ type: T.Type, isOptional: Bool) -> Bool {
        guard endIndex < view.endCount else { return true }
        let count = nextRegionByteCount()
        guard count > 0 else { return count == 0 && isOptional }
        guard count >= T.tagByteCount else { return false }
        let region = region(count)
        // SAFETY: the region holds a tag.
        let union = unsafe UnionView<T>(region)
        return union.tag != 0 && T.isValid(union)
    }

    /// A group or map.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func group<Entry: Block>(_ type: Entry.Type, max: Int) -> Bool {
        let count = nextRegionByteCount()
        guard count > 0 else { return count == 0 }
        return GroupView<Entry>.isValid(region(count), version: version, max: max)
    }

    /// Looks at the ends that are not known here, after the known ones. The last end, or -1.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func lastEnd() -> Int {
        let count = view.endCount
        while endIndex < count {
            guard nextRegionByteCount() >= 0 else { return -1 }
        }
        return begin
    }
}
