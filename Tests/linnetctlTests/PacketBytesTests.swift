// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetCodec
import LinnetTestSupport
import Testing
import linnetctl

@Suite("Encoded packets")
struct PacketBytesTests {
    @Test("a naive decoder reads what was encoded", arguments: [0, 1, 2, 0xF003] as [UInt16])
    func naiveDecoder(flags: UInt16) throws {
        let framing = PacketFraming(magic: 0x0403_0201, limits: PacketLimits(versions: 7...7))
        let packet = try Data(
            packetWith: Data("hello".utf8),
            flags: PacketFlags(rawValue: flags),
            seq: 0,
            framing: framing
        )
        var decoder = NaiveDecoder()
        decoder.magic = 0x0403_0201
        decoder.versions = 7...7
        let outcome = decoder.decode(Array(packet))
        #expect(outcome.error == nil)
        #expect(outcome.packets.map(\.payload) == [Array("hello".utf8)])
        #expect(outcome.packets.map(\.flags) == [flags])
    }

    @Test("a payload that is one byte too long is refused, with advice")
    func tooLong() throws {
        let framing = PacketFraming(limits: PacketLimits(maxPacketByteCount: 32))
        #expect(try Data(packetWith: Data(count: 8), framing: framing).count == 32)
        let error = #expect(throws: PacketWriterError.self) {
            try Data(packetWith: Data(count: 9), framing: framing)
        }
        #expect(error?.advice.contains("33 bytes, but at most 32") == true)
        #expect(error?.advice.contains("--max-packet") == true)
    }

    @Test("flags of later levels are refused by name")
    func laterFlags() {
        let error = #expect(throws: PacketWriterError.self) {
            try Data(packetWith: Data(), flags: PacketFlags(rawValue: 0x0005))
        }
        #expect(error?.advice.contains("compressed (") == true)
    }
}
