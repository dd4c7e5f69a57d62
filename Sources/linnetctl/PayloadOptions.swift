// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import LinnetCodec

/// What a packet is to hold.
struct PayloadOptions: ParsableArguments {
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

    func validate() throws {
        if [payload, payloadHex, payloadFile].count(where: { $0 != nil }) > 1 {
            throw ValidationError("Give one of --payload, --payload-hex and --payload-file.")
        }
    }

    /// The bytes: those of the option, or else of what stands for it.
    ///
    /// - Parameter path: of a file, if no option says what the payload is; `nil` for none.
    func bytes(orFile path: String? = nil) throws(InputError) -> Data {
        if let payloadHex { return try InputFormat.hex.decode(Data(payloadHex.utf8)) }
        if let payload { return Data(payload.utf8) }
        guard let path = payloadFile ?? path else { return Data() }
        return try CaptureInput(path: path).read()
    }

    /// One packet. What cannot be one is wrong usage.
    func packet(
        with payload: Data,
        seq: UInt64 = 0,
        framing: PacketFraming
    ) throws -> Data {
        do throws(PacketWriterError) {
            return try Data(packetWith: payload, flags: flags, seq: seq, framing: framing)
        } catch {
            throw stop(error.advice, exitCode: 64)
        }
    }
}
