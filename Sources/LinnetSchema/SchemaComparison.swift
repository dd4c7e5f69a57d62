// SPDX-License-Identifier: Apache-2.0

/// Finds what a new version of a schema does to peers, code and JSON of an old one
/// (Specs/schema.md §5.5). Comments, documentation and `@deprecated` change nothing.
public struct SchemaComparison {
    /// So many are enough for a person; more are not kept.
    public static let maxChangeCount = 1_000

    /// What was found, the worst category of a place first.
    public let changes: [SchemaChange]

    /// Compares the declarations of both files; those of imported files are compared with theirs.
    /// O(declarations squared + fields).
    public init(from old: Schema, to new: Schema) {
        var comparer = SchemaComparer(old: old, new: new)
        comparer.compare()
        changes = comparer.changes
    }
}

extension SchemaComparison {
    /// The changes as errors of the new file, in the order of their places. O(bytes + changes).
    public func diagnostics(in source: SourceFile) -> [Diagnostic] {
        guard !changes.isEmpty else { return [] }
        let places = SchemaPlaces(source.text)
        let found = changes.map { $0.diagnostic(in: source.path, places.place(of: $0.path)) }
        return found.enumerated().sorted {
            ($0.element.line, $0.element.column, $0.offset)
                < ($1.element.line, $1.element.column, $1.offset)
        }.map(\.element)
    }
}
