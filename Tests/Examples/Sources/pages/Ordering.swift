// SPDX-License-Identifier: Apache-2.0

import Linnet

/// Sends the same bytes to all connections, from any thread that is not a handler's.
func announce(_ text: String, through server: Server) {
    guard let sender = server.sender, let connections = server.connections,
        let payload = PacketLease(copying: text.utf8Span.span.bytes, in: sender.pool)
    else { return }
    connections.forEach { facts in
        _ = sender.send(payload.shared(), to: facts.id)
    }
}
