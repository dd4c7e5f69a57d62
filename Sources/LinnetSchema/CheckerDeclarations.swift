// SPDX-License-Identifier: Apache-2.0

// Enums, flags, bits, structs and unions (§2.3).

extension SchemaChecker {
    /// Checks a declaration of numbers with names, if it is one.
    mutating func checkEnumeration(_ declaration: SyntaxDeclaration) {
        let name = declaration.name.text
        switch declaration.kind {
        case .enumeration(let isClosed, let storage, let cases):
            requireSome(cases, "an enum has at least one case", declaration.name)
            let kind = integerKind(storage, "the type of an enum", IntegerKind.unsigned)
            let values = namedValues(
                cases,
                of: declaration.name,
                kind.map(\.range),
                "a case of `\(name)`"
            )
            guard let kind, let values else { return }
            var enumeration = Enumeration(
                name: name,
                isClosed: isClosed,
                storage: kind,
                cases: values
            )
            enumeration.documentation = declaration.documentation
            set(.enumeration(enumeration), declaration.name)
        case .flags(let storage, let cases):
            requireSome(cases, "a set of flags has at least one", declaration.name)
            let kind = integerKind(storage, "the type of flags", IntegerKind.unsigned)
            let bits = kind.map { Int128(0)...Int128($0.byteCount * 8 - 1) }
            let values = namedValues(
                cases,
                of: declaration.name,
                bits,
                "the bit of a flag of `\(name)`"
            )
            guard let kind, let values else { return }
            var flags = FlagSet(name: name, storage: kind, flags: values)
            flags.documentation = declaration.documentation
            set(.flags(flags), declaration.name)
        case .bits(let storage, let fields):
            checkBits(declaration, storage, fields)
        default: return
        }
    }

    private mutating func requireSome<Part>(_ parts: [Part], _ sentence: String, _ name: SyntaxName)
    {
        guard parts.isEmpty, !hasSyntaxErrors else { return }
        findings.report(.emptyDeclaration, at: name.start, sentence)
    }

    /// `nil` if something is wrong.
    private mutating func namedValues(
        _ cases: [SyntaxCase],
        of owner: SyntaxName,
        _ range: ClosedRange<Int128>?,
        _ what: String
    ) -> [NamedValue]? {
        checkUnique(cases.map(\.name), owner)
        var values: [NamedValue] = []
        var names: [UInt64: String] = [:]
        for syntax in cases {
            let attributes = check(syntax.attributes, allowed: [.since, .deprecated], at: "cases")
            guard let range,
                let number = checkedInteger(syntax.number, range, .caseValue, what)
            else { continue }
            var value = NamedValue(name: syntax.name.text, value: UInt64(number))
            if let earlier = names.updateValue(value.name, forKey: value.value) {
                findings.report(
                    .duplicateNumber,
                    at: syntax.number.start,
                    "`\(earlier)` has the number \(value.value) already",
                    fix: "give `\(value.name)` another number"
                )
            }
            value.documentation = syntax.documentation
            value.since = attributes.since ?? 1
            value.deprecation = attributes.deprecation
            values.append(value)
        }
        return values.count == cases.count ? values : nil
    }

    private mutating func checkBits(
        _ declaration: SyntaxDeclaration,
        _ storage: SyntaxName,
        _ syntax: [SyntaxCase]
    ) {
        requireSome(syntax, "a bits type has at least one field", declaration.name)
        checkUnique(syntax.map(\.name), declaration.name)
        let kind = integerKind(storage, "the type of bits", IntegerKind.unsigned)
        var fields: [BitFields.Field] = []
        var bitOffset = 0
        for field in syntax {
            _ = check(field.attributes, allowed: [], at: "bit fields")
            guard let width = checkedInteger(field.number, 1...64, .bitCount, "a number of bits")
            else {
                continue
            }
            fields.append(
                BitFields.Field(
                    name: field.name.text,
                    bitOffset: bitOffset,
                    bitCount: Int(width)
                )
            )
            fields[fields.count - 1].documentation = field.documentation
            bitOffset += Int(width)
            if let kind, bitOffset > kind.byteCount * 8,
                bitOffset - Int(width) <= kind.byteCount * 8
            {
                let wider = IntegerKind.unsigned.first { $0.byteCount * 8 >= bitOffset }
                findings.report(
                    .bitCount,
                    at: field.number.start,
                    "the fields up to `\(field.name.text)` have \(bitOffset) bits, "
                        + "but `\(kind.rawValue)` has \(kind.byteCount * 8)",
                    fix: wider.map { "write `: \($0.rawValue)`" }
                )
            }
        }
        guard let kind, fields.count == syntax.count else { return }
        var bits = BitFields(name: declaration.name.text, storage: kind, fields: fields)
        bits.documentation = declaration.documentation
        set(.bits(bits), declaration.name)
    }

    mutating func checkUnion(_ declaration: SyntaxDeclaration) {
        guard case .union(let storage, let syntax) = declaration.kind else { return }
        let name = declaration.name
        requireSome(syntax, "a union has at least one arm", name)
        checkUnique(syntax.map(\.name), name)
        let kind = integerKind(storage, "the tag of a union", [.u8, .u16])
        var arms: [Union.Arm] = []
        var tags: [UInt16: String] = [:]
        for arm in syntax {
            let attributes = check(arm.attributes, allowed: [.since, .deprecated], at: "arms")
            let type: FieldType? = if let syntax = arm.type { armType(syntax) } else { nil }
            let range = 1...(kind?.range.upperBound ?? 65_535)
            guard let tag = checkedInteger(arm.number, range, .caseValue, "a tag"),
                type != nil || arm.type == nil
            else { continue }
            if let earlier = tags.updateValue(arm.name.text, forKey: UInt16(tag)) {
                findings.report(
                    .duplicateNumber,
                    at: arm.number.start,
                    "`\(earlier)` has the tag \(tag) already",
                    fix: "give `\(arm.name.text)` another tag"
                )
            }
            var checked = Union.Arm(name: arm.name.text, tag: UInt16(tag), type: type)
            checked.documentation = arm.documentation
            checked.since = attributes.since ?? 1
            checked.deprecation = attributes.deprecation
            arms.append(checked)
        }
        guard let kind, arms.count == syntax.count else { return }
        var union = Union(name: name.text, tagByteCount: kind.byteCount, arms: arms)
        union.documentation = declaration.documentation
        set(.union(union), name)
    }

    private mutating func armType(_ type: SyntaxType) -> FieldType? {
        if let question = type.question {
            findings.report(
                .optionalPlace,
                at: question,
                "an arm is not optional",
                fix: "remove `?`, and add an arm without a type"
            )
        }
        if case .group = type.kind {
            findings.report(
                .elementType,
                at: type.start,
                "an arm is of a fixed type, `string<=N` or `bytes<=N`, not a group",
                fix: "declare a struct"
            )
        }
        guard let resolved = resolve(type), isFixedOrPlain(resolved, at: type.start, "an arm")
        else {
            return nil
        }
        return resolved
    }
}

extension IntegerKind {
    static let unsigned: [IntegerKind] = [.u8, .u16, .u32, .u64]
}
