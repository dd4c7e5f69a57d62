// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// `linnetctl schema`: what can be done with `.linnet` files.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Checks, formats, compares, documents and generates from .linnet files.",
        discussion: """
            The language and the bytes are those of Specs/schema.md. Errors stand at \
            file:line:column, all of a file in one run.

            EXAMPLES
              linnetctl schema check Sources
              linnetctl schema generate html trading.linnet --output docs
              linnetctl schema diff old/trading.linnet trading.linnet
              linnetctl schema encode trading.linnet --message Order --json '{"id": "7"}'
            """,
        subcommands: [
            SchemaCheckCommand.self, SchemaGenerateCommand.self, SchemaDiffCommand.self,
            SchemaLockCommand.self, SchemaFormatCommand.self, SchemaLayoutCommand.self,
            SchemaDecodeCommand.self, SchemaEncodeCommand.self, SchemaKitCommand.self,
            SchemaAgreeCommand.self,
        ]
    )
}
