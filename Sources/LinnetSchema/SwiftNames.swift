// SPDX-License-Identifier: Apache-2.0

/// How the names and texts of a schema are written in Swift. The one place for it: whatever writes
/// Swift for a schema asks here.
public enum SwiftNames {
    /// A field: a property and a parameter.
    ///
    /// Names that Swift cannot have there, and those of what all generated types and views have,
    /// get a `_` at their end; other keywords stand in backticks.
    public static func field(_ name: String) -> String {
        member(name, reserved: reservedMembers)
    }

    /// A constant: a static member. See ``field(_:)``.
    public static func constant(_ name: String) -> String {
        member(name, reserved: reservedStatics.union(reservedCases))
    }

    /// A case of an enum, or a flag. See ``field(_:)``.
    public static func enumCase(_ name: String) -> String {
        member(name, reserved: reservedCases)
    }

    /// An arm of a union. See ``field(_:)``.
    public static func arm(_ name: String) -> String {
        name == "unknown" ? "unknown_" : enumCase(name)
    }

    /// A field of a bits type. See ``field(_:)``.
    public static func bits(_ name: String) -> String {
        ["storage", "stored"].contains(name) ? name + "_" : field(name)
    }

    private static func member(_ name: String, reserved: Set<String>) -> String {
        if reserved.contains(name) { return name + "_" }
        return keywords.contains(name) ? "`\(name)`" : name
    }

    /// The entries of a group or map: `fills` has `FillsEntry`.
    public static func entry(_ field: String) -> String { capitalized(field) + "Entry" }

    /// The phase of a builder in which the field comes next, and the one after it.
    public static func phases(_ field: String) -> (before: String, after: String) {
        ("Before" + capitalized(field), "After" + capitalized(field))
    }

    /// The type with what belongs to a file: `market.trading` has `MarketTradingSchema`.
    public static func schema(_ name: [String]) -> String {
        name.map(capitalized).joined() + "Schema"
    }

    public static func capitalized(_ name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst()
    }

    /// The text as a string literal: ASCII, on one line, without interpolation.
    public static func literal(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case " "..."~": result.unicodeScalars.append(scalar)
            default: result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
            }
        }
        return result + "\""
    }

    /// The text as part of a comment that ends with its line: without line ends, controls, and
    /// characters that change the direction of what follows.
    public static func comment(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        while result.last == " " { result.removeLast() }
        return String(result.trimmingPrefix { $0 == " " })
    }

    /// The number with `_` between groups of three digits.
    public static func number(_ value: Int128) -> String {
        let digits = String(value.magnitude)
        guard digits.count > 4 else { return String(value) }
        var grouped = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { grouped += "_" }
            grouped.append(digit)
        }
        return (value < 0 ? "-" : "") + grouped
    }

    /// What Swift does not take as a member, and what all messages, entries, views, builders and
    /// values have, or will have.
    static let reservedMembers: Set<String> = [
        "init", "deinit", "subscript", "self", "Type", "Protocol",
        "load", "isPresent", "writer", "put", "done", "write", "encode", "encoded", "json",
        "hexDump",
        "description", "debugDescription", "customMirror", "hashValue",
    ]

    /// What blocks, and what belongs to a file, have as static members.
    static let reservedStatics: Set<String> = [
        "schema", "table", "number", "version", "oldestVersion", "isWide", "maxByteCount",
        "fixedByteCount", "endCount", "endByteCount", "oldestFixedByteCount", "oldestEndCount",
        "shape", "isEntry", "isMap", "requiredEnds", "stride", "verify", "writeDefaults",
        "isAscending", "compare", "build",
    ]

    /// What all types of values have as static members, and what Swift does not take.
    static let reservedCases: Set<String> = [
        "init", "deinit", "subscript", "self", "Type", "Protocol",
        "byteCount", "isAlwaysValid", "hasRange", "isValid", "tagByteCount",
    ]

    /// Words that cannot stand as they are where a name is declared or used.
    static let keywords: Set<String> = [
        "as", "associatedtype", "await", "break", "case", "catch", "class", "continue", "default",
        "defer", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for",
        "func", "guard", "if", "import", "in", "inout", "internal", "is", "let", "nil", "operator",
        "precedencegroup", "private", "protocol", "public", "repeat", "rethrows", "return",
        "static",
        "struct", "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where",
        "while",
    ]

    /// Names of types that generated code uses: a file that declares one of them would change what
    /// the generated code means.
    static let reservedTypes: Set<String> = [
        "Any", "Self", "Type", "Protocol", "Bool", "Int", "Int8", "Int16", "Int32", "Int64",
        "UInt8",
        "UInt16", "UInt32", "UInt64", "Float", "Double", "String", "Optional", "Array",
        "Dictionary",
        "Equatable", "Hashable", "Comparable", "Sendable", "OptionSet", "RawSpan", "MutableRawSpan",
        "Swift", "Linnet", "LinnetMessages", "Block", "BlockShape", "BlockVerifier", "BuildStep",
        "BytesArm", "BytesField", "BytesRegion", "FixedArray", "FixedDecimal", "FixedText",
        "GroupField", "GroupRegion", "InlineValue", "IntegerBacked", "ListField", "ListRegion",
        "MapEntry", "MapField", "Message", "MessageBuilder", "MessageView", "MessageWriter",
        "Microseconds", "Milliseconds", "Nanoseconds", "Seconds", "OptionalBytesField",
        "OptionalListField", "OptionalTextField", "OptionalUnionField", "SchemaTable", "TextArm",
        "TextField", "TextRegion", "TimeSpan", "Timestamp", "UnionField", "UnionRegion",
        "UnionValue",
        "UnionView", "UnionWriter", "ValueArm",
    ]

    /// Names of the arguments of the runtime's generic types: in extensions of those they hide a
    /// type of the schema.
    static let genericArguments: Set<String> = [
        "Owner", "Phase", "Next", "Region", "Entry", "Value", "Element", "Key", "Storage",
        "Payload", "View",
        "Builder", "Root", "Start", "Wire", "Request",
    ]
}
