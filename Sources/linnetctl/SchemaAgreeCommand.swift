// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import LinnetMessages
internal import LinnetSchema

/// `linnetctl schema agree`: answers lines as Specs/reference/linnet_schema.py does, so that
/// Specs/reference/check_schemas can compare the two.
struct SchemaAgreeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agree",
        abstract: "Answers lines about messages, to be compared with another implementation.",
        discussion: """
            Answers each line of stdin with a line: `MESSAGE HEX` with `ok JSON` or \
            `error CAUSE OFFSET PATH`; `encode MESSAGE JSON`, or `encode@VERSION MESSAGE JSON` for \
            an older peer, with `ok HEX` or `refused`.
            """,
        shouldDisplay: false
    )

    @Argument(help: "A .linnet file.")
    var file: String

    @Option(help: ArgumentHelp("Know nothing that came after that version.", valueName: "number"))
    var readerVersion: UInt16?

    func run() throws {
        let messages = try SchemaMessages(file, asOf: readerVersion)
        while let line = readLine() {
            print(messages.answer(line))
        }
    }
}

/// The messages of a file and of those that it imports, by name.
struct SchemaMessages {
    private var messages: [String: TableMessage] = [:]

    /// - Throws: what is wrong with the files, as people read it.
    init(_ path: String, asOf version: UInt16?) throws {
        let result = SchemaCompiler.compile(path, load: load)
        guard result.schema != nil else {
            throw ValidationError(result.rendered(result.diagnostics))
        }
        for source in result.sources {
            let imported = SchemaCompiler.compile(source.path, load: load)
            guard var schema = imported.schema else { continue }
            if let version { schema = schema.asOf(version: version) }
            for message in SchemaTable(TableEmitter(schema).text).messages {
                messages[message.name] = message
            }
        }
    }

    /// The answer to one line; see ``SchemaAgreeCommand``.
    func answer(_ line: String) -> String {
        let words = line.utf8
            .split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        if words[0].hasPrefix("encode"), words.count == 3 {
            let version = words[0].dropFirst("encode@".count)
            return encoded(words[1], words[2], UInt16(version))
        }
        guard let message = messages[words[0]] else {
            // The reader's version has no such message.
            return "error message 0"
        }
        let digits = Data((words.count > 1 ? words[1] : "").utf8)
        guard let bytes = try? Array(Data(hexadecimal: digits)) else {
            return "error: not hexadecimal"
        }
        do {
            return "ok " + (try message.json(of: bytes))
        } catch {
            let path = error.path.isEmpty ? "" : " " + error.path
            return "error \(error.cause.rawValue) \(error.offset)" + path
        }
    }

    private func encoded(_ name: String, _ json: String, _ version: UInt16?) -> String {
        guard let message = messages[name],
            let bytes = try? message.bytes(json: json, version: version)
        else { return "refused" }
        return "ok " + Data(bytes).hexadecimal()
    }
}

private func load(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).flatMap { String(data: $0, encoding: .utf8) }
}
