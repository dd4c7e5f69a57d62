// SPDX-License-Identifier: Apache-2.0

// LinnetSchemaKit: what the safety kit of a schema runs on. It owns the walk over every accessor
// of a
// message, what must hold of any bytes and of golden vectors, random and hostile messages, and the
// measuring of all that.
//
//     linnetctl schema kit --KitEmitter--> a package: messages of each version, their walks
//     bytes --SchemaKit--> verified, walked, copied, written again, as JSON and back, read by
// older code
//
// Promises: the same bytes and the same seed give the same outcome; what is wrong is an error that
// says what was found and what should have been. It imports LinnetMessages.

public import LinnetBytes
public import LinnetMessages

/// Reads all that it is given, and makes a number of it: so that nothing of a walk is left out
/// by the
/// optimizer, and that two walks of the same bytes can be compared.
@frozen
public struct KitWalk: Sendable {
    public var sum: UInt64 = 0
    /// Whether maps are searched for each of their keys, and values are copied out of unions. That
    /// allocates.
    @usableFromInline let isThorough: Bool

    @inlinable
    public init(isThorough: Bool = false) {
        self.isThorough = isThorough
    }

    @inlinable
    @inline(__always)
    public mutating func add(_ bits: UInt64) {
        sum = (sum &+ bits) &* 0x9E37_79B9_7F4A_7C15
    }
}

/// A value of a fixed field whose parts are read one by one.
public protocol KitValue: InlineValue {
    func kitWalk(into walk: inout KitWalk)
}

/// A message or an entry whose accessors are all read.
public protocol KitBlock: LinnetMessages.Block {
    static func kitWalk(_ view: MessageView<Self>, into walk: inout KitWalk)
}

/// A message of a kit.
public protocol KitMessage: KitBlock, Message {}

/// A union whose arms are all read.
public protocol KitUnion: UnionValue {
    static func kitWalk(_ view: UnionView<Self>, into walk: inout KitWalk)
}

// MARK: - What fields have

extension KitWalk {
    @inlinable
    @inline(__always)
    public mutating func take<Value: KitValue>(_ value: Value) {
        value.kitWalk(into: &self)
    }

    @inlinable
    @inline(__always)
    public mutating func take<Value: KitValue>(_ value: Value?) {
        add(value == nil ? 0 : 1)
        if let value { take(value) }
    }

    @inlinable
    public mutating func take(_ text: TextView) {
        take(text.bytes)
    }

    @inlinable
    public mutating func take(_ text: TextView?) {
        add(text == nil ? 0 : 1)
        if let text { take(text) }
    }

    /// Reads eight bytes at a time.
    @inlinable
    public mutating func take(_ bytes: RawSpan) {
        let count = bytes.byteCount
        add(UInt64(truncatingIfNeeded: count))
        var offset = 0
        while offset <= count - 8 {
            add(bytes.loadLittleEndian(at: offset))
            offset += 8
        }
        while offset < count {
            add(UInt64(bytes.loadLittleEndian(at: offset, as: UInt8.self)))
            offset += 1
        }
    }

    @inlinable
    public mutating func take(_ bytes: RawSpan?) {
        add(bytes == nil ? 0 : 1)
        if let bytes { take(bytes) }
    }

    @inlinable
    public mutating func take<Element: KitValue>(_ list: ListView<Element>) {
        add(UInt64(truncatingIfNeeded: list.count))
        for index in list.indices { take(list[index]) }
    }

    @inlinable
    public mutating func take<Element: KitValue>(_ list: ListView<Element>?) {
        add(list == nil ? 0 : 1)
        if let list { take(list) }
    }

    @inlinable
    public mutating func take<Value: KitUnion>(_ union: UnionView<Value>) {
        add(UInt64(union.tag))
        Value.kitWalk(union, into: &self)
        if isThorough { add(UInt64(union.value.tag)) }
    }

    @inlinable
    public mutating func take<Value: KitUnion>(_ union: UnionView<Value>?) {
        add(union == nil ? 0 : 1)
        if let union { take(union) }
    }

    @inlinable
    public mutating func take<Entry: KitBlock>(_ group: GroupView<Entry>) {
        add(UInt64(truncatingIfNeeded: group.count))
        for index in group.indices { Entry.kitWalk(group[index], into: &self) }
    }

    /// All entries; if the walk is thorough, each is found by its key too.
    @inlinable
    public mutating func take<Entry: KitBlock & MapEntry>(_ map: MapView<Entry>) {
        take(map.entries)
        guard isThorough else { return }
        for index in map.entries.indices {
            let key = Entry(map.entries[index]).key
            guard let found = map.entry(key) else {
                preconditionFailure("a key of a map is not found in it")
            }
            var (own, other) = (KitWalk(), KitWalk())
            Entry.kitWalk(map.entries[index], into: &own)
            Entry.kitWalk(found, into: &other)
            precondition(own.sum == other.sum, "a map gives the entry of another key")
        }
    }
}
