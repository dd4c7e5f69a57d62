// SPDX-License-Identifier: Apache-2.0

internal import Linnet

/// What came of a load: one object of JSON for programs, whose members are stable, and a table for
/// people. Times are nanoseconds.
package struct LoadReport: Codable, Hashable, Sendable {
    package var connections = 0
    /// Packets of a connection under way, in a closed loop; 0 in an open one.
    package var depth = 0
    package var payloadBytes = 0
    /// Packets a second that were asked for, in an open loop.
    package var rate: Double?
    /// How long it was measured.
    package var seconds = 0.0
    /// Replies in that time.
    package var packets = 0
    /// Packets and replies in all, warm-up and end included.
    package var sentPackets = 0
    package var receivedPackets = 0
    /// In one direction, headers included.
    package var bytesPerSecond = 0.0
    package var packetsPerSecond = 0.0
    /// From sending to the reply; in an open loop from when the packet was to be sent.
    package var latency = LatencySummary()
    /// How much later than intended packets went out, in an open loop: what of the latency may be
    /// the generator's own.
    package var lateness: LatencySummary?
    /// By kind, in words.
    package var errors: [String: Int] = [:]

    package init() {}

    /// Kinds of errors that a server causes which is told to stop under load: it says goodbye, and
    /// does not read what comes later.
    package static let errorsOfGoodbye = [missingReplies, endedByPeer]
    package static let missingReplies = "packets without a reply"
    package static let endedByPeer = "connections that ended: \(CloseReason.peerClosed)"

    package var errorCount: Int { errors.values.reduce(0, +) }

    package mutating func setPackets(_ count: Int, seconds: Double, packetByteCount: Int) {
        packets = count
        self.seconds = seconds
        packetsPerSecond = seconds > 0 ? Double(count) / seconds : 0
        bytesPerSecond = packetsPerSecond * Double(packetByteCount)
    }
}

// MARK: - For people

extension LoadReport {
    package func text(style: TextStyle = TextStyle(isColored: false)) -> String {
        var lines = [style(heading, .heading)]
        let rate = Quantities.grouped(Int(packetsPerSecond))
        let bytes = Quantities.bytes(Int(bytesPerSecond))
        lines.append(
            "  \(rate) packets/s, \(bytes)/s each way, \(Quantities.grouped(packets)) replies in "
                + Quantities.seconds(seconds)
        )
        lines.append(latencyHeading)
        lines += Self.chart(of: latency).map { "    \($0)" }
        if let lateness {
            lines.append(
                "  the load itself was late by \(Quantities.duration(nanoseconds: lateness.p50)) "
                    + "(p50), \(Quantities.duration(nanoseconds: lateness.p99)) (p99), "
                    + "\(Quantities.duration(nanoseconds: lateness.max)) (max)"
            )
        }
        lines += errorLines.map { style($0, errorCount == 0 ? .right : .wrong) }
        return lines.map { $0 + "\n" }.joined()
    }

    private var heading: String {
        let way =
            rate.map { "open loop, \(Quantities.grouped(Int($0))) packets/s wanted" }
            ?? "closed loop, depth \(depth)"
        return
            "\(counted(connections, "connection")), \(counted(payloadBytes, "byte")) of payload, "
            + way
    }

    private var latencyHeading: String {
        rate == nil
            ? "  round trip (logarithmic bars)"
            : "  from the intended send to the reply (logarithmic bars)"
    }

    package static func chart(of latency: LatencySummary) -> [String] {
        BarChart(
            latency.rows.map { name, nanoseconds in
                BarChart.Row(
                    label: name,
                    value: Double(nanoseconds),
                    text: Quantities.duration(nanoseconds: nanoseconds)
                )
            },
            scale: .logarithmic
        ).lines
    }

    private var errorLines: [String] {
        if errorCount == 0 { return ["  no errors: each reply had the right bytes in order"] }
        return errors.sorted { $0.key < $1.key }
            .map { "  \(Quantities.grouped($0.value)) \($0.key)" }
    }
}
