// SPDX-License-Identifier: Apache-2.0

/// The schema files that belong together, those of a target for instance, and those that they
/// import: what the programs do with them, without reading or writing files.
public struct SchemaSet: Sendable {
    /// How changes are accepted, for messages.
    static let lockCommands = "`swift package linnet-schema lock` or `linnetctl schema lock`"

    /// What to print below findings.
    public static let acceptance = "To accept what breaks the lock: \(lockCommands).\n"

    /// A file that compiled.
    public struct File: Sendable, Hashable {
        public var source: SourceFile
        public var schema: Schema
    }

    /// Those that were asked for, in order, then those that they import.
    public private(set) var files: [File] = []
    /// Of all files, each once. What needs a higher level of the wire than 0 is an error.
    public private(set) var diagnostics: [Diagnostic] = []
    private var sources: [String: String] = [:]

    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// Compiles the files at `paths` and all that they import. `load` is as in
    /// ``SchemaCompiler/compile(_:load:)``.
    public init(_ paths: [String], load: (String) -> String?) {
        var rest = paths[...]
        var known: Set<String> = []
        while let path = rest.popFirst() {
            guard known.insert(path).inserted else { continue }
            let result = SchemaCompiler.compile(path, load: load)
            for source in result.sources {
                sources[source.path] = source.text
                if source.path != path { rest.append(source.path) }
            }
            for diagnostic in result.diagnostics + result.level0Problems
            where !diagnostics.contains(diagnostic) {
                diagnostics.append(diagnostic)
            }
            guard let schema = result.schema else { continue }
            let source = SourceFile(path: path, text: sources[path] ?? "")
            files.append(File(source: source, schema: schema))
        }
    }

    /// Diagnostics as people read them.
    public func rendered(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { $0.rendered(sources[$0.path] ?? "") }.joined()
    }

    /// The lock that says that all these schemas hold.
    public func lock(at lockPath: String) -> SchemaLock {
        let schemas = files.map { (relativePath($0.source.path, from: lockPath), $0.schema) }
        return SchemaLock(Dictionary(schemas, uniquingKeysWith: { $1 }))
    }

    /// What breaks those who rely on the lock, as errors; and, as a warning, that the lock does not
    /// have all of the schemas.
    ///
    /// - Parameter isThere: whether a file exists, by its path.
    public func findings(
        against lock: SchemaLock,
        at lockPath: String,
        isThere: (String) -> Bool
    ) -> [Diagnostic] {
        var findings: [Diagnostic] = []
        for entry in lock.entries {
            let path = joined(entry.path, to: lockPath)
            if isThere(path) || files.contains(where: { $0.source.path == path }) { continue }
            let change = SchemaChange(
                rule: .wireSchemaRemoved,
                message: "`\(entry.path)` is locked, but there is no such file",
                path: []
            )
            findings.append(change.diagnostic(in: lockPath, (entry.line, 1)))
        }
        for file in files {
            let path = relativePath(file.source.path, from: lockPath)
            do throws(SchemaLockError) {
                guard let old = try lock.schema(of: path, lockPath: lockPath) else { continue }
                let comparison = SchemaComparison(from: old, to: file.schema)
                findings += comparison.diagnostics(in: file.source)
            } catch {
                if !findings.contains(error.diagnostic) { findings.append(error.diagnostic) }
            }
        }
        return findings
    }

    /// Says which schemas are not in the lock as they are now: nothing guards what is new in them.
    public func unlocked(
        in lock: SchemaLock,
        at lockPath: String,
        isError: Bool
    ) -> [Diagnostic] {
        files.compactMap { file in
            let path = relativePath(file.source.path, from: lockPath)
            let locked = try? lock.schema(of: path, lockPath: lockPath)
            // Not the text of the lock: another release may write it otherwise.
            let text = locked.map { CanonicalText($0).text() }
            if text == CanonicalText(file.schema).text() { return nil }
            let place = SchemaPlaces(file.source.text).place(of: [])
            return Diagnostic(
                severity: isError ? .error : .warning,
                rule: "LOCK-STALE",
                message: locked == nil
                    ? "the schema is not locked: nothing guards it"
                    : "the lock does not have what is new in the schema: nothing guards it",
                fix: "lock it when it is released: \(SchemaSet.lockCommands)",
                path: file.source.path,
                line: place.line,
                column: place.column
            )
        }
    }
}

extension Diagnostic {
    /// The same of a change that is accepted: a warning.
    public var accepted: Diagnostic {
        var accepted = self
        accepted.severity = .warning
        accepted.fix = nil
        return accepted
    }
}

/// The path of a file as seen from the folder of another. Both are absolute, or both are relative
/// to the same folder.
private func relativePath(_ path: String, from other: String) -> String {
    let folder = components(other).dropLast()
    let parts = components(path)
    let common = zip(folder, parts).prefix { $0 == $1 }.count
    let up = [String](repeating: "..", count: folder.count - common)
    return (up + parts.dropFirst(common)).joined(separator: "/")
}

/// The reverse of ``relativePath(_:from:)``.
private func joined(_ path: String, to other: String) -> String {
    let isAbsolute = other.hasPrefix("/")
    let folder = other.split(separator: "/").dropLast().joined(separator: "/")
    let all = components(folder.isEmpty ? path : "\(folder)/\(path)").joined(separator: "/")
    return isAbsolute ? "/\(all)" : all
}

private func components(_ path: String) -> [String] {
    path.split(separator: "/").reduce(into: []) { parts, part in
        if part == "." { return }
        if part == "..", let last = parts.last, last != ".." {
            parts.removeLast()
        } else {
            parts.append(String(part))
        }
    }
}
