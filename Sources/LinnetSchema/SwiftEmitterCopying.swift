// SPDX-License-Identifier: Apache-2.0

// Blocks: checking them, and copying them between bytes and values.

extension SwiftEmitter {
    /// The arguments that say where a field's presence bit is.
    func presence(_ field: Field) -> [String] {
        guard let presence = field.presence else { return [] }
        return ["presenceOffset: \(Self.number(presence.offset))", "presenceBit: \(presence.mask)"]
    }

    // MARK: - Verifying

    /// What must hold of a block, in its order.
    func checks(_ block: SwiftBlock) -> [SwiftCall] {
        var checks: [(offset: Int, call: SwiftCall)] = []
        for byte in block.block.presenceBytes where byte.mask != 0xFF {
            let arguments = ["at: \(Self.number(byte.offset))", "mask: \(byte.mask)"]
            checks.append((byte.offset, SwiftCall("fields.holdsPresence", arguments)))
        }
        for field in block.fixedFields {
            if let check = fixedCheck(field) { checks.append((field.offset, check)) }
        }
        checks.sort { $0.offset < $1.offset }
        return checks.map(\.call) + block.variableFields.map { regionCheck($0) }
    }

    private func fixedCheck(_ field: Field) -> SwiftCall? {
        guard field.isOptional || !isAlwaysValid(field) else { return nil }
        let type = swiftType(field.type, entry: "")
        let range = rangeExpression(field).map { ["in: \($0)"] } ?? []
        return SwiftCall(
            field.isOptional ? "fields.holdsOptional" : "fields.holds",
            ["\(type).self"] + range + ["at: \(Self.number(field.offset))"] + presence(field)
        )
    }

    private func regionCheck(_ field: Field) -> SwiftCall {
        let isPresent =
            field.presence.map {
                ["isPresent: fields.isPresent(\(Self.number($0.offset)), bit: \($0.mask))"]
            } ?? []
        let type = swiftType(field.type.element ?? field.type, entry: "")
        let end = "end: \(field.endIndex)"
        let begin = ["&begin"]
        switch field.type {
        case .text(let max):
            return SwiftCall("fields.text", [end, "max: \(Self.number(max))"] + isPresent + begin)
        case .bytes(let max):
            return SwiftCall("fields.bytes", [end, "max: \(Self.number(max))"] + isPresent + begin)
        case .list(_, let max):
            return SwiftCall(
                "fields.list",
                ["\(type).self", end, "max: \(Self.number(max))"] + isPresent + begin
            )
        case .union:
            return SwiftCall(
                "fields.union",
                ["\(type).self", end, "isOptional: \(field.isOptional)"] + begin
            )
        default:
            let max = Self.number(field.type.group?.maxCount ?? 0)
            let entry = SwiftNames.entry(field.name)
            return SwiftCall("fields.group", ["\(entry).self", end, "max: \(max)"] + begin)
        }
    }

    func emitVerify(_ block: SwiftBlock, to text: inout SwiftText) {
        text.line("")
        text.line("@inlinable")
        text.line("@inline(__always)")
        text.block("public static func verify(_ fields: BlockVerifier<Self>) -> Int") {
            let checks = checks(block)
            guard !block.variableFields.isEmpty else {
                return emit(checks, orElse: "-1", result: "fields.begin", to: &$0)
            }
            $0.line("var begin = fields.begin")
            emit(checks, orElse: "-1", result: "begin", to: &$0)
        }
    }

