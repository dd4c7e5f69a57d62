// SPDX-License-Identifier: Apache-2.0

// Enums, flags and bits: values that are one integer on the wire.

extension SwiftEmitter {
    /// `@available`, if something is deprecated.
    func emit(_ deprecation: Deprecation?, to text: inout SwiftText) {
        Self.emit(deprecation, to: &text)
    }

    static func emit(_ deprecation: Deprecation?, to text: inout SwiftText) {
        guard let deprecation else { return }
        let message = deprecation.message ?? "since version \(deprecation.since) of the schema"
        let literal = SwiftNames.literal(message)
        let whole = "@available(*, deprecated, message: \(literal))"
        if text.fits(whole) { return text.line(whole) }
        text.line("@available(")
        text.indented { text in
            text.line("*,")
            text.line("deprecated,")
            if text.fits("message: \(literal)") {
                text.line("message: \(literal)")
            } else {
                text.line("message:")
                text.indented { $0.line(literal) }
            }
        }
        text.line(")")
    }

    /// Open: numbers without a name survive.
    func emitOpen(_ type: Enumeration, to text: inout SwiftText) {
        let storage = Self.swiftType(type.storage)
        text.line("")
        text.documentation(type.documentation)
        text.line("@frozen")
        text.block("public struct \(type.name): IntegerBacked") { text in
            emitRawValue(storage, to: &text)
            for value in type.cases {
                emit(value, number: Self.number(value.value), to: &text)
            }
            text.line("")
            text.line("/// The name of the case, or `nil` if the number has none.")
            text.block("public var name: String?") { text in
                text.block("switch rawValue") { text in
                    for value in type.cases {
                        text.dedentedLine("case \(Self.number(value.value)): \"\(value.name)\"")
                    }
                    text.dedentedLine("default: nil")
                }
            }
        }
    }

    private func emitRawValue(_ storage: String, to text: inout SwiftText) {
        text.line("public var rawValue: \(storage)")
        text.line("@inlinable public init(rawValue: \(storage)) { self.rawValue = rawValue }")
        text.line("@inlinable public init(storage: \(storage)) { rawValue = storage }")
        text.line("@inlinable public var storage: \(storage) { rawValue }")
    }

    private func emit(_ value: NamedValue, number: String, to text: inout SwiftText) {
        text.documentation(value.documentation)
        emit(value.deprecation, to: &text)
        let name = SwiftNames.enumCase(value.name)
        text.accessor(
            "@inlinable public static var \(name): Self",
            SwiftCall("Self", ["rawValue: \(number)"])
        )
    }

    func emitClosed(_ type: Enumeration, to text: inout SwiftText) {
        let storage = Self.swiftType(type.storage)
        let first = type.cases.first { $0.deprecation == nil }
        text.line("")
        text.documentation(type.documentation)
        text.line("@frozen")
        text.block("public enum \(type.name): \(storage), IntegerBacked") { text in
            for value in type.cases {
                text.documentation(value.documentation)
                if first != nil { emit(value.deprecation, to: &text) }
                let name = SwiftNames.enumCase(value.name)
                text.line("case \(name) = \(Self.number(value.value))")
            }
            text.line("")
            let fallback = SwiftNames.enumCase((first ?? type.cases.first)?.name ?? "")
            text.line("// Bytes that were verified have a case.")
            text.block("@inlinable public init(storage: \(storage))") {
                $0.line("self = Self(rawValue: storage) ?? .\(fallback)")
            }
            text.line("@inlinable public var storage: \(storage) { rawValue }")
            text.line("@inlinable public static var isAlwaysValid: Bool { false }")
            text.block("@inlinable public static func isValid(_ bytes: RawSpan) -> Bool") {
                $0.line("Self(rawValue: \(storage)(reading: bytes)) != nil")
            }
        }
    }

    func emit(_ type: FlagSet, to text: inout SwiftText) {
        text.line("")
        text.documentation(type.documentation)
        text.line("@frozen")
        text.block("public struct \(type.name): IntegerBacked, OptionSet") { text in
            emitRawValue(Self.swiftType(type.storage), to: &text)
            for flag in type.flags { emit(flag, number: "1 << \(flag.value)", to: &text) }
        }
    }

    func emit(_ type: BitFields, to text: inout SwiftText) {
        let storage = Self.swiftType(type.storage)
        let used = type.fields.reduce(0) { $0 | $1.mask << UInt64($1.bitOffset) }
        let spare = ~used & UInt64(type.storage.range.upperBound)
        text.line("")
        text.documentation(type.documentation)
        text.line("@frozen")
        text.block("public struct \(type.name): IntegerBacked") { text in
            let masked = spare == 0 ? "storage" : "storage & \(Self.hex(used))"
            text.line("@usableFromInline var stored: \(storage)")
            text.line("@inlinable public init(storage: \(storage)) { stored = \(masked) }")
            text.line("@inlinable public var storage: \(storage) { stored }")
            text.line("")
            text.line("@inlinable")
            text.call(
                "public init",
                type.fields.map { "\(SwiftNames.bits($0.name)): \($0.swiftType) = 0" },
                " {"
            )
            text.indented { text in
                text.line("stored = 0")
                for field in type.fields {
                    let name = SwiftNames.bits(field.name)
                    text.assignment("self.\(name)", name)
                }
            }
            text.line("}")
            for field in type.fields { emit(field, in: storage, to: &text) }
            guard spare != 0 else { return }
            text.line("")
            text.line("@inlinable public static var isAlwaysValid: Bool { false }")
            text.block("@inlinable public static func isValid(_ bytes: RawSpan) -> Bool") {
                $0.line("\(storage)(reading: bytes) & \(Self.hex(spare)) == 0")
            }
        }
    }

    private func emit(_ field: BitFields.Field, in storage: String, to text: inout SwiftText) {
        let name = SwiftNames.bits(field.name)
        let mask = Self.hex(field.mask)
        let shifted = Self.hex(field.mask << UInt64(field.bitOffset))
        let bits = field.bitCount == 1 ? "1 bit" : "\(field.bitCount) bits"
        text.line("")
        text.documentation(field.documentation)
        text.line("/// \(bits); what is above them is cut off.")
        text.block("@inlinable public var \(name): \(field.swiftType)") { text in
            let part = field.bitOffset == 0 ? "stored" : "(stored >> \(field.bitOffset))"
            text.line("get { \(field.swiftType)(truncatingIfNeeded: \(part) & \(mask)) }")
            text.block("set") { text in
                text.line("let new = \(storage)(truncatingIfNeeded: newValue) & \(mask)")
                let moved = field.bitOffset == 0 ? "new" : "(new << \(field.bitOffset))"
                text.line("stored = (stored & ~\(shifted)) | \(moved)")
            }
        }
    }

    /// Hexadecimal, with `_` between groups of four digits.
    private static func hex(_ value: UInt64) -> String {
        let digits = Array(String(value, radix: 16, uppercase: true))
        guard digits.count > 4 else { return "0x" + String(digits) }
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 4) { grouped += "_" }
            grouped.append(digit)
        }
        return "0x" + grouped
    }
}

extension BitFields.Field {
    var mask: UInt64 { bitCount >= 64 ? .max : (1 << UInt64(bitCount)) - 1 }

    /// The smallest type that has room.
    var swiftType: String {
        switch bitCount {
        case ...8: "UInt8"
        case ...16: "UInt16"
        case ...32: "UInt32"
        default: "UInt64"
        }
    }
}
