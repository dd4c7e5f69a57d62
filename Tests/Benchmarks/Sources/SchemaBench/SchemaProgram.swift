// SPDX-License-Identifier: Apache-2.0

/// A program that measures one bench per run: `PROGRAM PEER MESSAGE SECONDS` prints a line of JSON,
/// `PROGRAM --list` prints a line `PEER MESSAGE` for each that it has. `PROGRAM --check` runs all
/// for a moment: do they read what they write?
public struct SchemaProgram {
    @usableFromInline
    struct Entry {
        @usableFromInline var peer: String
        @usableFromInline var message: SchemaMessage
        @usableFromInline var measure: (_ seconds: Double) -> SchemaResult

        @usableFromInline
        init(
            peer: String,
            message: SchemaMessage,
            measure: @escaping (_ seconds: Double) -> SchemaResult
        ) {
            self.peer = peer
            self.message = message
            self.measure = measure
        }
    }

    @usableFromInline var entries: [Entry] = []

    public init() {}

    @inlinable
    public mutating func add<Bench: SchemaBench & ~Copyable>(_: Bench.Type) {
        let entry = Entry(peer: Bench.peer, message: Bench.message) { seconds in
            SchemaResult(measuring: Bench.self, seconds: seconds)
        }
        entries.append(entry)
    }

    /// Does what the command line says.
    public func run() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["--list"] {
            for entry in entries { print(entry.peer, entry.message.rawValue) }
            return
        }
        if arguments == ["--check"] {
            for entry in entries { print(entry.measure(0).json) }
            return
        }
        guard arguments.count == 3, let seconds = Double(arguments[2]), seconds >= 0 else {
            print("usage: PROGRAM --list | PROGRAM --check | PROGRAM PEER MESSAGE SECONDS")
            return
        }
        for entry in entries
        where entry.peer == arguments[0] && entry.message.rawValue == arguments[1] {
            print(entry.measure(seconds).json)
        }
    }
}
