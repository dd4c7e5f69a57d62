// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation

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

    @OptionGroup var payloadOptions: PayloadOptions

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
        if count < 1 { throw ValidationError("--count must be at least 1.") }
    }

    func run() throws {
        let payload = try explained { () throws(InputError) in try payloadOptions.bytes() }
        let framing = framingOptions.framing(versions: version...version)
        for index in 0..<count {
            let seq = seq &+ UInt64(index)
            try write(payloadOptions.packet(with: payload, seq: seq, framing: framing))
        }
    }

    private func write(_ packet: Data) throws {
        switch output {
        case .hex: print(packet.hexadecimal())
        case .raw: try FileHandle.standardOutput.write(contentsOf: packet)
        }
    }
}
