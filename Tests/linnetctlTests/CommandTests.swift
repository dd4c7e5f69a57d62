// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetCodec
import LinnetTestSupport
import Testing
import linnetctl

@Suite("The program, run as a user runs it")
struct CommandTests {
    @Test("what encode prints, dump finds right")
    func encodeThenDump() throws {
        let encoded = try Run("encode --payload hello --flags detach,payloadChecksum --count 3")
        #expect(encoded.exitCode == 0)
        #expect(encoded.output.split(separator: "\n").count == 3)
        let dumped = try Run("dump", input: encoded.bytes)
        #expect(dumped.exitCode == 0)
        #expect(dumped.output.contains("ok                            3            99"))
    }

    @Test("raw output is the bytes of the hexadecimal output")
    func raw() throws {
        let line = "encode --payload-hex 00ff --seq 18446744073709551615 --count 2"
        let raw = try Run("\(line) --output raw")
        let hexadecimal = try Run(line)
        #expect(try InputFormat.hex.decode(hexadecimal.bytes) == raw.bytes)
        #expect(raw.bytes.count == 52)
    }

    @Test("all options of both commands fit together")
    func options() throws {
        let common = "--magic 0x31504B43 --max-packet 28"
        let encoded = try Run(
            "encode --payload-file - --version 3 --seq 5 --output raw \(common)",
            input: Data("abcd".utf8)
        )
        let dumped = try Run(
            "dump - --versions 2-4 --sequence ignore --input raw --color always \(common)",
            input: encoded.bytes
        )
        #expect(dumped.exitCode == 0)
        #expect(dumped.output.contains("\u{1B}[32mNo errors."))
    }

    @Test("a capture with an error ends in exit code 1, in text and in JSON")
    func wrongCapture() throws {
        let text = try Run("dump --hex 47455420")
        #expect(text.exitCode == 1)
        #expect(text.output.contains("bad-magic"))
        let json = try Run("dump --json --hex 47455420")
        #expect(json.exitCode == 1)
        #expect(try JSONSerialization.jsonObject(with: json.bytes) is [String: Any])
    }

    @Test(
        "wrong usage ends in its exit code and says what to do",
        arguments: [
            ("dump --hex 00 file", 64, "not both"),
            ("dump --versions 3-1", 64, "1-3"),
            ("dump --payload-bytes=-1", 64, "0 shows no payload"),
            ("dump --hex 123", 65, "Add the missing one"),
            ("dump /no/such/file", 66, "No such file"),
            ("dump /", 66, "directory"),
            ("encode --count 0", 64, "at least 1"),
            ("encode --payload a --payload-hex 00", 64, "one of --payload"),
            ("encode --flags control", 64, "Leave them out"),
            ("encode --payload hello --max-packet 28", 64, "Split the payload"),
            ("encode --payload-file /no/such/file", 66, "No such file"),
        ] as [(String, Int32, String)]
    )
    func wrongUsage(line: String, exitCode: Int32, words: String) throws {
        let run = try Run(line)
        #expect(run.exitCode == exitCode)
        #expect(run.errors.contains(words))
        #expect(run.output.isEmpty)
    }

    @Test("each command explains itself with two examples", arguments: ["dump", "encode"])
    func help(command: String) throws {
        let help = try Run("help \(command)").output
        #expect(help.components(separatedBy: "\n  linnetctl \(command) ").count == 3)
    }
}

/// One run of the program to its end.
private struct Run {
    let exitCode: Int32
    let bytes: Data
    let errors: String

    var output: String { String(decoding: bytes, as: UTF8.self) }

    /// - Parameters:
    ///   - line: arguments with spaces between them.
    ///   - input: shorter than a pipe holds, as is all output.
    init(_ line: String, input: Data = Data()) throws {
        // The tests stand beside the program that they test.
        let tests = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let process = Process()
        process.executableURL = tests.deletingLastPathComponent().appending(path: "linnetctl")
        process.arguments = line.split(separator: " ").map(String.init)
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stderr
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: input)
        try stdin.fileHandleForWriting.close()
        bytes = try stdout.fileHandleForReading.readToEnd() ?? Data()
        let words = try stderr.fileHandleForReading.readToEnd() ?? Data()
        errors = String(decoding: words, as: UTF8.self)
        process.waitUntilExit()
        exitCode = process.terminationStatus
    }
}
