// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation

/// What `body` reads. If it fails, the user is told why, and the exit code of the failure is
/// thrown.
func explained<Value>(_ body: () throws(InputError) -> Value) throws -> Value {
    do throws(InputError) {
        return try body()
    } catch {
        throw stop(error.description, exitCode: error.exitCode)
    }
}

/// Tells the user why the program cannot go on.
/// - Returns: what to throw.
func stop(_ reason: String, exitCode: Int32) -> ExitCode {
    FileHandle.standardError.write(Data("Error: \(reason)\n".utf8))
    return ExitCode(exitCode)
}
