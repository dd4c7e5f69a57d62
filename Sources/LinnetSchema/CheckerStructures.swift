// SPDX-License-Identifier: Apache-2.0

// Structs (§2.3.1): those that others contain come first.

extension SchemaChecker {
    /// Structs in structs; §7.
    private static let maxDepth = 16

    /// Checks the structs of the file, each after those that it contains. Not recursive: a file may
    /// have many thousands of them in a row.
    mutating func checkStructures() {
        var waiting: [String: SyntaxDeclaration] = [:]
        var needs: [String: Set<String>] = [:]
        var neededBy: [String: [String]] = [:]
        for declaration in own {
            if case .structure = declaration.kind { waiting[declaration.name.text] = declaration }
        }
        for declaration in own where waiting[declaration.name.text] != nil {
            let name = declaration.name.text
            for need in declaration.containedNames where waiting[need] != nil {
                if needs[name, default: []].insert(need).inserted {
                    neededBy[need, default: []].append(name)
                }
            }
        }
        var ready = own.map(\.name.text).filter { waiting[$0] != nil && needs[$0] == nil }
        while let name = ready.popLast() {
            guard let declaration = waiting.removeValue(forKey: name) else { continue }
            checkStructure(declaration)
            for other in neededBy[name] ?? [] {
                needs[other]?.remove(name)
                if needs[other]?.isEmpty ?? false { ready.append(other) }
            }
        }
        reportCycles(waiting)
    }

    /// Each that waits still is part of a cycle, or contains one that is.
    private mutating func reportCycles(_ waiting: [String: SyntaxDeclaration]) {
        var seen: Set<String> = []
        for start in own where waiting[start.name.text] != nil {
            var chain: [String] = []
            var next: String? = start.name.text
            while let name = next, seen.insert(name).inserted {
                chain.append(name)
                next = waiting[name]?.containedNames.first { waiting[$0] != nil }
            }
            guard let last = next, let first = chain.firstIndex(of: last) else { continue }
            let cycle = (chain[first...].prefix(10) + [last]).joined(separator: " > ")
            let offset = waiting[last]?.name.start ?? 0
            findings.report(
                .structCycle,
                at: offset,
                "the struct `\(last)` contains itself: \(cycle)",
                fix: "use a group, or the number of the other"
            )
        }
    }

    private mutating func checkStructure(_ declaration: SyntaxDeclaration) {
        guard case .structure(let members) = declaration.kind else { return }
        let name = declaration.name
        let depth = 1 + (declaration.containedNames.compactMap { structureDepths[$0] }.max() ?? 0)
        structureDepths[name.text] = depth
        if depth == Self.maxDepth + 1 {
            findings.report(
                .structDepth,
                at: name.start,
                "structs are at most \(Self.maxDepth) deep in one another"
            )
        }
        guard let (constants, syntax) = beginBlock(members, name) else { return }
        defer { blockConstants.removeLast() }
        var fields: [Field] = []
        var byteCount = 0
        for field in syntax {
            guard let type = structFieldType(field), let size = names.fixedByteCount(of: type)
            else {
                continue
            }
            var checked = Field(
                name: field.name.text,
                type: type,
                place: .fixed(offset: byteCount, byteCount: size)
            )
            checked.documentation = field.documentation
            checked.range = range(field, type)
            requireZero(field, &checked, inStruct: true)
            fields.append(checked)
            byteCount += size
        }
        guard fields.count == syntax.count, !fields.isEmpty else { return }
        guard byteCount <= Self.maxFixedByteCount else {
            findings.report(
                .fixedSize,
                at: name.start,
                "a struct has at most \(Self.maxFixedByteCount) bytes, this one has \(byteCount)"
            )
            return
        }
        var structure = Structure(name: name.text, fields: fields, byteCount: byteCount)
        structure.documentation = declaration.documentation
        structure.constants = constants
        set(.structure(structure), name)
    }

    private mutating func structFieldType(_ field: SyntaxField) -> FieldType? {
        let why = "a struct never changes, and all its fields are there"
        for attribute in field.attributes {
            findings.report(
                .structField,
                at: attribute.start,
                "\(why): its fields have no attributes",
                fix: "remove `@\(attribute.kind.rawValue)`, or write a group"
            )
        }
        if let question = field.type.question {
            findings.report(
                .structField,
                at: question,
                "\(why): none is optional",
                fix: "remove `?`, or write a group"
            )
        }
        if let value = field.value {
            findings.report(
                .structField,
                at: value.start,
                "\(why): none has a default",
                fix: "remove it"
            )
        }
        if case .group = field.type.kind {
            findings.report(
                .structField,
                at: field.type.start,
                "the fields of a struct have a fixed size, a group has none",
                fix: "put the group into the message"
            )
        }
        guard let type = resolve(field.type) else { return nil }
        guard !type.isVariable else {
            findings.report(
                .structField,
                at: field.type.start,
                "the fields of a struct have a fixed size, \(name(of: type)) has none",
                fix: "write a fixed type, or put the field into the message"
            )
            return nil
        }
        return type
    }
}

extension SyntaxDeclaration {
    /// The names of types that the fields of a struct have.
    var containedNames: [String] {
        guard case .structure(let members) = kind else { return [] }
        return members.compactMap { member in
            guard case .field(let field) = member else { return nil }
            if case .named(let name) = field.type.kind { return name }
            if case .array(let element, _) = field.type.kind, case .named(let name) = element.kind {
                return name
            }
            return nil
        }
    }
}
