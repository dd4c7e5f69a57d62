// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("linnetctl schema, run as a user runs it")
struct SchemaCommandTests {
    private static let everything = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Specs/cases/schema/everything.linnet").standardized.path()
    private static let late = "ffff0300030001000700000900020500000000000000"
    private static let order = "schema a version 1\n\nmessage Order = 1 {\n    id: u64\n}\n"

    @Test(
        "each form of each command works on the schema with everything",
        arguments: [
            ("check FILE", ""), ("format --check FILE", ""), ("diff FILE FILE", ""),
            ("generate swift FILE", "public import Linnet\n"),
            ("generate json FILE", "\"linnetModel\": 1"),
            ("generate markdown FILE", "| offset | bytes |"),
            ("generate html FILE", "<!DOCTYPE html>"),
            ("layout FILE Late", "13 to 46 bytes"),
            ("decode FILE --hex \(late)", "\"number\": \"5\""),
            ("decode FILE --dump --hex \(late)", "end of b"),
            ("encode FILE --message Late --json {\"a\":7,\"b\":{\"number\":\"5\"}}", late),
            ("encode FILE --message Ping --peer-version 2 --json {}", "0600020000000000"),
        ]
    )
    func works(line: String, output: String) throws {
        let run = try Run("schema " + line.replacing("FILE", with: Self.everything))
        #expect(run.exitCode == 0, "\(run.errors)")
        #expect(run.errors == "")
        #expect(output.isEmpty ? run.output.isEmpty : run.output.contains(output))
    }

    @Test(
        "what is wrong ends in its exit code and says what to do",
        arguments: [
            ("check /no/such.linnet", 1, "cannot be read"),
            ("check /proc/self/task", 66, "no .linnet"),
            ("generate swift FILE FILE", 64, "--output"),
            ("layout FILE Nothing", 64, "it has Fixed"),
            ("generate pascal FILE", 64, "swift"), ("diff FILE", 64, "new"),
            ("decode FILE --hex 01", 1, "at least 8 bytes"),
            ("decode FILE --hex 0a000100", 1, "no message 10"),
            ("decode FILE --hex \(late)00", 1, "at byte 11"), ("decode FILE --hex 0g", 65, "digit"),
            ("decode FILE --hex 00 bytes", 64, "not both"),
            ("encode FILE --message Late --json {\"a\":700}", 65, "700 is no u8"),
            ("encode FILE --message Lat --json {}", 64, "it has Fixed"),
            ("encode FILE --message Late --json {} --peer-version 1", 64, "version 2"),
            ("encode FILE --message Late --json {} --peer-version 0", 64, "begins at 1"),
        ]
    )
    func complains(line: String, exitCode: Int32, words: String) throws {
        let run = try Run("schema " + line.replacing("FILE", with: Self.everything))
        #expect(run.exitCode == exitCode)
        #expect(run.errors.contains(words), "\(run.errors)")
    }

    @Test(
        "each command explains itself with examples",
        arguments: [
            "check", "generate", "diff", "lock", "format", "layout", "decode", "encode",
        ]
    )
    func help(command: String) throws {
        let help = try Run("help schema \(command)").output
        #expect(help.matches(of: try Regex("linnetctl schema \(command)(?=[ \\n])")).count >= 3)
    }

    @Test("a lock guards what it has, says what it does not have, and accepts what is locked")
    func lock() throws {
        let folder = try Folder()
        defer { folder.remove() }
        try folder.write(Self.order, to: "a.linnet")
        #expect(try Run("schema check \(folder.path)").exitCode == 0)
        #expect(try Run("schema lock \(folder.path)").output.contains("1 schemas are locked"))
        #expect(try Run("schema check \(folder.path)").exitCode == 0)

        try folder.write(Self.order.replacing("version 1", with: "version 2"), to: "a.linnet")
        let stale = try Run("schema check \(folder.path)")
        #expect(stale.exitCode == 1)
        #expect(stale.errors.contains("a.linnet:1:8: error"))
        #expect(stale.errors.contains("[LOCK-STALE]"))

        try folder.write(Self.order.replacing("u64", with: "u32"), to: "a.linnet")
        let broken = try Run("schema check \(folder.path)")
        #expect(broken.exitCode == 1)
        #expect(broken.errors.contains("a.linnet:4:5: error"))
        #expect(broken.errors.contains("[WIRE-TYPE-CHANGED]"))
        #expect(broken.errors.contains("linnetctl schema lock"))
        #expect(try Run("schema lock \(folder.path)").output.contains("[WIRE-TYPE-CHANGED]"))
        #expect(try Run("schema check \(folder.path)").exitCode == 0)
    }

    @Test("two versions of a file are compared")
    func diff() throws {
        let folder = try Folder()
        defer { folder.remove() }
        try folder.write(Self.order, to: "old.linnet")
        try folder.write(Self.order.replacing("Order", with: "Offer"), to: "new.linnet")
        let run = try Run("schema diff \(folder.path)old.linnet \(folder.path)new.linnet")
        #expect(run.exitCode == 1)
        #expect(run.output.contains("new.linnet:3:9: error: message `Offer` was `Order`"))
    }

    @Test("a file is formatted in place, and left alone where it cannot be parsed")
    func format() throws {
        let folder = try Folder()
        defer { folder.remove() }
        try folder.write(Self.order.replacing("    id", with: "id"), to: "a.linnet")
        let check = try Run("schema format --check \(folder.path)")
        #expect(check.exitCode == 1)
        #expect(check.output.contains("a.linnet is not in canonical form"))
        #expect(try Run("schema format \(folder.path)").exitCode == 0)
        #expect(try folder.text("a.linnet") == Self.order)
        try folder.write("schema", to: "a.linnet")
        #expect(try Run("schema format \(folder.path)").exitCode == 1)
        #expect(try folder.text("a.linnet") == "schema")
        let filtered = try Run("schema format -", input: Data("schema a  version 1".utf8))
        #expect(filtered.output == "schema a version 1\n")
    }

    @Test("what is generated goes to a folder by its name")
    func generate() throws {
        let folder = try Folder()
        defer { folder.remove() }
        try folder.write(Self.order, to: "a.linnet")
        try folder.write(Self.order, to: "b.linnet")
        let run = try Run("schema generate markdown \(folder.path) --output \(folder.path)")
        #expect(run.exitCode == 0)
        #expect(try folder.text("b.md").hasPrefix("# a\n"))
    }
}

/// A folder of a test.
private struct Folder {
    private let url = FileManager.default.temporaryDirectory
        .appending(path: "linnetctl-\(UUID().uuidString)", directoryHint: .isDirectory)

    /// Ends with a slash.
    var path: String { url.path() }

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: url.appending(path: name))
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: url.appending(path: name), encoding: .utf8)
    }

    func remove() {
        try? FileManager.default.removeItem(at: url)
    }
}
