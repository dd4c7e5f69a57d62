// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinnetBytes
import LinnetPollers
import LinnetTransports
import Testing

struct SocketOptionsTests {
    @Test func `a listener's connections and a client have the options`() throws {
        var options = SocketOptions()
        options.keepAlive = SocketOptions.KeepAlive(
            idle: .seconds(7),
            interval: .seconds(3),
            count: 4
        )
        options.receiveBufferByteCount = 20_000
        options.sendBufferByteCount = 30_000
        let listener = try ListeningSocket(
            at: .tcp(host: "127.0.0.1", port: 0),
            options: options
        )
        let client = try connect(to: listener.endpoint, options: options)
        let accepted = try #require(listener.descriptor.accept())
        defer {
            accepted.close()
            client.descriptor.close()
        }
        for socket in [client.descriptor, accepted] {
            #expect(socket.option(CInt(IPPROTO_TCP), TCP_NODELAY) == 1)
            #expect(socket.option(SOL_SOCKET, SO_KEEPALIVE) == 1)
            #expect(socket.option(CInt(IPPROTO_TCP), TCP_KEEPIDLE) == 7)
            #expect(socket.option(CInt(IPPROTO_TCP), TCP_KEEPINTVL) == 3)
            #expect(socket.option(CInt(IPPROTO_TCP), TCP_KEEPCNT) == 4)
            // The kernel takes twice as many, for its own records.
            #expect(socket.option(SOL_SOCKET, SO_RCVBUF) == 40_000)
            #expect(socket.option(SOL_SOCKET, SO_SNDBUF) == 60_000)
        }
    }

    @Test func `what is off is off`() throws {
        var options = SocketOptions()
        options.noDelay = false
        let listener = try ListeningSocket(
            at: .tcp(host: "127.0.0.1", port: 0),
            options: options
        )
        let client = try connect(to: listener.endpoint, options: options)
        defer { client.descriptor.close() }
        #expect(client.descriptor.option(CInt(IPPROTO_TCP), TCP_NODELAY) == 0)
        #expect(client.descriptor.option(SOL_SOCKET, SO_KEEPALIVE) == 0)
    }

    @Test func `numbers that the system does not take are an error`() {
        var options = SocketOptions()
        options.keepAlive = SocketOptions.KeepAlive(count: 128)
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let error = failure { () throws(TransportError) in
            _ = try ListeningSocket(at: endpoint, options: options)
        }
        #expect(error == .failed(.listen, endpoint, .invalidArgument))
    }

    @Test func `the limit of descriptors is raised to what is allowed`() async {
        await #expect(processExitsWith: .success) {
            let (soft, hard) = raiseDescriptorLimit()
            #expect(soft == hard && soft > 0)
        }
    }
}
