// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation
internal import LinnetCodec

/// `linnetctl dump`: explains a capture.
struct DumpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump",
        abstract: "Explains the bytes of one direction of a connection.",
        discussion: """
            Shows each packet field by field, says what is wrong and which section of \
            Specs/protocol.md says so, and goes on behind an error at the next header that is \
            right. The exit code is 0 if all is right, 1 if something is wrong, 64 for wrong \
            usage, 65 for wrong hexadecimal text, and 66 if the file cannot be read.

            EXAMPLES
              linnetctl dump --versions 1-3 capture.bin
              linnetctl dump --json --sequence ignore < capture.hex
            """
    )

    @Argument(help: "Raw bytes or hexadecimal text; without it, or with -, the standard input.")
    var file: String?

    @Option(help: ArgumentHelp("Hexadecimal text to explain instead of a file.", valueName: "text"))
    var hex: String?

    @Option(
        help: ArgumentHelp(
            "What the file holds. auto: hexadecimal text if nothing else is in it, else raw bytes."
        )
    )
    var input = InputFormat.auto

    @OptionGroup var framingOptions: FramingOptions

    @Option(
        help: ArgumentHelp(
            "The versions that are accepted, such as 1-3; 1 by default.",
            valueName: "range"
        ),
        transform: ClosedRange<UInt16>.init(versionsArgument:)
    )
    var versions = PacketLimits().versions

    @Option(help: "strict: packets are numbered 0, 1, 2 and so on. ignore: any number is right.")
    var sequence = PacketLimits.SequencePolicy.strict

    @Option(
        help: ArgumentHelp(
            "Show so many bytes of each payload and of each skipped range; 0 for none.",
            valueName: "count"
        )
    )
    var payloadBytes = 256

    @Flag(
        help: """
            Print one JSON object instead of text. Its seq members are integers of 64 bits, more \
            than a floating-point number holds.
            """
    )
    var json = false

    @Option(help: "Colours. auto: if the output is a terminal and NO_COLOR is not set.")
    var color = ColorChoice.auto

    func validate() throws {
        if hex != nil, file != nil {
            throw ValidationError("Give either a file or --hex, not both.")
        }
        if payloadBytes < 0 {
            throw ValidationError("--payload-bytes cannot be negative; 0 shows no payload.")
        }
    }

    func run() throws {
        let framing = framingOptions.framing(versions: versions, sequencePolicy: sequence)
        let analysis = CaptureAnalysis(of: try explained(capture), framing: framing)
        if json {
            print(try JSONReport(analysis).text())
        } else {
            let style = TextStyle(isColored: color.isColored)
            let report = TextReport(analysis, maxPayloadByteCount: payloadBytes, style: style)
            for block in report.blocks { print(block) }
        }
        if analysis.firstError != nil { throw ExitCode(1) }
    }

    private func capture() throws(InputError) -> Data {
        if let hex { return try InputFormat.hex.decode(Data(hex.utf8)) }
        return try input.decode(CaptureInput(path: file ?? "-").read())
    }
}

/// Whether to use colours.
enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
    case auto, always, never

    /// What users ask of all programs: https://no-color.org.
    private var isUnwanted: Bool {
        ProcessInfo.processInfo.environment["NO_COLOR"]?.isEmpty == false
    }

    var isColored: Bool {
        switch self {
        case .auto: isatty(STDOUT_FILENO) == 1 && !isUnwanted
        case .always: true
        case .never: false
        }
    }
}
