// SPDX-License-Identifier: Apache-2.0

// Tests/Examples/Sources/prices/prices.linnet, as the emitters write it, by hand.

public import Linnet

let pricesSchema = SchemaTable("")

/// Asks for the quotes of an instrument from now on.
public struct Subscribe: Message {
    public var instrument: UInt32 = 0

    public init() {}

    public static var schema: SchemaTable { pricesSchema }
    public typealias View = MessageView<Subscribe>
    public typealias Root = Subscribe
    public typealias Builder = MessageBuilder<Subscribe, Start>

    @inlinable public static var number: UInt16 { 1 }
    @inlinable public static var version: UInt16 { 1 }
    @inlinable public static var oldestVersion: UInt16 { 1 }
    @inlinable public static var isWide: Bool { false }
    @inlinable public static var maxByteCount: Int { 12 }
    @inlinable public static var fixedByteCount: Int { 4 }
    @inlinable public static var endCount: Int { 0 }
    @inlinable public static var oldestFixedByteCount: Int { 4 }
    @inlinable public static var oldestEndCount: Int { 0 }
    public static func shape(ofVersion version: UInt16) -> BlockShape {
        BlockShape(fixedByteCount: 4, endCount: 0)
    }

    @inlinable public static var isAlwaysValid: Bool { true }
    @inlinable
    public static func verify(_ fields: inout BlockVerifier<Subscribe>) -> Bool { true }

    public init(_ view: MessageView<Subscribe>) {
        instrument = view.instrument
    }

    public func write(to fields: inout MessageWriter<Subscribe>) {
        fields.store(instrument, at: 0)
    }

    public enum Start {}
}

extension MessageView where Owner == Subscribe {
    @inlinable public var instrument: UInt32 { load(at: 0) }
}

extension MessageBuilder where Owner == Subscribe {
    @inlinable public var instrument: UInt32 {
        get { writer.load(at: 0, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 0) }
    }
}

/// Asks for no more of them.
public struct Unsubscribe: Message {
    public var instrument: UInt32 = 0

    public init() {}

    public static var schema: SchemaTable { pricesSchema }
    public typealias View = MessageView<Unsubscribe>
    public typealias Root = Unsubscribe
    public typealias Builder = MessageBuilder<Unsubscribe, Start>

    @inlinable public static var number: UInt16 { 2 }
    @inlinable public static var version: UInt16 { 1 }
    @inlinable public static var oldestVersion: UInt16 { 1 }
    @inlinable public static var isWide: Bool { false }
    @inlinable public static var maxByteCount: Int { 12 }
    @inlinable public static var fixedByteCount: Int { 4 }
    @inlinable public static var endCount: Int { 0 }
    @inlinable public static var oldestFixedByteCount: Int { 4 }
    @inlinable public static var oldestEndCount: Int { 0 }
    public static func shape(ofVersion version: UInt16) -> BlockShape {
        BlockShape(fixedByteCount: 4, endCount: 0)
    }

    @inlinable public static var isAlwaysValid: Bool { true }
    @inlinable
    public static func verify(_ fields: inout BlockVerifier<Unsubscribe>) -> Bool { true }

    public init(_ view: MessageView<Unsubscribe>) {
        instrument = view.instrument
    }

    public func write(to fields: inout MessageWriter<Unsubscribe>) {
        fields.store(instrument, at: 0)
    }

    public enum Start {}
}

extension MessageView where Owner == Unsubscribe {
    @inlinable public var instrument: UInt32 { load(at: 0) }
}

extension MessageBuilder where Owner == Unsubscribe {
    @inlinable public var instrument: UInt32 {
        get { writer.load(at: 0, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 0) }
    }
}

/// What an instrument costs at a moment.
public struct Quote: Message {
    public var instrument: UInt32 = 0
    public var time: Timestamp<Nanoseconds> = Timestamp(0)
    public var bid: FixedDecimal<Int64, -4> = FixedDecimal(mantissa: 0)
    public var ask: FixedDecimal<Int64, -4> = FixedDecimal(mantissa: 0)

    public init() {}

    public static var schema: SchemaTable { pricesSchema }
    public typealias View = MessageView<Quote>
    public typealias Root = Quote
    public typealias Builder = MessageBuilder<Quote, Start>

