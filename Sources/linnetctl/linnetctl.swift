// SPDX-License-Identifier: Apache-2.0

// linnetctl is the program for people: each subcommand reads what it was given, hands it to the
// framework or to pure code, and prints the answer. `serve` is a server, `load` and `send` are
// clients, `demo` is all of them at work; `dump` explains the bytes of one direction of a
// connection, `encode` makes such bytes; `schema` works on `.linnet` files. It promises that no
// input can trap it, that it holds one capture of stated size at most, that all but `serve` ends
// by itself, and that an exit code says how it went: 0 all is right, 1 something is not, 64 wrong
// usage, 65 text that is not hexadecimal or not the JSON of a message, 66 a file that cannot be
// read, 69 an address that cannot be had or reached, 71 a system that refuses memory, descriptors
// or threads, 73 a file that cannot be written. It imports Linnet and what that re-exports, the
// pollers' addresses, LinnetSchema and LinnetMessages for schemas, ArgumentParser, Histogram for
// latencies, Logging, and Foundation for files, processes and JSON.

internal import ArgumentParser

@main
struct Linnetctl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "linnetctl",
        abstract: "Serves, loads and explains connections of Linnet.",
        discussion: """
            The bytes are those of Specs/protocol.md, whose sections all messages cite.

            EXAMPLES
              linnetctl demo
              linnetctl serve --tcp 127.0.0.1:7400
              linnetctl encode --payload hello --count 2 | linnetctl dump
              linnetctl help dump
            """,
        subcommands: [
            DemoCommand.self, ServeCommand.self, LoadCommand.self, SendCommand.self,
            DumpCommand.self, EncodeCommand.self, SchemaCommand.self,
        ]
    )
}
