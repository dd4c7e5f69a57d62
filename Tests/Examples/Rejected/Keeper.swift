// SPDX-License-Identifier: Apache-2.0

// error: 'packet' cannot be captured by an escaping closure since it is a borrowed parameter

import Linnet

struct Keeper: Handler {
    func received(_ packet: borrowing PacketView, from id: ConnectionID, outbox: inout Outbox) {
        Task { print(packet.payload.byteCount) }
    }
}
