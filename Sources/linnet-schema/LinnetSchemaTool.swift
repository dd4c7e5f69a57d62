// SPDX-License-Identifier: Apache-2.0

// linnet-schema is the program that runs in builds: it makes Swift of `.linnet` files and says what
// is wrong with them, in the form of compilers, `file:line:column: error: ...`, so that build tools
// show it at its place. It promises to write nothing but what it was told to, to leave a file alone
// whose text is right, and that the same schemas give the same files. Its exit codes: 0 all is
// right, 1 a schema is wrong or breaks its lock, 64 wrong usage, 66 a lock that cannot be read,
// 73 a file that cannot be written. It imports LinnetSchema alone, so that users' builds do not
// compile the framework first.

internal import Glibc
internal import LinnetSchema

@main
enum LinnetSchemaTool {
    static func main() {
        do throws(ToolFailure) {
            try run(ToolArguments(CommandLine.arguments.dropFirst()))
        } catch {
            ToolFiles.print(error.message, toStandardError: true)
            exit(error.exitCode)
        }
    }

    private static func run(_ arguments: ToolArguments) throws(ToolFailure) {
        let set = SchemaSet(arguments.files, load: ToolFiles.text)
        if !set.diagnostics.isEmpty {
            ToolFiles.print(set.rendered(set.diagnostics), toStandardError: true)
        }
        if set.hasErrors { throw ToolFailure(exitCode: 1) }
        switch arguments.command {
        case .generate:
            try check(set, arguments, isComplete: false)
            try generate(set, arguments)
        case .check: try check(set, arguments, isComplete: true)
        case .lock: try lock(set, arguments)
        case .diff: try diff(set, arguments)
        case .kit: try kit(set, arguments)
        }
    }

    /// - Parameter isComplete: whether what the lock does not have yet is an error; else a warning.
    private static func check(
        _ set: SchemaSet,
        _ arguments: ToolArguments,
        isComplete: Bool
    ) throws(ToolFailure) {
        guard let path = arguments.lock else { return }
        let lock = try lock(at: path)
        let findings = set.findings(against: lock, at: path, isThere: ToolFiles.isThere)
        guard findings.isEmpty else {
            let text = set.rendered(findings) + SchemaSet.acceptance
            throw ToolFailure(exitCode: 1, text)
        }
        let unlocked = set.unlocked(in: lock, at: path, isError: isComplete)
        guard !unlocked.isEmpty else { return }
        ToolFiles.print(set.rendered(unlocked), toStandardError: true)
        if isComplete { throw ToolFailure(exitCode: 1) }
    }

    private static func generate(_ set: SchemaSet, _ arguments: ToolArguments) throws(ToolFailure) {
        for file in set.files where arguments.files.contains(file.source.path) {
            let generated = GeneratedSwift(file)
            guard generated.problems.isEmpty else {
                throw ToolFailure(exitCode: 1, set.rendered(generated.problems))
            }
            try ToolFiles.write(generated.text, to: "\(arguments.output)/\(generated.fileName)")
        }
    }

    private static func lock(_ set: SchemaSet, _ arguments: ToolArguments) throws(ToolFailure) {
        guard let path = arguments.lock else { return }
        if let text = ToolFiles.text(path), let old = try? SchemaLock(parsing: text, path: path) {
            // What is accepted is said once more.
            let findings = set.findings(against: old, at: path, isThere: ToolFiles.isThere)
            ToolFiles.print(set.rendered(findings.map(\.accepted)))
        }
        try ToolFiles.write(set.lock(at: path).text, to: path)
        ToolFiles.print("\(path): \(set.files.count) schemas are locked\n")
    }

    private static func diff(_ set: SchemaSet, _ arguments: ToolArguments) throws(ToolFailure) {
        guard let path = arguments.lock else { return }
        let lock = try lock(at: path)
        let findings = set.findings(against: lock, at: path, isThere: ToolFiles.isThere)
        let unlocked = set.unlocked(in: lock, at: path, isError: false)
        ToolFiles.print(set.rendered(findings + unlocked))
        if findings.isEmpty, unlocked.isEmpty { ToolFiles.print("nothing differs from the lock\n") }
    }

    /// Writes a safety kit without golden messages: those it makes itself.
    private static func kit(_ set: SchemaSet, _ arguments: ToolArguments) throws(ToolFailure) {
        let kit = KitPackage(set.files, linnet: arguments.linnet ?? "")
        guard kit.problems.isEmpty else {
            let text = kit.problems.map { "linnet-schema: error: \($0)\n" }.joined()
            throw ToolFailure(exitCode: 1, text)
        }
        for (path, text) in kit.files {
            let path = arguments.output + "/" + path
            ToolFiles.makeFolders(for: path)
            try ToolFiles.write(text, to: path)
        }
        ToolFiles.makeExecutable(arguments.output + "/run")
        ToolFiles.print("\(arguments.output): a safety kit; ./run golden, then ./run test\n")
    }

    private static func lock(at path: String) throws(ToolFailure) -> SchemaLock {
        guard let text = ToolFiles.text(path) else {
            throw ToolFailure(exitCode: 66, "\(path): error: the lock cannot be read\n")
        }
        do throws(SchemaLockError) {
            return try SchemaLock(parsing: text, path: path)
        } catch {
            throw ToolFailure(exitCode: 1, error.diagnostic.rendered(text))
        }
    }
}
