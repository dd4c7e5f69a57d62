// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
public import LinnetCodec

/// How a server cuts its streams into frames, if not as Linnet's own packets.
struct WireOptions: ParsableArguments {
    enum Framing: String, CaseIterable, ExpressibleByArgument {
        case packet, bytes, line, length
    }

    @Option(
        help: """
            packet: Linnet's own. bytes: raw bytes as they come. line: text with an end of line \
            behind it. length: payloads with their length before them. For each, --max-packet is \
            the longest frame, all of it counted.
            """
    )
    var framing = Framing.packet

    @Option(
        help: ArgumentHelp(
            "With --framing line: what ends a line, lf, crlf or a byte; lf by default.",
            discussion: "lf takes CR LF too.",
            valueName: "lf|crlf|0xHH"
        ),
        transform: LineFraming.Delimiter.init(delimiterArgument:)
    )
    var delimiter: LineFraming.Delimiter?

    @Option(
        help: ArgumentHelp(
            "With --framing length: how many bytes that has, 1, 2, 3, 4 or 8; 4 by default.",
            valueName: "bytes"
        )
    )
    var lengthWidth: LengthPrefixedFraming.Width?

    @Option(help: "With --framing length: which of its bytes comes first; big by default.")
    var lengthOrder: LengthPrefixedFraming.ByteOrder?

    @Option(
        help: "With --framing length: whether it counts its own bytes too; payload by default."
    )
    var lengthCounts: LengthPrefixedFraming.LengthCount?

    func validate() throws {
        if delimiter != nil, framing != .line {
            throw ValidationError("--delimiter has a meaning with --framing line only.")
        }
        let hasLengthOption = lengthWidth != nil || lengthOrder != nil || lengthCounts != nil
        if hasLengthOption, framing != .length {
            throw ValidationError(
                "--length-width, --length-order and --length-counts have a meaning with "
                    + "--framing length only."
            )
        }
    }

    /// - Parameter maxByteCount: of a frame, at least 2.
    func lines(maxByteCount: Int) -> LineFraming {
        let delimiter = delimiter ?? .lf
        let aroundByteCount = LineFraming(delimiter: delimiter, maxLineByteCount: 0)
            .maxFrameByteCount
        return LineFraming(delimiter: delimiter, maxLineByteCount: maxByteCount - aroundByteCount)
    }

    /// - Parameter maxByteCount: of a frame, at least 8.
    func lengths(maxByteCount: Int) -> LengthPrefixedFraming {
        let width = lengthWidth ?? .four
        return LengthPrefixedFraming(
            width: width,
            byteOrder: lengthOrder ?? .big,
            lengthCounts: lengthCounts ?? .payload,
            maxPayloadByteCount: maxByteCount - width.rawValue
        )
    }
}

// The conformance of a public type is public, and so must be the imports that it names.
extension LengthPrefixedFraming.Width: ExpressibleByArgument {}
extension LengthPrefixedFraming.ByteOrder: ExpressibleByArgument {}
extension LengthPrefixedFraming.LengthCount: ExpressibleByArgument {}
