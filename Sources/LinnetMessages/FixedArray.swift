// SPDX-License-Identifier: Apache-2.0

/// `T[N]` and `bytes[N]`: as many elements as the schema says, in place.
@frozen
public struct FixedArray<let capacity: Int, Element: InlineValue & Hashable>: InlineValue {
    @usableFromInline var storage: InlineArray<capacity, Element>

    @inlinable
    public init(repeating element: Element) {
        storage = InlineArray(repeating: element)
    }

    /// The first `capacity` elements of the closure.
    @inlinable
    public init(_ element: (Int) -> Element) {
        storage = InlineArray { element($0) }
    }

    @inlinable public var indices: Range<Int> { 0..<capacity }

    @inlinable
    public subscript(index: Int) -> Element {
        get { storage[index] }
        set { storage[index] = newValue }
    }

    @inlinable public static var byteCount: Int { capacity * Element.byteCount }
    @inlinable public static var isAlwaysValid: Bool { Element.isAlwaysValid }
    @inlinable public static var hasRange: Bool { Element.hasRange }

    @inlinable
    @inline(__always)
    public init(reading bytes: RawSpan) {
        precondition(bytes.byteCount >= Self.byteCount)
        storage = InlineArray { index in
            // SAFETY: checked above: `index` is below `capacity`.
            unsafe Element(
                reading: bytes.part(uncheckedAt: index * Element.byteCount, Element.byteCount)
            )
        }
    }

    @inlinable
    @inline(__always)
    public func write(to bytes: inout MutableRawSpan, at offset: Int) {
        for index in 0..<capacity {
            storage[index].write(to: &bytes, at: offset + index * Element.byteCount)
        }
    }

    @inlinable
    @inline(__always)
    public static func isValid(_ bytes: RawSpan) -> Bool {
        precondition(bytes.byteCount >= byteCount)
        if Element.isAlwaysValid { return true }
        for index in 0..<capacity {
            // SAFETY: checked above: `index` is below `capacity`.
            let part = unsafe bytes.part(
                uncheckedAt: index * Element.byteCount,
                Element.byteCount
            )
            guard Element.isValid(part) else { return false }
        }
        return true
    }
}

extension FixedArray: Hashable {
    @inlinable
    public static func == (left: Self, right: Self) -> Bool {
        for index in 0..<capacity where left.storage[index] != right.storage[index] {
            return false
        }
        return true
    }

    @inlinable
    public func hash(into hasher: inout Hasher) {
        for index in 0..<capacity { hasher.combine(storage[index]) }
    }
}

extension FixedArray: ExpressibleByArrayLiteral {
    /// Traps unless there are exactly `capacity` elements: they are ours, not a peer's.
    @inlinable
    public init(arrayLiteral elements: Element...) {
        precondition(elements.count == capacity, "the array has \(capacity) elements")
        self.init { elements[$0] }
    }
}
