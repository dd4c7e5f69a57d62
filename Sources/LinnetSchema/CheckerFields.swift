// SPDX-License-Identifier: Apache-2.0

// Ranges, defaults, and fields that zero does not suit (§2.3.6, §2.3.7).

extension SchemaChecker {
    /// The range of a field; `nil` if it has none, or a wrong one, which is reported.
    mutating func range(_ field: SyntaxField, _ type: FieldType) -> ValueRange? {
        guard let range = field.range else { return nil }
        switch type {
        case .integer, .float, .timestamp, .duration: break
        default:
            findings.report(
                .rangePlace,
                at: range.lowest.start,
                "a range stands at integers, floats, timestamps and durations, "
                    + "not at \(name(of: type))",
                fix: "remove it"
            )
            return nil
        }
        guard let lowest = range.lowest.literal, let highest = range.highest.literal else {
            return nil
        }
        let first = convert(lowest, to: type, at: range.lowest.start)
        let last = convert(highest, to: type, at: range.highest.start)
        guard let first, let last else { return nil }
        guard isOrdered(first, last, type) else {
            findings.report(
                .rangeEmpty,
                at: range.lowest.start,
                "nothing lies in \(first.text)...\(last.text)",
                fix: "write `in \(last.text)...\(first.text)`"
            )
            return nil
        }
        return ValueRange(lowest: first, highest: last)
    }

    /// Whether the first is not above the second, both of that type.
    private func isOrdered(_ first: Literal, _ second: Literal, _ type: FieldType) -> Bool {
        switch (first, second) {
        case (.integer(let first), .integer(let second)): return first <= second
        case (.number(let low, let lowText), .number(let high, let highText)):
            guard type == .float(byteCount: 4) else { return low <= high }
            return (Float(lowText) ?? .nan) <= (Float(highText) ?? .nan)
        default: return false
        }
    }

    private func contains(_ range: ValueRange, _ value: Literal, _ type: FieldType) -> Bool {
        isOrdered(range.lowest, value, type) && isOrdered(value, range.highest, type)
    }

    /// The default of a field; `nil` if it has none, or a wrong one, which is reported.
    mutating func defaultValue(
        _ field: SyntaxField,
        _ type: FieldType,
        _ range: ValueRange?
    ) -> Literal? {
        guard let syntax = field.value else { return nil }
        if field.type.question != nil {
            findings.report(
                .defaultPlace,
                at: syntax.start,
                "an optional field has no default: it is absent",
                fix: "remove the default or the `?`"
            )
            return nil
        }
        switch type {
        case .integer, .float, .bool, .enumeration, .decimal, .timestamp, .duration: break
        default:
            findings.report(
                .defaultPlace,
                at: syntax.start,
                "\(name(of: type)) has no default: it is zero or empty",
                fix: "remove it"
            )
            return nil
        }
        guard let written = literal(syntax),
            let value = convert(written, to: type, at: syntax.start)
        else { return nil }
        if let range, !contains(range, value, type) {
            findings.report(
                .defaultRange,
                at: syntax.start,
                "the default \(value.text) is outside of the range "
                    + "\(range.lowest.text)...\(range.highest.text)",
                fix: "write a default in the range, such as `= \(range.lowest.text)`"
            )
            return nil
        }
        return value
    }

    /// Reports a field that begins as zero though zero is no value of it.
    mutating func requireZero(_ field: SyntaxField, _ checked: inout Field, inStruct: Bool) {
        guard field.value == nil, !checked.isOptional else { return }
        if let range = checked.range {
            let zero: Literal =
                if case .float = checked.type { .number(0, text: "0") } else { .integer(0) }
            if !contains(range, zero, checked.type) {
                findings.report(
                    .zeroRange,
                    at: field.name.start,
                    "`\(field.name.text)` begins as zero, which is outside of its range",
                    fix: inStruct
                        ? "write a range with 0 in it"
                        : "give the field a default, such as `= \(range.lowest.text)`, "
                            + "or make it optional"
                )
            }
        }
        var type = checked.type
        var isArray = false
        if case .array(let element, _) = type { (type, isArray) = (element, true) }
        guard case .enumeration(let name) = type, let enumeration = names.enumeration(name),
            enumeration.isClosed, !enumeration.cases.contains(where: { $0.value == 0 })
        else { return }
        let first = enumeration.cases.first.map { ", such as `= .\($0.name)`" } ?? ""
        findings.report(
            .zeroCase,
            at: field.name.start,
            "`\(field.name.text)` begins as zero, "
                + "but the closed enum `\(name)` has no case of value 0",
            fix: inStruct || isArray
                ? "add a case of value 0 to `\(name)`, or remove `closed`"
                : "give the field a default\(first), or make it optional"
        )
    }
}