    /// How the entries of a map are sorted and found.
    func emitOrder(_ block: SwiftBlock, to text: inout SwiftText) {
        guard let key = block.block.fields.first else { return }
        let type = swiftType(key.type, entry: "")
        let isText = key.type.isVariable
        let part = isText ? "[.key]" : ".key"
        text.line("")
        text.line("@inlinable")
        text.block("public static func compare(_ entry: MessageView<Self>, to key: \(type)) -> Int")
        {
            $0.line("order(entry\(part), key)")
        }
        text.line("")
        text.line("@inlinable")
        text.block("public static func compare(_ left: \(type), _ right: \(type)) -> Int") {
            $0.line("order(left, right)")
        }
        text.line("")
        text.line("@inlinable")
        text.call(
            "public static func isAscending",
            ["_ previous: MessageView<Self>", "_ next: MessageView<Self>"],
            " -> Bool {"
        )
        text.indented { $0.line("order(previous\(part), next\(part)) < 0") }
        text.line("}")
    }

    // MARK: - From bytes

    func emitCopying(_ block: SwiftBlock, to text: inout SwiftText) {
        text.line("")
        text.block("public init(_ view: MessageView<Self>)") { text in
            for field in block.block.fields { emitCopying(field, block, to: &text) }
        }
    }

    private func emitCopying(_ field: Field, _ block: SwiftBlock, to text: inout SwiftText) {
        let stored = storedName(field)
        let target = stored == "view" ? "self.view" : stored
        guard field.type.isVariable else {
            let value = loading(field, block)
            guard field.deprecation == nil else {
                return text.call(SwiftCall("\(target) = view.\(value.head)", value.arguments))
            }
            return text.assignment(target, "view.\(SwiftNames.field(field.name))")
        }
        let name =
            field.deprecation == nil
            ? ".\(SwiftNames.field(field.name))" : fieldName(field, in: block).whole
        let region = field.isOptional ? "region" : "view[\(name)]"
        let value =
            switch field.type {
            case .text: "String(copying: \(region))"
            case .bytes: "[UInt8](copying: \(region))"
            case .list: "\(region).array()"
            case .union: "\(region).value"
            case .map(let map) where dictionary(map) != nil: "\(region).dictionary()"
            default: "\(region).values()"
            }
        guard field.isOptional else { return text.assignment(target, value) }
        let whole = "if let region = view[\(name)] { self.\(stored) = \(value) }"
        if text.fits(whole) { return text.line(whole) }
        text.block("if let region = view[\(name)]") { $0.assignment("self.\(stored)", value) }
    }

    // MARK: - To bytes

    func emitWriting(_ block: SwiftBlock, to text: inout SwiftText) {
        text.line("")
        text.block("public func write(to fields: inout MessageWriter<Self>)") { text in
            for field in block.fixedFields {
                let range = rangeExpression(field).map { ["in: \($0)"] } ?? []
                let place = ["at: \(Self.number(field.offset))"] + range + presence(field)
                text.call("fields.store", [source(field)] + place)
            }
            for field in block.variableFields { emitRegion(field, to: &text) }
        }
    }

    /// The field within a function whose parameter is called `fields`.
    private func source(_ field: Field) -> String {
        let stored = storedName(field)
        return stored == "fields" ? "self.fields" : stored
    }

    private func emitRegion(_ field: Field, to text: inout SwiftText) {
        let end = "end: \(field.endIndex)"
        let value = source(field)
        func call(_ method: String, _ max: Int) {
            text.call(
                "fields.\(method)",
                [value, end, "max: \(Self.number(max))"] + presence(field)
            )
        }
        switch field.type {
        case .text(let max): call("text", max)
        case .bytes(let max): call("bytes", max)
        case .list(_, let max): call("list", max)
        case .union: text.call("fields.union", [value, end])
        case .map(let map) where dictionary(map) != nil:
            let max = "max: \(Self.number(map.maxCount))"
            text.call("fields.map", ["\(SwiftNames.entry(field.name)).self", value, end, max])
        case .map(let map): call("map", map.maxCount)
        default: call("group", field.type.group?.maxCount ?? 0)
        }
    }
}

extension FieldType {
    /// The type of a list's elements.
    var element: FieldType? {
        if case .list(let element, _) = self { element } else { nil }
    }
}

extension PresenceBit {
    var mask: Int { 1 << bit }
}
