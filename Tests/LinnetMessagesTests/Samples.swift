// SPDX-License-Identifier: Apache-2.0

import LinnetMessages

// Messages in which every field differs from its default.

extension Quote {
    static let sample = Quote(price: .init(mantissa: -12_345), quantity: 1_000_000)
}

extension Kitchen {
    static let sample = Kitchen(
        tiny: 1,
        small: 2,
        medium: 3,
        large: .max,
        signedTiny: -1,
        signedSmall: .min,
        signedMedium: -3,
        signedLarge: .min,
        single: 1.5,
        double: 1e6,
        yes: true,
        price: .init(mantissa: 125_000),
        factor: .init(mantissa: 7),
        at: .init(-1),
        took: .init(5),
        code: "ab",
        hash: [1, 2, 3],
        triple: [4, 5, 6],
        corners: [Point(x: 1, y: -1_000), Point(x: -1, y: 1_000)],
        names: ["a", "é"],
        validity: .immediate,
        phase: .auction,
        options: [.postOnly, .selfCancel],
        calendar: Calendar(day: 31, month: 12, year: 127),
        point: Point(x: .max, y: 0),
        quote: .sample
    )
}

extension Fixed {
    static let sample = Fixed(
        a: 1,
        b: 2,
        c: 3,
        d: 4,
        e: -1,
        f: -2,
        g: -3,
        h: -4,
        i: -0.5,
        j: .pi,
        k: true,
        l: .init(mantissa: -5),
        m: .init(mantissa: 6),
        n: .init(7),
        o: .init(8),
        p: .init(-9),
        q: .init(10),
        r: "12345678",
        s: .init { UInt8($0) },
        t: [1, 2, 3, 4],
        u: [Point(x: 1, y: 2), Point(x: 3, y: 4)],
        v: Validity(rawValue: 77),
        w: .open,
        x: .largest,
        y: Options(rawValue: 0xFF),
        z: [.first, .last],
        rights: .write,
        marks: .last,
        calendar: Calendar(day: 1, month: 2, year: 3),
        nibble: Nibble(low: 7, high: 1),
        register: Register(mode: 3, address: 0xFF_FFFF),
        ticket: Ticket(whole: .max),
        point: Point(x: 5, y: 6),
        kitchen: .sample,
        flagsOfAll: [.hidden, [], .postOnly],
        bools: [true, false, true, true],
        phases: [.open, .auction]
    )
}

extension Defaults {
    static let sample = Defaults(
        a: 1,
        b: 2,
        c: 65_535,
        d: 4,
        e: 5,
        f: -5,
        g: 1,
        h: -1,
        i: 2.5,
        j: false,
        k: .init(mantissa: 1),
        l: .init(mantissa: 2),
        m: .init(4_102_444_800),
        n: .init(1_000),
        o: .day,
        p: .closed,
        q: .high,
        r: .buy,
        s: 1,
        t: 2,
        u: false,
        v: .init(3),
        w: 9
    )
}

extension Optionals {
    static let sample = Optionals(
        a: 0,
        b: 5,
        plain: 1,
        c: 0,
        d: false,
        e: .init(mantissa: 0),
        f: .init(0),
        g: .init(60),
        h: "hello",
        i: [1, 2, 3, 4, 5, 6],
        j: .never_,
        k: .low,
        l: [],
        m: Calendar(),
        n: Point(),
        o: "",
        p: [],
        q: [],
        r: .text(""),
        s: 0,
        t: "eight888",
        u: .unknown_,
        v: -1,
        w: [1, 2, 3],
        x: 1
    )
}

extension Validity {
    /// `never` is deprecated.
    static let never_ = Validity(rawValue: 255)
}

/// Variables is deprecated, and that may not be a warning here.
private protocol Sampled {
    static var everyField: Self { get }
    static var nothing: Self { get }
}

private func sampleOf<Value: Sampled>() -> Value { .everyField }
private func emptyOf<Value: Sampled>() -> Value { .nothing }

extension Variables {
    static let sample: Variables = sampleOf()
    static let empty: Variables = emptyOf()

