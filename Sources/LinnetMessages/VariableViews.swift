// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// The elements of a list, where they stand.
@frozen
public struct ListView<Element: InlineValue>: BitwiseCopyable, ~Escapable {
    /// The bytes of all elements.
    public let bytes: RawSpan

    @inlinable
    @inline(__always)
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    @inlinable public var count: Int { bytes.byteCount / Element.byteCount }
    @inlinable public var isEmpty: Bool { bytes.byteCount == 0 }
    @inlinable public var indices: Range<Int> { 0..<count }

    /// The element of that index. Traps if there is none.
    @inlinable
    public subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count, "there is no such element")
        // SAFETY: checked above.
        return unsafe Element(
            reading: bytes.part(uncheckedAt: index * Element.byteCount, Element.byteCount)
        )
    }

    /// Calls the closure with each element, in order.
    @inlinable
    @inline(__always)
    public func forEach(_ body: (Element) throws -> Void) rethrows {
        for index in 0..<count { try body(self[index]) }
    }

    /// A copy. Allocates.
    @inlinable
    public func array() -> [Element] {
        indices.map { self[$0] }
    }
}

/// A union of a schema: the generated enum conforms to it.
public protocol UnionValue: Sendable, Hashable {
    /// Bytes of the tag: 1 or 2.
    static var tagByteCount: Int { get }
    /// Whether the bytes of a known arm are valid; other arms always are.
    static func isValid(_ union: UnionView<Self>) -> Bool
    /// Copies.
    init(_ union: UnionView<Self>)
    var tag: UInt16 { get }
    /// Writes what follows the tag.
    func write(to payload: inout UnionWriter)
}

/// A union, where it stands.
@frozen
public struct UnionView<Value: UnionValue>: BitwiseCopyable, ~Escapable {
    /// Which arm.
    public let tag: UInt16
    /// What follows the tag.
    public let payload: RawSpan

    /// The union of a region that holds a tag.
    @unsafe
    @inlinable
    @inline(__always)
    @_lifetime(copy region)
    init(_ region: RawSpan) {
        // SAFETY: the caller has looked.
        tag =
            Value.tagByteCount == 1
            ? unsafe UInt16(region.loadLittleEndian(uncheckedAt: 0, as: UInt8.self))
            : unsafe region.loadLittleEndian(uncheckedAt: 0, as: UInt16.self)
        payload = unsafe region.part(
            uncheckedAt: Value.tagByteCount,
            region.byteCount - Value.tagByteCount
        )
    }

    /// A copy. Allocates for texts and bytes.
    @inlinable public var value: Value { Value(self) }

    // For generated code.

    /// Whether the payload is one value of the type.
    @inlinable
    public func holds<T: InlineValue>(_ type: T.Type) -> Bool {
        payload.byteCount == T.byteCount && T.isValid(payload)
    }

    /// Whether the payload is a text of at most `max` bytes.
    @inlinable
    public func holdsText(max: Int) -> Bool {
        payload.byteCount <= max && isUTF8(payload)
    }

    /// The payload as text. Traps if it is not UTF-8: only arms of text are.
    @inlinable
    public var text: TextView {
        @_lifetime(copy self)
        get {
            // Which arm the bytes were verified as is not known here.
            precondition(isUTF8(payload), "the arm is no text")
            return TextView(payload)
        }
    }
}

/// The entries of a map, where they stand, sorted by key.
@frozen
public struct MapView<Entry: MapEntry>: BitwiseCopyable, ~Escapable {
    /// The entries in the order of their keys.
    public let entries: GroupView<Entry>

    @inlinable
    @inline(__always)
    @_lifetime(copy entries)
    init(_ entries: GroupView<Entry>) {
        self.entries = entries
    }

    @inlinable public var count: Int { entries.count }

    /// The entry with that key. O(log count).
    @inlinable
    @_lifetime(copy self)
    public func entry(_ key: borrowing Entry.Key) -> MessageView<Entry>? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            let entry = entries.entry(middle)
            switch Entry.compare(entry, to: key) {
            case 0: return entry
            case ..<0: low = middle + 1
            default: high = middle
            }
        }
        return nil
    }
}

/// An entry of a map: generated.
public protocol MapEntry: Block {
    /// What the map is searched for: an integer, `FixedText` or `String`.
    associatedtype Key: Hashable & Sendable
    associatedtype Value: Hashable & Sendable
    var key: Key { get }
    var value: Value { get }
    init(key: Key, value: Value)
    /// Below 0 if the entry's key is below the key, 0 if it is the key.
    static func compare(_ entry: MessageView<Self>, to key: borrowing Key) -> Int
    /// Below 0 if the left key stands before the right one.
    static func compare(_ left: Key, _ right: Key) -> Int
}

/// How two values follow each other. For generated code.
@inlinable
public func order<T: Comparable>(_ left: T, _ right: T) -> Int {
    left < right ? -1 : left == right ? 0 : 1
}

/// How two texts follow each other: byte by byte. For generated code.
@inlinable
public func order(_ left: TextView, _ right: TextView) -> Int {
    order(left.bytes, right.bytes)
}

/// See ``order(_:_:)``.
@inlinable
public func order(_ left: TextView, _ right: String) -> Int {
    // Byte by byte from the string itself: a span of a string must not leave the function that took
    // it.
    var offset = 0
    for byte in right.utf8 {
        guard offset < left.count else { return -1 }
        let other = left.bytes.byte(at: offset)
        if other != byte { return other < byte ? -1 : 1 }
        offset += 1
    }
    return order(left.count, offset)
}

/// See ``order(_:_:)``. `String`s themselves are ordered by canonical equivalence.
@inlinable
public func order(_ left: String, _ right: String) -> Int {
    left.utf8.lexicographicallyPrecedes(right.utf8)
        ? -1 : right.utf8.lexicographicallyPrecedes(left.utf8) ? 1 : 0
}

@inlinable
func order(_ left: RawSpan, _ right: RawSpan) -> Int {
    for index in 0..<min(left.byteCount, right.byteCount) {
        let (a, b) = (left.byte(at: index), right.byte(at: index))
        if a != b { return a < b ? -1 : 1 }
    }
    return order(left.byteCount, right.byteCount)
}
