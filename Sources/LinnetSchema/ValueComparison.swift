// SPDX-License-Identifier: Apache-2.0

/// Something with a name and a number: a case, a flag, an arm.
private struct Numbered {
    var name: String
    var number: UInt64
    var since: UInt16
}

/// What is said of the parts of one kind of declaration.
private struct NumberedRules {
    var kind: String
    var moved: ChangeRule
    /// Closed enums only: others accept what they do not know.
    var added: ChangeRule?
    var removed: ChangeRule
}

extension SchemaComparer {
    mutating func compare(_ old: Enumeration, _ new: Enumeration) {
        let path = [new.name]
        compareStorage(old.storage.rawValue, new.storage.rawValue, path)
        if old.isClosed != new.isClosed {
            report(
                new.isClosed ? .acceptEnumClosed : .acceptEnumOpened,
                path,
                "enum `\(new.name)` was \(old.isClosed ? "closed" : "open") "
                    + "and is \(new.isClosed ? "closed" : "open")"
            )
        }
        let isClosed = old.isClosed && new.isClosed
        let rules = NumberedRules(
            kind: "case",
            moved: .wireCaseValueChanged,
            added: isClosed ? .acceptClosedEnumCaseAdded : nil,
            removed: isClosed ? .acceptClosedEnumCaseRemoved : .sourceCaseRemoved
        )
        compare(old.cases.map(Numbered.init), new.cases.map(Numbered.init), rules, path)
    }

    mutating func compare(_ old: FlagSet, _ new: FlagSet) {
        let path = [new.name]
        compareStorage(old.storage.rawValue, new.storage.rawValue, path)
        let rules = NumberedRules(
            kind: "flag",
            moved: .wireCaseValueChanged,
            removed: .sourceCaseRemoved
        )
        compare(old.flags.map(Numbered.init), new.flags.map(Numbered.init), rules, path)
    }

    mutating func compare(_ old: Union, _ new: Union) {
        let path = [new.name]
        compareStorage(
            "\(old.tagByteCount) bytes of tag",
            "\(new.tagByteCount) bytes of tag",
            path
        )
        let rules = NumberedRules(
            kind: "arm",
            moved: .wireArmTagChanged,
            removed: .sourceCaseRemoved
        )
        compare(old.arms.map(Numbered.init), new.arms.map(Numbered.init), rules, path)
        for arm in old.arms {
            guard let other = new.arms.first(where: { $0.tag == arm.tag }) else { continue }
            compareTypes(of: arm, other, path + [other.name])
        }
    }

    mutating func compare(_ old: BitFields, _ new: BitFields) {
        let path = [new.name]
        compareStorage(old.storage.rawValue, new.storage.rawValue, path)
        for (before, after) in zip(old.fields, new.fields) {
            let path = path + [after.name]
            if before.bitCount == after.bitCount, before.bitOffset == after.bitOffset {
                let isMoved = new.fields.contains { $0.name == before.name }
                if !isMoved || before.name == after.name {
                    reportName("bit field", from: before.name, path)
                    continue
                }
            }
            report(
                .wireBitsChanged,
                path,
                "`\(after.name): \(after.bitCount)` stands where "
                    + "`\(before.name): \(before.bitCount)` was"
            )
        }
        for field in new.fields.dropFirst(old.fields.count) {
            let message = "bit field `\(field.name)` is new: these bits had to be zero"
            report(.acceptBitsFieldAdded, path + [field.name], message)
        }
        for field in old.fields.dropFirst(new.fields.count) {
            let message = "bit field `\(field.name)` is gone: these bits must now be zero"
            report(.acceptBitsFieldRemoved, path, message)
        }
    }

    private mutating func compareStorage(_ old: String, _ new: String, _ path: [String]) {
        guard old != new else { return }
        let name = path.joined(separator: ".")
        report(.wireStorageChanged, path, "`\(name)` was of \(old) and is of \(new)")
    }

    private mutating func compare(
        _ old: [Numbered],
        _ new: [Numbered],
        _ rules: NumberedRules,
        _ path: [String]
    ) {
        let kind = rules.kind
        for before in old {
            if let after = new.first(where: { $0.name == before.name }) {
                let path = path + [after.name]
                if after.number != before.number {
                    let was = "\(kind) `\(after.name)` was \(before.number)"
                    report(rules.moved, path, "\(was) and is \(after.number)")
                } else if after.since != before.since {
                    let was = "`\(after.name)` came with version \(before.since)"
                    report(.acceptSinceChanged, path, "\(was) and now says \(after.since)")
                }
            } else if let after = new.first(where: { $0.number == before.number }),
                !old.contains(where: { $0.name == after.name })
            {
                reportName(kind, from: before.name, path + [after.name])
            } else {
                report(rules.removed, path, "\(kind) `\(before.name)` = \(before.number) is gone")
            }
        }
        for after in new where !old.contains(where: { $0.name == after.name }) {
            let path = path + [after.name]
            if old.contains(where: { $0.number == after.number }) {
                // A renamed one, or the number of one that moved.
                continue
            }
            if let added = rules.added {
                report(added, path, "\(kind) `\(after.name)` is new in a closed enum")
            } else {
                checkAdded("\(kind) `\(after.name)`", since: after.since, path)
            }
        }
    }

    private mutating func compareTypes(of old: Union.Arm, _ new: Union.Arm, _ path: [String]) {
        let oldText = old.type?.schemaText ?? "without a value"
        let newText = new.type?.schemaText ?? "without a value"
        let was = "arm `\(new.name)` was `\(oldText)` and is `\(newText)`"
        guard let oldType = old.type, let newType = new.type else {
            if old.type != new.type { report(.wireTypeChanged, path, was) }
            return
        }
        switch difference(oldType, newType) {
        case .none: break
        case .wire: report(.wireTypeChanged, path, was)
        case .accept: report(.acceptTypeChanged, path, was)
        case .source(let isInJSON):
            report(.sourceTypeChanged, path, was)
            if isInJSON { report(.jsonTypeChanged, path, was) }
        case .widened: report(.acceptBoundWidened, path, was)
        case .narrowed: report(.acceptBoundNarrowed, path, was)
        }
    }
}

extension Numbered {
    fileprivate init(_ value: NamedValue) {
        self.init(name: value.name, number: value.value, since: value.since)
    }

    fileprivate init(_ arm: Union.Arm) {
        self.init(name: arm.name, number: UInt64(arm.tag), since: arm.since)
    }
}
