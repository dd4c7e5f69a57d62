// SPDX-License-Identifier: Apache-2.0

internal import LinnetCodec

/// An analysis as text for people: a block for each finding, and a table at the end.
package struct TextReport: Sendable {
    private let analysis: CaptureAnalysis
    private let maxPayloadByteCount: Int
    private let style: TextStyle
    private let firstErrorNumber: Int?

    /// - Parameter maxPayloadByteCount: of each payload, and of each range that was skipped, show
    ///   no more.
    package init(
        _ analysis: CaptureAnalysis,
        maxPayloadByteCount: Int = 256,
        style: TextStyle = TextStyle(isColored: false)
    ) {
        self.analysis = analysis
        self.maxPayloadByteCount = maxPayloadByteCount
        self.style = style
        firstErrorNumber = analysis.firstError?.number
    }

    /// The whole text. A large capture is better printed block by block.
    package var text: String { blocks.joined(separator: "\n") }

    /// The text in parts, made one at a time: each is some whole lines.
    package var blocks: some Sequence<String> {
        let findings = analysis.findings
        return (0...findings.count).lazy.map { index in
            index < findings.count
                ? block(of: findings[index]) : TextSummary(analysis, style: style).text
        }
    }

    private func block(of finding: CaptureAnalysis.Finding) -> String {
        let lines =
            switch finding {
            case .packet(let packet): lines(of: packet)
            case .skipped(let range): lines(ofSkipped: range)
            }
        return lines.map { $0 + "\n" }.joined()
    }

    private func lines(of packet: PacketFinding) -> [String] {
        var lines = [heading(of: packet)]
        if let header = packet.header, let expected = packet.expectedSeq {
            let note = "  note: numbering goes on from seq \(header.seq); \(expected) was expected"
            lines.append(style(note, .hint))
        }
        for row in FieldRows(of: packet, in: analysis).all {
            lines.append(line(of: row))
            if row.field == .payload { lines += dump(of: row.range) }
        }
        return lines + errorLines(of: packet)
    }

    private func heading(of packet: PacketFinding) -> String {
        var parts = ["packet \(packet.number)", "offset \(packet.offset)"]
        if let header = packet.header {
            parts += ["size \(header.size)", "seq \(header.seq)"]
        }
        let verdict = style(packet.verdict, packet.error == nil ? .right : .wrong)
        return style(parts.joined(separator: "  ") + "  ", .heading) + verdict
    }

    private func line(of row: FieldRow) -> String {
        // A payload has lines of its own.
        let bytes = analysis.bytes[row.field == .payload ? 0..<0 : row.range]
        let digits = bytes.hexadecimal(separator: " ")
        let offset = HexDump.offset(row.range.lowerBound)
        let place = style("\(offset)  \(padded(digits, to: 23))", .quiet)
        let meaning = "\(padded(row.field.rawValue, to: 8))  \(row.value)"
        return row.isWrong
            ? style("! ", .wrong) + place + "  " + style(meaning, .wrong) : "  \(place)  \(meaning)"
    }
}

extension TextReport {
    private func errorLines(of packet: PacketFinding) -> [String] {
        guard let error = packet.error else { return [] }
        let cause = "\(error.code.rawValue): \(error.explanation)"
        var lines = [style("! \(cause) (Specs/protocol.md \(error.section))", .wrong)]
        if let hint = packet.hint { lines.append(style("  hint: \(hint)", .hint)) }
        if packet.number == firstErrorNumber {
            let effect = "A receiver reads no further than this and closes the connection"
            lines.append("  \(effect) (Specs/protocol.md 6.1); this listing goes on.")
        }
        if error.code == .badSequence {
            lines.append("  Numbering goes on from seq \(error.found).")
        }
        return lines
    }

    private func lines(ofSkipped range: Range<Int>) -> [String] {
        let next =
            range.upperBound < analysis.bytes.count
            ? "to the next right header" : "to the end; there is no right header in them"
        let heading = "\(counted(range.count, "byte")) skipped  offset \(range.lowerBound)"
        return [style("\(heading)  \(next)", .heading)] + dump(of: range)
    }

    private func dump(of range: Range<Int>) -> [String] {
        let shown = range.prefix(maxPayloadByteCount)
        let dump = HexDump(bytes: analysis.bytes, range: shown.startIndex..<shown.endIndex)
        let lines = dump.lines.map { style("  \($0)", .quiet) }
        guard shown.count < range.count, maxPayloadByteCount > 0 else { return lines }
        let rest = counted(range.count - shown.count, "byte")
        return lines + ["  \(rest) more; --payload-bytes \(range.count) shows all"]
    }
}
