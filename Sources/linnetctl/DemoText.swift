// SPDX-License-Identifier: Apache-2.0

/// The end of the demo, as people like to read it.
package struct DemoText: Sendable {
    private let results: [DemoResult]
    private let seconds: Double
    private let style: TextStyle

    package init(
        _ results: [DemoResult],
        seconds: Double,
        style: TextStyle = TextStyle(isColored: false)
    ) {
        self.results = results
        self.seconds = seconds
        self.style = style
    }

    package var text: String {
        let parts =
            [throughput] + results.map(latency) + [idle, rejections, goodbye, typed, messages]
        let lines = parts.flatMap { [""] + $0 } + [""] + conclusion
        return lines.map { $0 + "\n" }.joined()
    }

    private var throughput: [String] {
        let loads = results.flatMap { result in
            [(result.execution, result.deep), (result.execution, result.shallow)]
        }
        let rows = loads.map { execution, load in
            BarChart.Row(
                label: "\(padded(execution, to: 7))  depth \(load.depth)",
                value: load.packetsPerSecond,
                text: Quantities.grouped(Int(load.packetsPerSecond))
            )
        }
        let load = loads.first?.1 ?? LoadReport()
        let title =
            "packets a second, each answered and verified "
            + "(\(load.connections) connections, \(load.payloadBytes) bytes of payload)"
        return section(title, BarChart(rows).lines)
    }

    private func latency(_ result: DemoResult) -> [String] {
        let title = "round trip, \(result.execution), depth 1 (logarithmic bars)"
        return section(title, LoadReport.chart(of: result.shallow.latency))
    }

    private var idle: [String] {
        section(
            "idle connections, each of which exchanged a packet",
            results.map { result in
                let count = Quantities.grouped(result.idle.count)
                let bytes = Quantities.grouped(result.idle.bytesPerConnection)
                return "\(padded(result.execution, to: 7))  \(count) held, \(bytes) bytes of the "
                    + "server's memory for each"
            }
        )
    }

    private var rejections: [String] {
        let names = results.reduce(into: Set<String>()) { names, result in
            names.formUnion(result.damageNames)
            names.formUnion(result.report?.rejections.keys.map(\.self) ?? [])
        }
        let lines = names.sorted().map { name in
            let counts = results.map { "\($0.report?.rejections[name] ?? 0) \($0.execution)" }
            return "\(padded(name, to: 22))\(counts.joined(separator: ", "))"
        }
        let title = "damaged packets rejected, after the valid ones before them were answered"
        return section(title, lines)
    }

    private var goodbye: [String] {
        section("goodbye on SIGTERM, under load", results.flatMap(goodbye))
    }

    private func goodbye(_ result: DemoResult) -> [String] {
        let report = result.report ?? ServeReport()
        let told = Quantities.grouped(result.goodbye.toldCount)
        let all = Quantities.grouped(result.goodbye.openCount)
        let time = Quantities.seconds(result.goodbye.seconds, digitCount: 2)
        let answered = Quantities.grouped(report.sent.packets)
        let read = Quantities.grouped(report.received.packets)
        let rest = Quantities.bytes(report.notReadBytes)
        let name = padded(result.execution, to: 7)
        return [
            "\(name)  \(told) of \(all) connections got their FIN, all over after \(time)",
            "         \(answered) of \(read) packets that were read were answered, "
                + "\(rest) came later",
        ]
    }

    private var typed: [String] {
        let rows = results.map { result in
            let rate = result.typed.repliesPerSecond
            let latency = result.typed.latency
            let p50 = Quantities.duration(nanoseconds: latency.p50)
            let p99 = Quantities.duration(nanoseconds: latency.p99)
            let text = "\(Quantities.grouped(Int(rate))), p50 \(p50), p99 \(p99)"
            return BarChart.Row(label: padded(result.execution, to: 7), value: rate, text: text)
        }
        let report = results.first?.typed ?? TypedReport()
        let title =
            "typed requests a second, each answered and its values verified "
            + "(\(report.connectionCount) clients, depth \(report.depth))"
        let quotes = results.map { result in
            "\(padded(result.execution, to: 7))  \(Quantities.grouped(result.typed.quoteCount)) "
                + "quotes came in order, \(Quantities.grouped(result.typed.errorReplyCount)) of "
                + "the replies were errors of the protocol"
        }
        return section(title, BarChart(rows).lines + quotes)
    }

    private var messages: [String] {
        let names = results.reduce(into: Set<String>()) { names, result in
            names.formUnion(result.typed.damageNames)
            names.formUnion(result.typed.server?.messageRejections.keys.map(\.self) ?? [])
        }
        let lines = names.sorted().map { name in
            let counts = results.map { result in
                "\(result.typed.server?.messageRejections[name] ?? 0) \(result.execution)"
            }
            return "\(padded(name, to: 22))\(counts.joined(separator: ", "))"
        }
        return section("damaged messages in valid packets rejected", lines)
    }

    private var conclusion: [String] {
        let complaints = results.flatMap(\.complaints)
        let time = Quantities.seconds(seconds)
        if complaints.isEmpty, !results.isEmpty {
            return [style("All of it worked, in \(time).", .right)]
        }
        let heading = style("\(counted(complaints.count, "thing")) did not work:", .wrong)
        return [heading] + complaints.map { style("  \($0)", .wrong) }
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        [style(title, .heading)] + lines.map { "  \($0)" }
    }
}
