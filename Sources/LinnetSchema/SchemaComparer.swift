// SPDX-License-Identifier: Apache-2.0

/// The work of ``SchemaComparison``: declarations here, what they consist of in the other files.
struct SchemaComparer {
    let old: Schema
    let new: Schema
    private(set) var changes: [SchemaChange] = []
    /// From the old name of a type to the new one.
    private var renamedTypes: [String: String] = [:]

    init(old: Schema, new: Schema) {
        self.old = old
        self.new = new
    }

    mutating func compare() {
        compareSchemaLines()
        findRenamedTypes()
        compareMessages()
        compareDeclarations()
    }

    mutating func report(_ rule: ChangeRule, _ path: [String], _ message: String) {
        guard changes.count < SchemaComparison.maxChangeCount else { return }
        changes.append(SchemaChange(rule: rule, message: message, path: path))
    }

    /// Whether code and JSON have another name for what is the same on the wire. JSON has no names
    /// of types.
    mutating func reportName(
        _ kind: String,
        from oldName: String,
        _ path: [String],
        isInJSON: Bool = true
    ) {
        guard let newName = path.last, newName != oldName else { return }
        let was = "\(kind) `\(newName)` was `\(oldName)`"
        report(.sourceRenamed, path, "\(was): code that says `\(oldName)` no longer compiles")
        if isInJSON {
            report(.jsonNameChanged, path, "\(was): JSON with `\(oldName)` is refused")
        }
    }

    /// What came with a new version says so.
    mutating func checkAdded(_ what: String, since: UInt16, _ path: [String]) {
        if new.version <= old.version {
            report(
                .wireVersionNotRaised,
                path,
                "\(what) is new, but the schema's version is still \(new.version)"
            )
        } else if since <= old.version {
            let says = since == 1 ? "has no @since" : "says @since(\(since))"
            report(
                .wireSinceMissing,
                path,
                "\(what) is not in version \(old.version), but \(says)"
            )
        }
    }

    /// The name of a type in the new schema.
    func newName(of type: String) -> String { renamedTypes[type] ?? type }

    private mutating func compareSchemaLines() {
        if new.version < old.version {
            let message = "the version was \(old.version) and is \(new.version)"
            report(.wireVersionLowered, [], message)
        }
        let oldName = old.name.joined(separator: ".")
        let newName = new.name.joined(separator: ".")
        if newName != oldName {
            report(.sourceSchemaRenamed, [], "the schema `\(newName)` was `\(oldName)`")
        } else if new.id != old.id {
            report(.sourceSchemaRenamed, [], "the schema's id was \(old.id) and is \(new.id)")
        }
    }

    private mutating func compareMessages() {
        for message in old.messages {
            if let other = new.messages.first(where: { $0.number == message.number }) {
                compare(message, other)
            } else if let other = new.messages.first(where: { $0.name == message.name }) {
                report(
                    .wireMessageNumberChanged,
                    [other.name],
                    "the number of `\(other.name)` was \(message.number) and is \(other.number)"
                )
            } else {
                let what = "message `\(message.name)` = \(message.number)"
                report(.wireMessageRemoved, [], "\(what) is gone: peers may still send it")
            }
        }
        for message in new.messages where !old.messages.contains(message) {
            let isKnown = old.messages.contains {
                $0.number == message.number || $0.name == message.name
            }
            if isKnown { continue }
            checkAdded("message `\(message.name)`", since: message.since, [message.name])
        }
    }

    private mutating func compare(_ message: Message, _ other: Message) {
        let path = [other.name]
        reportName("message", from: message.name, path, isInJSON: false)
        if message.isWide != other.isWide {
            let was = "ends and counts had \(message.endByteCount) bytes"
            report(.wireEndWidth, path, "\(was) and have \(other.endByteCount)")
        }
        if message.since != other.since {
            let was = "`\(other.name)` came with version \(message.since)"
            report(.acceptSinceChanged, path, "\(was) and now says \(other.since)")
        }
        compare(
            BlockSides(old: message.block, new: other.block, since: message.since),
            path
        )
    }

