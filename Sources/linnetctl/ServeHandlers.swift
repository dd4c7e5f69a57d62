// SPDX-License-Identifier: Apache-2.0

internal import Linnet

/// What `serve` can do with frames, and with requests.
enum ServeBehavior: String, CaseIterable, Sendable {
    case echo, discard, broadcast, http, prices
}

/// A wire on which `serve` sends frames back.
protocol EchoedFraming: Framing {
    /// The flags of the frame that is sent back. By default none.
    static func echoedFlags(_ metadata: Metadata) -> UInt16
}

extension EchoedFraming {
    static func echoedFlags(_ metadata: Metadata) -> UInt16 { 0 }
}

extension PacketFraming: EchoedFraming {
    /// The application's bits, and whether the payload has a checksum. `detach` was meant for us.
    static func echoedFlags(_ header: PacketHeader) -> UInt16 {
        header.flags.intersection([.application, .payloadChecksum]).rawValue
    }
}

extension BytesFraming: EchoedFraming {}
extension LineFraming: EchoedFraming {}
extension LengthPrefixedFraming: EchoedFraming {}

/// Sends each frame back to whom it came from.
struct EchoHandler<F: EchoedFraming>: Handler {
    let clock: ServeClock

    mutating func received(
        _ frame: borrowing FrameView<F>,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        let result = outbox.send(frame, to: id, flags: F.echoedFlags(frame.metadata))
        // Never silence: who would wait for an answer learns that none comes.
        if result == .full { outbox.close(id, code: 1) }
    }

    mutating func stopping(outbox: inout Outbox) { clock.noteStopping() }
}

/// Answers nothing.
struct DiscardHandler<F: EchoedFraming>: Handler {
    let clock: ServeClock

    mutating func received(
        _ frame: borrowing FrameView<F>,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {}

    mutating func stopping(outbox: inout Outbox) { clock.noteStopping() }
}

/// Sends each frame to every other connection.
struct BroadcastHandler<F: EchoedFraming>: Handler {
    let clock: ServeClock

    mutating func received(
        _ frame: borrowing FrameView<F>,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        // If there is no room, this frame is one that the others miss.
        _ = outbox.broadcast(frame.lease(), flags: F.echoedFlags(frame.metadata), except: id)
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
