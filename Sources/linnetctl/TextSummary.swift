// SPDX-License-Identifier: Apache-2.0

internal import LinnetCodec

/// The table at the end of a listing, in which every byte of the capture is counted once.
struct TextSummary {
    private let analysis: CaptureAnalysis
    private let counts: CaptureCounts
    private let style: TextStyle

    init(_ analysis: CaptureAnalysis, style: TextStyle) {
        self.analysis = analysis
        counts = analysis.counts
        self.style = style
    }

    var text: String {
        ([style(line("summary", "packets", "bytes"), .heading)] + rows + [conclusion])
            .map { $0 + "\n" }.joined()
    }

    private var rows: [String] {
        var rows = [line("ok", counts.ok)]
        for code in PacketError.Code.allCases {
            guard let count = counts.errors[code] else { continue }
            rows.append(style(line(code.rawValue, count), .wrong))
        }
        if counts.skippedByteCount > 0 {
            rows.append(line("skipped", "", "\(counts.skippedByteCount)"))
        }
        return rows + [line("total", "\(counts.all.packetCount)", "\(analysis.bytes.count)")]
    }

    private var conclusion: String {
        guard let first = analysis.firstError else { return style("No errors.", .right) }
        let errors = counted(counts.all.packetCount - counts.ok.packetCount, "error")
        let place = "packet \(first.number) at offset \(first.offset)"
        return style("\(errors). A receiver stops at the first, in \(place).", .wrong)
    }

    private func line(_ name: String, _ count: CaptureCounts.Count) -> String {
        line(name, "\(count.packetCount)", "\(count.byteCount)")
    }

    private func line(_ name: String, _ packets: String, _ bytes: String) -> String {
        "\(padded(name, to: 22))\(leftPadded(packets, to: 9))\(leftPadded(bytes, to: 14))"
    }

    private func leftPadded(_ text: String, to count: Int) -> String {
        String(repeating: " ", count: max(0, count - text.count)) + text
    }
}
