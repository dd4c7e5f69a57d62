// SPDX-License-Identifier: Apache-2.0

import Linnet

/// What one says, all others hear.
struct Room: Handler {
    func opened(_ id: ConnectionID, outbox: inout Outbox) {
        print("\(id) comes")
    }

    func received(_ packet: borrowing PacketView, from id: ConnectionID, outbox: inout Outbox) {
        _ = outbox.broadcast(packet.lease(), except: id)
    }

    func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        print("\(id) goes: \(reason)")
    }
}

let place = CommandLine.arguments.dropFirst().first ?? "127.0.0.1:7400"
let server = Server(ServerConfiguration(endpoints: [try Endpoint(parsing: place)]))
try server.run { _ in Room() }
