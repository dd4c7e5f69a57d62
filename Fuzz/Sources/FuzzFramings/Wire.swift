// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import LinnetTestSupport

/// A wire and its settings, chosen by three bytes, for the framing and for the naive decoder.
///
/// | byte | choice |
/// | --- | --- |
/// | 0 | the wire, in the order of `Kind`, modulo their number |
/// | 1, of line | the delimiter: LF, CR LF, 0, and otherwise the byte itself |
/// | 1, of length | the width modulo 5; bit 3: little-endian; bit 4: it counts its own bytes |
/// | 1, of http | the lower half: 16 to 256 bytes in a line; the upper: most headers |
/// | 2 | the longest frame, line, payload, head or body: 0 to 127 as it is, above in steps of 16 |
struct Wire {
    /// A new one is added at the end, so that seeds keep their meaning.
    enum Kind: CaseIterable {
        case bytes, line, length, http
    }

    let kind: Kind
    let choice: UInt8
    let size: UInt8

    /// What is wrong only because the direction ends.
    static let endFailures: Set = ["line-unterminated", "frame-truncated", "truncated"]

    private var maxByteCount: Int { size < 128 ? Int(size) : (Int(size) - 127) * 16 }

    var bytes: BytesFraming { BytesFraming(maxFrameByteCount: max(1, maxByteCount)) }

    var line: (framing: LineFraming, naive: NaiveFraming) {
        let delimiters: [LineFraming.Delimiter] = [.lf, .crlf, .byte(0)]
        let delimiter = choice < 3 ? delimiters[Int(choice)] : .byte(choice)
        let framing = LineFraming(delimiter: delimiter, maxLineByteCount: maxByteCount)
        let bytes: [UInt8] =
            switch delimiter {
            case .lf, .crlf: [0x0D, 0x0A]
            case .byte(let byte): [byte]
            }
        let naive = NaiveFraming.line(
            delimiter: bytes,
            isLenient: delimiter == .lf,
            maxByteCount: maxByteCount
        )
        return (framing, naive)
    }

    var length: (framing: LengthPrefixedFraming, naive: NaiveFraming) {
        let widths = LengthPrefixedFraming.Width.allCases
        let width = widths[Int(choice & 7) % widths.count]
        let (isLittle, countsItself) = (choice & 8 != 0, choice & 16 != 0)
        let framing = LengthPrefixedFraming(
            width: width,
            byteOrder: isLittle ? .little : .big,
            lengthCounts: countsItself ? .wholeFrame : .payload,
            maxPayloadByteCount: maxByteCount
        )
        let naive = NaiveFraming.length(
            width: width.rawValue,
            isBig: !isLittle,
            countsItself: countsItself,
            maxByteCount: maxByteCount
        )
        return (framing, naive)
    }

    var http: (framing: HTTP1Framing, naive: NaiveHTTP1) {
        var naive = NaiveHTTP1()
        naive.maxLineByteCount = 16 + 16 * Int(choice & 15)
        naive.maxHeaderCount = Int(choice >> 4)
        naive.maxHeadByteCount = max(1, maxByteCount)
        naive.maxBodyByteCount = maxByteCount
        let limits = HTTP1Limits(
            maxLineByteCount: naive.maxLineByteCount,
            maxHeaderCount: naive.maxHeaderCount,
            maxHeadByteCount: naive.maxHeadByteCount,
            maxBodyByteCount: naive.maxBodyByteCount
        )
        return (HTTP1Framing(limits: limits), naive)
    }
}
