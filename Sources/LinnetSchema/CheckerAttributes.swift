// SPDX-License-Identifier: Apache-2.0

// Attributes (§2.2, §2.3.10).

struct CheckedAttributes {
    var since: UInt16?
    var deprecation: Deprecation?
    var isWide = false
    var isControl = false
    var isCorrelated = false
    /// Where `@since` stands.
    var sinceOffset = 0
}

extension SchemaChecker {
    mutating func check(
        _ attributes: [SyntaxAttribute],
        allowed: [SyntaxAttribute.Kind],
        at what: String
    ) -> CheckedAttributes {
        var checked = CheckedAttributes()
        for attribute in attributes {
            guard allowed.contains(attribute.kind) else {
                findings.report(
                    .attributePlace,
                    at: attribute.start,
                    "`@\(attribute.kind.rawValue)` does not stand at \(what)",
                    fix: "remove it"
                )
                continue
            }
            switch attribute.kind {
            case .since:
                checked.since = since(attribute)
                checked.sinceOffset = attribute.start
            case .deprecated:
                guard let number = attribute.number,
                    let value = checkedInteger(
                        number,
                        1...Int128(version),
                        .deprecatedVersion,
                        "the version of `@deprecated`"
                    )
                else { continue }
                checked.deprecation = Deprecation(
                    since: UInt16(value),
                    message: attribute.message?.value
                )
            case .wide: checked.isWide = true
            case .control: checked.isControl = true
            case .correlated: checked.isCorrelated = true
            }
        }
        if let since = checked.since, let deprecated = checked.deprecation?.since,
            deprecated < since
        {
            findings.report(
                .deprecatedVersion,
                at: checked.sinceOffset,
                "it came in version \(since), and was deprecated in version \(deprecated) before"
            )
        }
        return checked
    }

    private mutating func since(_ attribute: SyntaxAttribute) -> UInt16? {
        guard let value = attribute.number?.integer else { return nil }
        if value >= 2, value <= Int128(version) { return UInt16(value) }
        findings.report(
            .sinceVersion,
            at: attribute.start,
            value < 2
                ? "`@since` is at least 2: all that is not marked came in version 1"
                : "`@since(\(value))` is above the schema's version, which is \(version)",
            fix: value < 2
                ? "remove it"
                : value <= 65_535 ? "write `version \(value)` in the schema line" : nil
        )
        return nil
    }
}
