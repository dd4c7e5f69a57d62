// SPDX-License-Identifier: Apache-2.0

internal import Linnet

/// What `serve` can do with packets.
enum ServeBehavior: String, CaseIterable, Sendable {
    case echo, discard, broadcast
}

extension PacketHeader {
    /// The flags that an echo copies: the application's bits, and whether the payload has a
    /// checksum. `detach` was meant for us.
    var echoedFlags: UInt16 {
        flags.intersection([.application, .payloadChecksum]).rawValue
    }
}

/// Sends each packet back to whom it came from.
struct EchoHandler: Handler {
    let clock: ServeClock

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        let result = outbox.send(packet, to: id, flags: packet.header.echoedFlags)
        // Never silence: who would wait for an answer learns that none comes.
        if result == .full { outbox.close(id, code: 1) }
    }

    mutating func stopping(outbox: inout Outbox) { clock.noteStopping() }
}

/// Answers nothing.
struct DiscardHandler: Handler {
    let clock: ServeClock

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {}

    mutating func stopping(outbox: inout Outbox) { clock.noteStopping() }
}

/// Sends each packet to every other connection.
struct BroadcastHandler: Handler {
    let clock: ServeClock

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        // If there is no room, this packet is one that the others miss.
        _ = outbox.broadcast(packet.lease(), flags: packet.header.echoedFlags, except: id)
    }

    mutating func stopping(outbox: inout Outbox) { clock.noteStopping() }
}

/// When a server began and when it began to stop.
///
/// Thread: any. The one word orders nothing.
final class ServeClock: Sendable {
    let start = MonotonicInstant.now()
    private let stop = AtomicWord(0)

    /// The first call counts.
    func noteStopping() {
        let now = UInt64(clamping: MonotonicInstant.now().nanoseconds)
        _ = stop.compareExchange(expected: 0, desired: max(1, now), .relaxed)
    }

    /// How long it served, and how long it has been stopping.
    var durations: (serving: Duration, stopping: Duration) {
        let now = MonotonicInstant.now()
        let word = stop.load(.relaxed)
        let end = word == 0 ? now : MonotonicInstant(nanoseconds: Int64(clamping: word))
        return (start.duration(to: end), end.duration(to: now))
    }
}
