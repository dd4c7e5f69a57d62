// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import Linnet

/// What `body` reads. If it fails, the user is told why, and the exit code of the failure is
/// thrown.
func explained<Value>(_ body: () throws(InputError) -> Value) throws -> Value {
    do throws(InputError) {
        return try body()
    } catch {
        throw stop(error.description, exitCode: error.exitCode)
    }
}

/// What `body` returns, which listens or connects. If it fails, the user is told what to do, and
/// the exit code of the failure is thrown: EX_UNAVAILABLE or EX_OSERR of sysexits.h.
func connected<Value: ~Copyable>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as TransportError {
        throw stop("\(error).", exitCode: 69)
    } catch let error as ClientError {
        throw stop("\(error).", exitCode: 69)
    } catch let error as Errno {
        let advice = "Free memory and descriptors, or ask for fewer threads and connections."
        throw stop("The system refuses: \(error). \(advice)", exitCode: 71)
    }
}

/// Tells the user why the program cannot go on.
/// - Returns: what to throw.
func stop(_ reason: String, exitCode: Int32) -> ExitCode {
    FileHandle.standardError.write(Data("Error: \(reason)\n".utf8))
    return ExitCode(exitCode)
}

/// Prints text and hands it to the reader at once, also through a pipe.
func printNow(_ text: String) {
    FileHandle.standardOutput.write(Data(text.utf8))
}
