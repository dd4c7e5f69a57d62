// SPDX-License-Identifier: Apache-2.0

import Linnet

/// Echoes, ends a connection that asks for it, and says goodbye to all when the server stops.
struct Polite: Handler {
    private var members: Set<ConnectionID> = []

    mutating func opened(_ id: ConnectionID, outbox: inout Outbox) {
        members.insert(id)
    }

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        _ = outbox.send(packet, to: id)
        if packet.payload.isEmpty { outbox.close(id, code: 7) }  // behind the answer
    }

    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        members.remove(id)
        if !reason.isGraceful { print("\(id) is lost: \(reason)") }
    }

    mutating func stopping(outbox: inout Outbox) {
        for id in members { _ = outbox.send(copying: "goodbye".utf8Span.span.bytes, to: id) }
    }
}
