// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Linnet

/// `linnetctl serve` as a child process: this program, once more.
///
/// Thread: one.
final class ServerProcess {
    private let process = Process()
    /// Ends when this process does, whatever ends it, and the server with it.
    private let input = Pipe()
    private let output = Pipe()
    private var received = Data()
    /// Where it listens.
    let endpoint: Endpoint

    /// Why there is no server, or no summary of one.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Returns when the server listens.
    ///
    /// - Parameter arguments: of `serve`, beside where to listen.
    init(_ arguments: [String]) throws {
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.executableURL = program
        process.arguments =
            ["serve", "--tcp", "127.0.0.1:0", "--json", "--until-input-ends"] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = try Self.line(output, &received)
        let prefix = "listening on tcp "
        guard line.hasPrefix(prefix) else {
            process.terminate()
            throw Failure(description: "the server did not start: it said \"\(line)\"")
        }
        endpoint = try Endpoint(connectArgument: String(line.dropFirst(prefix.count)))
    }

    /// Ends a server that nobody has stopped.
    deinit {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
    }

    private static func line(_ output: Pipe, _ received: inout Data) throws -> String {
        while true {
            if let end = received.firstIndex(of: 0x0A) {
                let line = String(decoding: received[..<end], as: UTF8.self)
                received = Data(received[(end + 1)...])
                return line
            }
            let bytes = output.fileHandleForReading.availableData
            guard !bytes.isEmpty else { throw Failure(description: "the server ended early") }
            received += bytes
        }
    }

    /// Bytes of memory that the server has in use, as the kernel counts them.
    var residentByteCount: Int {
        get throws {
            let path = "/proc/\(process.processIdentifier)/statm"
            let words = try String(contentsOfFile: path, encoding: .utf8).split(separator: " ")
            guard words.count > 1, let pageCount = Int(words[1]) else {
                throw Failure(description: "\(path) does not say how much memory is in use")
            }
            return pageCount * sysconf(CInt(_SC_PAGESIZE))
        }
    }

    /// Tells the server to stop.
    func beginStopping() {
        process.terminate()
    }

    /// Waits for the end of a server that stops, and kills it if that takes too long.
    ///
    /// - Returns: its summary.
    func finish(within limit: Duration) throws -> ServeReport {
        let deadline = MonotonicInstant.now() + limit
        while process.isRunning, MonotonicInstant.now() < deadline {
            sleepThread(for: .milliseconds(5))
        }
        guard !process.isRunning else {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            throw Failure(description: "the server did not stop within \(limit)")
        }
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            let kind = process.terminationReason == .exit ? "exit code" : "signal"
            throw Failure(
                description: "the server ended with \(kind) \(process.terminationStatus)"
            )
        }
        return try ServeReport(json: Data(try Self.line(output, &received).utf8))
    }
}
