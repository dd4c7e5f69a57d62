// SPDX-License-Identifier: Apache-2.0

/// A block as it was and as it is.
struct BlockSides {
    var old: [Field]
    var new: [Field]
    var oldConstants: [Constant] = []
    var newConstants: [Constant] = []
    /// Of what is around the block: fields of that version are in every message.
    var since: UInt16
    var isStruct = false

    init(old: Block, new: Block, since: UInt16) {
        self.old = old.fields
        self.new = new.fields
        oldConstants = old.constants
        newConstants = new.constants
        self.since = since
    }

    init(old: Structure, new: Structure) {
        self.old = old.fields
        self.new = new.fields
        oldConstants = old.constants
        newConstants = new.constants
        since = 1
        isStruct = true
    }
}

/// Fields that are the same one, by their positions in the block.
private struct FieldPair {
    var old: Int
    var new: Int
}

extension SchemaComparer {
    mutating func compare(_ old: Structure, _ new: Structure) {
        compare(BlockSides(old: old, new: new), [new.name])
    }

    mutating func compare(_ sides: BlockSides, _ path: [String]) {
        let pairs = pairs(sides)
        for (position, field) in sides.old.enumerated()
        where !pairs.contains(where: { $0.old == position }) {
            reportRemoved(field, at: position, sides, path)
        }
        let lastKnown = pairs.map(\.new).max() ?? -1
        let moved = moved(pairs)
        for (position, field) in sides.new.enumerated() {
            let path = path + [field.name]
            if let pair = pairs.first(where: { $0.new == position }) {
                if moved.contains(position) {
                    let was = "field `\(field.name)` was number \(pair.old + 1) of its block"
                    report(
                        sides.isStruct ? .wireStructChanged : .wireFieldMoved,
                        path,
                        "\(was) and is number \(pair.new + 1)"
                    )
                }
                compare(sides.old[pair.old], field, sides, path)
            } else if sides.isStruct {
                report(.wireStructChanged, path, "field `\(field.name)` of a struct is new")
            } else if position < lastKnown {
                let before = sides.new[position + 1].name
                let message = "field `\(field.name)` is new and stands before `\(before)`"
                report(.wireFieldInserted, path, message)
            } else if sides.old.count <= position || pairs.count == sides.old.count {
                checkAdded("field `\(field.name)`", since: field.since, path)
            }
        }
        compareConstants(sides, path)
    }

    private mutating func reportRemoved(
        _ field: Field,
        at position: Int,
        _ sides: BlockSides,
        _ path: [String]
    ) {
        let names = Set(sides.old.map(\.name))
        let stands = position < sides.new.count ? sides.new[position] : nil
        if let stands, !names.contains(stands.name) {
            report(
                sides.isStruct ? .wireStructChanged : .wireFieldRemoved,
                path + [stands.name],
                "`\(stands.name): \(stands.typeText)` stands where "
                    + "`\(field.name): \(field.typeText)` was"
            )
        } else {
            report(
                sides.isStruct ? .wireStructChanged : .wireFieldRemoved,
                path,
                "field `\(field.name)` is gone"
            )
        }
    }

    /// Fields of the same name, and those that have another name but the same place and type.
    private func pairs(_ sides: BlockSides) -> [FieldPair] {
        let oldNames = Set(sides.old.map(\.name))
        var positions: [String: Int] = [:]
        for (position, field) in sides.new.enumerated() { positions[field.name] = position }
        return sides.old.enumerated().compactMap { position, field in
            if let other = positions[field.name] { return FieldPair(old: position, new: other) }
            guard position < sides.new.count else { return nil }
            let other = sides.new[position]
            let isSame =
                !oldNames.contains(other.name) && field.isOptional == other.isOptional
                && field.since == other.since && isRenaming(field.type, other.type)
            return isSame ? FieldPair(old: position, new: position) : nil
        }
    }

    /// Whether a field of another name is the same one, by its type.
    private func isRenaming(_ old: FieldType, _ new: FieldType) -> Bool {
        switch (old, new) {
        case (.group, .group), (.map, .map): true
        default: difference(old, new) == .none
        }
    }

    /// The fields, by their positions now, that crossed others and that none of those crossed more
    /// others than: the fewest that somebody moved. O(fields squared).
    private func moved(_ pairs: [FieldPair]) -> Set<Int> {
        func areCrossed(_ a: FieldPair, _ b: FieldPair) -> Bool {
            (a.old < b.old) != (a.new < b.new)
        }
        let crossings = pairs.map { pair in pairs.count { areCrossed($0, pair) } }
        var moved: Set<Int> = []
        for (index, pair) in pairs.enumerated() where crossings[index] > 0 {
            let isFurthest = pairs.indices.allSatisfy { other in
                !areCrossed(pairs[other], pair) || crossings[other] < crossings[index]
                    || (crossings[other] == crossings[index] && pair.old <= pairs[other].old)
            }
            if isFurthest { moved.insert(pair.new) }
        }
        return moved
    }

