// SPDX-License-Identifier: Apache-2.0

// Blocks in place: what views, verifiers' names and builders have.

extension SwiftEmitter {
    /// What loads a fixed field from a view, within it.
    func loading(_ field: Field, _ block: SwiftBlock) -> SwiftCall {
        let place = "at: \(Self.number(field.offset))"
        if field.isOptional { return SwiftCall("load", [place] + presence(field)) }
        if case .fixed(let offset, let byteCount) = field.place,
            offset + byteCount <= block.oldest.fixedByteCount
        {
            return SwiftCall("load", [place])
        }
        return SwiftCall("load", [place, "orElse: \(initialValue(field))"])
    }

    func emitView(_ block: SwiftBlock, to text: inout SwiftText) {
        let fixed = block.fixedFields
        if !fixed.isEmpty {
            text.line("")
            text.extensionOf("MessageView", where: ["Owner == \(block.name)"]) { text in
                for field in fixed {
                    text.documentation(field.documentation)
                    emit(field.deprecation, to: &text)
                    text.accessor(
                        "@inlinable public var \(SwiftNames.field(field.name)): "
                            + fixedType(field),
                        loading(field, block)
                    )
                }
            }
        }
        emitFieldNames(block, to: &text)
    }

    /// The names of variable fields: one extension for neighbours of the same type.
    private func emitFieldNames(_ block: SwiftBlock, to text: inout SwiftText) {
        var rest = block.variableFields[...]
        while let first = rest.first {
            let name = fieldName(first, in: block)
            let same = rest.prefix {
                let other = fieldName($0, in: block)
                return other.type == name.type && other.requirements == name.requirements
            }
            rest = rest.dropFirst(same.count)
            text.line("")
            text.extensionOf(name.type, where: name.requirements) { text in
                for field in same {
                    text.documentation(field.documentation)
                    emit(field.deprecation, to: &text)
                    text.accessor(
                        "@inlinable public static var \(SwiftNames.field(field.name)): Self",
                        SwiftCall("Self", fieldName(field, in: block).arguments)
                    )
                }
            }
        }
    }

    private func fixedType(_ field: Field) -> String {
        swiftType(field.type, entry: "") + (field.isOptional ? "?" : "")
    }

    /// The name of a variable field: `TextField`, where its `Owner` is the block.
    struct FieldName {
        var type: String
        var requirements: [String]
        var arguments: [String]
        /// The name itself, within the block.
        var whole: String {
            let others = requirements.dropFirst().map { $0.split(separator: "== ").last ?? "" }
            let types = (["Self"] + others).joined(separator: ", ")
            return "\(type)<\(types)>(\(arguments.joined(separator: ", ")))"
        }
    }

    func fieldName(_ field: Field, in block: SwiftBlock) -> FieldName {
        let optional = field.isOptional ? "Optional" : ""
        var name = FieldName(
            type: "",
            requirements: ["Owner == \(block.name)"],
            arguments: ["end: \(field.endIndex)"] + presence(field)
        )
        switch field.type {
        case .text: name.type = "\(optional)TextField"
        case .bytes: name.type = "\(optional)BytesField"
        case .list(let element, _):
            name.type = "\(optional)ListField"
            name.requirements.append("Element == \(swiftType(element, entry: ""))")
        case .union(let union):
            name.type = "\(optional)UnionField"
            name.requirements.append("Value == \(swiftType(named: union))")
        default:
            if case .map = field.type { name.type = "MapField" } else { name.type = "GroupField" }
            name.requirements.append("Entry == \(block.name).\(SwiftNames.entry(field.name))")
        }
        return name
    }

    // MARK: - Builders

    func emitBuilder(_ block: SwiftBlock, to text: inout SwiftText) {
        if !block.fixedFields.isEmpty {
            text.line("")
            text.extensionOf("MessageBuilder", where: ["Owner == \(block.name)"]) { text in
                for field in block.fixedFields { emitSetter(field, to: &text) }
            }
        }
        emitPhases(block, to: &text)
        for field in block.variableFields {
            let region = regionType(field, in: block)
            let phases = SwiftNames.phases(field.name)
            text.line("")
            text.extensionOf(
                "BuildStep",
                where: [
                    "Owner == \(block.name)", "Phase: \(block.name).\(phases.before)",
                    "Next == \(block.name).\(phases.after)", "Region == \(region)",
                ]
            ) { text in
                emit(field.deprecation, to: &text)
                let arguments = ["end: \(field.endIndex)", "max: \(Self.number(field.type.max))"]
                text.accessor(
                    "@inlinable public static var \(SwiftNames.field(field.name)): Self",
                    SwiftCall("Self", arguments + presence(field))
                )
            }
        }
    }

    private func emitSetter(_ field: Field, to text: inout SwiftText) {
        let place = "at: \(Self.number(field.offset))"
        let range = rangeExpression(field).map { ["in: \($0)"] } ?? []
        emit(field.deprecation, to: &text)
        let head = "@inlinable public var \(SwiftNames.field(field.name)): \(fixedType(field))"
        text.block(head) { text in
            let rest = field.isOptional ? presence(field) : ["orElse: \(initialValue(field))"]
            text.accessor("get", SwiftCall("writer.load", [place] + rest))
            text.accessor(
                "nonmutating set",
                SwiftCall("writer.store", ["newValue", place] + range + presence(field))
            )
        }
    }

    private func regionType(_ field: Field, in block: SwiftBlock) -> String {
        switch field.type {
        case .text: "TextRegion"
        case .bytes: "BytesRegion"
        case .list(let element, _): "ListRegion<\(swiftType(element, entry: ""))>"
        case .union(let union): "UnionRegion<\(swiftType(named: union))>"
        default: "GroupRegion<\(block.name).\(SwiftNames.entry(field.name))>"
        }
    }

    /// The phases of a builder: in which a field comes next, and those that come later too.
    private func emitPhases(_ block: SwiftBlock, to text: inout SwiftText) {
        let names = block.variableFields.map { SwiftNames.phases($0.name) }
        text.line("")
        text.block("extension \(block.name)") { text in
            for index in 0...names.count {
                let phase = index == 0 ? "Start" : names[index - 1].after
                let next = index < names.count ? ": \(names[index].before)" : ""
                text.line("public enum \(phase)\(next) {}")
            }
            for (index, name) in names.enumerated() {
                let next = index + 1 < names.count ? ": \(names[index + 1].before)" : ""
                text.line("public protocol \(name.before)\(next) {}")
            }
        }
    }
}

extension FieldType {
    /// The bound of a variable type; a union has none.
    var max: Int {
        switch self {
        case .text(let max), .bytes(let max), .list(_, let max): max
        case .group(let group), .map(let group): group.maxCount
        default: 0
        }
    }
}
