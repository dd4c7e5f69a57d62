// SPDX-License-Identifier: Apache-2.0

import Linnet

struct Echo: Handler {
    func received(_ packet: borrowing PacketView, from id: ConnectionID, outbox: inout Outbox) {
        _ = outbox.send(packet, to: id)
    }
}

let place = CommandLine.arguments.dropFirst().first ?? "127.0.0.1:7400"
let server = Server(ServerConfiguration(endpoints: [try Endpoint(parsing: place)]))
try server.run { _ in Echo() }
