// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetCodec
import LinnetTestSupport
import Testing
import linnetctl

@Suite("The values of arguments")
struct ArgumentValuesTests {
    @Test(
        "flags are names or a number",
        arguments: [
            ("", 0), ("detach", 1), ("payloadChecksum", 2), ("detach,application0", 0x1001),
            ("detach, application3", 0x8001), ("0x1003", 0x1003), ("0xF003", 0xF003),
            ("control", 8),
        ] as [(String, UInt16)]
    )
    func flags(text: String, rawValue: UInt16) throws {
        #expect(try PacketFlags(flagsArgument: text).rawValue == rawValue)
    }

    @Test("other flags are refused", arguments: ["Detach", "0x", "0x10000", "12", "a;b"])
    func wrongFlags(text: String) {
        let error = #expect(throws: ArgumentError.self) { try PacketFlags(flagsArgument: text) }
        #expect(error?.description.contains("application0") == true)
    }

    @Test("flags have the names that they are read by")
    func flagNames() throws {
        for bit in 0..<16 {
            let flag = PacketFlags(rawValue: 1 << bit)
            #expect(try PacketFlags(flagsArgument: flag.names.joined(separator: ",")) == flag)
        }
    }

    @Test("a magic is a hexadecimal number of 32 bits")
    func magic() throws {
        #expect(try UInt32(magicArgument: "0x544E4E4C") == PacketHeader.defaultMagic)
        #expect(try UInt32(magicArgument: "0X1") == 1)
        for text in ["", "0x", "544E4E4C", "0x+1", "0x-1", "0x100000000", "LNNT", "0xG"] {
            #expect(throws: ArgumentError.self) { try UInt32(magicArgument: text) }
        }
    }

    @Test("versions are a range or one")
    func versions() throws {
        #expect(try ClosedRange<UInt16>(versionsArgument: "1-3") == 1...3)
        #expect(try ClosedRange<UInt16>(versionsArgument: "2") == 2...2)
        #expect(try ClosedRange<UInt16>(versionsArgument: "0-65535") == 0...65535)
        for text in ["", "-", "3-1", "1-", "-1", "1-2-3", "1-65536", "a-b"] {
            #expect(throws: ArgumentError.self) { try ClosedRange<UInt16>(versionsArgument: text) }
        }
    }

    @Test("a delimiter is named, or a byte")
    func delimiter() throws {
        #expect(try LineFraming.Delimiter(delimiterArgument: "lf") == .lf)
        #expect(try LineFraming.Delimiter(delimiterArgument: "crlf") == .crlf)
        #expect(try LineFraming.Delimiter(delimiterArgument: "0x00") == .byte(0))
        #expect(try LineFraming.Delimiter(delimiterArgument: "0xff") == .byte(255))
        for text in ["", "LF", "\n", "0x", "0x100", "10", "lfcr"] {
            #expect(throws: ArgumentError.self) {
                try LineFraming.Delimiter(delimiterArgument: text)
            }
        }
    }

    @Test("a maximum packet size has bounds")
    func maxPacket() throws {
        #expect(try Int(maxPacketArgument: "28") == 28)
        #expect(try Int(maxPacketArgument: "4294967295") == 4_294_967_295)
        for text in ["", "27", "4294967296", "-1", "1k"] {
            #expect(throws: ArgumentError.self) { try Int(maxPacketArgument: text) }
        }
    }

    @Test("endpoints are host and port, or a path")
    func endpoints() throws {
        #expect(try Endpoint(tcpArgument: ":7400") == .tcp(host: "", port: 7_400))
        #expect(try Endpoint(unixArgument: "/a") == .unix(path: "/a"))
        #expect(try Endpoint(unixArgument: "unix:/a") == .unix(path: "/a"))
        #expect(try Endpoint(connectArgument: "[::1]:1") == .tcp(host: "::1", port: 1))
        #expect(try Endpoint(connectArgument: "unix:a") == .unix(path: "a"))
        for text in ["", "a", "a:b", "unix:/a"] {
            #expect(throws: ArgumentError.self) { try Endpoint(tcpArgument: text) }
        }
    }

    @Test("processors are numbers with commas between them")
    func processors() throws {
        #expect(try [Int](processorsArgument: "0,2") == [0, 2])
        #expect(try [Int](processorsArgument: "3") == [3])
        for text in ["", "0,", "a", "-1", "0 1"] {
            #expect(throws: ArgumentError.self) { try [Int](processorsArgument: text) }
        }
    }
}
