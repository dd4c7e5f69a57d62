// SPDX-License-Identifier: Apache-2.0

public import LinnetConnections

/// Why a client cannot go on. What the system says of an endpoint is a `TransportError`.
public enum ClientError: Error, Hashable, Sendable {
    /// The connection has ended, and all packets that came before were received.
    case closed(CloseReason)
    /// The group has as many connections as it may.
    case tooManyConnections(limit: Int)
    /// The group was stopped.
    case stopped
    /// No packet of the protocol holds the request.
    case requestTooLong
}

extension ClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .closed(let reason): "the connection has ended: \(reason)"
        case .tooManyConnections(let limit):
            "there are \(limit) connections already: raise maxConnectionCount, or close some"
        case .stopped: "the client was stopped"
        case .requestTooLong: "the request is longer than a packet of the protocol"
        }
    }
}
