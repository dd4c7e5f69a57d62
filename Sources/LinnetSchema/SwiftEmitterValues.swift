// SPDX-License-Identifier: Apache-2.0

// Types of fields, and values of them, as Swift.

extension SwiftEmitter {
    /// The type of a value. `entry` is that of a group's or map's entries.
    ///
    /// Named types whose names are hidden within messages are called by their other name.
    func swiftType(_ type: FieldType, entry: String) -> String {
        switch type {
        case .integer(let kind): Self.swiftType(kind)
        case .float(let byteCount): byteCount == 4 ? "Float" : "Double"
        case .bool: "Bool"
        case .decimal(let kind, let exponent): "FixedDecimal<\(Self.swiftType(kind)), \(exponent)>"
        case .timestamp(let unit): "Timestamp<\(Self.swiftType(unit))>"
        case .duration(let unit): "TimeSpan<\(Self.swiftType(unit))>"
        case .fixedText(let byteCount): "FixedText<\(byteCount)>"
        case .fixedBytes(let byteCount): "FixedArray<\(byteCount), UInt8>"
        case .array(let element, let count):
            "FixedArray<\(count), \(swiftType(element, entry: entry))>"
        case .enumeration(let name), .flags(let name), .bits(let name), .structure(let name),
            .union(let name):
            swiftType(named: name)
        case .text: "String"
        case .bytes: "[UInt8]"
        case .list(let element, _): "[\(swiftType(element, entry: entry))]"
        case .group: "[\(entry)]"
        case .map(let group):
            if let (key, value) = dictionary(group) { "[\(key): \(value)]" } else { "[\(entry)]" }
        }
    }

    func swiftType(named name: String) -> String {
        hiddenTypes.contains(name) ? "\(namespace).\(name)Type" : name
    }

    static func swiftType(_ kind: IntegerKind) -> String {
        switch kind {
        case .u8: "UInt8"
        case .u16: "UInt16"
        case .u32: "UInt32"
        case .u64: "UInt64"
        case .i8: "Int8"
        case .i16: "Int16"
        case .i32: "Int32"
        case .i64: "Int64"
        }
    }

    private static func swiftType(_ unit: TimeUnit) -> String {
        switch unit {
        case .ns: "Nanoseconds"
        case .us: "Microseconds"
        case .ms: "Milliseconds"
        case .s: "Seconds"
        }
    }

    /// Key and value of a map that is a dictionary: texts of any length are not equal as `String`s
    /// exactly if their bytes are.
    func dictionary(_ map: Group) -> (key: String, value: String)? {
        guard map.block.fields.count == 2 else { return nil }
        if case .text = map.block.fields[0].type { return nil }
        return (
            swiftType(map.block.fields[0].type, entry: ""),
            swiftType(map.block.fields[1].type, entry: "")
        )
    }

    // MARK: - Values

    /// The value of a field that was not set. Where the type is known from the context.
    func initialValue(_ field: Field) -> String {
        if field.isOptional { return "nil" }
        return field.defaultValue.map { expression($0, field.type) } ?? zero(field.type)
    }

    /// Zero, or empty.
    func zero(_ type: FieldType) -> String {
        switch type {
        case .integer, .float: "0"
        case .bool: "false"
        case .decimal: ".init(mantissa: 0)"
        case .timestamp, .duration: ".init(0)"
        case .fixedText, .bits, .structure: ".init()"
        case .fixedBytes: ".init(repeating: 0)"
        case .array(let element, _): ".init(repeating: \(zero(element)))"
        case .enumeration(let name): zero(ofEnum: name)
        case .flags: "[]"
        case .text: "\"\""
        case .map(let group): dictionary(group) == nil ? "[]" : "[:]"
        case .bytes, .list, .group: "[]"
        case .union(let name): zero(ofUnion: name)
        }
    }

    private func zero(ofEnum name: String) -> String {
        guard case .enumeration(let type) = declaration(name) else { return ".init(storage: 0)" }
        // Of a closed enum without a zero it is the first case.
        let zero = type.cases.first { $0.value == 0 } ?? (type.isClosed ? type.cases.first : nil)
        guard let zero else { return ".init(rawValue: 0)" }
        return expression(zero, of: type)
    }

