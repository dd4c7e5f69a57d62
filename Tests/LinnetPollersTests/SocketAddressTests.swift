// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinnetConnections
import LinnetPollers
import Testing

struct SocketAddressTests {
    @Test func `an address of IPv4 is read`() throws {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_addr.s_addr = (0x0102_0304 as UInt32).bigEndian
        four.sin_port = (7400 as UInt16).bigEndian
        let address = try #require(SocketAddress(reading: four))
        #expect(address.peer == .ipv4(0x0102_0304, port: 7400))
        #expect("\(address.peer)" == "1.2.3.4:7400")
    }

    @Test(arguments: [
        ("fe80::1", "[fe80::1%3]:7400"), ("::ffff:1.2.3.4", "1.2.3.4:7400"),
        ("::fffe:1.2.3.4", "[::fffe:102:304%3]:7400"),
    ])
    func `an address of IPv6 is read`(text: String, printed: String) throws {
        var six = sockaddr_in6()
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = (7400 as UInt16).bigEndian
        six.sin6_scope_id = 3
        // SAFETY: the system writes the 16 bytes of the field.
        try #require(unsafe inet_pton(AF_INET6, text, &six.sin6_addr) == 1)
        let address = try #require(SocketAddress(reading: six))
        #expect("\(address.peer)" == printed)
    }

    @Test func `a path is one of a Unix socket`() throws {
        let longest = String(repeating: "a", count: SocketAddress.maxPathByteCount)
        let address = try #require(SocketAddress(path: longest))
        #expect(address.family == AF_UNIX)
        #expect(address.peer == .unix())
        for path in ["", longest + "a", "a\0"] { #expect(SocketAddress(path: path) == nil) }
    }

    @Test func `what is no address is not taken`() {
        #expect(SocketAddress().peer == .unknown)
        #expect(SocketAddress(reading: (sockaddr_storage(), 0 as UInt64)) == nil)
    }
}
