// SPDX-License-Identifier: Apache-2.0

// As the emitter writes it, by hand.

public import LinnetMessages

/// Open: numbers without a name survive.
@frozen
public struct Model: IntegerBacked {
    public var rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    @inlinable public init(storage: UInt8) { rawValue = storage }
    @inlinable public var storage: UInt8 { rawValue }
    @inlinable public static var a: Model { Model(rawValue: 65) }
}

@frozen
public struct OptionalExtras: IntegerBacked, OptionSet {
    public var rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    @inlinable public init(storage: UInt8) { rawValue = storage }
    @inlinable public var storage: UInt8 { rawValue }
    @inlinable public static var sunRoof: Self { Self(rawValue: 1) }
    @inlinable public static var sportsPack: Self { Self(rawValue: 2) }
    @inlinable public static var cruiseControl: Self { Self(rawValue: 4) }
}

@frozen
public struct Engine: InlineValue, Hashable {
    public var capacity: UInt16
    public var numCylinders: UInt8
    public var manufacturerCode: FixedText<3>

    @inlinable
    public init(
        capacity: UInt16 = 0,
        numCylinders: UInt8 = 0,
        manufacturerCode: FixedText<3> = .init()
    ) {
        self.capacity = capacity
        self.numCylinders = numCylinders
        self.manufacturerCode = manufacturerCode
    }
    @inlinable public static var maxRpm: UInt16 { 9000 }
    @inlinable public static var byteCount: Int { 6 }
    @inlinable public static var isAlwaysValid: Bool { false }
    @inlinable
    public init(reading bytes: RawSpan) {
        self.capacity = bytes.value(at: 0)
        self.numCylinders = bytes.value(at: 2)
        self.manufacturerCode = bytes.value(at: 3)
    }
    @inlinable
    public func write(to bytes: inout MutableRawSpan, at offset: Int) {
        capacity.write(to: &bytes, at: offset)
        numCylinders.write(to: &bytes, at: offset + 2)
        manufacturerCode.write(to: &bytes, at: offset + 3)
    }
    @inlinable
    public static func isValid(_ bytes: RawSpan) -> Bool {
        bytes.holds(FixedText<3>.self, at: 3)
    }
}

let carSchema = SchemaTable("")

public struct Car: Message {
    public var serialNumber: UInt32 = 0
    public var modelYear: UInt16 = 0
    public var available: Bool = false
    public var code: Model = Model(rawValue: 0)
    public var someNumbers: FixedArray<5, Int32> = .init(repeating: 0)
    public var vehicleCode: FixedText<6> = .init()
    public var extras: OptionalExtras = .init(rawValue: 0)
    public var engine: Engine = .init()
    public var fuelFigures: [FuelFiguresEntry] = []
    public var performanceFigures: [PerformanceFiguresEntry] = []
    public var manufacturer: String = ""
    public var model: String = ""

    public init() {}

    public static var schema: SchemaTable { carSchema }
    public typealias View = MessageView<Car>
    public typealias Root = Car
    public typealias Builder = MessageBuilder<Car, Start>

    @inlinable public static var number: UInt16 { 1 }
    @inlinable public static var version: UInt16 { 1 }
    @inlinable public static var oldestVersion: UInt16 { 1 }
    @inlinable public static var isWide: Bool { false }
    @inlinable public static var maxByteCount: Int { 4_000 }
    @inlinable public static var fixedByteCount: Int { 41 }
    @inlinable public static var endCount: Int { 4 }
    @inlinable public static var oldestFixedByteCount: Int { 41 }
    @inlinable public static var oldestEndCount: Int { 4 }
    public static func shape(ofVersion version: UInt16) -> BlockShape {
        BlockShape(fixedByteCount: 41, endCount: 4)
    }

    @inlinable
    @inline(__always)
    public static func verify(_ fields: BlockVerifier<Car>) -> Int {
        var begin = fields.begin
        guard fields.holds(Bool.self, at: 6),
            fields.holds(FixedText<6>.self, at: 28),
            fields.holds(Engine.self, at: 35),
            fields.group(FuelFiguresEntry.self, end: 0, max: 16, &begin),
            fields.group(PerformanceFiguresEntry.self, end: 1, max: 16, &begin),
            fields.text(end: 2, max: 64, &begin),
            fields.text(end: 3, max: 64, &begin)
        else { return -1 }
        return begin
    }

    public init(_ view: MessageView<Car>) {
        serialNumber = view.serialNumber
        modelYear = view.modelYear
        available = view.available
        code = view.code
        someNumbers = view.someNumbers
        vehicleCode = view.vehicleCode
        extras = view.extras
        engine = view.engine
        fuelFigures = view[.fuelFigures].values()
        performanceFigures = view[.performanceFigures].values()
        manufacturer = String(copying: view[.manufacturer])
        model = String(copying: view[.model])
    }

