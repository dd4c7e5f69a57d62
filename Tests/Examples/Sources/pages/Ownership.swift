// SPDX-License-Identifier: Apache-2.0

import Linnet

/// Remembers the last payload, and tells it to who comes next.
struct LastWord: ~Copyable, Handler {
    private var last: PacketLease?

    mutating func opened(_ id: ConnectionID, outbox: inout Outbox) {
        guard let lease = last.take() else { return }
        _ = outbox.send(lease.shared(), to: id)
        last = consume lease
    }

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        last = packet.lease()  // what was kept before goes back to the pool here
    }
}

/// Answers each packet with its number, written into a block of the pool.
struct Counting: Handler {
    var count: UInt64 = 0

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        count += 1
        let number = outbox.magazine.lease(byteCount: 8) { $0.storeLittleEndian(count, at: 0) }
        guard let number else { return }  // the pool has no free block
        _ = outbox.send(number, to: id)
    }
}
