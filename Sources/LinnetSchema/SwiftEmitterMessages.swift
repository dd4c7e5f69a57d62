// SPDX-License-Identifier: Apache-2.0

// Messages and entries of groups, as values.

/// A block that is being emitted: a message, or entries within it.
struct SwiftBlock {
    var message: Message
    var block: Block
    /// `["Car", "PerformanceFiguresEntry"]`.
    var path: [String]
    var documentation: [String]
    /// A map's.
    var isMap = false

    var name: String { path.joined(separator: ".") }
    var isEntry: Bool { path.count > 1 }
    var variableFields: [Field] { block.fields.filter(\.type.isVariable) }
    var fixedFields: [Field] { block.fields.filter { !$0.type.isVariable } }
    /// Where fields are that every version has.
    var oldest: Shape {
        block.shapes.first ?? Shape(since: 1, fixedByteCount: 0, endCount: 0)
    }

    /// The blocks of its groups.
    var entries: [SwiftBlock] {
        variableFields.compactMap { field in
            guard let group = field.type.group else { return nil }
            var entry = self
            entry.block = group.block
            entry.path.append(SwiftNames.entry(field.name))
            entry.documentation = field.documentation
            if case .map = field.type { entry.isMap = true } else { entry.isMap = false }
            return entry
        }
    }
}

extension SwiftEmitter {
    func emit(_ message: Message, to text: inout SwiftText) {
        emit(
            SwiftBlock(
                message: message,
                block: message.block,
                path: [message.name],
                documentation: message.documentation
            ),
            to: &text
        )
    }

    private func emit(_ block: SwiftBlock, to text: inout SwiftText) {
        text.line("")
        if block.isEntry {
            text.block("extension \(block.path.dropLast().joined(separator: "."))") {
                emitValue(block, to: &$0)
            }
        } else {
            emitValue(block, to: &text)
        }
        emitView(block, to: &text)
        emitBuilder(block, to: &text)
        for entry in block.entries { emit(entry, to: &text) }
    }

    private func emitValue(_ block: SwiftBlock, to text: inout SwiftText) {
        let kind = block.isMap ? mapEntry : block.isEntry ? "Block" : "Message"
        text.documentation(block.documentation)
        text.block("public struct \(block.path.last ?? ""): \(kind)") { text in
            for constant in block.block.constants { emit(constant, to: &text) }
            for field in block.block.fields { emitProperty(field, to: &text) }
            if !block.block.fields.isEmpty || !block.block.constants.isEmpty { text.line("") }
            // Who makes a deprecated message is warned. Who receives one, or handles it, is not: it
            // still comes from older peers, and generated code must not warn.
            if !block.isEntry, !isUsedByProtocol(block.message.name) {
                emit(block.message.deprecation, to: &text)
            }
            emitInitializer(block.block.fields, to: &text)
            emitLayout(block, to: &text)
            emitVerify(block, to: &text)
            if block.isMap { emitOrder(block, to: &text) }
            emitCopying(block, to: &text)
            emitWriting(block, to: &text)
        }
    }

    /// The runtime's protocol: a field that is called `map` has entries of the same name.
    private var mapEntry: String {
        Self.nestedNames(of: schema).contains("MapEntry") ? "LinnetMessages.MapEntry" : "MapEntry"
    }

    // MARK: - Properties

    /// Generated code does not use what is deprecated, which would be a warning: it stands under
    /// another name, which no field has.
    func storedName(_ field: Field) -> String {
        field.deprecation == nil ? SwiftNames.field(field.name) : "_" + field.name
    }

    private func valueType(_ field: Field) -> String {
        swiftType(field.type, entry: SwiftNames.entry(field.name)) + (field.isOptional ? "?" : "")
    }

