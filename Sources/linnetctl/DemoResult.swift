// SPDX-License-Identifier: Apache-2.0

/// What one server of the demo went through, and whether all of it worked. Pure data.
package struct DemoResult: Sendable {
    /// As the option of `serve` names it.
    package var execution: String
    package var deep = LoadReport()
    package var shallow = LoadReport()
    /// Names of Specs/protocol.md 4.2 that were tried, and what went wrong.
    package var damageNames: [String] = []
    package var damageFaults: [String] = []
    package var idle = Idle()
    /// From the signal until all connections were told and the server was gone.
    package var goodbye = Goodbye()
    /// What the server says; `nil` if it said nothing.
    package var report: ServeReport?
    /// Of the second server, whose messages a schema describes.
    package var typed = TypedReport()
    /// What kept the demo from going on.
    package var faults: [String] = []

    /// Packets that were answered beside the loads and the idle connections.
    package var otherReplyCount = 0

    /// Connections that exchanged one packet each, and do nothing.
    package struct Idle: Sendable {
        package var wantedCount = 0
        package var count = 0
        /// Of the server, before and with them.
        package var byteCountBefore = 0
        package var byteCountWith = 0

        package init() {}

        package var bytesPerConnection: Int {
            count == 0 ? 0 : max(0, byteCountWith - byteCountBefore) / count
        }
    }

    package struct Goodbye: Sendable {
        /// Connections that were open, and that were told by FIN.
        package var openCount = 0
        package var toldCount = 0
        package var seconds = 0.0
        /// What was under way at the signal.
        package var load = LoadReport()

        package init() {}
    }

    package init(execution: String) {
        self.execution = execution
    }

    /// More than that for an idle connection is a failure: four times what it should be, since the
    /// system counts in pages.
    package static let maxBytesPerIdleConnection = 1_024
    /// Fewer idle connections say little about the memory of one.
    package static let minMeasuredIdleCount = 500
    /// A goodbye takes less, with peers that end at once.
    package static let maxGoodbyeSeconds = 5.0
}

extension DemoResult {
    /// What did not work, each in a sentence; none if all did.
    package var complaints: [String] {
        var all = faults
        all += loadComplaints(deep, "at depth \(deep.depth)")
        all += loadComplaints(shallow, "at depth \(shallow.depth)")
        all += damageFaults
        if damageNames.isEmpty { all.append("no damaged packet was sent") }
        all += idleComplaints + goodbyeComplaints
        all += report.map(reportComplaints) ?? ["the server gave no summary"]
        all += typed.complaints
        return all.map { "\(execution): \($0)" }
    }

    private func loadComplaints(_ load: LoadReport, _ name: String) -> [String] {
        if load.receivedPackets == 0 { return ["no replies \(name)"] }
        return load.errors.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key), \(name)" }
    }

    private var idleComplaints: [String] {
        if idle.count < idle.wantedCount {
            return ["only \(idle.count) of \(idle.wantedCount) idle connections were held"]
        }
        guard idle.count >= Self.minMeasuredIdleCount,
            idle.bytesPerConnection > Self.maxBytesPerIdleConnection
        else { return [] }
        return ["an idle connection takes \(idle.bytesPerConnection) bytes"]
    }

    private var goodbyeComplaints: [String] {
        var all: [String] = []
        if goodbye.toldCount < goodbye.openCount {
            all.append("only \(goodbye.toldCount) of \(goodbye.openCount) connections got a FIN")
        }
        if goodbye.seconds > Self.maxGoodbyeSeconds {
            all.append("the goodbye took \(Quantities.seconds(goodbye.seconds))")
        }
        for (name, count) in goodbye.load.errors.sorted(by: { $0.key < $1.key })
        where !LoadReport.errorsOfGoodbye.contains(name) {
            all.append("\(count) \(name), while the server stopped under load")
        }
        return all
    }

    private func reportComplaints(_ report: ServeReport) -> [String] {
        var all: [String] = []
        for name in damageNames where report.rejections[name] != 1 {
            all.append("\(name) was rejected \(report.rejections[name] ?? 0) times and not once")
        }
        for (name, count) in report.rejections.sorted(by: { $0.key < $1.key })
        where !damageNames.contains(name) {
            all.append("\(count) right packets were rejected as \(name)")
        }
        if report.received.packets != report.sent.packets {
            all.append(
                "\(report.received.packets) packets came in and \(report.sent.packets) went out"
            )
        }
        let replyCount =
            deep.receivedPackets + shallow.receivedPackets + goodbye.load.receivedPackets
            + idle.count + otherReplyCount
        if report.sent.packets != replyCount {
            all.append("\(report.sent.packets) packets went out and \(replyCount) arrived")
        }
        if report.connections.left > 0 { all.append("\(report.connections.left) connections left") }
        return all
    }
}
