// SPDX-License-Identifier: Apache-2.0

// Types of fields, elements and arms (§2.3).

extension SchemaChecker {
    /// Resolves a type; not what stands in a group. Reports, and gives `nil`, if it is broken.
    mutating func resolve(_ type: SyntaxType) -> FieldType? {
        switch type.kind {
        case .broken, .group: return nil
        case .named(let name): return resolve(name, at: type.start)
        case .decimal(let storage, let exponent):
            let kind = integerKind(storage, "the mantissa of a decimal", IntegerKind.allCases)
            let power = checkedInteger(
                exponent,
                -38...38,
                .decimalExponent,
                "the exponent of a decimal"
            )
            guard let kind, let power else { return nil }
            return .decimal(kind, exponent: Int(power))
        case .time(let word, let unit):
            guard let value = TimeUnit(rawValue: unit.text) else {
                findings.report(
                    .unknownUnit,
                    at: unit.start,
                    "there is no unit `\(unit.text)`",
                    fix: "write `ns`, `us`, `ms` or `s`"
                )
                return nil
            }
            return word == "timestamp" ? .timestamp(value) : .duration(value)
        case .fixedText(let bound):
            return resolve(bound, 255, "the size of `str`", type.start).map {
                .fixedText(byteCount: $0)
            }
        case .fixedBytes(let bound):
            return resolve(bound, 4_096, "the size of `bytes`", type.start)
                .map { .fixedBytes(byteCount: $0) }
        case .array(let element, let bound):
            return resolveArray(element, bound, at: type.start)
        case .text(let bound):
            guard let bound else { return nil }
            return resolve(bound, Self.maxBound, "the bound of a string", type.start)
                .map { .text(maxByteCount: $0) }
        case .bytes(let bound):
            return resolve(bound, Self.maxBound, "the bound of bytes", type.start)
                .map { .bytes(maxByteCount: $0) }
        case .list(let element, let bound):
            let count = resolve(bound, Self.maxBound, "the bound of a list", type.start)
            let type = resolve(element)
            guard let type, isFixed(type, at: element.start, "an element of a list"), let count
            else {
                return nil
            }
            return .list(type, maxCount: count)
        case .map(let key, let value, let bound):
            return resolveMap(key, value, bound, at: type.start)
        }
    }

    /// No message is larger (§7), so no bound means more.
    static let maxBound = 16_777_216

    /// The bytes of a fixed part (§7); a struct or an array does not have more either.
    static let maxFixedByteCount = 32_767

    private mutating func resolve(_ name: String, at offset: Int) -> FieldType? {
        if let scalar = FieldType(scalar: name) { return scalar }
        guard let entry = names.entries[name] else {
            findings.report(
                .unknownType,
                at: offset,
                "there is no type `\(name)`",
                fix: nearestType(to: name).map { "write `\($0)`" }
            )
            return nil
        }
        switch entry.kind {
        case nil: return nil
        case .enumeration: return .enumeration(name)
        case .flags: return .flags(name)
        case .bits: return .bits(name)
        case .structure: return .structure(name)
        case .union: return .union(name)
        case .some(let kind):
            findings.report(
                .unknownType,
                at: offset,
                "`\(name)` is \(kind.description) and no type",
                fix: kind == .message ? "move its fields to a struct, or write a group" : nil
            )
            return nil
        }
    }

    private func nearestType(to name: String) -> String? {
        let known = [
            foreignTypes[name.lowercased()], nearestName(to: name, where: \.isType),
            nearest(to: name, in: wordsOfTypes),
            nearest(to: name, in: foreignTypes.keys).flatMap { foreignTypes[$0] },
        ]
        return known.lazy.compactMap(\.self).first
    }

    mutating func integerKind(
        _ name: SyntaxName,
        _ what: String,
        _ allowed: [IntegerKind]
    ) -> IntegerKind? {
        if let kind = IntegerKind(rawValue: name.text), allowed.contains(kind) { return kind }
        let words = allowed.map(\.rawValue)
        findings.report(
            .storageType,
            at: name.start,
            "\(what) is one of \(words.joined(separator: ", ")), not `\(name.text)`",
            fix: (nearest(to: name.text, in: words) ?? words.first).map { "write `\($0)`" }
        )
        return nil
    }