    public func write(to fields: inout MessageWriter<Car>) {
        fields.store(serialNumber, at: 0)
        fields.store(modelYear, at: 4)
        fields.store(available, at: 6)
        fields.store(code, at: 7)
        fields.store(someNumbers, at: 8)
        fields.store(vehicleCode, at: 28)
        fields.store(extras, at: 34)
        fields.store(engine, at: 35)
        fields.group(fuelFigures, end: 0, max: 16)
        fields.group(performanceFigures, end: 1, max: 16)
        fields.text(manufacturer, end: 2, max: 64)
        fields.text(model, end: 3, max: 64)
    }
}

extension MessageView where Owner == Car {
    @inlinable public var serialNumber: UInt32 { load(at: 0) }
    @inlinable public var modelYear: UInt16 { load(at: 4) }
    @inlinable public var available: Bool { load(at: 6) }
    @inlinable public var code: Model { load(at: 7) }
    @inlinable public var someNumbers: FixedArray<5, Int32> { load(at: 8) }
    @inlinable public var vehicleCode: FixedText<6> { load(at: 28) }
    @inlinable public var extras: OptionalExtras { load(at: 34) }
    @inlinable public var engine: Engine { load(at: 35) }
}
extension GroupField where Owner == Car, Entry == Car.FuelFiguresEntry {
    @inlinable public static var fuelFigures: Self { Self(end: 0) }
}
extension GroupField where Owner == Car, Entry == Car.PerformanceFiguresEntry {
    @inlinable public static var performanceFigures: Self { Self(end: 1) }
}
extension TextField where Owner == Car {
    @inlinable public static var manufacturer: Self { Self(end: 2) }
    @inlinable public static var model: Self { Self(end: 3) }
}

extension MessageBuilder where Owner == Car {
    @inlinable public var serialNumber: UInt32 {
        get { writer.load(at: 0, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 0) }
    }
    @inlinable public var modelYear: UInt16 {
        get { writer.load(at: 4, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 4) }
    }
    @inlinable public var available: Bool {
        get { writer.load(at: 6, orElse: false) }
        nonmutating set { writer.store(newValue, at: 6) }
    }
    @inlinable public var code: Model {
        get { writer.load(at: 7, orElse: Model(rawValue: 0)) }
        nonmutating set { writer.store(newValue, at: 7) }
    }
    @inlinable public var someNumbers: FixedArray<5, Int32> {
        get { writer.load(at: 8, orElse: .init(repeating: 0)) }
        nonmutating set { writer.store(newValue, at: 8) }
    }
    @inlinable public var vehicleCode: FixedText<6> {
        get { writer.load(at: 28, orElse: .init()) }
        nonmutating set { writer.store(newValue, at: 28) }
    }
    @inlinable public var extras: OptionalExtras {
        get { writer.load(at: 34, orElse: .init(rawValue: 0)) }
        nonmutating set { writer.store(newValue, at: 34) }
    }
    @inlinable public var engine: Engine {
        get { writer.load(at: 35, orElse: .init()) }
        nonmutating set { writer.store(newValue, at: 35) }
    }
}

extension Car {
    public enum Start: BeforeFuelFigures {}
    public enum AfterFuelFigures: BeforePerformanceFigures {}
    public enum AfterPerformanceFigures: BeforeManufacturer {}
    public enum AfterManufacturer: BeforeModel {}
    public enum AfterModel {}
    public protocol BeforeFuelFigures: BeforePerformanceFigures {}
    public protocol BeforePerformanceFigures: BeforeManufacturer {}
    public protocol BeforeManufacturer: BeforeModel {}
    public protocol BeforeModel {}
}
extension BuildStep
where
    Owner == Car, Phase: Car.BeforeFuelFigures, Next == Car.AfterFuelFigures,
    Region == GroupRegion<Car.FuelFiguresEntry>
{
    @inlinable public static var fuelFigures: Self { Self(end: 0, max: 16) }
}
extension BuildStep
where
    Owner == Car, Phase: Car.BeforePerformanceFigures, Next == Car.AfterPerformanceFigures,
    Region == GroupRegion<Car.PerformanceFiguresEntry>
{
    @inlinable public static var performanceFigures: Self { Self(end: 1, max: 16) }
}
extension BuildStep
where
    Owner == Car, Phase: Car.BeforeManufacturer, Next == Car.AfterManufacturer, Region == TextRegion
{
    @inlinable public static var manufacturer: Self { Self(end: 2, max: 64) }
}
extension BuildStep
where Owner == Car, Phase: Car.BeforeModel, Next == Car.AfterModel, Region == TextRegion {
    @inlinable public static var model: Self { Self(end: 3, max: 64) }
}

