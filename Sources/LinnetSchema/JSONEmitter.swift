// SPDX-License-Identifier: Apache-2.0

/// Writes the checked model for programs in other languages, as JSON.
///
/// Names of members are stable; new ones may come. What is not there is absent, not `null`. Values
/// of fields and constants, and numbers of enums of `u64`, are strings in the notation of the
/// language, so that no reader loses digits; names of cases have no dot. The same schema gives the
/// same text.
public struct JSONEmitter {
    private let schema: Schema

    public init(_ schema: Schema) {
        self.schema = schema
    }

    /// The text. Ends with a newline. O(fields).
    public func text() -> String {
        var members: [(String, JSONTree)] = [
            ("linnetModel", .number(1)),
            ("name", .string(schema.name.joined(separator: "."))),
            ("id", .number(Int(schema.id))),
            ("version", .number(Int(schema.version))),
        ]
        members += documentation(schema.documentation)
        members.append(("imports", .array(schema.imports.map(JSONTree.string))))
        members.append(("declarations", .array(schema.declarations.map(tree))))
        members.append(("imported", .array(schema.imported.map(tree))))
        return JSONTree.members(members).text
    }

    private func tree(_ declaration: Declaration) -> JSONTree {
        switch declaration {
        case .constant(let constant): tree(constant)
        case .enumeration(let type): tree(type)
        case .flags(let type):
            .members(
                head("flags", type.name, type.documentation) + [
                    ("storage", .string(type.storage.rawValue)),
                    ("flags", .array(type.flags.map { tree($0, "bit", isText: false) })),
                ]
            )
        case .bits(let type):
            .members(
                head("bits", type.name, type.documentation) + [
                    ("storage", .string(type.storage.rawValue)),
                    ("fields", .array(type.fields.map(tree))),
                ]
            )
        case .structure(let type):
            .members(
                head("struct", type.name, type.documentation) + [
                    ("byteCount", .number(type.byteCount)),
                    ("constants", .array(type.constants.map(tree))),
                    ("fields", .array(type.fields.map(tree))),
                ]
            )
        case .union(let type):
            .members(
                head("union", type.name, type.documentation) + [
                    ("tagByteCount", .number(type.tagByteCount)),
                    ("arms", .array(type.arms.map(tree))),
                ]
            )
        case .message(let message): tree(message)
        case .binding(let binding): tree(binding)
        }
    }

    private func tree(_ constant: Constant) -> JSONTree {
        .members(
            head("const", constant.name, constant.documentation) + [
                ("type", .string(constant.type?.schemaText ?? "string")),
                ("value", constant.value.tree),
            ]
        )
    }

    private func tree(_ type: Enumeration) -> JSONTree {
        .members(
            head("enum", type.name, type.documentation) + [
                ("isClosed", .bool(type.isClosed)),
                ("storage", .string(type.storage.rawValue)),
                (
                    "cases",
                    .array(type.cases.map { tree($0, "value", isText: type.storage == .u64) })
                ),
            ]
        )
    }

    private func tree(_ value: NamedValue, _ name: String, isText: Bool) -> JSONTree {
        let number = Int(exactly: value.value)
        return .members(
            [
                ("name", .string(value.name)),
                (name, isText ? .string("\(value.value)") : .number(number ?? 0)),
                ("since", .number(Int(value.since))),
            ] + deprecation(value.deprecation) + documentation(value.documentation)
        )
    }

    private func tree(_ field: BitFields.Field) -> JSONTree {
        .members(
            [
                ("name", .string(field.name)),
                ("bitOffset", .number(field.bitOffset)),
                ("bitCount", .number(field.bitCount)),
            ] + documentation(field.documentation)
        )
    }

    private func tree(_ arm: Union.Arm) -> JSONTree {
        var members: [(String, JSONTree)] = [
            ("name", .string(arm.name)), ("tag", .number(Int(arm.tag))),
        ]
        if let type = arm.type { members.append(("type", tree(type))) }
        members.append(("since", .number(Int(arm.since))))
        return .members(members + deprecation(arm.deprecation) + documentation(arm.documentation))
    }

    private func tree(_ message: Message) -> JSONTree {
        let cost = schema.verifyCost(of: message)
        return .members(
            head("message", message.name, message.documentation) + [
                ("number", .number(Int(message.number))),
                ("since", .number(Int(message.since))),
                ("endByteCount", .number(message.endByteCount)),
                ("maxByteCount", .number(message.maxByteCount)),
                ("maxVerifySteps", .number(cost.stepCount)),
                ("maxVerifyTextBytes", .number(cost.textByteCount)),
            ] + deprecation(message.deprecation) + members(of: message.block)
        )
    }

    private func members(of block: Block) -> [(String, JSONTree)] {
        [
            ("constants", .array(block.constants.map(tree))),
            (
                "shapes",
                .array(
                    block.shapes.map { shape in
                        .members([
                            ("since", .number(Int(shape.since))),
                            ("fixedByteCount", .number(shape.fixedByteCount)),
                            ("endCount", .number(shape.endCount)),
                        ])
                    }
                )
            ),
            ("fields", .array(block.fields.map(tree))),
        ]
    }

