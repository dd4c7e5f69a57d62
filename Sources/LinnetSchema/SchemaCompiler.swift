// SPDX-License-Identifier: Apache-2.0

/// What comes of a file and of those that it imports.
public struct CompileResult: Sendable {
    /// `nil` if there are errors.
    public var schema: Schema?
    /// Of all files: those of imported files first, and in each file by place.
    public var diagnostics: [Diagnostic]
    /// What a tool that binds level 0 of the wire refuses (§2.5.2); no part of `diagnostics`.
    public var level0Problems: [Diagnostic]
    /// The files that were read, the one that was asked for last.
    public var sources: [SourceFile]

    /// All diagnostics as people read them.
    public func rendered(_ diagnostics: [Diagnostic]) -> String {
        let texts = Dictionary(sources.map { ($0.path, $0.text) }, uniquingKeysWith: { $1 })
        return diagnostics.map { $0.rendered(texts[$0.path] ?? "") }.joined()
    }
}

/// Compiles `.linnet` files to the model (Specs/schema.md §2, §3).
public enum SchemaCompiler {
    /// §7.
    public static let maxFileByteCount = 1_048_576
    public static let maxImportCount = 64

    /// Compiles the file at `path`. All that is wrong comes in one run, up to a hundred per file.
    ///
    /// `load` gives the text of a file, or `nil` if it cannot be read. Paths of imports are
    /// relative to the file that imports: `load` gets them joined to its folder, without `.` and
    /// `..` where that is possible. Any text is safe; O(bytes of all files) but for a hundred
    /// messages.
    public static func compile(_ path: String, load: (String) -> String?) -> CompileResult {
        withoutActuallyEscaping(load) { load in
            var compilation = Compilation(load: load)
            let schema = compilation.compile(path)
            return CompileResult(
                schema: compilation.hasErrors ? nil : schema,
                diagnostics: compilation.diagnostics,
                level0Problems: compilation.level0Problems,
                sources: compilation.sources
            )
        }
    }
}

private struct Compilation {
    /// A file that is checked.
    struct CheckedFile {
        var path: String
        var schema: Schema
        /// What it declares itself.
        var names: [String: SchemaNames.Entry]
        /// Paths of what it imports, indirectly too, in order.
        var imports: [String]
    }

    let load: (String) -> String?
    var diagnostics: [Diagnostic] = []
    var level0Problems: [Diagnostic] = []
    var sources: [SourceFile] = []
    /// `nil` while its imports are compiled.
    private var files: [String: CheckedFile?] = [:]

    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    init(load: @escaping (String) -> String?) { self.load = load }

    /// `nil` if the file cannot be read.
    mutating func compile(_ path: String) -> Schema? {
        guard let text = load(path) else {
            let finding = Finding(
                rule: .fileMissing,
                offset: 0,
                message: "the file cannot be read",
                fix: nil
            )
            report([finding], path: path)
            return nil
        }
        return check(path, text)?.schema
    }

    /// A finding without a place.
    private mutating func report(_ findings: [Finding], path: String) {
        for var diagnostic in findings.diagnostics(path: path, bytes: []) {
            diagnostic.line = 0
            diagnostic.column = 0
            diagnostics.append(diagnostic)
        }
    }

    private mutating func check(_ path: String, _ text: String) -> CheckedFile? {
        guard text.utf8.count <= SchemaCompiler.maxFileByteCount else {
            let finding = Finding(
                rule: .fileSize,
                offset: 0,
                message: "a file has at most \(SchemaCompiler.maxFileByteCount) bytes",
                fix: "split it, and import one part in the other"
            )
            report([finding], path: path)
            return nil
        }
        files[path] = .some(nil)
        let bytes = Array(text.utf8)
        let parsed = SchemaParser.parse(bytes)
        var imports: [String] = []
        for item in parsed.tree.imports {
            for other in resolve(item, of: path, parsed.findings) where !imports.contains(other) {
                imports.append(other)
            }
        }
        var names = SchemaNames()
        var imported: [Declaration] = []
        for other in imports {
            guard case .some(.some(let file)) = files[other] else { continue }
            imported += file.schema.declarations
            merge(file, into: &names, at: parsed)
        }
        var checker = SchemaChecker(parsed, path: path, imported: names)
        var schema = checker.check()
        schema.imported = imported
        sources.append(SourceFile(path: path, text: text))
        diagnostics += parsed.findings.all.diagnostics(path: path, bytes: bytes)
        level0Problems += parsed.findings.aboveLevel0.diagnostics(path: path, bytes: bytes)
        let own = checker.names.entries.filter { $0.value.path == path }
        let file = CheckedFile(path: path, schema: schema, names: own, imports: imports)
        files[path] = file
        return file
    }

    private func merge(_ file: CheckedFile, into names: inout SchemaNames, at parsed: ParsedFile) {
        for (name, entry) in file.names.sorted(by: { $0.key < $1.key }) {
            guard let earlier = names.entries.updateValue(entry, forKey: name),
                let start = parsed.tree.imports.last?.start
            else { continue }
            parsed.findings.report(
                .duplicateName,
                at: start,
                "`\(name)` is declared both in \(earlier.path) and in \(entry.path)",
                fix: "give one of them another name"
            )
        }
    }

    /// Checks an imported file unless it is known; its path behind the paths of its own imports.
    private mutating func resolve(
        _ item: SyntaxImport,
        of path: String,
        _ findings: Findings
    ) -> [String] {
        guard let other = joined(item.path.value, to: path) else {
            findings.report(
                .importPath,
                at: item.path.start,
                "an import is a path relative to this file, with `/` between folders",
                fix: "write `\"folder/file.linnet\"`"
            )
            return []
        }
        if let known = files[other] {
            guard let known else {
                findings.report(
                    .importCycle,
                    at: item.path.start,
                    "\(other) imports this file, directly or indirectly",
                    fix: "move what both need to a third file"
                )
                return []
            }
            return known.imports + [other]
        }
        guard files.count <= SchemaCompiler.maxImportCount else {
            findings.report(
                .importCount,
                at: item.path.start,
                "a schema imports at most \(SchemaCompiler.maxImportCount) files, "
                    + "directly and indirectly",
                fix: "put some of the files into one"
            )
            return []
        }
        guard let text = load(other) else {
            findings.report(
                .fileMissing,
                at: item.path.start,
                "the file \(other) cannot be read",
                fix: "write a path relative to this file"
            )
            return []
        }
        guard let file = check(other, text) else {
            findings.report(
                .importFailed,
                at: item.path.start,
                "the file \(other) cannot be imported"
            )
            return []
        }
        return file.imports + [other]
    }

    /// `nil` if it is no relative path.
    private func joined(_ path: String, to importer: String) -> String? {
        let isOdd = path.unicodeScalars.contains {
            $0.value < 0x20 || $0.value == 0x7F || $0 == "\\"
        }
        guard !path.isEmpty, !isOdd, !path.hasPrefix("/"), !path.hasSuffix("/"),
            path.utf8.count <= 1_024
        else { return nil }
        var parts = importer.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != "..", last != "" {
                parts.removeLast()
            } else {
                parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }
}
