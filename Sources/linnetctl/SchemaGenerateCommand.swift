// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import LinnetSchema

/// `linnetctl schema generate`: makes code and documentation.
struct SchemaGenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Makes Swift, JSON, Markdown or HTML of schemas.",
        discussion: """
            swift: what runs on LinnetMessages. json: the checked model, for programs. markdown \
            and html: documentation with the place of each byte. Imported files are not written: \
            name them too.

            EXAMPLES
              linnetctl schema generate swift trading.linnet
              linnetctl schema generate html schemas --output docs
            """
    )

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case swift, json, markdown, html

        var fileExtension: String { self == .markdown ? "md" : rawValue }
    }

    @Argument(help: "swift, json, markdown or html.")
    var format: Format

    @OptionGroup var files: SchemaFiles

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write NAME.swift and so on to this folder; else one file goes to the output.",
            valueName: "folder"
        )
    )
    var output: String?

    func run() throws {
        let paths = try files.files()
        if output == nil, paths.count > 1 {
            throw ValidationError("Say with --output where to write \(paths.count) files.")
        }
        let set = try SchemaFiles.compiled(paths)
        for file in set.files where paths.contains(file.source.path) {
            let text = try text(file, in: set)
            guard let output else {
                print(text, terminator: "")
                return
            }
            let name = URL(fileURLWithPath: file.source.path).deletingPathExtension()
                .lastPathComponent
            try write(text, to: "\(output)/\(name).\(format.fileExtension)")
        }
    }

    private func text(_ file: SchemaSet.File, in set: SchemaSet) throws -> String {
        switch format {
        case .swift:
            let generated = GeneratedSwift(file)
            complain(set.rendered(generated.problems))
            if !generated.problems.isEmpty { throw ExitCode(1) }
            return generated.text
        case .json: return JSONEmitter(file.schema).text()
        case .markdown: return MarkdownEmitter(file.schema).text()
        case .html: return HTMLEmitter(file.schema).text()
        }
    }
}
