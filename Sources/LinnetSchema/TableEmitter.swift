// SPDX-License-Identifier: Apache-2.0

/// The description of a schema that generated code carries: what `SchemaTable` of LinnetMessages
/// reads, whose file says what stands in it. Only this pair knows the format.
///
/// The text is self-contained (types of imported files included), ASCII without quotes and
/// backslashes, and the same for the same schema. O(schema).
public struct TableEmitter {
    private let schema: Schema
    private var lines: [String] = []
    private var blockCount = 0
    /// The named types that stand in the text already.
    private var emitted: Set<String> = []

    public init(_ schema: Schema) {
        self.schema = schema
    }

    /// One line for each type, field and message, each ended by a line feed.
    public var text: String {
        var emitter = self
        emitter.emit()
        return emitter.lines.joined(separator: "\n") + "\n"
    }

    private mutating func emit() {
        let name = schema.name.map(escaped).joined(separator: ".")
        lines.append("linnet 1 \(name) \(schema.version)")
        for message in schema.messages {
            let block = emit(message.block)
            var line = "message \(escaped(message.name)) \(message.number) \(block)"
            line += " \(message.since) \(message.endByteCount) \(message.maxByteCount)"
            lines.append(line)
        }
    }

    // MARK: - Blocks

    /// Writes a block, after the blocks and types that it consists of, and returns its number.
    private mutating func emit(_ block: Block) -> Int {
        let fields = block.fields.map { line(of: $0, openingIn: block) }
        let shapes = block.shapes.map { "\($0.since):\($0.fixedByteCount):\($0.endCount)" }
        lines.append("block " + shapes.joined(separator: " "))
        lines += fields
        blockCount += 1
        return blockCount - 1
    }

    private mutating func line(of field: Field, openingIn block: Block?) -> String {
        var words = ["." + escaped(field.name), word(for: field.type)]
        switch field.place {
        case .fixed(let offset, _): words.append("\(offset)")
        case .variable(let endIndex): words.append("e\(endIndex)")
        }
        if field.since > 1 { words.append("@\(field.since)") }
        if field.isOptional { words.append("?") }
        if let presence = field.presence {
            words.append("p\(presence.offset):\(presence.bit)")
            let first = block?.fields.first { $0.presence?.offset == presence.offset }
            let byte = block?.presenceBytes.first { $0.offset == presence.offset }
            if let byte, first?.name == field.name { words.append("m\(byte.mask)") }
        }
        let bits = field.defaultValue.map { self.bits(of: $0, field.type) } ?? 0
        if bits != 0 { words.append("=\(bits)") }
        if let range = field.range {
            words.append("r\(bound(range.lowest, field.type)):\(bound(range.highest, field.type))")
        }
        return words.joined(separator: " ")
    }

    // MARK: - Types

    /// The word for a type, after the lines of the types that it consists of.
    private mutating func word(for type: FieldType) -> String {
        switch type {
        case .integer(let kind): kind.rawValue
        case .float(let byteCount): byteCount == 4 ? "f32" : "f64"
        case .bool: "bool"
        case .decimal(let kind, let exponent): "decimal:\(kind.rawValue):\(exponent)"
        case .timestamp(let unit): "timestamp:\(unit.rawValue)"
        case .duration(let unit): "duration:\(unit.rawValue)"
        case .fixedText(let byteCount): "str:\(byteCount)"
        case .fixedBytes(let byteCount): "raw:\(byteCount)"
        case .array(let element, let count): "array:\(count):" + word(for: element)
        case .enumeration(let name), .flags(let name), .bits(let name), .structure(let name),
            .union(let name):
            named(name)
        case .text(let maxByteCount): "string:\(maxByteCount)"
        case .bytes(let maxByteCount): "bytes:\(maxByteCount)"
        case .list(let element, let maxCount): "list:\(maxCount):" + word(for: element)
        case .group(let group): "group:\(group.maxCount):\(emit(group.block))"
        case .map(let group): "map:\(group.maxCount):\(emit(group.block))"
        }
    }

