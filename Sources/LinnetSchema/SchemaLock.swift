// SPDX-License-Identifier: Apache-2.0

/// What peers, code and stored JSON rely on: the schemas as they were when somebody said that they
/// hold. The text is committed as `schema.lock` beside the `.linnet` files, and read in reviews.
///
/// ```
/// linnet-lock 1
///
/// file "trading.linnet"
/// schema market.trading version 3
/// ```
///
/// Behind each `file` stands what ``CanonicalText`` writes.
public struct SchemaLock: Sendable, Hashable {
    /// The name of the file.
    public static let fileName = "schema.lock"

    /// The text of a schema, and where it stands in the lock.
    public struct Entry: Sendable, Hashable {
        /// Relative to the folder of the lock.
        public var path: String
        public var text: String
        /// The line of the lock that names the file, from 1.
        public var line: Int
    }

    /// Sorted by path.
    public private(set) var entries: [Entry]

    /// - Parameter schemas: by the path from the folder of the lock.
    public init(_ schemas: [String: Schema]) {
        var line = 6
        entries = schemas.sorted { $0.key < $1.key }.map { path, schema in
            let entry = Entry(path: path, text: CanonicalText(schema).text(), line: line)
            line += entry.text.utf8.count { $0 == UInt8(ascii: "\n") } + 2
            return entry
        }
    }

    /// Reads the text of a lock. O(bytes).
    ///
    /// Throws what is wrong, for the file at `path`.
    public init(parsing text: String, path: String) throws(SchemaLockError) {
        entries = []
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst() == "linnet-lock 1" else {
            throw SchemaLockError(path, 1, "the first line is not `linnet-lock 1`")
        }
        for (position, line) in lines.enumerated() {
            if let name = Self.name(in: line) {
                entries.append(Entry(path: name, text: "", line: position + 2))
            } else if !entries.isEmpty {
                entries[entries.count - 1].text += line + "\n"
            } else if !line.isEmpty, !line.hasPrefix("//") {
                throw SchemaLockError(path, position + 2, "there is text before the first `file`")
            }
        }
        for index in entries.indices { entries[index].text = entries[index].text.trimmed }
        for (entry, next) in zip(entries, entries.dropFirst()) where entry.path >= next.path {
            throw SchemaLockError(path, next.line, "the files are not sorted, or one stands twice")
        }
    }

    /// The text of the lock. Ends with a newline; the same schemas have the same text.
    public var text: String {
        entries.reduce(
            """
            linnet-lock 1
            // What peers, code and stored JSON rely on; builds fail when a schema breaks it.
            // To accept changes: `swift package linnet-schema lock` or `linnetctl schema lock`.
            // Do not edit by hand.

            """
        ) { text, entry in
            text + "\nfile \(quoted(entry.path))\n\(entry.text)"
        }
    }

    /// The schema that was locked for a file, or what is wrong with the lock; `nil` if the file is
    /// not locked.
    func schema(of path: String, lockPath: String) throws(SchemaLockError) -> Schema? {
        guard let entry = entries.first(where: { $0.path == path }) else { return nil }
        let texts = Dictionary(entries.map { ($0.path, $0.text) }, uniquingKeysWith: { $1 })
        let result = SchemaCompiler.compile(path) { texts[$0] }
        if let schema = result.schema { return schema }
        let first = result.diagnostics.first { $0.severity == .error }
        let line = entries.first { $0.path == first?.path }?.line ?? entry.line
        throw SchemaLockError(
            lockPath,
            line + (first?.line ?? 0),
            "what is locked does not compile: \(first?.message ?? "nothing more is known")"
        )
    }

    /// `file "NAME"`
    private static func name(in line: Substring) -> String? {
        guard line.hasPrefix("file \""), line.hasSuffix("\""), line.utf8.count > 6 else {
            return nil
        }
        var name = ""
        var isEscaped = false
        for character in line.dropFirst(6).dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                name.append(character)
                isEscaped = false
            }
        }
        return name
    }
}

/// Why a lock cannot be read.
public struct SchemaLockError: Error, Sendable, Hashable {
    public var diagnostic: Diagnostic

    init(_ path: String, _ line: Int, _ message: String) {
        diagnostic = Diagnostic(
            severity: .error,
            rule: "LOCK-DAMAGED",
            message: message,
            fix: "take the lock of an earlier commit, or lock again: \(SchemaSet.lockCommands)",
            path: path,
            line: line,
            column: 1
        )
    }
}

extension String {
    /// Without empty lines at the end.
    fileprivate var trimmed: String {
        var text = self[...]
        while text.hasSuffix("\n\n") { text.removeLast() }
        return String(text)
    }
}
