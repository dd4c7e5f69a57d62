// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite("What pages tell people to type is there")
struct PageTests {
    /// What `--experimental-dump-help` says of a command.
    private struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String
            }

            let names: [Name]?
        }

        let commandName: String
        let arguments: [Argument]?
        let subcommands: [Command]?

        var options: Set<String> {
            let names = (arguments ?? []).flatMap { $0.names ?? [] }
            return Set(names.map { ($0.kind == "long" ? "--" : "-") + $0.name })
        }
    }

    private struct Help: Decodable {
        let command: Command
    }

    @Test("each subcommand and each option of linnetctl in a page's shell block exists")
    func options() throws {
        let help = try Run("--experimental-dump-help")
        let program = try JSONDecoder().decode(Help.self, from: help.bytes).command
        let commands = Dictionary(
            uniqueKeysWithValues: (program.subcommands ?? []).map { ($0.commandName, $0.options) }
        )
        let lines = try Self.shellLines()
        #expect(lines.count > 10)
        for line in lines {
            #expect(Self.strangers(in: line, commands).isEmpty, "\(line)")
        }
        let wrong = "linnetctl send --payload a --depth 1 | linnetctl gone --x"
        #expect(Self.strangers(in: wrong, commands) == ["--depth", "gone", "--x"])
    }

    /// What of a line no command has.
    private static func strangers(in line: String, _ commands: [String: Set<String>]) -> [String] {
        line.split(whereSeparator: { "|&;<>".contains($0) }).flatMap { part -> [String] in
            let words = part.split(separator: " ").map(String.init)
            guard let start = words.firstIndex(of: "linnetctl"), start + 1 < words.count else {
                return []
            }
            let name = words[start + 1]
            let options = commands[name]
            return (options == nil ? [name] : [])
                + words[(start + 2)...].filter {
                    $0.hasPrefix("--") && options?.contains($0) != true
                }
        }
    }

    /// The lines of shell blocks that run linnetctl.
    private static func shellLines() throws -> [String] {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let catalog = root.appending(path: "Sources/Linnet/Linnet.docc")
        let pages = try FileManager.default.contentsOfDirectory(atPath: catalog.path)
            .filter { $0.hasSuffix(".md") }.map { catalog.appending(path: $0) }
        return try (pages + [root.appending(path: "README.md")]).flatMap { page in
            var language = ""
            return try String(contentsOf: page, encoding: .utf8)
                .split(separator: "\n").map(String.init).filter { line in
                    if line.hasPrefix("```") {
                        language = language.isEmpty ? String(line.dropFirst(3)) : ""
                        return false
                    }
                    return language == "sh" && line.contains("linnetctl ")
                        && !line.hasPrefix("alias")
                }
        }
    }
}
