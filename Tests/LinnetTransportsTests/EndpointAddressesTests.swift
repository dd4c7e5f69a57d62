// SPDX-License-Identifier: Apache-2.0

import LinnetConnections
import LinnetPollers
import LinnetTransports
import Testing

struct EndpointAddressesTests {
    @Test func `addresses in numbers stand for themselves`() throws {
        let four = try Endpoint.tcp(host: "127.0.0.1", port: 80).addresses(for: .connect)
        #expect(four.map(\.peer) == [.ipv4(0x7F00_0001, port: 80)])
        let six = try Endpoint.tcp(host: "::1", port: 80).addresses(for: .listen)
        #expect(six.map(\.peer) == [.ipv6(0, 1, port: 80)])
        let unix = try Endpoint.unix(path: "/a").addresses(for: .connect)
        #expect(unix.map(\.peer) == [.unix()])
    }

    @Test func `no host is this machine to connect to`() throws {
        let found = try Endpoint.tcp(host: "", port: 80).addresses(for: .connect)
        #expect(found.contains { $0.peer == .ipv4(0x7F00_0001, port: 80) })
    }

    @Test func `a host that does not exist is an error that says so`() {
        // A label of 64 characters is too long for a name, so nobody is asked for it.
        let endpoint = Endpoint.tcp(host: String(repeating: "a", count: 64), port: 1)
        let error = failure { () throws(TransportError) in
            _ = try endpoint.addresses(for: .connect)
        }
        guard case .cannotResolve(endpoint, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: ["", "a\0b", String(repeating: "a", count: 108)])
    func `a path that cannot be one of a socket is an error`(path: String) {
        let endpoint = Endpoint.unix(path: path)
        #expect(throws: TransportError.wrongPath(endpoint, maxByteCount: 107)) {
            try endpoint.addresses(for: .listen)
        }
    }
}
