// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Histogram
internal import Linnet

/// The side of a load that receives: verifies each reply and measures how long it took. In a closed
/// loop it sends the next packet for each.
///
/// Thread: that of its reactor.
struct LoadHandler: Handler, ~Copyable {
    private let control: LoadControl
    private let meter: LoadMeter
    private let depth: Int
    private let isPaced: Bool
    private let maxPacketCount: UInt64
    private var payload: LoadPayload
    private var lanes: [Lane] = []
    /// When the packets under way went out: `depth` for each lane.
    private var times: [UInt64] = []
    private var latency = LoadControl.makeHistogram()
    private var pacing: LoadPacing?

    /// One connection.
    private struct Lane {
        /// Its place in the turns of an open loop.
        var index = 0
        var sentCount: UInt64 = 0
        var receivedCount: UInt64 = 0
    }

    init(_ control: LoadControl, index: Int) {
        self.control = control
        meter = control.meters[index]
        depth = control.plan.depth
        isPaced = control.plan.rate != nil
        maxPacketCount = control.plan.maxPacketCount.map { UInt64($0) } ?? .max
        payload = LoadPayload(byteCount: control.plan.payloadByteCount)
    }

    deinit {
        control.add(latency: latency)
    }

    mutating func opened(_ id: ConnectionID, outbox: inout Outbox) {
        let place = id.slotIndex
        while lanes.count <= place {
            lanes.append(Lane())
            times.append(contentsOf: repeatElement(0, count: isPaced ? 0 : depth))
        }
        lanes[place] = Lane(index: control.noteOpened(id))
        if !isPaced { fill(place, id, &outbox) }
    }

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        let now = nanosecondsNow()
        let place = id.slotIndex
        let number = lanes[place].receivedCount
        lanes[place].receivedCount += 1
        meter.addOne(.received)
        guard isPaced || number < lanes[place].sentCount else {
            return control.note("replies that nothing was sent for")
        }
        let sent = time(of: number, place)
        if let fault = payload.fault(in: packet.payload, number: number, time: sent) {
            control.note(fault.rawValue)
        }
        measure(sent: sent, received: now)
        if !isPaced { fill(place, id, &outbox) }
    }

    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        control.noteClosed(reason)
    }

    private mutating func time(of number: UInt64, _ place: Int) -> UInt64 {
        guard isPaced else { return times[place * depth + Int(number % UInt64(depth))] }
        if pacing == nil { pacing = control.pacing }
        return pacing?.time(of: number, connection: lanes[place].index) ?? 0
    }

    /// In a closed loop what comes within the time counts; in an open one what was to go out within
    /// it, however late it comes back.
    private mutating func measure(sent: UInt64, received: UInt64) {
        let window = control.start..<max(control.start, control.end)
        if window.contains(received) { meter.addOne(.measured) }
        if window.contains(isPaced ? sent : received) {
            latency.record(received > sent ? received - sent : 0)
        }
    }

    /// Sends until as many packets are under way as may.
    private mutating func fill(_ place: Int, _ id: ConnectionID, _ outbox: inout Outbox) {
        while lanes[place].sentCount - lanes[place].receivedCount < UInt64(depth),
            lanes[place].sentCount < maxPacketCount
        {
            let now = nanosecondsNow()
            guard now < control.end else { return }
            let number = lanes[place].sentCount
            payload.stamp(number: number, time: now)
            switch outbox.send(copying: payload.bytes.bytes, to: id) {
            case .queued: break
            // The next reply tries again.
            case .full where lanes[place].receivedCount < number: return
            case .full: return control.note("packets without memory: lower depth or connections")
            case .closed: return
            case .refused: return control.note("packets that the framing refuses")
            }
            times[place * depth + Int(number % UInt64(depth))] = now
            lanes[place].sentCount += 1
            meter.addOne(.sent)
        }
    }
}
