// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents

/// Writes down what it is told, and does what a test tells it to.
struct RecordingHandler: ~Copyable, Handler {
    typealias F = NumberFraming

    var calls: [String] = []
    var kept: [UInt64: PacketLease.Kept] = [:]
    /// What to do with a frame, after it was written down.
    var react: (UInt64, ConnectionID, inout Outbox) -> Void = { _, _, _ in }
    var sayGoodbye: (ConnectionID, inout Outbox) -> Void = { _, _ in }

    mutating func opened(_ id: ConnectionID, outbox: inout Outbox) {
        calls.append("opened \(id)")
    }

    mutating func received(
        _ frame: borrowing FrameView<NumberFraming>,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        calls.append("received \(frame.metadata) from \(id)")
        kept[frame.metadata] = PacketLease.Kept(frame.lease())
        react(frame.metadata, id, &outbox)
    }

    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        calls.append("closed \(id): \(reason)")
        sayGoodbye(id, &outbox)
    }

    mutating func stopping(outbox: inout Outbox) {
        calls.append("stopping")
    }
}

extension PacketLease {
    /// A lease that stands in a dictionary.
    final class Kept {
        let lease: PacketLease

        init(_ lease: consuming PacketLease) {
            self.lease = lease
        }
    }
}