    private mutating func named(_ name: String) -> String {
        if emitted.insert(name).inserted, let declaration = schema.declaration(named: name) {
            emit(declaration)
        }
        return escaped(name)
    }

    private mutating func emit(_ declaration: Declaration) {
        switch declaration {
        case .enumeration(let type):
            let kind = (type.isClosed ? "closed " : "open ") + type.storage.rawValue
            lines.append(line("enum", type.name, kind, type.cases.map { ($0.name, $0.value) }))
        case .flags(let type):
            let flags = type.flags.map { ($0.name, $0.value) }
            lines.append(line("flags", type.name, type.storage.rawValue, flags))
        case .bits(let type):
            let fields = type.fields.map { ($0.name, $0.bitCount) }
            lines.append(line("bits", type.name, type.storage.rawValue, fields))
        case .structure(let type):
            let fields = type.fields.map { line(of: $0, openingIn: nil) }
            lines.append("struct \(escaped(type.name)) \(type.byteCount)")
            lines += fields
        case .union(let type):
            let arms = type.arms.map { arm in
                (arm.name, "\(arm.tag):" + (arm.type.map { word(for: $0) } ?? "-"))
            }
            lines.append(line("union", type.name, "\(type.tagByteCount)", arms))
        case .constant, .message, .binding:
            break
        }
    }

    private func line(
        _ kind: String,
        _ name: String,
        _ facts: String,
        _ members: [(name: String, value: some CustomStringConvertible)]
    ) -> String {
        ([kind, escaped(name), facts] + members.map { escaped($0.name) + "=\($0.value)" })
            .joined(separator: " ")
    }

    // MARK: - Values

    /// The bytes of a default in the fixed part, as one little-endian number.
    private func bits(of literal: Literal, _ type: FieldType) -> UInt64 {
        switch (type, literal) {
        case (.float(4), _): UInt64(float(literal).bitPattern)
        case (.float, _): double(literal).bitPattern
        case (.bool, .bool(let value)): value ? 1 : 0
        case (.decimal(let kind, let exponent), _):
            UInt64(truncatingIfNeeded: literal.mantissa(exponent: exponent) ?? 0) & kind.mask
        case (.enumeration(let name), .enumCase(let value)):
            number(ofCase: value, in: name)
        case (.integer(let kind), .integer(let value)):
            UInt64(truncatingIfNeeded: value) & kind.mask
        case (_, .integer(let value)): UInt64(truncatingIfNeeded: value)
        default: 0
        }
    }

    private func number(ofCase name: String, in type: String) -> UInt64 {
        guard case .enumeration(let type)? = schema.declaration(named: type) else { return 0 }
        return type.cases.first { $0.name == name }?.value ?? 0
    }

    /// A bound of a range: an integer, or the bits of a float as `f64`.
    private func bound(_ literal: Literal, _ type: FieldType) -> String {
        switch (type, literal) {
        case (.float(4), _): "\(Double(float(literal)).bitPattern)"
        case (.float, _): "\(double(literal).bitPattern)"
        case (_, .integer(let value)): "\(value)"
        default: "0"
        }
    }

    private func double(_ literal: Literal) -> Double {
        switch literal {
        case .integer(let value): Double(value)
        case .number(let value, _): value
        default: 0
        }
    }

    /// The nearest `f32` (§2.3.7): of the text, so that nothing is rounded twice.
    private func float(_ literal: Literal) -> Float {
        switch literal {
        case .integer(let value): Float(value)
        case .number(let value, let text): Float(text) ?? Float(value)
        default: 0
        }
    }

    /// A name as it may stand in the text. Names of a checked schema stay as they are.
    private func escaped(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return text
    }
}

extension IntegerKind {
    /// The bits that the type has.
    fileprivate var mask: UInt64 { byteCount == 8 ? .max : 1 << (UInt64(byteCount) * 8) - 1 }
}
