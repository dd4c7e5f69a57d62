// SPDX-License-Identifier: Apache-2.0

/// Writes a checked schema as the text of a `.linnet` file.
///
/// There are no comments, no documentation and no `@deprecated`; constants that bounds and defaults
/// named are numbers. Two schemas have the same text if and only if no tool and no peer can tell
/// them apart. The text compiles to the same schema without those parts. O(fields).
public struct CanonicalText {
    private let schema: Schema
    private var output = ""
    private var depth = 0

    public init(_ schema: Schema) {
        self.schema = schema
    }

    /// The text. Ends with a newline.
    public func text() -> String {
        var writer = self
        writer.writeFile()
        return writer.output
    }

    private mutating func writeFile() {
        let id = schema.id == 0 ? "" : " id \(schema.id)"
        line("schema \(schema.name.joined(separator: "."))\(id) version \(schema.version)")
        if !schema.imports.isEmpty { output += "\n" }
        for path in schema.imports { line("import \(quoted(path))") }
        for declaration in schema.declarations {
            output += "\n"
            write(declaration)
        }
    }

    private mutating func write(_ declaration: Declaration) {
        switch declaration {
        case .constant(let constant): write(constant)
        case .enumeration(let type):
            open("\(type.isClosed ? "closed " : "")enum \(type.name): \(type.storage.rawValue)")
            write(type.cases)
        case .flags(let type):
            open("flags \(type.name): \(type.storage.rawValue)")
            write(type.flags)
        case .bits(let type):
            open("bits \(type.name): \(type.storage.rawValue)")
            for field in type.fields { line("\(field.name): \(field.bitCount)") }
            close()
        case .structure(let type):
            open("struct \(type.name)")
            write(type.fields, type.constants, since: 1)
            close()
        case .union(let type): write(type)
        case .message(let message):
            let attributes = since(message.since, around: 1) + (message.isWide ? " @wide" : "")
            open("message \(message.name) = \(message.number)\(attributes)")
            write(message.block.fields, message.block.constants, since: message.since)
            close()
        case .binding(let binding): write(binding)
        }
    }

    private mutating func write(_ constant: Constant) {
        let type = constant.type?.schemaText ?? "string"
        line("const \(constant.name): \(type) = \(constant.value.schemaText)")
    }

    private mutating func write(_ cases: [NamedValue]) {
        for value in cases {
            line("\(value.name) = \(value.value)\(since(value.since, around: 1))")
        }
        close()
    }

    private mutating func write(_ union: Union) {
        open("union \(union.name): \(union.tagByteCount == 1 ? "u8" : "u16")")
        for arm in union.arms {
            let type = arm.type.map { ": \($0.schemaText)" } ?? ""
            line("\(arm.name)\(type) = \(arm.tag)\(since(arm.since, around: 1))")
        }
        close()
    }

    /// - Parameter since: of what is around the fields.
    private mutating func write(_ fields: [Field], _ constants: [Constant], since outer: UInt16) {
        for constant in constants { write(constant) }
        for field in fields {
            let attributes = since(field.since, around: outer)
            if case .group(let group) = field.type {
                open("\(field.name): \(field.type.schemaText)")
                write(group.block.fields, group.block.constants, since: field.since)
                close(attributes)
            } else {
                line("\(field.name): \(field.schemaText)\(attributes)")
            }
        }
    }

    private mutating func write(_ binding: ProtocolBinding) {
        open("protocol \(binding.name)")
        line("magic 0x\(String(binding.magic, radix: 16, uppercase: true))")
        line("version \(binding.versions.schemaText)")
        line("max \(binding.maxPacketByteCount)")
        for request in binding.requests {
            let control = request.isControl ? " @control" : ""
            let correlated = request.isCorrelated ? " @correlated" : ""
            line("\(request.schemaText)\(control)\(correlated)")
        }
        for sending in binding.sendings {
            let control = sending.isControl ? " @control" : ""
            line("\(sending.side.rawValue) sends \(sending.message)\(control)")
        }
        close()
    }

    private func since(_ version: UInt16, around outer: UInt16) -> String {
        version > outer ? " @since(\(version))" : ""
    }

    private mutating func line(_ text: String) {
        output += String(repeating: "    ", count: depth) + text + "\n"
    }

    private mutating func open(_ text: String) {
        line(text + " {")
        depth += 1
    }

    private mutating func close(_ attributes: String = "") {
        depth -= 1
        line("}" + attributes)
    }
}

extension Field {
    /// What stands behind the name, without attributes: `u32? in 1...9`. Of groups, not the block.
    var schemaText: String {
        let range = range.map { " in \($0.lowest.schemaText)...\($0.highest.schemaText)" } ?? ""
        let value = defaultValue.map { " = \($0.schemaText)" } ?? ""
        return "\(typeText)\(range)\(value)"
    }

    /// The type, with `?` if the field is optional.
    var typeText: String { type.schemaText + (isOptional ? "?" : "") }
}

extension ProtocolBinding.Request {
    /// As in the language, without attributes: `client requests Ping -> Pong`.
    var schemaText: String {
        let errors = errors.isEmpty ? "" : " else \(errors.joined(separator: ", "))"
        return "\(side.rawValue) requests \(message) -> \(response)\(errors)"
    }
}

extension ClosedRange<UInt16> {
    /// `1` or `1...3`.
    var schemaText: String {
        lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound)...\(upperBound)"
    }
}

extension FieldType {
    /// As in the language. Groups without their block.
    var schemaText: String {
        switch self {
        case .integer(let kind): kind.rawValue
        case .float(let byteCount): byteCount == 4 ? "f32" : "f64"
        case .bool: "bool"
        case .decimal(let kind, let exponent): "decimal(\(kind.rawValue), \(exponent))"
        case .timestamp(let unit): "timestamp(\(unit.rawValue))"
        case .duration(let unit): "duration(\(unit.rawValue))"
        case .fixedText(let byteCount): "str[\(byteCount)]"
        case .fixedBytes(let byteCount): "bytes[\(byteCount)]"
        case .array(let element, let count): "\(element.schemaText)[\(count)]"
        case .enumeration(let name), .flags(let name), .bits(let name), .structure(let name),
            .union(let name):
            name
        case .text(let maxByteCount): "string<=\(maxByteCount)"
        case .bytes(let maxByteCount): "bytes<=\(maxByteCount)"
        case .list(let element, let maxCount): "[\(element.schemaText)]<=\(maxCount)"
        case .group(let group): "group<=\(group.maxCount)"
        case .map(let group):
            "[\(group.block.fields.map(\.type.schemaText).joined(separator: ": "))]"
                + "<=\(group.maxCount)"
        }
    }
}

extension Literal {
    /// As in the language.
    var schemaText: String {
        switch self {
        case .integer(let value): "\(value)"
        case .number(_, let text): text
        case .bool(let value): "\(value)"
        case .string(let value): quoted(value)
        case .enumCase(let name): ".\(name)"
        }
    }
}

/// A string of the language: what does not show is escaped.
func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
                result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
    return result + "\""
}
