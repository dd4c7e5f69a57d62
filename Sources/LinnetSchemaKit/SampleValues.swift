// SPDX-License-Identifier: Apache-2.0

internal import LinnetMessages

// Values of fixed types.

extension MessageSamples {
    /// A value of the field, within its range.
    mutating func field(_ field: TableField) -> [UInt8] {
        switch field.range {
        case nil: return value(field.type)
        case .integers(let low, let high):
            let number = [low, high, Int128.random(in: low...high, using: &random)]
                .randomElement(using: &random)
            return bytes(UInt64(truncatingIfNeeded: number ?? low), field.type.byteCount)
        case .floats(let low, let high):
            let within = (high - low).isFinite ? Double.random(in: low...high, using: &random) : 0
            let number = [low, high, within].randomElement(using: &random)
            guard field.type.byteCount == 4 else {
                return bytes((number ?? low).bitPattern, 8)
            }
            let rounded = Float(number ?? low)
            let isWithin = Double(rounded) >= low && Double(rounded) <= high
            return bytes(UInt64((isWithin ? rounded : Float(low)).bitPattern), 4)
        }
    }

    mutating func value(_ type: TableType) -> [UInt8] {
        switch type {
        case .integer, .decimal, .timestamp, .duration: integer(type)
        case .float(let byteCount): float(byteCount)
        case .bool: [UInt8.random(in: 0...1, using: &random)]
        case .fixedText(let byteCount): fixedText(byteCount)
        case .fixedBytes(let byteCount): random.bytes(count: byteCount)
        case .array(let element, let count): (0..<count).flatMap { _ in value(element) }
        case .enumeration(let type): enumeration(type)
        case .flags(let type): flags(type)
        case .bits(let type): bits(type)
        case .structure(let type): type.fields.flatMap { field($0) }
        case .text, .bytes, .list, .union, .group, .map: []
        }
    }

    /// A number of the type, in its bytes.
    private mutating func integer(_ type: TableType) -> [UInt8] {
        guard let kind = type.integer else { return [] }
        return integer(kind)
    }

    private mutating func integer(_ kind: TableInteger) -> [UInt8] {
        integer(kind.range, kind.byteCount)
    }

    private mutating func integer(_ range: ClosedRange<Int128>, _ byteCount: Int) -> [UInt8] {
        let edges = [
            0, 1, range.lowerBound, range.upperBound, Int128.random(in: range, using: &random),
            Int128.random(in: 0...100, using: &random),
        ]
        return bytes(
            UInt64(truncatingIfNeeded: edges.randomElement(using: &random) ?? 0),
            byteCount
        )
    }

    private mutating func float(_ byteCount: Int) -> [UInt8] {
        if random.oneIn(3) { return random.bytes(count: byteCount) }
        let edges: [Double] = [
            0, -0.0, 1, -1, 0.1, 0.0001, 0.00009, 1e16, 16_777_216, 9_007_199_254_740_994, 1e-45,
            3.4028234663852886e38, .nan, .infinity, -.infinity,
        ]
        let number = edges.randomElement(using: &random) ?? 0
        return byteCount == 4
            ? bytes(UInt64(Float(number).bitPattern), 4) : bytes(number.bitPattern, 8)
    }

    private mutating func fixedText(_ byteCount: Int) -> [UInt8] {
        let count = [0, 2, byteCount].randomElement(using: &random) ?? 0
        let text = random.text(byteCount: count, max: byteCount, hasZero: false)
        return text + [UInt8](repeating: 0, count: byteCount - text.count)
    }

    private mutating func enumeration(_ type: TableEnumeration) -> [UInt8] {
        let named = type.names.keys.sorted().randomElement(using: &random)
        if let named, type.isClosed || !random.oneIn(3) {
            return bytes(named, type.storage.byteCount)
        }
        return integer(type.storage)
    }

    private mutating func flags(_ type: TableNames) -> [UInt8] {
        let known = type.members.reduce(UInt64(0)) { $0 | 1 << UInt64($1.value) }
        let bits = integer(type.storage).number
        return bytes(random.oneIn(2) ? bits & known : bits, type.storage.byteCount)
    }

    private mutating func bits(_ type: TableNames) -> [UInt8] {
        let bitCount = type.members.reduce(0) { $0 + $1.value }
        let mask: UInt64 = bitCount >= 64 ? .max : 1 << UInt64(bitCount) - 1
        let number = [0, .max, random.next()].randomElement(using: &random) ?? 0
        return bytes(number & mask, type.storage.byteCount)
    }

    private func bytes(_ number: UInt64, _ byteCount: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.store(Int(bitPattern: UInt(number)), byteCount: byteCount)
        return bytes
    }
}

extension [UInt8] {
    /// Appends a little-endian number.
    mutating func store(_ number: Int, byteCount: Int) {
        for position in 0..<byteCount {
            append(UInt8(truncatingIfNeeded: number >> (8 * position)))
        }
    }

    /// The little-endian number that they are.
    var number: UInt64 {
        reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Random numbers that a seed repeats: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
struct SplitMix: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True once in `count` calls on average.
    mutating func oneIn(_ count: Int) -> Bool {
        Int.random(in: 0..<count, using: &self) == 0
    }

    mutating func bytes(count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    private static let letters = [
        "a", "Z", "0", " ", "\"", "\\", "/", "\n", "\t", "\u{1}", "\u{1F}", "\u{7F}", "é", "ß", "€",
        "\u{2028}", "\u{FEFF}", "\u{FFFF}", "語", "🐦", "\u{10FFFF}", "\u{D7FF}", "\u{E000}",
    ].map { Array($0.utf8) }

    /// UTF-8 of at most so many bytes; of exactly `max` if as many are wanted.
    mutating func text(byteCount: Int, max: Int, hasZero: Bool = true) -> [UInt8] {
        var text: [UInt8] = []
        while text.count < min(byteCount, max) {
            let letter = Self.letters[Int.random(in: 0..<Self.letters.count, using: &self)]
            text += text.count + letter.count <= max ? letter : [UInt8(ascii: "x")]
        }
        if hasZero, max > 0, text.isEmpty, oneIn(4) { text = [0] }
        return text
    }
}
