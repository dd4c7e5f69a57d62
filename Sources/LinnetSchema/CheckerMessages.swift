// SPDX-License-Identifier: Apache-2.0

// Messages, groups and their fields (§2.3, §2.4).

extension SchemaChecker {
    /// What is around a field.
    struct BlockContext {
        /// Fields are there from this version on, unless they say more.
        var since: UInt16
        var isEntry: Bool
    }

    mutating func checkMessages() {
        var numbers: [Int128: String] = [:]
        for declaration in own {
            guard case .message(let number, let syntax, let members) = declaration.kind else {
                continue
            }
            let name = declaration.name
            let value = checkedInteger(number, 1...65_535, .messageNumber, "a message's number")
            if let value, let earlier = numbers.updateValue(name.text, forKey: value) {
                findings.report(
                    .duplicateNumber,
                    at: number.start,
                    "`\(earlier)` has the number \(value) already",
                    fix: freeNumber(numbers).map { "write `= \($0)`" }
                )
            }
            let attributes = check(
                syntax,
                allowed: [.since, .deprecated, .wide],
                at: "messages"
            )
            let context = BlockContext(since: attributes.since ?? 1, isEntry: false)
            guard let block = checkBlock(members, name, context), let value else { continue }
            var message = Message(
                name: name.text,
                number: UInt16(value),
                isWide: attributes.isWide,
                block: block,
                maxByteCount: 8
                    + names.maxByteCount(of: block, endByteCount: attributes.isWide ? 4 : 2)
            )
            message.documentation = declaration.documentation
            message.since = context.since
            message.deprecation = attributes.deprecation
            checkSize(message, at: name.start)
            set(.message(message), name)
        }
    }

    private func freeNumber(_ numbers: [Int128: String]) -> Int128? {
        guard numbers.count < 65_535 else { return nil }
        return (1...65_535).first { numbers[$0] == nil }
    }

    private mutating func checkSize(_ message: Message, at offset: Int) {
        let wideByteCount = 8 + names.maxByteCount(of: message.block, endByteCount: 4)
        if wideByteCount > Self.maxBound, message.isWide || message.maxByteCount > Self.maxBound {
            findings.report(
                .messageSize,
                at: offset,
                "by its bounds `\(message.name)` has up to \(message.maxByteCount) bytes, "
                    + "but no message has more than \(Self.maxBound)",
                fix: "lower the bounds, or send it in parts"
            )
        } else if !message.isWide, message.maxByteCount > 65_535 {
            findings.report(
                .messageWidth,
                at: offset,
                "by its bounds `\(message.name)` has up to \(message.maxByteCount) bytes, "
                    + "which is beyond 65535",
                fix: "mark the message `@wide`, or lower the bounds"
            )
        }
    }

    /// Checks names and constants of a block, and pushes the constants: the caller pops them.
    /// `nil` (and nothing pushed) if there are no fields or too many.
    mutating func beginBlock(
        _ members: [SyntaxMember],
        _ name: SyntaxName,
        mayBeEmpty: Bool = false
    ) -> (constants: [Constant], fields: [SyntaxField])? {
        checkUnique(members.map(\.name), name)
        var fields: [SyntaxField] = []
        var constants: [SyntaxConstant] = []
        for member in members {
            switch member {
            case .field(let field): fields.append(field)
            case .constant(let constant): constants.append(constant)
            }
        }
        if fields.isEmpty, !mayBeEmpty {
            guard !hasSyntaxErrors else { return nil }
            findings.report(
                .emptyDeclaration,
                at: name.start,
                "`\(name.text)` has at least one field",
                fix: "add one, such as `value: u32`"
            )
            return nil
        }
        if fields.count > 255 {
            findings.report(
                .fieldCount,
                at: fields[255].name.start,
                "`\(name.text)` has \(fields.count) fields, and no block has more than 255",
                fix: "put some into a struct or a group"
            )
            return nil
        }
        let resolved = resolve(constants)
        blockConstants.append(resolved)
        let checked = constants.compactMap { resolved[$0.name.text] ?? nil }
        return (checked, fields)
    }