extension Car {
    public struct FuelFiguresEntry: Block {
        public var speed: UInt16 = 0
        public var mpg: Float = 0
        public init() {}
        public typealias Root = Car
        public enum Start {}
        @inlinable public static var isEntry: Bool { true }
        @inlinable public static var isAlwaysValid: Bool { true }
        @inlinable public static var fixedByteCount: Int { 6 }
        @inlinable public static var endCount: Int { 0 }
        @inlinable public static var oldestFixedByteCount: Int { 6 }
        @inlinable public static var oldestEndCount: Int { 0 }
        public static func shape(ofVersion version: UInt16) -> BlockShape {
            BlockShape(fixedByteCount: 6, endCount: 0)
        }
        @inlinable public static func verify(_ fields: BlockVerifier<Self>) -> Int { fields.begin }
        public init(_ view: MessageView<Self>) { speed = view.speed; mpg = view.mpg }
        public func write(to fields: inout MessageWriter<Self>) {
            fields.store(speed, at: 0); fields.store(mpg, at: 2)
        }
    }
    public struct PerformanceFiguresEntry: Block {
        public var octaneRating: UInt8 = 0
        public var acceleration: [AccelerationEntry] = []
        public init() {}
        public typealias Root = Car
        public enum Start: BeforeAcceleration {}
        public enum AfterAcceleration {}
        public protocol BeforeAcceleration {}
        @inlinable public static var isEntry: Bool { true }
        @inlinable public static var fixedByteCount: Int { 1 }
        @inlinable public static var endCount: Int { 2 }
        @inlinable public static var oldestFixedByteCount: Int { 1 }
        @inlinable public static var oldestEndCount: Int { 2 }
        public static func shape(ofVersion version: UInt16) -> BlockShape {
            BlockShape(fixedByteCount: 1, endCount: 2)
        }
        @inlinable
        @inline(__always)
        public static func verify(_ fields: BlockVerifier<Self>) -> Int {
            var begin = fields.begin
            guard fields.group(AccelerationEntry.self, end: 1, max: 16, &begin) else { return -1 }
            return begin
        }
        public init(_ view: MessageView<Self>) {
            octaneRating = view.octaneRating; acceleration = view[.acceleration].values()
        }
        public func write(to fields: inout MessageWriter<Self>) {
            fields.store(octaneRating, at: 0)
            fields.group(acceleration, end: 1, max: 16)
        }
        public struct AccelerationEntry: Block {
            public var mph: UInt16 = 0
            public var seconds: Float = 0
            public init() {}
            public typealias Root = Car
            public enum Start {}
            @inlinable public static var isEntry: Bool { true }
            @inlinable public static var isAlwaysValid: Bool { true }
            @inlinable public static var fixedByteCount: Int { 6 }
            @inlinable public static var endCount: Int { 0 }
            @inlinable public static var oldestFixedByteCount: Int { 6 }
            @inlinable public static var oldestEndCount: Int { 0 }
            public static func shape(ofVersion version: UInt16) -> BlockShape {
                BlockShape(fixedByteCount: 6, endCount: 0)
            }
            @inlinable public static func verify(_ fields: BlockVerifier<Self>) -> Int {
                fields.begin
            }
            public init(_ view: MessageView<Self>) { mph = view.mph; seconds = view.seconds }
            public func write(to fields: inout MessageWriter<Self>) {
                fields.store(mph, at: 0); fields.store(seconds, at: 2)
            }
        }
    }
}
extension MessageView where Owner == Car.FuelFiguresEntry {
    @inlinable public var speed: UInt16 { load(at: 0) }
    @inlinable public var mpg: Float { load(at: 2) }
}
extension MessageView where Owner == Car.PerformanceFiguresEntry {
    @inlinable public var octaneRating: UInt8 { load(at: 0) }
}
extension GroupField
where Owner == Car.PerformanceFiguresEntry, Entry == Car.PerformanceFiguresEntry.AccelerationEntry {
    @inlinable public static var acceleration: Self { Self(end: 1) }
}
extension MessageView where Owner == Car.PerformanceFiguresEntry.AccelerationEntry {
    @inlinable public var mph: UInt16 { load(at: 0) }
    @inlinable public var seconds: Float { load(at: 2) }
}
extension MessageBuilder where Owner == Car.FuelFiguresEntry {
    @inlinable public var speed: UInt16 {
        get { writer.load(at: 0, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 0) }
    }
    @inlinable public var mpg: Float {
        get { writer.load(at: 2, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 2) }
    }
}
extension MessageBuilder where Owner == Car.PerformanceFiguresEntry {
    @inlinable public var octaneRating: UInt8 {
        get { writer.load(at: 0, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 0) }
    }
}
extension MessageBuilder where Owner == Car.PerformanceFiguresEntry.AccelerationEntry {
    @inlinable public var mph: UInt16 {
        get { writer.load(at: 0, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 0) }
    }
    @inlinable public var seconds: Float {
        get { writer.load(at: 2, orElse: 0) }
        nonmutating set { writer.store(newValue, at: 2) }
    }
}
extension BuildStep
where
    Owner == Car.PerformanceFiguresEntry, Phase: Car.PerformanceFiguresEntry.BeforeAcceleration,
    Next == Car.PerformanceFiguresEntry.AfterAcceleration,
    Region == GroupRegion<Car.PerformanceFiguresEntry.AccelerationEntry>
{
    @inlinable public static var acceleration: Self { Self(end: 1, max: 16) }
}
