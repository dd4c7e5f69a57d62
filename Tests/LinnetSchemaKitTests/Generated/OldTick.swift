// SPDX-License-Identifier: Apache-2.0

// As linnet-schema writes it of version 1 of tick.linnet, under another name.

public import LinnetMessages

public enum LinnetOldTickSchema {
    public static let table = SchemaTable(
        """
        linnet 1 linnet.tick 1
        block 1:6:0
        .key u16 0
        .value u32 2
        block 1:9:2
        .price decimal:i64:-4 0
        .isFinal bool 8
        .note string:8 e0
        .places map:4:0 e1
        message Tick 7 1 1 2 64

        """
    )
}

/// What the tests of kits run on.
public struct OldTick: Message {
    public var price: FixedDecimal<Int64, -4> = .init(mantissa: 0)
    public var isFinal: Bool = false
    public var note: String = ""
    public var places: [UInt16: UInt32] = [:]

    public init(
        price: FixedDecimal<Int64, -4> = .init(mantissa: 0),
        isFinal: Bool = false,
        note: String = "",
        places: [UInt16: UInt32] = [:]
    ) {
        self.price = price
        self.isFinal = isFinal
        self.note = note
        self.places = places
    }

    public typealias Root = OldTick
    public typealias View = MessageView<OldTick>
    public typealias Builder = MessageBuilder<OldTick, Start>
    public static var schema: SchemaTable { LinnetOldTickSchema.table }
    @inlinable public static var number: UInt16 { 7 }
    @inlinable public static var version: UInt16 { 1 }
    @inlinable public static var oldestVersion: UInt16 { 1 }
    @inlinable public static var isWide: Bool { false }
    @inlinable public static var maxByteCount: Int { 64 }
    @inlinable public static var fixedByteCount: Int { 9 }
    @inlinable public static var endCount: Int { 2 }
    @inlinable public static var oldestFixedByteCount: Int { 9 }
    @inlinable public static var oldestEndCount: Int { 2 }

    public static func shape(ofVersion version: UInt16) -> BlockShape {
        BlockShape(fixedByteCount: 9, endCount: 2)
    }

    @inlinable
    @inline(__always)
    public static func verify(_ fields: BlockVerifier<Self>) -> Int {
        var begin = fields.begin
        guard
            fields.holds(Bool.self, at: 8),
            fields.text(end: 0, max: 8, &begin),
            fields.group(PlacesEntry.self, end: 1, max: 4, &begin)
        else { return -1 }
        return begin
    }

    public init(_ view: MessageView<Self>) {
        price = view.price
        isFinal = view.isFinal
        note = String(copying: view[.note])
        places = view[.places].dictionary()
    }

    public func write(to fields: inout MessageWriter<Self>) {
        fields.store(price, at: 0)
        fields.store(isFinal, at: 8)
        fields.text(note, end: 0, max: 8)
        fields.map(PlacesEntry.self, places, end: 1, max: 4)
    }
}

extension MessageView where Owner == OldTick {
    @inlinable public var price: FixedDecimal<Int64, -4> { load(at: 0) }
    @inlinable public var isFinal: Bool { load(at: 8) }
}

extension TextField where Owner == OldTick {
    @inlinable public static var note: Self { Self(end: 0) }
}

extension MapField where Owner == OldTick, Entry == OldTick.PlacesEntry {
    @inlinable public static var places: Self { Self(end: 1) }
}

extension MessageBuilder where Owner == OldTick {
    @inlinable public var price: FixedDecimal<Int64, -4> {
        get { writer.load(at: 0, orElse: .init(mantissa: 0)) }
        nonmutating set { writer.store(newValue, at: 0) }
    }
    @inlinable public var isFinal: Bool {
        get { writer.load(at: 8, orElse: false) }
        nonmutating set { writer.store(newValue, at: 8) }
    }
}

extension OldTick {
    public enum Start: BeforeNote {}
    public enum AfterNote: BeforePlaces {}
    public enum AfterPlaces {}
    public protocol BeforeNote: BeforePlaces {}
    public protocol BeforePlaces {}
}

extension BuildStep
where Owner == OldTick, Phase: OldTick.BeforeNote, Next == OldTick.AfterNote, Region == TextRegion {
    @inlinable public static var note: Self { Self(end: 0, max: 8) }
}

extension BuildStep
where
    Owner == OldTick, Phase: OldTick.BeforePlaces, Next == OldTick.AfterPlaces,
    Region == GroupRegion<OldTick.PlacesEntry>
{
    @inlinable public static var places: Self { Self(end: 1, max: 4) }
}

extension OldTick {
    public struct PlacesEntry: MapEntry {
        public var key: UInt16 = 0
        public var value: UInt32 = 0

        public init(key: UInt16 = 0, value: UInt32 = 0) {
            self.key = key
            self.value = value
        }

        public typealias Root = OldTick
        @inlinable public static var isEntry: Bool { true }
        @inlinable public static var isMap: Bool { true }
        @inlinable public static var fixedByteCount: Int { 6 }
        @inlinable public static var endCount: Int { 0 }
        @inlinable public static var oldestFixedByteCount: Int { 6 }
        @inlinable public static var oldestEndCount: Int { 0 }
        @inlinable public static var isAlwaysValid: Bool { true }

        public static func shape(ofVersion version: UInt16) -> BlockShape {
            BlockShape(fixedByteCount: 6, endCount: 0)
        }

        @inlinable
        @inline(__always)
        public static func verify(_ fields: BlockVerifier<Self>) -> Int {
            fields.begin
        }

        @inlinable
        public static func compare(_ entry: MessageView<Self>, to key: UInt16) -> Int {
            order(entry.key, key)
        }

        @inlinable
        public static func compare(_ left: UInt16, _ right: UInt16) -> Int {
            order(left, right)
        }

        @inlinable
        public static func isAscending(
            _ previous: MessageView<Self>,
            _ next: MessageView<Self>
        ) -> Bool {
            order(previous.key, next.key) < 0
        }

        public init(_ view: MessageView<Self>) {
            key = view.key
            value = view.value
        }

        public func write(to fields: inout MessageWriter<Self>) {
            fields.store(key, at: 0)
            fields.store(value, at: 2)
        }
    }
}

extension MessageView where Owner == OldTick.PlacesEntry {
    @inlinable public var key: UInt16 { load(at: 0) }
    @inlinable public var value: UInt32 { load(at: 2) }
}

extension MessageBuilder where Owner == OldTick.PlacesEntry {
    @inlinable public var key: UInt16 {
        get { writer.load(at: 0, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 0) }
    }
    @inlinable public var value: UInt32 {
        get { writer.load(at: 2, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 2) }
    }
}

extension OldTick.PlacesEntry {
    public enum Start {}
}
