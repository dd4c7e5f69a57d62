// SPDX-License-Identifier: Apache-2.0

// The names of variable fields: `order[.note]`. Generated code adds them as static members. They
// are subscripts of views here, and not generated properties, because a module without experimental
// features cannot declare a property that returns a span.

/// The name of a `string<=N`.
@frozen
public struct TextField<Owner: Block>: Sendable {
    @usableFromInline let end: Int
    @inlinable public init(end: Int) { self.end = end }
}

/// The name of an optional `string<=N`.
@frozen
public struct OptionalTextField<Owner: Block>: Sendable {
    @usableFromInline let end: Int
    @usableFromInline let presenceOffset: Int
    @usableFromInline let presenceBit: UInt8
    @inlinable public init(end: Int, presenceOffset: Int, presenceBit: UInt8) {
        self.end = end
        self.presenceOffset = presenceOffset
        self.presenceBit = presenceBit
    }
}

/// The name of a `bytes<=N`.
@frozen
public struct BytesField<Owner: Block>: Sendable {
    @usableFromInline let end: Int
    @inlinable public init(end: Int) { self.end = end }
}

/// The name of an optional `bytes<=N`.
@frozen
public struct OptionalBytesField<Owner: Block>: Sendable {
    @usableFromInline let end: Int
    @usableFromInline let presenceOffset: Int
    @usableFromInline let presenceBit: UInt8
    @inlinable public init(end: Int, presenceOffset: Int, presenceBit: UInt8) {
        self.end = end
        self.presenceOffset = presenceOffset
        self.presenceBit = presenceBit
    }
}

/// The name of a list.
@frozen
public struct ListField<Owner: Block, Element: InlineValue>: Sendable {
    @usableFromInline let end: Int
    @inlinable public init(end: Int) { self.end = end }
}

/// The name of an optional list.
@frozen
public struct OptionalListField<Owner: Block, Element: InlineValue>: Sendable {
    @usableFromInline let end: Int
    @usableFromInline let presenceOffset: Int
    @usableFromInline let presenceBit: UInt8
    @inlinable public init(end: Int, presenceOffset: Int, presenceBit: UInt8) {
        self.end = end
        self.presenceOffset = presenceOffset
        self.presenceBit = presenceBit
    }
}

/// The name of a union.
@frozen
public struct UnionField<Owner: Block, Value: UnionValue>: Sendable {
    @usableFromInline let end: Int
    @inlinable public init(end: Int) { self.end = end }
}

/// The name of a union with `?`.
@frozen
public struct OptionalUnionField<Owner: Block, Value: UnionValue>: Sendable {
    @usableFromInline let end: Int
    @inlinable public init(end: Int) { self.end = end }
}

/// The name of a group.
@frozen
public struct GroupField<Owner: Block, Entry: Block>: Sendable {
    @usableFromInline let end: Int
    @inlinable public init(end: Int) { self.end = end }
}

/// The name of a map.
@frozen
public struct MapField<Owner: Block, Entry: MapEntry>: Sendable {
    @usableFromInline let end: Int
    @inlinable public init(end: Int) { self.end = end }
}

extension MessageView {
    /// The text, in place. `String(copying:)` copies it.
    @inlinable
    public subscript(field: TextField<Owner>) -> TextView {
        @inline(__always)
        @_lifetime(copy self)
        get { TextView(region(field.end)) }
    }

    /// The text, in place, or `nil`.
    @inlinable
    public subscript(field: OptionalTextField<Owner>) -> TextView? {
        @inline(__always)
        @_lifetime(copy self)
        get {
            guard isPresent(field.presenceOffset, bit: field.presenceBit) else { return nil }
            return TextView(region(field.end))
        }
    }

    /// The bytes, in place.
    @inlinable
    public subscript(field: BytesField<Owner>) -> RawSpan {
        @inline(__always)
        @_lifetime(copy self)
        get { region(field.end) }
    }

    /// The bytes, in place, or `nil`.
    @inlinable
    public subscript(field: OptionalBytesField<Owner>) -> RawSpan? {
        @inline(__always)
        @_lifetime(copy self)
        get {
            guard isPresent(field.presenceOffset, bit: field.presenceBit) else { return nil }
            return region(field.end)
        }
    }

    /// The elements, in place.
    @inlinable
    public subscript<Element>(field: ListField<Owner, Element>) -> ListView<Element> {
        @inline(__always)
        @_lifetime(copy self)
        get { ListView(region(field.end)) }
    }

    /// The elements, in place, or `nil`.
    @inlinable
    public subscript<Element>(field: OptionalListField<Owner, Element>) -> ListView<Element>? {
        @inline(__always)
        @_lifetime(copy self)
        get {
            guard isPresent(field.presenceOffset, bit: field.presenceBit) else { return nil }
            return ListView(region(field.end))
        }
    }

    /// The union, in place.
    @inlinable
    public subscript<Value>(field: UnionField<Owner, Value>) -> UnionView<Value> {
        @inline(__always)
        @_lifetime(copy self)
        get {
            // SAFETY: a region of a union without `?` was verified to hold a tag, and every version
            // that knows the union has it: a union with `@since` has a `?`.
            unsafe UnionView(region(field.end))
        }
    }

    /// The union, in place, or `nil`.
    @inlinable
    public subscript<Value>(field: OptionalUnionField<Owner, Value>) -> UnionView<Value>? {
        @inline(__always)
        @_lifetime(copy self)
        get {
            let region = region(field.end)
            guard region.byteCount > 0 else { return nil }
            // SAFETY: a region that is not empty was verified to hold a tag.
            return unsafe UnionView(region)
        }
    }

    /// The entries, in place.
    @inlinable
    public subscript<Entry>(field: GroupField<Owner, Entry>) -> GroupView<Entry> {
        @inline(__always)
        @_lifetime(copy self)
        get { GroupView(region(field.end)) }
    }

    /// The entries, in place.
    @inlinable
    public subscript<Entry>(field: MapField<Owner, Entry>) -> MapView<Entry> {
        @inline(__always)
        @_lifetime(copy self)
        get { MapView(GroupView(region(field.end))) }
    }
}
