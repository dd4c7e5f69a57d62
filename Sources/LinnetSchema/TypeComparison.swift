// SPDX-License-Identifier: Apache-2.0

/// What it means that a field has another type.
enum TypeDifference: Hashable {
    case none
    case wire
    case accept
    case source(isInJSON: Bool)
    case widened, narrowed
}

/// An integer on the wire, and what the type makes of it.
private struct Scalar {
    enum Accepted: Hashable {
        case all, bool, closed([UInt64]), mask(UInt64)
    }

    enum Form: Hashable { case number, bool, name, names, object }

    var kind: IntegerKind
    var accepted = Accepted.all
    var form = Form.number
    /// Of timestamps and durations.
    var unit: TimeUnit?
}

extension SchemaComparer {
    /// What a field of the old schema and one of the new have in common, from their types alone:
    /// types of the same name are compared where they are declared.
    func difference(_ old: FieldType, _ new: FieldType) -> TypeDifference {
        switch (old, new) {
        case (.text(let old), .text(let new)), (.bytes(let old), .bytes(let new)):
            return bounds(old, new)
        case (.list(let oldElement, let oldCount), .list(let newElement, let newCount)):
            let element = difference(oldElement, newElement)
            return element == .none ? bounds(oldCount, newCount) : element
        case (.array(let oldElement, let oldCount), .array(let newElement, let newCount)):
            return oldCount == newCount ? difference(oldElement, newElement) : .wire
        case (.group(let old), .group(let new)), (.map(let old), .map(let new)):
            return bounds(old.maxCount, new.maxCount)
        case (.text(let old), .bytes(let new)), (.bytes(let old), .text(let new)):
            return old == new ? .accept : .wire
        case (.fixedText(let old), .fixedBytes(let new)),
            (.fixedBytes(let old), .fixedText(let new)):
            return old == new ? .accept : .wire
        case (.structure(let oldName), .structure(let newName)):
            return named(oldName, newName)
        case (.union(let oldName), .union(let newName)):
            return named(oldName, newName)
        case (.enumeration(let oldName), .enumeration(let newName)),
            (.flags(let oldName), .flags(let newName)), (.bits(let oldName), .bits(let newName)):
            return self.newName(of: oldName) == newName ? .none : scalars(old, new)
        default:
            return old == new ? .none : scalars(old, new)
        }
    }

    private func bounds(_ old: Int, _ new: Int) -> TypeDifference {
        old == new ? .none : old < new ? .widened : .narrowed
    }

    private func named(_ old: String, _ new: String) -> TypeDifference {
        newName(of: old) == new ? .none : .wire
    }

    private func scalars(_ old: FieldType, _ new: FieldType) -> TypeDifference {
        guard let old = scalar(old, in: self.old), let new = scalar(new, in: self.new),
            old.kind == new.kind
        else { return .wire }
        if let oldUnit = old.unit, let newUnit = new.unit, oldUnit != newUnit { return .wire }
        if old.accepted != new.accepted { return .accept }
        return .source(isInJSON: old.form != new.form)
    }

    private func scalar(_ type: FieldType, in schema: Schema) -> Scalar? {
        switch type {
        case .integer(let kind): return Scalar(kind: kind)
        case .bool: return Scalar(kind: .u8, accepted: .bool, form: .bool)
        case .timestamp(let unit), .duration(let unit): return Scalar(kind: .i64, unit: unit)
        case .enumeration(let name), .flags(let name), .bits(let name):
            return scalar(schema.declaration(named: name))
        default: return nil
        }
    }

    private func scalar(_ declaration: Declaration?) -> Scalar? {
        switch declaration {
        case .enumeration(let type):
            let values = type.cases.map(\.value).sorted()
            return Scalar(
                kind: type.storage,
                accepted: type.isClosed ? .closed(values) : .all,
                form: .name
            )
        case .flags(let type): return Scalar(kind: type.storage, form: .names)
        case .bits(let type):
            let bitCount = type.fields.map { $0.bitOffset + $0.bitCount }.max() ?? 0
            let mask = bitCount >= 64 ? UInt64.max : (UInt64(1) << UInt64(bitCount)) - 1
            let isFull = bitCount == type.storage.byteCount * 8
            return Scalar(
                kind: type.storage,
                accepted: isFull ? .all : .mask(mask),
                form: .object
            )
        default: return nil
        }
    }

    /// A missing range is that of all values.
    mutating func compareRanges(of old: Field, _ new: Field, _ path: [String]) {
        guard old.range?.isEqual(to: new.range) != true, old.range != nil || new.range != nil
        else { return }
        let was = "the range of `\(new.name)` was \(old.rangeText) and is \(new.rangeText)"
        let isWider: Bool
        let isNarrower: Bool
        switch (old.range, new.range) {
        case (let old?, let new?):
            isWider = new.lowest < old.lowest || old.highest < new.highest
            isNarrower = old.lowest < new.lowest || new.highest < old.highest
        case (nil, _?): (isWider, isNarrower) = (false, true)
        default: (isWider, isNarrower) = (true, false)
        }
        if isWider { report(.acceptRangeWidened, path, was) }
        if isNarrower { report(.acceptRangeNarrowed, path, was) }
    }
}

extension Field {
    fileprivate var rangeText: String {
        range.map { "\($0.lowest.schemaText)...\($0.highest.schemaText)" } ?? "none"
    }
}

extension ValueRange {
    fileprivate func isEqual(to other: ValueRange?) -> Bool {
        guard let other else { return false }
        return Literal.areEqual(lowest, other.lowest) && Literal.areEqual(highest, other.highest)
    }
}

extension Literal {
    /// By value: `1.50` is `1.5`, and `2.0` is `2`.
    static func areEqual(_ a: Literal?, _ b: Literal?) -> Bool {
        if a == b { return true }
        guard let a, let b, let first = a.double, let second = b.double else { return false }
        if case .integer = a, case .integer = b { return false }
        return first == second
    }

    fileprivate static func < (a: Literal, b: Literal) -> Bool {
        if case .integer(let first) = a, case .integer(let second) = b { return first < second }
        guard let first = a.double, let second = b.double else { return false }
        return first < second
    }

    private var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value, _): value
        case .bool, .string, .enumCase: nil
        }
    }
}
