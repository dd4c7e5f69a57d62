// SPDX-License-Identifier: Apache-2.0

import Linnet

/// Leaves no answer out without saying so.
struct Honest: Handler {
    func received(_ packet: borrowing PacketView, from id: ConnectionID, outbox: inout Outbox) {
        switch outbox.send(packet, to: id) {
        case .queued: break
        case .full: outbox.close(id, code: 1)  // the peer does not read its answers
        case .closed: break  // nobody is left to be answered
        case .refused: preconditionFailure("what came in is not too long to go out")
        }
    }
}

/// Gives requests to tasks, and reads a connection again when its request is answered.
struct Desk: Handler {
    let server: Server

    func received(_ packet: borrowing PacketView, from id: ConnectionID, outbox: inout Outbox) {
        guard let sender = server.sender else { return }
        sender.setPaused(true, id)  // on the way that the resume takes: it is not overtaken
        let request = packet.lease()
        Task {
            _ = sender.send(request.shared(), to: id)
            while sender.setPaused(false, id) == .full { await Task.yield() }
        }
    }
}
