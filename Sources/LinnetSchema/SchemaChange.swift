// SPDX-License-Identifier: Apache-2.0

/// A change that somebody may notice.
public struct SchemaChange: Sendable, Hashable {
    public var rule: ChangeRule
    /// One sentence without a full stop.
    public var message: String
    /// Names from the declaration inward, in the schema as it is now: `["Order", "fills", "note"]`.
    /// What is gone is at what was around it; empty for the schema itself.
    public var path: [String]

    public init(rule: ChangeRule, message: String, path: [String]) {
        self.rule = rule
        self.message = message
        self.path = path
    }
}

extension SchemaChange {
    /// An error that says how to mend it.
    public func diagnostic(in path: String, _ place: (line: Int, column: Int)) -> Diagnostic {
        Diagnostic(
            severity: .error,
            rule: rule.rawValue,
            message: message,
            fix: rule.hint,
            path: path,
            line: place.line,
            column: place.column
        )
    }
}