    /// A type that is gone and a new one of the same content are one, renamed.
    private mutating func findRenamedTypes() {
        let gone = old.declarations.filter { declaration in
            declaration.isType && new.declaration(named: declaration.name) == nil
        }
        var isChanging = true
        // Once more after each: other types may consist of the renamed one.
        while isChanging {
            isChanging = false
            for declaration in gone where renamedTypes[declaration.name] == nil {
                let content = content(of: declaration)
                let other = new.declarations.first { candidate in
                    old.declaration(named: candidate.name) == nil
                        && !renamedTypes.values.contains(candidate.name)
                        && self.content(of: candidate) == content
                }
                guard let other else { continue }
                renamedTypes[declaration.name] = other.name
                isChanging = true
                reportName("type", from: declaration.name, [other.name], isInJSON: false)
            }
        }
    }

    /// What a type is without its name and what means nothing to peers; names of other types are
    /// the new ones.
    private func content(of declaration: Declaration) -> String? {
        var schema = Schema(name: [], id: 0, version: 1)
        switch declaration {
        case .enumeration(var type):
            type.name = "T"
            schema.declarations = [.enumeration(type)]
        case .flags(var type):
            type.name = "T"
            schema.declarations = [.flags(type)]
        case .bits(var type):
            type.name = "T"
            schema.declarations = [.bits(type)]
        case .structure(var type):
            type.name = "T"
            for index in type.fields.indices {
                type.fields[index].type = renamed(type.fields[index].type)
            }
            schema.declarations = [.structure(type)]
        case .union(var type):
            type.name = "T"
            for index in type.arms.indices {
                type.arms[index].type = type.arms[index].type.map(renamed)
            }
            schema.declarations = [.union(type)]
        case .constant, .message, .binding: return nil
        }
        return CanonicalText(schema).text()
    }

    private func renamed(_ type: FieldType) -> FieldType {
        switch type {
        case .enumeration(let name): .enumeration(newName(of: name))
        case .flags(let name): .flags(newName(of: name))
        case .bits(let name): .bits(newName(of: name))
        case .structure(let name): .structure(newName(of: name))
        case .array(let element, let count): .array(renamed(element), count: count)
        default: type
        }
    }

    private mutating func compareDeclarations() {
        for declaration in old.declarations {
            if case .message = declaration { continue }
            if case .binding(let binding) = declaration {
                compareProtocol(binding)
                continue
            }
            guard let other = new.declaration(named: newName(of: declaration.name)) else {
                let message = "`\(declaration.name)` is gone: code that uses it no longer compiles"
                report(.sourceDeclarationRemoved, [], message)
                continue
            }
            compare(declaration, other)
        }
    }

    private mutating func compare(_ declaration: Declaration, _ other: Declaration) {
        switch (declaration, other) {
        case (.constant(let old), .constant(let new)): compare(old, new, [new.name])
        case (.enumeration(let old), .enumeration(let new)): compare(old, new)
        case (.flags(let old), .flags(let new)): compare(old, new)
        case (.bits(let old), .bits(let new)): compare(old, new)
        case (.union(let old), .union(let new)): compare(old, new)
        case (.structure(let old), .structure(let new)): compare(old, new)
        default:
            report(
                .sourceTypeChanged,
                [other.name],
                "`\(other.name)` was \(declaration.kind) and is \(other.kind)"
            )
        }
    }
}

extension Declaration {
    /// Whether fields can be of it.
    fileprivate var isType: Bool {
        switch self {
        case .enumeration, .flags, .bits, .structure, .union: true
        case .constant, .message, .binding: false
        }
    }

    fileprivate var kind: String {
        switch self {
        case .constant: "a constant"
        case .enumeration: "an enum"
        case .flags: "flags"
        case .bits: "bits"
        case .structure: "a struct"
        case .union: "a union"
        case .message: "a message"
        case .binding: "a protocol"
        }
    }
}