    @inlinable public static var number: UInt16 { 3 }
    @inlinable public static var version: UInt16 { 1 }
    @inlinable public static var oldestVersion: UInt16 { 1 }
    @inlinable public static var isWide: Bool { false }
    @inlinable public static var maxByteCount: Int { 36 }
    @inlinable public static var fixedByteCount: Int { 28 }
    @inlinable public static var endCount: Int { 0 }
    @inlinable public static var oldestFixedByteCount: Int { 28 }
    @inlinable public static var oldestEndCount: Int { 0 }
    public static func shape(ofVersion version: UInt16) -> BlockShape {
        BlockShape(fixedByteCount: 28, endCount: 0)
    }

    @inlinable public static var isAlwaysValid: Bool { true }
    @inlinable
    public static func verify(_ fields: inout BlockVerifier<Quote>) -> Bool { true }

    public init(_ view: MessageView<Quote>) {
        instrument = view.instrument
        time = view.time
        bid = view.bid
        ask = view.ask
    }

    public func write(to fields: inout MessageWriter<Quote>) {
        fields.store(instrument, at: 0)
        fields.store(time, at: 4)
        fields.store(bid, at: 12)
        fields.store(ask, at: 20)
    }

    public enum Start {}
}

extension MessageView where Owner == Quote {
    @inlinable public var instrument: UInt32 { load(at: 0) }
    @inlinable public var time: Timestamp<Nanoseconds> { load(at: 4) }
    @inlinable public var bid: FixedDecimal<Int64, -4> { load(at: 12) }
    @inlinable public var ask: FixedDecimal<Int64, -4> { load(at: 20) }
}

extension MessageBuilder where Owner == Quote {
    @inlinable public var instrument: UInt32 {
        get { writer.load(at: 0, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 0) }
    }
    @inlinable public var time: Timestamp<Nanoseconds> {
        get { writer.load(at: 4, orElse: Timestamp(0)) }
        nonmutating set { writer.store(newValue, at: 4) }
    }
    @inlinable public var bid: FixedDecimal<Int64, -4> {
        get { writer.load(at: 12, orElse: FixedDecimal(mantissa: 0)) }
        nonmutating set { writer.store(newValue, at: 12) }
    }
    @inlinable public var ask: FixedDecimal<Int64, -4> {
        get { writer.load(at: 20, orElse: FixedDecimal(mantissa: 0)) }
        nonmutating set { writer.store(newValue, at: 20) }
    }
}

/// Asks what an instrument is.
public struct Lookup: Message {
    public var instrument: UInt32 = 0

    public init() {}

    public static var schema: SchemaTable { pricesSchema }
    public typealias View = MessageView<Lookup>
    public typealias Root = Lookup
    public typealias Builder = MessageBuilder<Lookup, Start>

    @inlinable public static var number: UInt16 { 4 }
    @inlinable public static var version: UInt16 { 1 }
    @inlinable public static var oldestVersion: UInt16 { 1 }
    @inlinable public static var isWide: Bool { false }
    @inlinable public static var maxByteCount: Int { 12 }
    @inlinable public static var fixedByteCount: Int { 4 }
    @inlinable public static var endCount: Int { 0 }
    @inlinable public static var oldestFixedByteCount: Int { 4 }
    @inlinable public static var oldestEndCount: Int { 0 }
    public static func shape(ofVersion version: UInt16) -> BlockShape {
        BlockShape(fixedByteCount: 4, endCount: 0)
    }

    @inlinable public static var isAlwaysValid: Bool { true }
    @inlinable
    public static func verify(_ fields: inout BlockVerifier<Lookup>) -> Bool { true }

    public init(_ view: MessageView<Lookup>) {
        instrument = view.instrument
    }

    public func write(to fields: inout MessageWriter<Lookup>) {
        fields.store(instrument, at: 0)
    }

    public enum Start {}
}

extension MessageView where Owner == Lookup {
    @inlinable public var instrument: UInt32 { load(at: 0) }
}

extension MessageBuilder where Owner == Lookup {
    @inlinable public var instrument: UInt32 {
        get { writer.load(at: 0, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 0) }
    }
}

/// What is traded.
public struct Instrument: Message {
    public var number: UInt32 = 0
    public var currency: FixedText<3> = .init()
    public var name: String = ""