    /// A bound from 1 to `highest`.
    mutating func resolve(
        _ bound: SyntaxBound,
        _ highest: Int,
        _ what: String,
        _ offset: Int
    ) -> Int? {
        let value: Int128
        let place: Int
        switch bound {
        case .broken: return nil
        case .number(let number):
            guard let integer = number.integer else { return nil }
            (value, place) = (integer, number.start)
        case .name(let name):
            guard let constant = constant(named: name) else { return nil }
            guard case .integer(let integer) = constant.value else {
                findings.report(
                    .boundRange,
                    at: name.start,
                    "\(what) is an integer, but the constant `\(name.text)` is none"
                )
                return nil
            }
            (value, place) = (integer, name.start)
        }
        if value >= 1, value <= Int128(highest) { return Int(value) }
        findings.report(
            .boundRange,
            at: place,
            "\(what) is from 1 to \(highest), not \(value)",
            fix: highest == 255 ? "write `string<=\(max(1, value))`, whose size varies" : nil
        )
        return nil
    }

    private mutating func resolveArray(
        _ element: SyntaxType,
        _ bound: SyntaxBound,
        at offset: Int
    ) -> FieldType? {
        let count = resolve(bound, 4_096, "the number of an array's elements", offset)
        guard let type = resolve(element), isFixed(type, at: offset, "an element of an array"),
            let count,
            let byteCount = names.fixedByteCount(of: type)
        else { return nil }
        if byteCount * count > Self.maxFixedByteCount {
            findings.report(
                .fixedSize,
                at: offset,
                "an array has at most \(Self.maxFixedByteCount) bytes, "
                    + "this one has \(byteCount * count)",
                fix: "write a list"
            )
            return nil
        }
        return .array(type, count: count)
    }

    private mutating func resolveMap(
        _ key: SyntaxType,
        _ value: SyntaxType,
        _ bound: SyntaxBound,
        at offset: Int
    ) -> FieldType? {
        let count = resolve(bound, Self.maxBound, "the bound of a map", offset)
        let keyType = resolve(key)
        let valueType = resolve(value)
        switch keyType {
        case .integer, .fixedText, .text, nil: break
        case .some(let type):
            findings.report(
                .mapKey,
                at: key.start,
                "a map's key is an integer, `str[N]` or `string<=N`, not \(name(of: type))",
                fix: "write a group with a field for the key"
            )
            return nil
        }
        guard let valueType, isFixedOrPlain(valueType, at: value.start, "a value of a map"),
            let keyType,
            let count
        else { return nil }
        var layout = BlockLayout(isEntry: true, since: 1)
        let fields = [("key", keyType), ("value", valueType)].map { name, type in
            var field = Field(name: name, type: type, place: .variable(endIndex: 0))
            layout.place(&field, byteCount: names.fixedByteCount(of: type))
            return field
        }
        return .map(Group(maxCount: count, block: Block(fields: fields, shapes: layout.shapes)))
    }

    /// Whether the type has a size that is known. Reports it if it is variable.
    mutating func isFixed(_ type: FieldType, at offset: Int, _ what: String) -> Bool {
        guard type.isVariable else { return names.fixedByteCount(of: type) != nil }
        findings.report(
            .elementType,
            at: offset,
            "\(what) has a fixed size, \(name(of: type)) has none",
            fix: fixForVariable(type)
        )
        return false
    }

    private func fixForVariable(_ type: FieldType) -> String {
        switch type {
        case .text(let count) where count <= 255: "write `str[\(count)]`, or a group"
        case .bytes(let count) where count <= 4_096: "write `bytes[\(count)]`, or a group"
        default: "write a group"
        }
    }

    /// Whether the type is fixed, or a string or bytes.
    mutating func isFixedOrPlain(_ type: FieldType, at offset: Int, _ what: String) -> Bool {
        switch type {
        case .text, .bytes: return true
        case .list, .map, .union, .group:
            findings.report(
                .elementType,
                at: offset,
                "\(what) is of a fixed type, `string<=N` or `bytes<=N`, not \(name(of: type))",
                fix: "write a group"
            )
            return false
        default: return names.fixedByteCount(of: type) != nil
        }
    }
}

private let wordsOfTypes =
    IntegerKind.allCases.map(\.rawValue) + [
        "f32", "f64", "bool", "decimal", "timestamp", "duration", "str", "bytes", "string", "group",
    ]

/// What other languages call our types.
private let foreignTypes = [
    "int8": "i8", "int16": "i16", "int32": "i32", "int64": "i64", "int": "i32", "sint32": "i32",
    "uint8": "u8", "uint16": "u16", "uint32": "u32", "uint64": "u64", "uint": "u32", "byte": "u8",
    "float": "f32", "float32": "f32", "float64": "f64", "double": "f64", "boolean": "bool",
    "text": "string<=32", "char": "str[1]", "data": "bytes<=64", "i128": "bytes[16]",
    "u128": "bytes[16]", "uuid": "bytes[16]", "long": "i64", "short": "i16",
]
