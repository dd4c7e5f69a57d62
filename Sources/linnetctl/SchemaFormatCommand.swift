// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LinnetSchema

/// `linnetctl schema format`: writes schemas in their canonical form.
struct SchemaFormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "format",
        abstract: "Writes schemas in their canonical form, in place.",
        discussion: """
            Comments stay. A file that cannot be parsed is left alone. With - the standard input \
            is formatted to the output.

            EXAMPLES
              linnetctl schema format trading.linnet
              linnetctl schema format --check Sources
            """
    )

    @OptionGroup var files: SchemaFiles

    @Flag(help: "Write nothing; name the files that would change, with exit code 1.")
    var check = false

    func run() throws {
        var isWrong = false
        var isChanging = false
        for path in try files.files() {
            guard let text = SchemaFiles.text(path) else {
                throw stop("\"\(path)\" cannot be read. Check the path.", exitCode: 66)
            }
            let result = SchemaFormatter.format(text, path: path)
            complain(result.diagnostics.map { $0.rendered(text) }.joined())
            guard let formatted = result.text else {
                isWrong = true
                continue
            }
            if path == "-", !check {
                print(formatted, terminator: "")
            } else if formatted != text {
                isChanging = true
                if check { print("\(path) is not in canonical form") }
                if !check { try write(formatted, to: path) }
            }
        }
        if isWrong || check && isChanging { throw ExitCode(1) }
    }
}

/// `linnetctl schema layout`: says where bytes are.
struct SchemaLayoutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layout",
        abstract: "Says where each field is, and what messages take and cost at most.",
        discussion: """
            Offsets are from the start of the message, in groups from the start of the entry, and \
            those of the schema's version: older messages are shorter (Specs/schema.md §5.1).

            EXAMPLES
              linnetctl schema layout trading.linnet
              linnetctl schema layout trading.linnet Order Cancel
            """
    )

    @Argument(help: ArgumentHelp("The .linnet file.", valueName: "file"))
    var file: String

    @Argument(help: ArgumentHelp("Messages; all by default.", valueName: "message"))
    var messages: [String] = []

    func run() throws {
        let schema = try SchemaFiles.schema(file)
        for name in messages where !schema.messages.contains(where: { $0.name == name }) {
            throw stop(noMessage(name, in: schema), exitCode: 64)
        }
        print(LayoutEmitter(schema).text(of: messages), terminator: "")
    }
}

/// What to tell who asked for a message that there is not.
func noMessage(_ name: String, in schema: Schema) -> String {
    let names = schema.messages.map(\.name)
    let there = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
    return "The schema has no message \"\(name)\"; \(there)."
}
