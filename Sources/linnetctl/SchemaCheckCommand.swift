// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import LinnetSchema

/// `linnetctl schema check`: says what is wrong.
struct SchemaCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says what is wrong with schemas, and what breaks their lock.",
        discussion: """
            If there is a schema.lock, the schemas must not break those who rely on it, and it \
            must have all that is in them: run this before a release. The exit code is 0 if all \
            is right, 1 if something is not, 66 if there are no files.

            EXAMPLES
              linnetctl schema check Sources
              linnetctl schema check trading.linnet --lock schema.lock
            """
    )

    @OptionGroup var files: SchemaFiles
    @OptionGroup var lockOption: SchemaLockOption

    func run() throws {
        let paths = try files.files()
        let set = try SchemaFiles.compiled(paths)
        let path = lockOption.path(paths)
        guard let lock = try lockOption.read(at: path) else { return }
        let findings = set.findings(against: lock, at: path, isThere: isThere)
        if !findings.isEmpty {
            complain(set.rendered(findings) + SchemaSet.acceptance)
            throw ExitCode(1)
        }
        let unlocked = set.unlocked(in: lock, at: path, isError: true)
        complain(set.rendered(unlocked))
        if !unlocked.isEmpty { throw ExitCode(1) }
    }
}

/// `linnetctl schema lock`: accepts schemas as they are.
struct SchemaLockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Accepts the schemas as they are: writes schema.lock.",
        discussion: """
            Name all files that belong together: the lock has those and what they import, and \
            nothing else. What breaks peers, code or JSON is said once more. Commit the lock.

            EXAMPLES
              linnetctl schema lock Sources/Trading
              linnetctl schema lock *.linnet --lock schema.lock
            """
    )

    @OptionGroup var files: SchemaFiles
    @OptionGroup var lockOption: SchemaLockOption

    func run() throws {
        let paths = try files.files()
        let set = try SchemaFiles.compiled(paths)
        let path = lockOption.path(paths)
        if let text = SchemaFiles.text(path), let old = try? SchemaLock(parsing: text, path: path) {
            let accepted = set.findings(against: old, at: path, isThere: isThere)
            print(set.rendered(accepted.map(\.accepted)), terminator: "")
        }
        try write(set.lock(at: path).text, to: path)
        print("\(path): \(set.files.count) schemas are locked")
    }
}

/// `linnetctl schema diff`: compares two versions of a schema.
struct SchemaDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Says what a change does to peers (WIRE, ACCEPT), code (SOURCE) and JSON.",
        discussion: """
            Compares the declarations of two files, not those of the files that they import. \
            Prints nothing, with exit code 0, if nobody notices the change; else the exit code is 1.

            EXAMPLES
              linnetctl schema diff old/trading.linnet trading.linnet
              git show v1:a.linnet | linnetctl schema diff - a.linnet
            """
    )

    @Argument(help: ArgumentHelp("The file as it was.", valueName: "old"))
    var old: String

    @Argument(help: ArgumentHelp("The file as it is.", valueName: "new"))
    var new: String

    func run() throws {
        let old = try SchemaFiles.schema(old)
        let set = try SchemaFiles.compiled([new])
        guard let file = set.files.first else { throw ExitCode(1) }
        let findings = SchemaComparison(from: old, to: file.schema).diagnostics(in: file.source)
        print(set.rendered(findings), terminator: "")
        if !findings.isEmpty { throw ExitCode(1) }
    }
}
