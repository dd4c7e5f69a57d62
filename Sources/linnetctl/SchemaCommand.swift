// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser

/// `linnetctl schema`: everything that is done with `.linnet` files.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Checks schemas and reads messages.",
        subcommands: [SchemaAgreeCommand.self]
    )
}
