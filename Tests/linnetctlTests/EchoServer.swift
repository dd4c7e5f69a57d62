// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linnet

/// A server that echoes, in this process, for the tests of clients.
final class EchoServer: Sendable {
    private let server: Server

    init(_ execution: Execution) throws {
        server = Server(
            ServerConfiguration(
                endpoints: [.tcp(host: "127.0.0.1", port: 0)],
                execution: execution
            )
        )
        try server.start { _ in Echo() }
    }

    deinit { server.stop(within: .seconds(2)) }

    var endpoint: Endpoint {
        get throws {
            guard let endpoint = server.endpoints.first else { throw NoEndpoint() }
            return endpoint
        }
    }

    struct NoEndpoint: Error {}

    /// What it has done, once it has stopped.
    func stop() -> ServerStatistics {
        server.stop(within: .seconds(2))
        return server.statistics
    }
}

private struct Echo: Handler {
    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        _ = outbox.send(packet, to: id, flags: packet.header.flags.rawValue & 0xF002)
    }
}

/// Runs on a thread of its own what waits for tasks: it must not hold up those that run them.
func onOwnThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Result { try body() }) }.start()
    }
}
