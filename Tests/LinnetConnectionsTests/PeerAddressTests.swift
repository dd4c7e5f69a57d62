// SPDX-License-Identifier: Apache-2.0

import LinnetConnections
import Testing

struct PeerAddressTests {
    @Test(arguments: [
        (PeerAddress.unknown, "unknown"),
        (.unix(), "unix"),
        (.unix(processID: 17), "unix (process 17)"),
        (.unix(processID: .max), "unix (process 4294967295)"),
        (.ipv4(0, port: 0), "0.0.0.0:0"),
        (.ipv4(0x7F00_0001, port: 7_400), "127.0.0.1:7400"),
        (.ipv4(0x0102_0304, port: 1), "1.2.3.4:1"),
        (.ipv4(.max, port: .max), "255.255.255.255:65535"),
    ])
    func `an address prints as tools expect it`(address: PeerAddress, text: String) {
        #expect("\(address)" == text)
    }

    /// RFC 5952, section 4.
    @Test(
        arguments: [
            (0, 0, "::"),
            (0, 1, "::1"),
            (1 << 48, 0, "1::"),
            (0xFE80_0000_0000_0000, 1, "fe80::1"),
            (0x2001_0DB8_0000_0000, 0, "2001:db8::"),
            // Lower case, and no leading zeros.
            (0x2001_0DB8_00AA_0B0C, 0x000D_ABCD_EF01_2345, "2001:db8:aa:b0c:d:abcd:ef01:2345"),
            // The longest row of zeros is left out, of two that are as long the first.
            (0x2001_0000_0000_0001, 0x0000_0000_0000_0001, "2001:0:0:1::1"),
            (0x2001_0DB8_0000_0000, 0x0001_0000_0000_0001, "2001:db8::1:0:0:1"),
            // One zero alone is written.
            (0x2001_0DB8_0000_0001, 0x0001_0001_0001_0001, "2001:db8:0:1:1:1:1:1"),
            // IPv4 in IPv6.
            (0, 0x0000_FFFF_C000_0201, "::ffff:192.0.2.1"),
            (.max, .max, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ] as [(UInt64, UInt64, String)]
    )
    func `an IPv6 address is compressed`(upper: UInt64, lower: UInt64, text: String) {
        #expect("\(PeerAddress.ipv6(upper, lower, port: 7_400))" == "[\(text)]:7400")
    }

    @Test func `the scope of an IPv6 address follows it within the brackets`() {
        let address = PeerAddress.ipv6(0xFE80 << 48, 1, port: 65_535, scope: .max)
        #expect("\(address)" == "[fe80::1%4294967295]:65535")
    }

    @Test(
        arguments: [
            (PeerAddress.unknown, PeerAddress.Family.unknown, 0),
            (.ipv4(.max, port: .max), .ipv4, .max),
            (.ipv4(0x0102_0304, port: 0x0506), .ipv4, 0x0506),
            (.ipv6(0x0102_0304_0506_0708, 0x090A_0B0C_0D0E_0F10, port: 80, scope: 3), .ipv6, 80),
            (.ipv6(.max, .max, port: .max, scope: .max), .ipv6, .max),
            (.unix(), .unix, 0),
            (.unix(processID: .max), .unix, 0),
        ] as [(PeerAddress, PeerAddress.Family, UInt16)]
    )
    func `an address is the same after it was three words`(
        address: PeerAddress,
        family: PeerAddress.Family,
        port: UInt16
    ) {
        let again = PeerAddress(words: address.words)
        #expect(again == address)
        #expect("\(again)" == "\(address)")
        #expect(again.family == family && again.port == port)
    }

    @Test func `words of no family are an unknown address`() {
        #expect(PeerAddress(words: (0xFF, 0, 0)).family == .unknown)
        #expect(PeerAddress(words: (0, 0, 0)) == .unknown)
    }

    @Test func `addresses that differ in one thing are different`() {
        let addresses: Set<PeerAddress> = [
            .unknown, .unix(), .unix(processID: 1), .ipv4(0, port: 0), .ipv4(1, port: 0),
            .ipv4(0, port: 1), .ipv6(0, 0, port: 0), .ipv6(0, 1, port: 0), .ipv6(1, 0, port: 0),
            .ipv6(0, 0, port: 1), .ipv6(0, 0, port: 0, scope: 1),
        ]
        #expect(addresses.count == 11)
        #expect(Set(addresses.map { "\($0)" }).count == 11)
    }
}