    /// Empty but for what the closure sets.
    static func with(_ change: (inout Variables) -> Void) -> Variables {
        var value = empty
        change(&value)
        return value
    }
}

extension Variables: Sampled {
    @available(*, deprecated)
    fileprivate static var nothing: Variables { Variables() }

    @available(*, deprecated)
    fileprivate static var everyField: Variables {
        Variables(
            fixed: 1,
            text: "naïve",
            blob: [0, 255],
            numbers: [.min, 0, .max],
            points: [Point(x: 1, y: 1)],
            texts: ["", "abcd"],
            pairs: [[1, 2]],
            levels: [.low, .high],
            anything: .point(Point(x: 7, y: 8)),
            reason: .words("why"),
            legs: [
                LegsEntry(
                    price: .init(mantissa: 1),
                    side: .sell,
                    ratio: 100,
                    note: "n",
                    fills: [
                        LegsEntry.FillsEntry(quantity: 1, at: .init(0), venue: "v"),
                        LegsEntry.FillsEntry(quantity: 2),
                    ],
                    tags: [1],
                    choice: .blob([]),
                    hint: 0
                ),
                LegsEntry(),
            ],
            bare: [BareEntry(x: 1, y: 2)],
            byByte: [9: 1, 3: 2, 255: 3],
            bySigned: [-1: "a", 1: "b", .min: ""],
            byWide: [.max: [1], 0: []],
            byCode: ["b": Point(), "a": Point(x: 1, y: 1)],
            bySymbol: [BySymbolEntry(key: "A"), BySymbolEntry(key: "B", value: .sample)],
            byName: [
                ByNameEntry(key: "e\u{301}", value: "two"),
                ByNameEntry(key: "\u{E9}", value: "one"),
            ],
            byLevel: [-5: .high],
            late: true,
            lateText: "late",
            lateGroup: [LateGroupEntry(id: 1, words: "w", more: 0)],
            lateMap: [1: 0.5, 2: -0.0]
        )
    }
}

extension Wide {
    static let sample = Wide(
        id: 1,
        blob: .init(repeating: 7, count: 300),
        lines: [
            LinesEntry(
                number: 1,
                text: "one",
                words: [],
                parts: [LinesEntry.PartsEntry(a: 1, b: "b")]
            ),
            LinesEntry(number: 2),
        ],
        prices: [70_000: .init(mantissa: 1), 3: .init(mantissa: 2)],
        note: ""
    )
}

extension Late {
    static let sample = Late(a: 1, b: .side(.sell), c: 2)
}

extension Refused {
    static let sample = Refused(code: 1, reason: "no", retryAfter: .init(2))
}

extension Car {
    /// The values by which formats are compared.
    static let sample = Car(
        serialNumber: 1234,
        modelYear: 2013,
        available: true,
        code: .a,
        someNumbers: [1, 2, 3, 4, 5],
        vehicleCode: "abcdef",
        extras: [.cruiseControl, .sportsPack],
        engine: Engine(capacity: 2000, numCylinders: 4, manufacturerCode: "123"),
        fuelFigures: [
            FuelFiguresEntry(speed: 30, mpg: 35.9),
            FuelFiguresEntry(speed: 55, mpg: 49.0),
            FuelFiguresEntry(speed: 75, mpg: 40.0),
        ],
        performanceFigures: [
            PerformanceFiguresEntry(octaneRating: 95, acceleration: acceleration(4.0, 7.5, 12.2)),
            PerformanceFiguresEntry(octaneRating: 99, acceleration: acceleration(3.8, 7.1, 11.8)),
        ],
        manufacturer: "Honda",
        model: "Civic VTi"
    )

    private static func acceleration(
        _ thirty: Float,
        _ sixty: Float,
        _ hundred: Float
    ) -> [PerformanceFiguresEntry.AccelerationEntry] {
        [
            .init(mph: 30, seconds: thirty),
            .init(mph: 60, seconds: sixty),
            .init(mph: 100, seconds: hundred),
        ]
    }
}
