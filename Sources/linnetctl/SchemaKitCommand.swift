// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import LinnetMessages
internal import LinnetSchema
internal import LinnetSchemaKit

/// `linnetctl schema kit`: a package that tests, fuzzes and measures the messages of a schema.
struct SchemaKitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kit",
        abstract: "Writes a package that tests, fuzzes and measures the messages of schemas.",
        discussion: """
            The package has the messages of today and of each older version as generated code, \
            golden messages (bytes and JSON), tests, a fuzz target and a benchmark; its README \
            says how to run them. In a folder that holds a kit everything is renewed but \
            golden.txt, to which messages of new versions are added.
            """
    )

    @Argument(help: "Files of schemas. What they import is part of the kit.")
    var files: [String]

    @Option(
        help: ArgumentHelp("Where to write it: by default SCHEMA-kit.", valueName: "folder")
    )
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Where the package of Linnet is, for the kit: a path or a URL. By default the sources "
                + "that this program was built from.",
            valueName: "location"
        )
    )
    var linnet: String?

    func run() throws {
        let set = SchemaSet(files) { path in
            FileManager.default.contents(atPath: path).flatMap { String(data: $0, encoding: .utf8) }
        }
        guard !set.hasErrors else { throw ValidationError(set.rendered(set.diagnostics)) }
        let kit = KitPackage(set.files, linnet: linnet ?? Self.ownSources)
        guard kit.problems.isEmpty else {
            throw ValidationError(kit.problems.joined(separator: "\n"))
        }
        let folder = URL(filePath: output ?? kit.name)
        let messageCount = try write(kit, set.files.map(\.schema), to: folder)
        print("\(folder.path(percentEncoded: false)): \(messageCount) golden messages; ./run test")
    }

    /// Writes all files.
    ///
    /// - Returns: how many golden messages there are.
    private func write(_ kit: KitPackage, _ schemas: [Schema], to folder: URL) throws -> Int {
        let file = folder.appending(path: "golden.txt")
        let path = file.path(percentEncoded: false)
        var golden = GoldenFile()
        if FileManager.default.fileExists(atPath: path) {
            golden = try GoldenFile(text: String(contentsOf: file, encoding: .utf8))
        }
        for schema in schemas {
            golden.complete(SchemaTable(TableEmitter(schema).text))
        }
        try? FileManager.default.removeItem(at: folder.appending(path: "Sources"))
        for (path, text) in kit.files {
            try Self.write(text, to: folder.appending(path: path))
        }
        try Self.write(golden.text, to: file)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755],
            ofItemAtPath: folder.appending(path: "run").path(percentEncoded: false)
        )
        return golden.entries.reduce(0) { $0 + $1.vectors.count }
    }

    private static func write(_ text: String, to file: URL) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    private static var ownSources: String {
        URL(filePath: #filePath).appending(path: "../../..").standardized.path(
            percentEncoded: false
        )
    }
}
