// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import LinnetCodec

/// `linnetctl encode`: makes packets.
struct EncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Makes packets.",
        discussion: """
            Prints one packet a line in hexadecimal, or raw bytes for a file or a connection. \
            Several packets have the same payload and count on from --seq.

            EXAMPLES
              linnetctl encode --payload hello --flags payloadChecksum
              linnetctl encode --payload-file image.png --output raw > packet.bin
            """
    )

    /// How packets are printed.
    enum Output: String, CaseIterable, ExpressibleByArgument {
        case hex, raw
    }

    @Option(help: ArgumentHelp("The payload as text; its UTF-8 bytes are sent.", valueName: "text"))
    var payload: String?

    @Option(help: ArgumentHelp("The payload as hexadecimal text.", valueName: "text"))
    var payloadHex: String?

    @Option(
        help: ArgumentHelp("The payload from a file; - is the standard input.", valueName: "file")
    )
    var payloadFile: String?

    @Option(
        help: ArgumentHelp(
            "Flags by name, separated by commas, or their number 0xHHHH.",
            discussion: "The names are detach, payloadChecksum, and application0 to application3.",
            valueName: "flags"
        ),
        transform: PacketFlags.init(flagsArgument:)
    )
    var flags: PacketFlags = []

    @Option(help: ArgumentHelp("The number of the first packet.", valueName: "number"))
    var seq: UInt64 = 0

    @Option(help: ArgumentHelp("The version of the protocol.", valueName: "number"))
    var version: UInt16 = 1

    @OptionGroup var framingOptions: FramingOptions

    @Option(help: ArgumentHelp("How many packets to make.", valueName: "number"))
    var count = 1

    @Option(help: "hex: one packet a line. raw: the bytes alone.")
    var output = Output.hex

    func validate() throws {
        if [payload, payloadHex, payloadFile].count(where: { $0 != nil }) > 1 {
            throw ValidationError("Give one of --payload, --payload-hex and --payload-file.")
        }
        if count < 1 { throw ValidationError("--count must be at least 1.") }
    }

    func run() throws {
        let payload = try explained(payloadBytes)
        let framing = framingOptions.framing(versions: version...version)
        for index in 0..<count {
            try write(packet(with: payload, seq: seq &+ UInt64(index), framing: framing))
        }
    }

    private func payloadBytes() throws(InputError) -> Data {
        if let payloadHex { return try InputFormat.hex.decode(Data(payloadHex.utf8)) }
        if let payloadFile { return try CaptureInput(path: payloadFile).read() }
        return Data((payload ?? "").utf8)
    }

    private func packet(with payload: Data, seq: UInt64, framing: PacketFraming) throws -> Data {
        do throws(PacketWriterError) {
            return try Data(packetWith: payload, flags: flags, seq: seq, framing: framing)
        } catch {
            throw stop(error.advice, exitCode: 64)
        }
    }

    private func write(_ packet: Data) throws {
        switch output {
        case .hex: print(packet.hexadecimal())
        case .raw: try FileHandle.standardOutput.write(contentsOf: packet)
        }
    }
}
