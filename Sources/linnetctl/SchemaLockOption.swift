// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import LinnetSchema

/// The lock that schemas are compared with.
struct SchemaLockOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The lock; schema.lock in the folder of the first file by default.",
            valueName: "file"
        )
    )
    var lock: String?

    func path(_ files: [String]) -> String {
        if let lock { return lock }
        let folder = files[0].split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return (folder + [Substring(SchemaLock.fileName)]).joined(separator: "/")
    }

    /// The lock, or `nil` if there is none.
    func read(at path: String) throws -> SchemaLock? {
        guard let text = SchemaFiles.text(path) else {
            if lock == nil { return nil }
            throw stop("\"\(path)\" cannot be read. Make it with `schema lock`.", exitCode: 66)
        }
        do throws(SchemaLockError) {
            return try SchemaLock(parsing: text, path: path)
        } catch {
            complain(error.diagnostic.rendered(text))
            throw ExitCode(1)
        }
    }
}

/// Whether there is a file, for locks.
func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