    private mutating func compare(
        _ old: Field,
        _ new: Field,
        _ sides: BlockSides,
        _ path: [String]
    ) {
        reportName("field", from: old.name, path)
        if old.since != new.since {
            let was = "`\(new.name)` came with version \(old.since)"
            report(.wireSinceChanged, path, "\(was) and now says \(new.since)")
        }
        if old.isOptional != new.isOptional {
            let isUnion = old.type.isUnionType && new.type.isUnionType
            report(
                isUnion ? .acceptOptionalChanged : .wireOptionalChanged,
                path,
                "`\(new.name)` was \(old.isOptional ? "" : "not ")optional and is "
                    + "\(new.isOptional ? "" : "not ")so now"
            )
        }
        compareTypes(of: old, new, path)
        compareRanges(of: old, new, path)
        compareDefaults(of: old, new, sides, path)
    }

    private mutating func compareTypes(of old: Field, _ new: Field, _ path: [String]) {
        let was = "`\(new.name)` was `\(old.typeText)` and is `\(new.typeText)`"
        switch difference(old.type, new.type) {
        case .none: break
        case .wire: report(.wireTypeChanged, path, "\(was): the bytes mean something else")
        case .accept: report(.acceptTypeChanged, path, "\(was): other bytes are accepted")
        case .source(let isInJSON):
            report(.sourceTypeChanged, path, "\(was): the bytes are the same, the code is not")
            if isInJSON { report(.jsonTypeChanged, path, "\(was): JSON has another form") }
        case .widened: report(.acceptBoundWidened, path, was)
        case .narrowed: report(.acceptBoundNarrowed, path, was)
        }
        switch (old.type, new.type) {
        case (.group(let oldGroup), .group(let newGroup)), (.map(let oldGroup), .map(let newGroup)):
            compare(
                BlockSides(old: oldGroup.block, new: newGroup.block, since: old.since),
                path
            )
        default: break
        }
    }

    private mutating func compareDefaults(
        of old: Field,
        _ new: Field,
        _ sides: BlockSides,
        _ path: [String]
    ) {
        guard !Literal.areEqual(old.defaultValue, new.defaultValue) else { return }
        // A renamed case is another name for the same value, and reported where it is declared.
        if let oldCase = caseValue(of: old, in: self.old),
            oldCase == caseValue(of: new, in: self.new)
        {
            return
        }
        let was = "the default of `\(new.name)` was \(old.defaultText) and is \(new.defaultText)"
        if old.since > sides.since {
            report(.wireDefaultChanged, path, "\(was): older messages are read otherwise")
        } else {
            report(.sourceDefaultChanged, path, "\(was): code that does not set it sends another")
        }
    }

    private func caseValue(of field: Field, in schema: Schema) -> UInt64? {
        guard case .enumCase(let name)? = field.defaultValue,
            case .enumeration(let typeName) = field.type,
            case .enumeration(let type)? = schema.declaration(named: typeName)
        else { return nil }
        return type.cases.first { $0.name == name }?.value
    }

    private mutating func compareConstants(_ sides: BlockSides, _ path: [String]) {
        for constant in sides.oldConstants {
            if let other = sides.newConstants.first(where: { $0.name == constant.name }) {
                compare(constant, other, path + [other.name])
            } else {
                let message = "constant `\(constant.name)` is gone"
                report(.sourceConstantChanged, path, message)
            }
        }
    }

    mutating func compare(_ old: Constant, _ new: Constant, _ path: [String]) {
        let oldText = "\(old.type?.schemaText ?? "string") = \(old.value.schemaText)"
        let newText = "\(new.type?.schemaText ?? "string") = \(new.value.schemaText)"
        guard old.type != new.type || !Literal.areEqual(old.value, new.value) else { return }
        let message = "constant `\(new.name)` was `\(oldText)` and is `\(newText)`"
        report(.sourceConstantChanged, path, message)
    }
}

extension Field {
    fileprivate var defaultText: String {
        defaultValue.map { "`\($0.schemaText)`" } ?? "none"
    }
}

extension FieldType {
    fileprivate var isUnionType: Bool {
        if case .union = self { true } else { false }
    }
}
