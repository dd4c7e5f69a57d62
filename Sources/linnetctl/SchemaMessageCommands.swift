// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import LinnetMessages
internal import LinnetSchema

/// `linnetctl schema decode`: explains the bytes of a message.
struct SchemaDecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Explains the bytes of a message: as JSON or field by field.",
        discussion: """
            The bytes are the payload of one packet. Their first two say which message of the \
            schema they are. The exit code is 1 if they are not valid: then where they go wrong is \
            shown.

            EXAMPLES
              linnetctl schema decode trading.linnet order.bin
              linnetctl schema decode trading.linnet --dump --hex '0c00 0300 0800 0000 ...'
            """
    )

    @Argument(help: ArgumentHelp("The .linnet file.", valueName: "file"))
    var file: String

    @Argument(help: "Raw bytes or hexadecimal text; without it, or with -, the standard input.")
    var bytes: String?

    @Option(help: ArgumentHelp("Hexadecimal text instead of a file.", valueName: "text"))
    var hex: String?

    @Option(
        help: ArgumentHelp(
            "What the file holds. auto: hexadecimal text if nothing else is in it, else raw bytes."
        )
    )
    var input = InputFormat.auto

    @Flag(help: "Print a line for each field, with its bytes, instead of JSON.")
    var dump = false

    func validate() throws {
        if hex != nil, bytes != nil {
            throw ValidationError("Give either a file or --hex, not both.")
        }
    }

    func run() throws {
        let schema = try SchemaFiles.schema(file)
        let bytes = [UInt8](try explained(contents))
        guard bytes.count >= 2 else {
            throw stop("A message has at least 8 bytes; these are \(bytes.count).", exitCode: 1)
        }
        let number = UInt16(bytes[0]) | UInt16(bytes[1]) << 8
        let table = SchemaTable(TableEmitter(schema).text)
        guard let message = table.message(number: number) else {
            let known = schema.messages.map { "\($0.number) \($0.name)" }.joined(separator: ", ")
            throw stop("The schema has no message \(number); it has \(known).", exitCode: 1)
        }
        do throws(MessageError) {
            let json = try message.json(of: bytes, isPretty: true)
            print(dump ? message.hexDump(of: bytes) : json, terminator: dump ? "" : "\n")
        } catch {
            if dump { print(message.hexDump(of: bytes), terminator: "") }
            throw stop("These bytes are no \(message.name): \(error).", exitCode: 1)
        }
    }

    private func contents() throws(InputError) -> Data {
        if let hex { return try InputFormat.hex.decode(Data(hex.utf8)) }
        return try input.decode(CaptureInput(path: bytes ?? "-").read())
    }
}

/// `linnetctl schema encode`: makes the bytes of a message.
struct SchemaEncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Makes the bytes of a message from JSON (Specs/schema.md §6).",
        discussion: """
            Fields that are missing have their defaults. The exit code is 65 if the JSON is not \
            that of the message.

            EXAMPLES
              linnetctl schema encode trading.linnet --message Order order.json
              linnetctl schema encode trading.linnet --message Order --json '{"id": "7"}' \
            --peer-version 1 --output raw > order.bin
            """
    )

    @Argument(help: ArgumentHelp("The .linnet file.", valueName: "file"))
    var file: String

    @Argument(help: "A file with JSON; without it, or with -, the standard input.")
    var input: String?

    @Option(help: ArgumentHelp("The name of the message.", valueName: "name"))
    var message: String

    @Option(help: ArgumentHelp("The JSON instead of a file.", valueName: "text"))
    var json: String?

    @Option(
        help: ArgumentHelp(
            "Write for a peer of this version of the schema: leave out what it does not know.",
            valueName: "number"
        )
    )
    var peerVersion: UInt16?

    @Option(help: "hex: one line of text. raw: the bytes alone.")
    var output = EncodeCommand.Output.hex

    func validate() throws {
        if json != nil, input != nil {
            throw ValidationError("Give either a file or --json, not both.")
        }
        if peerVersion == 0 { throw ValidationError("--peer-version begins at 1.") }
    }

    func run() throws {
        let schema = try SchemaFiles.schema(file)
        let table = SchemaTable(TableEmitter(schema).text)
        guard let row = table.message(named: message) else {
            throw stop(noMessage(message, in: schema), exitCode: 64)
        }
        if let peerVersion, peerVersion < row.since {
            throw stop(
                "\(message) came with version \(row.since): peers of \(peerVersion) refuse it.",
                exitCode: 64
            )
        }
        let text = try json ?? String(decoding: explained(contents), as: UTF8.self)
        let bytes: [UInt8]
        do throws(JSONError) {
            bytes = try row.bytes(json: text, version: peerVersion ?? schema.version)
        } catch {
            throw stop("This is not the JSON of \(message): \(error).", exitCode: 65)
        }
        switch output {
        case .hex: print(Data(bytes).hexadecimal())
        case .raw: try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        }
    }

    private func contents() throws(InputError) -> Data {
        try CaptureInput(path: input ?? "-").read()
    }
}