    /// `nil` if something is wrong.
    mutating func checkBlock(
        _ members: [SyntaxMember],
        _ name: SyntaxName,
        _ context: BlockContext
    ) -> Block? {
        guard let (constants, syntax) = beginBlock(members, name, mayBeEmpty: !context.isEntry)
        else {
            return nil
        }
        defer { blockConstants.removeLast() }
        var layout = BlockLayout(isEntry: context.isEntry, since: context.since)
        var fields: [Field] = []
        var last = (since: context.since, name: "")
        for field in syntax {
            let attributes = check(field.attributes, allowed: [.since, .deprecated], at: "fields")
            let since = since(of: field, attributes, context, &last)
            guard var checked = checkField(field, since: since, context) else { continue }
            checked.deprecation = attributes.deprecation
            layout.place(&checked, byteCount: names.fixedByteCount(of: checked.type))
            fields.append(checked)
        }
        guard fields.count == syntax.count else { return nil }
        if context.isEntry, let first = fields.first, first.since > context.since {
            findings.report(
                .groupBegin,
                at: syntax[0].name.start,
                "the entries of `\(name.text)` have no bytes in versions below \(first.since), "
                    + "but every version of a group has a field",
                fix: "mark the group itself `@since(\(first.since))`, or put another field first"
            )
        }
        var block = Block(fields: fields, shapes: layout.shapes)
        block.constants = constants
        block.presenceBytes = layout.presenceBytes
        if block.fixedByteCount > Self.maxFixedByteCount {
            findings.report(
                .fixedSize,
                at: name.start,
                "the fixed part of `\(name.text)` has \(block.fixedByteCount) bytes, "
                    + "and none has more than \(Self.maxFixedByteCount)",
                fix: "make some of the fields lists or bytes of a varying size"
            )
        }
        return block
    }

    private mutating func since(
        of field: SyntaxField,
        _ attributes: CheckedAttributes,
        _ context: BlockContext,
        _ last: inout (since: UInt16, name: String)
    ) -> UInt16 {
        if let since = attributes.since, since <= context.since {
            findings.report(
                .sinceRedundant,
                at: attributes.sinceOffset,
                "what is around `\(field.name.text)` came with version \(context.since) itself",
                fix: "remove `@since(\(since))`"
            )
        }
        let since = max(attributes.since ?? context.since, context.since)
        guard since < last.since else {
            last = (since, field.name.text)
            return since
        }
        findings.report(
            .sinceOrder,
            at: field.name.start,
            "`\(field.name.text)` came with version \(since), "
                + "but stands behind `\(last.name)` of version \(last.since)",
            fix: attributes.since == nil
                ? "mark it `@since(\(last.since))`, "
                    + "or move it in front of the fields of later versions"
                : "move it in front of the fields of later versions"
        )
        return last.since
    }

    private mutating func checkField(
        _ field: SyntaxField,
        since: UInt16,
        _ context: BlockContext
    ) -> Field? {
        let type: FieldType
        if case .group(let bound, let members, _) = field.type.kind {
            let count = resolve(bound, Self.maxBound, "the bound of a group", field.type.start)
            let inner = BlockContext(since: since, isEntry: true)
            guard let block = checkBlock(members, field.name, inner), let count else { return nil }
            type = .group(Group(maxCount: count, block: block))
        } else {
            guard let resolved = resolve(field.type), isKnown(resolved) else { return nil }
            type = since > 1 ? resolved.since(since) : resolved
        }
        var checked = Field(name: field.name.text, type: type, place: .variable(endIndex: 0))
        checked.documentation = field.documentation
        checked.since = since
        checked.isOptional = field.type.question != nil
        checkOptional(field, type, since: since, context)
        checked.range = range(field, type)
        checked.defaultValue = defaultValue(field, type, checked.range)
        requireZero(field, &checked, inStruct: false)
        return checked
    }

    /// Whether a named type was without errors.
    private func isKnown(_ type: FieldType) -> Bool {
        if case .union(let name) = type { return names.union(name) != nil }
        return type.isVariable || names.fixedByteCount(of: type) != nil
    }

    private mutating func checkOptional(
        _ field: SyntaxField,
        _ type: FieldType,
        since: UInt16,
        _ context: BlockContext
    ) {
        guard let question = field.type.question else {
            if type.isUnion, since > context.since {
                findings.report(
                    .unionSince,
                    at: field.type.start,
                    "messages of versions below \(since) do not have this union, so it is optional",
                    fix: "write `\(name(of: type).filter { $0 != "`" })?`"
                )
            }
            return
        }
        let isEmptyable =
            switch type {
            case .group, .map, .array, .list(.structure, _): true
            default: false
            }
        guard isEmptyable else { return }
        let what = if case .list = type { "a list of structs" } else { name(of: type) }
        findings.report(
            .optionalPlace,
            at: question,
            "\(what) is not optional: an empty one says as much",
            fix: "remove `?`"
        )
    }
}

extension FieldType {
    /// The entries of a map came with the map.
    fileprivate func since(_ version: UInt16) -> FieldType {
        guard case .map(var map) = self else { return self }
        for index in map.block.fields.indices { map.block.fields[index].since = version }
        for index in map.block.shapes.indices { map.block.shapes[index].since = version }
        return .map(map)
    }
}