    private func emitProperty(_ field: Field, to text: inout SwiftText) {
        let name = SwiftNames.field(field.name)
        let type = valueType(field)
        guard field.deprecation != nil else {
            text.documentation(field.documentation)
            return text.line("public var \(name): \(type)")
        }
        let stored = storedName(field)
        text.line("private var \(stored): \(type)")
        text.documentation(field.documentation)
        emit(field.deprecation, to: &text)
        text.block("public var \(name): \(type)") { text in
            text.line("get { \(stored) }")
            text.line("set { \(stored) = newValue }")
        }
    }

    // MARK: - Layout

    private func emitLayout(_ block: SwiftBlock, to text: inout SwiftText) {
        let message = block.message
        func constant(_ name: String, _ type: String, _ value: String) {
            text.line("@inlinable public static var \(name): \(type) { \(value) }")
        }
        text.line("")
        text.line("public typealias Root = \(message.name)")
        if !block.isEntry {
            text.line("public typealias View = MessageView<\(message.name)>")
            text.line("public typealias Builder = MessageBuilder<\(message.name), Start>")
            text.line("public static var schema: SchemaTable { \(namespace).table }")
            constant("number", "UInt16", Self.number(message.number))
            constant("version", "UInt16", Self.number(schema.version))
            constant("oldestVersion", "UInt16", Self.number(message.since))
            constant("isWide", "Bool", message.isWide ? "true" : "false")
            constant("maxByteCount", "Int", Self.number(message.maxByteCount))
        } else {
            constant("isEntry", "Bool", "true")
            if block.isMap { constant("isMap", "Bool", "true") }
        }
        constant("fixedByteCount", "Int", Self.number(block.block.fixedByteCount))
        constant("endCount", "Int", Self.number(block.block.endCount))
        constant("oldestFixedByteCount", "Int", Self.number(block.oldest.fixedByteCount))
        constant("oldestEndCount", "Int", Self.number(block.oldest.endCount))
        if checks(block).isEmpty { constant("isAlwaysValid", "Bool", "true") }
        let required = requiredEnds(block)
        if required != 0 { constant("requiredEnds", "UInt64", Self.number(required)) }
        emitShapes(block, to: &text)
        emitDefaults(block, to: &text)
    }

    private func requiredEnds(_ block: SwiftBlock) -> UInt64 {
        block.variableFields.reduce(0) { ends, field in
            guard case .union = field.type, !field.isOptional, field.endIndex < 64 else {
                return ends
            }
            return ends | 1 << UInt64(field.endIndex)
        }
    }

    private func emitShapes(_ block: SwiftBlock, to text: inout SwiftText) {
        func shape(_ shape: Shape) -> String {
            "BlockShape(fixedByteCount: \(Self.number(shape.fixedByteCount)), "
                + "endCount: \(Self.number(shape.endCount)))"
        }
        let shapes = block.block.shapes
        text.line("")
        text.block("public static func shape(ofVersion version: UInt16) -> BlockShape") { text in
            guard shapes.count > 1, let last = shapes.last else {
                return text.line(shape(block.oldest))
            }
            text.line("switch version {")
            for (old, new) in zip(shapes, shapes.dropFirst()) {
                text.line("case ..<\(Self.number(new.since)): \(shape(old))")
            }
            text.line("default: \(shape(last))")
            text.line("}")
        }
    }

    private func emitDefaults(_ block: SwiftBlock, to text: inout SwiftText) {
        let stores = block.fixedFields.compactMap { field -> SwiftCall? in
            guard !field.isOptional, hasDefault(field) else { return nil }
            let value = typed(initialValue(field), field.type)
            return SwiftCall("fields.store", [value, "at: \(Self.number(field.offset))"])
        }
        guard !stores.isEmpty else { return }
        text.line("")
        text.line("@inlinable")
        text.block("public static func writeDefaults(_ fields: inout MessageWriter<Self>)") {
            for store in stores { $0.call(store) }
        }
    }

    /// Whether what is not set has other bytes than zeros.
    private func hasDefault(_ field: Field) -> Bool {
        guard let value = field.defaultValue else { return !isZeroValid(field.type) }
        return value != .integer(0) && value != .bool(false)
    }
}
