// SPDX-License-Identifier: Apache-2.0

/// A syntax tree to the model: resolves names, enforces §2, lays out blocks (§3). O(file), except
/// for the nearest names of unknown ones.
struct SchemaChecker {
    let tree: SyntaxFile
    /// Names of declarations that could not be parsed, so that their uses are not reported too.
    let brokenNames: Set<String>
    /// Whether parts of the tree are missing.
    let hasSyntaxErrors: Bool
    let path: String
    var names: SchemaNames
    let findings: Findings
    /// Of the schema; the highest if the schema line does not say.
    var version: UInt16 = .max
    /// Constants of the blocks around, innermost last. `nil` if broken.
    var blockConstants: [[String: Constant?]] = []
    /// The struct declarations that are checked before those that contain them.
    var structureDepths: [String: Int] = [:]

    init(_ parsed: ParsedFile, path: String, imported: SchemaNames) {
        tree = parsed.tree
        brokenNames = parsed.brokenNames
        hasSyntaxErrors = parsed.findings.hasErrors
        findings = parsed.findings
        self.path = path
        names = imported
    }

    /// Checks everything. The result holds if there are no errors.
    mutating func check() -> Schema {
        var schema = Schema(name: tree.name.map(\.text), id: 0, version: 1)
        schema.documentation = tree.documentation
        schema.imports = tree.imports.map(\.path.value)
        checkSchemaLine(&schema)
        declareNames()
        checkConstants()
        for declaration in own { checkEnumeration(declaration) }
        checkStructures()
        for declaration in own { checkUnion(declaration) }
        checkMessages()
        for declaration in own { checkProtocol(declaration) }
        schema.declarations = own.compactMap { names[$0.name.text] }
        return schema
    }

    /// The declarations of this file that have a name of their own.
    private(set) var own: [SyntaxDeclaration] = []

    private mutating func checkSchemaLine(_ schema: inout Schema) {
        if let id = tree.id {
            if let value = checkedInteger(id, 1...65_535, .schemaID, "the schema's id") {
                schema.id = UInt16(value)
            }
        }
        if let number = tree.version,
            let value = checkedInteger(number, 1...65_535, .schemaVersion, "the schema's version")
        {
            schema.version = UInt16(value)
            version = UInt16(value)
        }
    }

    private mutating func declareNames() {
        for declaration in tree.declarations {
            let name = declaration.name.text
            let kind = SchemaNames.Kind(declaration.kind)
            if let earlier = names.entries[name], earlier.kind != nil {
                let place = earlier.path == path ? "in this file" : "in \(earlier.path)"
                findings.report(
                    .duplicateName,
                    at: declaration.name.start,
                    "`\(name)` is declared \(place) already",
                    fix: "give one of them another name"
                )
                continue
            }
            names.entries[name] = SchemaNames.Entry(kind: kind, declaration: nil, path: path)
            own.append(declaration)
        }
        for name in brokenNames where names.entries[name] == nil {
            names.entries[name] = SchemaNames.Entry(kind: nil, declaration: nil, path: path)
        }
    }

    /// Of the names that `isWanted` accepts, the one that is written most like this. None in files
    /// with more names than people write: it is looked for up to a hundred times.
    func nearestName(to name: String, where isWanted: (SchemaNames.Kind) -> Bool) -> String? {
        guard names.entries.count <= 4_096 else { return nil }
        let known = names.entries.filter { $0.value.kind.map(isWanted) ?? false }
        return nearest(to: name, in: known.keys)
    }

    /// `nil` for a broken number, and for one outside of the range, which is reported.
    mutating func checkedInteger(
        _ number: SyntaxNumber,
        _ range: ClosedRange<Int128>,
        _ rule: Rule,
        _ what: String
    ) -> Int128? {
        guard let value = number.integer else { return nil }
        if range.contains(value) { return value }
        findings.report(
            rule,
            at: number.start,
            "\(what) is from \(range.lowerBound) to \(range.upperBound), not \(value)"
        )
        return nil
    }

    /// Reports names that stand twice in one block.
    mutating func checkUnique(_ all: [SyntaxName], _ owner: SyntaxName) {
        var seen: Set<String> = []
        for name in all where !seen.insert(name.text).inserted {
            findings.report(
                .duplicateName,
                at: name.start,
                "`\(owner.text)` has `\(name.text)` already",
                fix: "give one of them another name"
            )
        }
    }

    /// Keeps what was checked. What has lost a part to a syntax error is no base for others.
    mutating func set(_ declaration: Declaration, _ name: SyntaxName) {
        guard !brokenNames.contains(name.text) else { return }
        names.entries[name.text]?.declaration = declaration
    }
}