    public init() {}

    public static var schema: SchemaTable { pricesSchema }
    public typealias View = MessageView<Instrument>
    public typealias Root = Instrument
    public typealias Builder = MessageBuilder<Instrument, Start>

    @inlinable public static var number: UInt16 { 5 }
    @inlinable public static var version: UInt16 { 1 }
    @inlinable public static var oldestVersion: UInt16 { 1 }
    @inlinable public static var isWide: Bool { false }
    @inlinable public static var maxByteCount: Int { 57 }
    @inlinable public static var fixedByteCount: Int { 7 }
    @inlinable public static var endCount: Int { 1 }
    @inlinable public static var oldestFixedByteCount: Int { 7 }
    @inlinable public static var oldestEndCount: Int { 1 }
    public static func shape(ofVersion version: UInt16) -> BlockShape {
        BlockShape(fixedByteCount: 7, endCount: 1)
    }

    @inlinable
    public static func verify(_ fields: inout BlockVerifier<Instrument>) -> Bool {
        fields.holds(FixedText<3>.self, at: 4)
            && fields.text(max: 40)
    }

    public init(_ view: MessageView<Instrument>) {
        number = view.number
        currency = view.currency
        name = String(copying: view[.name])
    }

    public func write(to fields: inout MessageWriter<Instrument>) {
        fields.store(number, at: 0)
        fields.store(currency, at: 4)
        fields.text(name, end: 0, max: 40)
    }

    public enum Start: BeforeName {}
    public enum AfterName {}
    public protocol BeforeName {}
}

extension MessageView where Owner == Instrument {
    @inlinable public var number: UInt32 { load(at: 0) }
    @inlinable public var currency: FixedText<3> { load(at: 4) }
}

extension MessageBuilder where Owner == Instrument {
    @inlinable public var number: UInt32 {
        get { writer.load(at: 0, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 0) }
    }
    @inlinable public var currency: FixedText<3> {
        get { writer.load(at: 4, orElse: .init()) }
        nonmutating set { writer.store(newValue, at: 4) }
    }
}

extension TextField where Owner == Instrument {
    @inlinable public static var name: Self { Self(end: 0) }
}
extension BuildStep
where
    Owner == Instrument, Phase: Instrument.BeforeName, Next == Instrument.AfterName,
    Region == TextRegion
{
    @inlinable public static var name: Self { Self(end: 0, max: 40) }
}

/// There is no instrument of that number.
public struct UnknownInstrument: Message {
    public var instrument: UInt32 = 0

    public init() {}

    public static var schema: SchemaTable { pricesSchema }
    public typealias View = MessageView<UnknownInstrument>
    public typealias Root = UnknownInstrument
    public typealias Builder = MessageBuilder<UnknownInstrument, Start>

    @inlinable public static var number: UInt16 { 6 }
    @inlinable public static var version: UInt16 { 1 }
    @inlinable public static var oldestVersion: UInt16 { 1 }
    @inlinable public static var isWide: Bool { false }
    @inlinable public static var maxByteCount: Int { 12 }
    @inlinable public static var fixedByteCount: Int { 4 }
    @inlinable public static var endCount: Int { 0 }
    @inlinable public static var oldestFixedByteCount: Int { 4 }
    @inlinable public static var oldestEndCount: Int { 0 }
    public static func shape(ofVersion version: UInt16) -> BlockShape {
        BlockShape(fixedByteCount: 4, endCount: 0)
    }

    @inlinable public static var isAlwaysValid: Bool { true }
    @inlinable
    public static func verify(_ fields: inout BlockVerifier<UnknownInstrument>) -> Bool { true }

    public init(_ view: MessageView<UnknownInstrument>) {
        instrument = view.instrument
    }

    public func write(to fields: inout MessageWriter<UnknownInstrument>) {
        fields.store(instrument, at: 0)
    }

    public enum Start {}
}

extension MessageView where Owner == UnknownInstrument {
    @inlinable public var instrument: UInt32 { load(at: 0) }
}

extension MessageBuilder where Owner == UnknownInstrument {
    @inlinable public var instrument: UInt32 {
        get { writer.load(at: 0, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 0) }
    }
}
