// SPDX-License-Identifier: Apache-2.0

// linnetctl is the program for people: each subcommand reads what it was given, hands it to pure
// code and prints the answer. `dump` explains the bytes of one direction of a connection, `encode`
// makes such bytes. It promises that no input can trap it, that it holds one capture of stated size
// at most, and that an exit code says how it went: 0 all is right, 1 the capture is not, 64 wrong
// usage, 65 text that is not hexadecimal, 66 a file that cannot be read. It imports LinnetBytes,
// LinnetCodec, ArgumentParser, and Foundation for files and JSON.

internal import ArgumentParser

@main
struct Linnetctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "linnetctl",
        abstract: "Looks at the bytes of Linnet connections, and makes some.",
        discussion: """
            The bytes are those of Specs/protocol.md, whose sections all messages cite.

            EXAMPLES
              linnetctl encode --payload hello --count 2 | linnetctl dump
              linnetctl help dump
            """,
        subcommands: [
            DemoCommand.self, ServeCommand.self, LoadCommand.self, SendCommand.self,
            DumpCommand.self,
            EncodeCommand.self,
        ]
    )
}
