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

/// Finds what a new version of a schema does to peers, code and JSON of an old one
/// (Specs/schema.md §5.5). Comments, documentation and `@deprecated` change nothing.
public struct SchemaComparison {
    /// What was found, from the top of the new file to its end, the worst category of a place first.
    public let changes: [SchemaChange]

    /// Compares the declarations of both files; those of imported files are compared with theirs.
    /// O(declarations squared + fields).
    public init(from old: Schema, to new: Schema) {
        var comparer = SchemaComparer(old: old, new: new)
        comparer.compare()
        changes = comparer.changes
    }
}
