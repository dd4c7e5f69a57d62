// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Histogram
internal import Linnet

/// Carries out a ``LoadPlan``: connects, loads, waits for the last replies, and reports.
///
/// Thread: one, which waits.
package struct LoadRun: Sendable {
    private let plan: LoadPlan
    private let control: LoadControl

    package init(_ plan: LoadPlan) {
        precondition(plan.connectionCount >= 1 && plan.depth >= 1, "a load loads something")
        self.plan = plan
        control = LoadControl(plan)
    }

    /// Whether all connections are open. Any thread.
    package var hasBegun: Bool { control.start < .max }

    /// How far it has come.
    package struct Progress: Sendable {
        /// Since all connections were open.
        package var elapsed: Duration
        /// Replies since the last call, and the time between.
        package var packetCount: Int
        package var interval: Duration
        package var errorCount: Int
    }

    /// - Parameter progress: called about once a second.
    /// - Throws: `TransportError` or `ClientError` when a connection cannot be opened, `Errno` when
    ///   the system refuses memory, descriptors or threads.
    package func run(progress: (Progress) -> Void = { _ in }) throws -> LoadReport {
        let control = control
        let group = try ClientGroup.start(plan.clientConfiguration, framing: plan.framing) {
            LoadHandler(control, index: $0)
        }
        do {
            try connect(group)
            let start = nanosecondsNow()
            control.begin(now: start)
            let pacer = try startPacer(group)
            watch(progress)
            pacer?.join()
            let end = min(nanosecondsNow(), control.end)
            awaitReplies()
            control.beginStopping()
            group.stop(within: .seconds(1))
            return report(seconds: end > control.start ? Double(end - control.start) * 1e-9 : 0)
        } catch {
            control.beginStopping()
            group.stop(within: .zero)
            throw error
        }
    }

    private func connect(_ group: ClientGroup) throws {
        for _ in 0..<plan.connectionCount {
            _ = try group.connectBlocking(to: plan.endpoint, within: plan.patience)
        }
        wait { control.openedCount >= plan.connectionCount }
    }

    /// Until the time is over, or nothing more can come.
    private func watch(_ progress: (Progress) -> Void) {
        let start = nanosecondsNow()
        var last = (time: start, count: control.receivedCount)
        while nanosecondsNow() < control.end, !isFinished {
            sleepThread(for: .milliseconds(10))
            let now = nanosecondsNow()
            guard now - last.time >= 1_000_000_000 else { continue }
            let count = control.receivedCount
            progress(
                Progress(
                    elapsed: .nanoseconds(now - start),
                    packetCount: count - last.count,
                    interval: .nanoseconds(now - last.time),
                    errorCount: control.errors.values.reduce(0, +)
                )
            )
            last = (now, count)
        }
    }

    private var isFinished: Bool {
        if control.closedCount >= plan.connectionCount { return true }
        guard let count = plan.maxPacketCount else { return false }
        return control.receivedCount >= count * plan.connectionCount
    }

    private func awaitReplies() {
        wait {
            control.receivedCount >= control.sentCount
                || control.closedCount >= plan.connectionCount
        }
        let missingCount = control.sentCount - control.receivedCount
        if missingCount > 0 { control.note(LoadReport.missingReplies, count: missingCount) }
    }

    /// Waits for something to come true, as long as patience lasts.
    private func wait(until isTrue: () -> Bool) {
        let deadline = MonotonicInstant.now() + plan.patience
        while !isTrue(), MonotonicInstant.now() < deadline {
            sleepThread(for: .milliseconds(1))
        }
    }

    private func report(seconds: Double) -> LoadReport {
        var report = LoadReport()
        report.connections = plan.connectionCount
        report.depth = plan.rate == nil ? plan.depth : 0
        report.payloadBytes = plan.payloadByteCount
        report.rate = plan.rate
        report.setPackets(
            control.measuredCount,
            seconds: seconds,
            packetByteCount: plan.packetByteCount
        )
        report.sentPackets = control.sentCount
        report.receivedPackets = control.receivedCount
        report.latency = control.latency
        if plan.rate != nil { report.lateness = control.lateness }
        report.errors = control.errors
        return report
    }
}

// MARK: - The open loop

extension LoadRun {
    /// Sends from a thread of its own, which keeps to the clock whatever the server does.
    private func startPacer(_ group: ClientGroup) throws(Errno) -> NamedThread? {
        guard let pacing = control.pacing else { return nil }
        let control = control
        let sender = group.sender
        return try NamedThread(name: "linnet-pace", processor: nil) {
            Self.pace(pacing, control, sender)
        }
    }

    private static func pace(
        _ pacing: LoadPacing,
        _ control: LoadControl,
        _ sender: ConnectionSender
    ) {
        let roster = control.roster
        let meter = control.meters[control.plan.threadCount]
        var payload = LoadPayload(byteCount: control.plan.payloadByteCount)
        var lateness = LoadControl.makeHistogram()
        var packet: UInt64 = 0
        while true {
            let time = pacing.time(of: packet)
            var now = nanosecondsNow()
            guard time < control.end, now < control.end + patience, !control.isStopping else {
                break
            }
            if now < time {
                sleepThread(for: .nanoseconds(time - now))
                now = nanosecondsNow()
            }
            let (connection, number) = pacing.place(of: packet)
            payload.stamp(number: number, time: time)
            switch sender.send(copying: payload.bytes.bytes, to: roster[connection]) {
            case .queued:
                meter.addOne(.sent)
                if time >= control.start { lateness.record(now > time ? now - time : 0) }
            // The server is slower than the rate. What waits is late, and is counted as late.
            case .full:
                sleepThread(for: .microseconds(50))
                continue
            case .closed: control.note("packets for connections that had ended")
            case .refused: control.note("packets that the framing refuses")
            }
            packet += 1
        }
        noteUnsent(from: packet, pacing, control)
        control.add(lateness: lateness)
    }

    /// How long packets that are late already may still go out behind the end, in nanoseconds.
    private static var patience: UInt64 { 1_000_000_000 }

    private static func noteUnsent(
        from packet: UInt64,
        _ pacing: LoadPacing,
        _ control: LoadControl
    ) {
        let duration = Double(control.end - min(control.end, pacing.start)) * 1e-9
        let missing = Int(duration * pacing.rate) - Int(clamping: packet)
        // One more or less is rounding.
        if missing > 1 {
            control.note("packets that were not sent in time: the rate is too high", count: missing)
        }
    }
}
