// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinnetBytes
import LinnetPollers
import LinnetTransports
import Testing

struct ConnectingSocketTests {
    @Test func `it neither blocks nor survives exec`() throws {
        let listener = try ListeningSocket(
            at: .tcp(host: "127.0.0.1", port: 0),
            options: SocketOptions()
        )
        let client = try connect(to: listener.endpoint)
        defer { client.descriptor.close() }
        #expect(client.descriptor.waitUntilConnected() == nil)
        for descriptor in [client.descriptor, listener.descriptor] {
            #expect(fcntl(descriptor.rawValue, F_GETFL) & O_NONBLOCK != 0)
            #expect(fcntl(descriptor.rawValue, F_GETFD) & FD_CLOEXEC != 0)
        }
    }

    @Test func `a port at which nobody listens refuses, at once or later`() throws {
        var endpoint: Endpoint
        do {
            let listener = try ListeningSocket(
                at: .tcp(host: "127.0.0.1", port: 0),
                options: SocketOptions()
            )
            endpoint = listener.endpoint
        }
        do {
            let client = try connect(to: endpoint)
            defer { client.descriptor.close() }
            #expect(client.descriptor.waitUntilConnected()?.rawValue == ECONNREFUSED)
        } catch let error as TransportError {
            #expect(error == .failed(.connect, endpoint, Errno(rawValue: ECONNREFUSED)))
        }
    }

    @Test func `a Unix socket without its file is an error that says what to do`() {
        let endpoint = Endpoint.unix(path: makeSocketPath())
        let error = #expect(throws: TransportError.self) { try connect(to: endpoint) }
        #expect(error == .failed(.connect, endpoint, Errno(rawValue: ENOENT)))
        #expect(error.map { "\($0)" }?.contains("start the server") == true)
    }
}
