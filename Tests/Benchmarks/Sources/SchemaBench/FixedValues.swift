// SPDX-License-Identifier: Apache-2.0

/// The car of SBE's benchmark (`car.xml`, `SbeCarCodecBench.h`).
public struct CarValues: Sendable {
    public var serialNumber: UInt32 = 1234
    public var modelYear: UInt16 = 2013
    public var available = true
    /// The letter of the model, one of A, B and C.
    public var code = UInt8(ascii: "A")
    public var someNumbers: [Int32] = [1, 2, 3, 4, 5]
    public var vehicleCode = "abcdef"
    /// Bit 0 is the sun roof, bit 1 the sports pack, bit 2 the cruise control.
    public var extras: UInt8 = 0b110
    public var engine = Engine()
    public var fuelFigures = [
        FuelFigure(speed: 30, mpg: 35.9),
        FuelFigure(speed: 55, mpg: 49.0),
        FuelFigure(speed: 75, mpg: 40.0),
    ]
    public var performanceFigures = [
        PerformanceFigure(octaneRating: 95, seconds: [4.0, 7.5, 12.2]),
        PerformanceFigure(octaneRating: 99, seconds: [3.8, 7.1, 11.8]),
    ]
    public var manufacturer = "Honda"
    public var model = "Civic VTi"

    public init() {}

    public struct Engine: Sendable {
        public var capacity: UInt16 = 2000
        public var cylinderCount: UInt8 = 4
        public var manufacturerCode = "123"
    }

    public struct FuelFigure: Sendable {
        public var speed: UInt16
        public var mpg: Float
    }

    public struct Acceleration: Sendable {
        public var mph: UInt16
        public var seconds: Float
    }

    public struct PerformanceFigure: Sendable {
        public var octaneRating: UInt8
        public var accelerations: [Acceleration]

        init(octaneRating: UInt8, seconds: [Float]) {
            self.octaneRating = octaneRating
            accelerations = zip([30, 60, 100], seconds).map { Acceleration(mph: $0, seconds: $1) }
        }
    }
}

/// MarketDataIncrementalRefreshTrades of SBE's benchmark (`fix-message-samples.xml`).
public struct MarketDataValues: Sendable {
    public var transactTime: UInt64 = 1234
    public var eventTimeDelta: UInt16 = 987
    public var matchEventIndicator = UInt8(ascii: "E")
    public var entries = [Entry(), Entry()]

    public init() {}

    public struct Entry: Sendable {
        public var tradeId: UInt64 = 1234
        public var securityId: UInt64 = 56789
        /// The mantissa of a price; its exponent is a constant.
        public var price: Int64 = 50
        public var size: Int32 = 10
        public var orderCount: UInt16 = 1
        public var updateAction: UInt8 = 0
        public var rptSeq: UInt8 = 1
        public var aggressorSide = UInt8(ascii: "1")
    }
}

/// FooBarContainer of FlatBuffers' benchmark (`bench.fbs`, `fb_bench.cpp`).
public struct FooBarValues: Sendable {
    public var list = (0..<3).map(FooBar.init)
    public var initialized = true
    /// Apples, pears, bananas.
    public var fruit: Int16 = 2
    public var location = "http://google.com/flatbuffers/"

    public init() {}

    public struct Foo: Sendable {
        public var id: UInt64
        public var count: Int16
        public var prefix: Int8
        public var length: UInt32
    }

    public struct Bar: Sendable {
        public var parent: Foo
        public var time: Int32
        public var ratio: Float
        public var size: UInt16
    }

    public struct FooBar: Sendable {
        public var sibling: Bar
        public var name = "Hello, World!"
        public var rating: Double
        public var postfix: UInt8

        init(_ index: Int) {
            let foo = Foo(
                id: 0xABAD_CAFE_ABAD_CAFE + UInt64(index),
                count: 10_000 + Int16(index),
                prefix: 64 + Int8(index),
                length: 1_000_000 + UInt32(index)
            )
            sibling = Bar(
                parent: foo,
                time: 123_456 + Int32(index),
                ratio: 3.14159 + Float(index),
                size: 10_000 + UInt16(index)
            )
            rating = 3.1415432445543543 + Double(index)
            postfix = UInt8(ascii: "!") + UInt8(index)
        }
    }
}