    private func expression(_ value: NamedValue, of type: Enumeration) -> String {
        // A deprecated case is not named: that would be a warning in generated code.
        guard value.deprecation == nil else { return ".init(storage: \(Self.number(value.value)))" }
        return ".\(SwiftNames.enumCase(value.name))"
    }

    /// The first arm, with zeros.
    private func zero(ofUnion name: String) -> String {
        guard case .union(let union) = declaration(name),
            let arm = union.arms.first(where: { $0.deprecation == nil })
        else { return ".unknown(tag: 1, [])" }
        let name = SwiftNames.arm(arm.name)
        return arm.type.map { ".\(name)(\(zero($0)))" } ?? ".\(name)"
    }

    /// Whether a value of the type is all zero bytes until it is set.
    func isZeroValid(_ type: FieldType) -> Bool {
        switch type {
        case .array(let element, _): return isZeroValid(element)
        case .structure(let name):
            guard case .structure(let type) = declaration(name) else { return true }
            return type.fields.allSatisfy { isZeroValid($0.type) }
        case .enumeration(let name):
            guard case .enumeration(let type) = declaration(name) else { return true }
            return !type.isClosed || type.cases.contains { $0.value == 0 }
        default: return true
        }
    }

    /// A literal as a value of the type, where the type is known from the context.
    func expression(_ literal: Literal, _ type: FieldType) -> String {
        switch (type, literal) {
        case (.bool, .bool(let value)): return value ? "true" : "false"
        case (.float(let byteCount), _): return Self.float(literal, byteCount: byteCount)
        case (.decimal(_, let exponent), _):
            let mantissa = literal.mantissa(exponent: exponent) ?? 0
            return ".init(mantissa: \(SwiftNames.number(mantissa)))"
        case (.timestamp, .integer(let count)), (.duration, .integer(let count)):
            return ".init(\(SwiftNames.number(count)))"
        case (.enumeration(let name), _):
            guard case .enumeration(let type) = declaration(name) else { return zero(type) }
            switch literal {
            case .enumCase(let name):
                let value = type.cases.first { $0.name == name }
                return value.map { expression($0, of: type) } ?? zero(.enumeration(type.name))
            case .integer(let number): return ".init(storage: \(SwiftNames.number(number)))"
            default: return zero(.enumeration(type.name))
            }
        case (_, .integer(let value)): return SwiftNames.number(value)
        default: return zero(type)
        }
    }

    /// The literal as a value that says its type.
    func typedExpression(_ literal: Literal, _ type: FieldType) -> String {
        typed(expression(literal, type), type)
    }

    func typed(_ value: String, _ type: FieldType) -> String {
        let name = swiftType(type, entry: "")
        if value.hasPrefix(".init(") { return name + value.dropFirst(5) }
        if value.hasPrefix(".") { return name + value }
        if case .bool = type { return value }
        return "\(name)(\(value))"
    }

    private static func float(_ literal: Literal, byteCount: Int) -> String {
        let text =
            switch literal {
            case .integer(let value): String(value)
            case .number(_, let text): text.filter { $0 != "_" }
            default: "0"
            }
        return byteCount == 4 ? swiftLiteral(Float(text) ?? 0) : swiftLiteral(Double(text) ?? 0)
    }

    /// The shortest literal of that value, but for those that the compiler takes for mistakes.
    private static func swiftLiteral<T: BinaryFloatingPoint & CustomStringConvertible>(
        _ value: T
    ) -> String {
        if value.isInfinite { return value < 0 ? "-.infinity" : ".infinity" }
        guard value.isSubnormal else { return value.description }
        let steps = Int128((value / T.leastNonzeroMagnitude).magnitude)
        let sign = value < 0 ? "-" : ""
        return steps == 1
            ? "\(sign).leastNonzeroMagnitude"
            : "\(sign).leastNonzeroMagnitude * \(SwiftNames.number(steps))"
    }

    static func number(_ value: UInt64) -> String { SwiftNames.number(Int128(value)) }
}
