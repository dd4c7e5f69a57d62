// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import Linnet

/// What a server did, at its end: one object of JSON for programs, whose members are stable, and a
/// table for people.
package struct ServeReport: Codable, Hashable, Sendable {
    package struct Connections: Codable, Hashable, Sendable {
        package var accepted = 0
        package var refused = 0
        package var handled = 0
        package var ended = 0
        package var left = 0
    }

    package struct Direction: Codable, Hashable, Sendable {
        package var packets = 0
        package var bytes = 0
        package var systemCalls = 0
    }

    package var servedSeconds = 0.0
    /// From the signal to the end of the last thread.
    package var stoppingSeconds = 0.0
    package var connections = Connections()
    package var received = Direction()
    package var sent = Direction()
    /// Bytes that came behind the end of a connection and were thrown away.
    package var notReadBytes = 0
    /// Packets for connections that had ended, and broadcasts that a slow one missed.
    package var droppedPackets = 0
    package var missedBroadcasts = 0
    /// Times that a connection waited for room, and accepting for descriptors.
    package var stalls = 0
    package var acceptStalls = 0
    /// By the name of Specs/protocol.md 4.2.
    package var rejections: [String: Int] = [:]
    /// Messages that a service turned away, by cause.
    package var messageRejections: [String: Int] = [:]
    /// Ends of connections, by the reason in words.
    package var ends: [String: Int] = [:]

    package init() {}
}

extension ServeReport {
    package init(_ counts: ServerStatistics, serving: Duration, stopping: Duration) {
        servedSeconds = serving.inSeconds
        stoppingSeconds = stopping.inSeconds
        connections = Connections(
            accepted: counts.acceptedConnectionCount,
            refused: counts.refusedConnectionCount,
            handled: counts.openedConnectionCount,
            ended: counts.closedConnectionCount,
            left: counts.openConnectionCount
        )
        received = Direction(
            packets: counts.receivedFrameCount,
            bytes: counts.receivedByteCount,
            systemCalls: counts.readCount
        )
        sent = Direction(
            packets: counts.sentFrameCount,
            bytes: counts.sentByteCount,
            systemCalls: counts.writeCount
        )
        notReadBytes = counts.discardedByteCount
        droppedPackets = counts.droppedSendCount
        missedBroadcasts = counts.missedBroadcastCount
        stalls = counts.stallCount
        acceptStalls = counts.acceptStallCount
        rejections = counts.rejectionCounts
        ends = counts.endCounts
    }

    /// One line.
    package func json() throws -> String { try jsonLine(self) }

    package init(json: Data) throws {
        self = try JSONDecoder().decode(ServeReport.self, from: json)
    }
}

/// One object on one line, members in alphabetical order.
func jsonLine(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}

// MARK: - For people

extension ServeReport {
    package func text(style: TextStyle = TextStyle(isColored: false)) -> String {
        let served = Quantities.seconds(servedSeconds)
        let stopping = Quantities.seconds(stoppingSeconds, digitCount: 2)
        var lines = [style("served for \(served), took leave in \(stopping)", .heading)]
        lines += [
            row("connections", connectionWords),
            row("packets in", words(for: received, call: "read")),
            row("packets out", words(for: sent, call: "write")),
        ]
        lines += counted([
            ("not read", notReadBytes, "behind the end of a connection, thrown away", "byte"),
            ("dropped", droppedPackets, "for connections that had ended", "packet"),
            ("missed", missedBroadcasts, "that slow connections did not get", "broadcast"),
            ("waits", stalls, "for room in a queue or for memory", "time"),
            ("waits", acceptStalls, "for descriptors or for room for connections", "time"),
        ])
        lines += table("rejected", rejections).map { style($0, .wrong) }
        lines += table("messages", messageRejections).map { style($0, .wrong) }
        lines += table("ended", ends)
        return lines.map { $0 + "\n" }.joined()
    }

    private var connectionWords: String {
        var parts = ["\(Quantities.grouped(connections.accepted)) accepted"]
        if connections.refused > 0 {
            parts.append("\(Quantities.grouped(connections.refused)) refused")
        }
        parts.append("\(Quantities.grouped(connections.ended)) ended")
        parts.append("\(Quantities.grouped(connections.left)) left")
        return parts.joined(separator: ", ")
    }

    private func words(for direction: Direction, call: String) -> String {
        let packets = Quantities.grouped(direction.packets)
        let calls = Quantities.grouped(direction.systemCalls)
        let ratio = Quantities.ratio(direction.packets, direction.systemCalls)
        let bytes = Quantities.bytes(direction.bytes)
        return "\(packets), \(bytes), \(calls) \(call)s, \(ratio) for each \(call)"
    }

    /// Only what happened.
    private func counted(_ rows: [(String, Int, String, String)]) -> [String] {
        rows.filter { $0.1 > 0 }.map { name, count, words, noun in
            row(name, "\(Quantities.grouped(count)) \(noun)\(count == 1 ? "" : "s") \(words)")
        }
    }

    /// The most frequent first.
    private func table(_ title: String, _ counts: [String: Int]) -> [String] {
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return sorted.enumerated().map { position, entry in
            row(position == 0 ? title : "", "\(Quantities.grouped(entry.value)) \(entry.key)")
        }
    }

    private func row(_ title: String, _ words: String) -> String {
        "  \(padded(title, to: 13))\(words)"
    }
}