    private func tree(_ field: Field) -> JSONTree {
        var members: [(String, JSONTree)] = [
            ("name", .string(field.name)), ("type", tree(field.type)),
            ("isOptional", .bool(field.isOptional)),
        ]
        if let value = field.defaultValue { members.append(("default", value.tree)) }
        if let range = field.range {
            members.append(("range", .array([range.lowest.tree, range.highest.tree])))
        }
        members.append(("since", .number(Int(field.since))))
        switch field.place {
        case .fixed(let offset, let byteCount):
            members += [("offset", .number(offset)), ("byteCount", .number(byteCount))]
        case .variable(let endIndex): members.append(("endIndex", .number(endIndex)))
        }
        if let presence = field.presence {
            members.append(
                (
                    "presence",
                    .members([
                        ("offset", .number(presence.offset)), ("bit", .number(presence.bit)),
                    ])
                )
            )
        }
        return .members(
            members + deprecation(field.deprecation) + documentation(field.documentation)
        )
    }

    private func tree(_ type: FieldType) -> JSONTree {
        var members: [(String, JSONTree)] = [
            ("kind", .string(type.kindName)), ("text", .string(type.schemaText)),
        ]
        switch type {
        case .decimal(let kind, let exponent):
            members += [("mantissa", .string(kind.rawValue)), ("exponent", .number(exponent))]
        case .timestamp(let unit), .duration(let unit):
            members.append(("unit", .string(unit.rawValue)))
        case .array(let element, let count):
            members += [("element", tree(element)), ("count", .number(count))]
        case .list(let element, let maxCount):
            members += [("element", tree(element)), ("maxCount", .number(maxCount))]
        case .text(let maxByteCount), .bytes(let maxByteCount):
            members.append(("maxByteCount", .number(maxByteCount)))
        case .enumeration(let name), .flags(let name), .bits(let name), .structure(let name),
            .union(let name):
            members.append(("name", .string(name)))
        case .group(let group), .map(let group):
            members.append(("maxCount", .number(group.maxCount)))
            members += self.members(of: group.block)
        case .integer, .float, .bool, .fixedText, .fixedBytes: break
        }
        if let byteCount = schema.fixedByteCount(of: type) {
            members.append(("byteCount", .number(byteCount)))
        }
        return .members(members)
    }

    private func tree(_ binding: ProtocolBinding) -> JSONTree {
        let sendings = binding.sendings.map { sending in
            JSONTree.members([
                ("side", .string(sending.side.rawValue)), ("message", .string(sending.message)),
                ("isControl", .bool(sending.isControl)),
            ])
        }
        let requests = binding.requests.map { request in
            JSONTree.members([
                ("side", .string(request.side.rawValue)), ("message", .string(request.message)),
                ("response", .string(request.response)),
                ("errors", .array(request.errors.map(JSONTree.string))),
                ("isControl", .bool(request.isControl)),
                ("isCorrelated", .bool(request.isCorrelated)),
            ])
        }
        return .members(
            head("protocol", binding.name, binding.documentation) + [
                ("magic", .number(Int(binding.magic))),
                ("lowestVersion", .number(Int(binding.versions.lowerBound))),
                ("highestVersion", .number(Int(binding.versions.upperBound))),
                ("maxPacketByteCount", .number(binding.maxPacketByteCount)),
                ("sends", .array(sendings)),
                ("requests", .array(requests)),
            ]
        )
    }

    private func head(
        _ kind: String,
        _ name: String,
        _ lines: [String]
    ) -> [(String, JSONTree)] {
        [("kind", .string(kind)), ("name", .string(name))] + documentation(lines)
    }

    private func documentation(_ lines: [String]) -> [(String, JSONTree)] {
        lines.isEmpty ? [] : [("documentation", .string(lines.joined(separator: "\n")))]
    }

    private func deprecation(_ deprecation: Deprecation?) -> [(String, JSONTree)] {
        guard let deprecation else { return [] }
        var members: [(String, JSONTree)] = [("since", .number(Int(deprecation.since)))]
        if let message = deprecation.message { members.append(("message", .string(message))) }
        return [("deprecated", .members(members))]
    }
}

extension Literal {
    fileprivate var tree: JSONTree {
        switch self {
        case .bool(let value): .bool(value)
        case .string(let value), .enumCase(let value): .string(value)
        case .integer, .number: .string(schemaText)
        }
    }
}

extension FieldType {
    /// The word for the type in JSON.
    fileprivate var kindName: String {
        switch self {
        case .integer(let kind): kind.rawValue
        case .float(let byteCount): byteCount == 4 ? "f32" : "f64"
        case .bool: "bool"
        case .decimal: "decimal"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .fixedText: "str"
        case .fixedBytes: "fixedBytes"
        case .array: "array"
        case .enumeration: "enum"
        case .flags: "flags"
        case .bits: "bits"
        case .structure: "struct"
        case .text: "string"
        case .bytes: "bytes"
        case .list: "list"
        case .union: "union"
        case .group: "group"
        case .map: "map"
        }
    }
}
