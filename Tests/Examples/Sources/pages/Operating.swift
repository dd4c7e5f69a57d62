// SPDX-License-Identifier: Apache-2.0

import Linnet

/// What an operator wants to know of a server, on one line.
func summary(of server: Server) -> String {
    let counts = server.statistics
    return """
        \(counts.openConnectionCount) open, \(counts.receivedFrameCount) in, \
        \(counts.sentFrameCount) out, \(counts.stallCount) waits, \
        rejected \(counts.rejectionCounts), ended \(counts.endCounts)
        """
}

/// The connections whose peers do not read what they are sent.
func slowPeers(of server: Server) -> [PeerAddress] {
    var peers: [PeerAddress] = []
    server.connections?.forEach { facts in
        if facts.outboundIsFull { peers.append(facts.peer) }
    }
    return peers
}
