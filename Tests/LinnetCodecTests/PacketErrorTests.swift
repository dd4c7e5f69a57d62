// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import LinnetTestSupport
import Testing

@Suite struct PacketErrorTests {
    private func error(_ packet: NaiveEncoder) -> PacketError? {
        do throws(PacketError) {
            _ = try PacketView(checking: packet.bytes.rawSpan)
            return nil
        } catch {
            return error
        }
    }

    @Test func `each error says field, values, offset and section`() {
        var packet = NaiveEncoder()
        packet.magic = 0x2054_4547
        #expect(
            error(packet)?.description
                == "bad-magic: magic is 0x20544547, expected 0x544E4E4C"
                + " (offset 0, Specs/protocol.md 2.2)"
        )
        #expect(
            error(NaiveEncoder(seq: 3))?.description
                == "bad-sequence: seq is 3, expected 0 (offset 12, Specs/protocol.md 5)"
        )
        #expect(
            error(NaiveEncoder(flags: 0x0A04))?.description
                == "unsupported-flag: flags 0x0A04 have bits that level 0 does not know:"
                + " compressed, reserved9, reserved11 (offset 6, Specs/protocol.md 2.4)"
        )
        #expect(
            error(NaiveEncoder(version: 7))?.description
                == "unsupported-version: version 7 is not accepted, 1 would be"
                + " (offset 4, Specs/protocol.md 2.3)"
        )
    }

    @Test func `sizes and checksums are explained`() {
        var packet = NaiveEncoder(flags: 2)
        packet.size = 25
        #expect(error(packet)?.explanation.contains("25 is less than the 28 bytes") == true)
        packet.size = 2_000_000
        #expect(error(packet)?.explanation.contains("maximum of 1048576 bytes") == true)
        packet.size = nil
        packet.trailer = 9
        #expect(error(packet)?.explanation.contains("trailer is 0x00000009") == true)
        packet.checksum = 0
        #expect(error(packet)?.explanation.contains("checksum is 0x00000000") == true)
    }

    @Test func `truncated says what arrived of what`() {
        let framing = PacketFraming()
        let bytes = NaiveEncoder(payload: [1, 2, 3]).bytes
        let short = framing.failure(
            atEndBehind: bytes.rawSpan.extracting(0..<5),
            state: framing.initialState
        )
        #expect(short?.explanation == "the stream ended after 5 of 24 bytes of the header")
        let long = framing.failure(
            atEndBehind: bytes.rawSpan.extracting(0..<25),
            state: framing.initialState
        )
        #expect(long?.explanation == "the stream ended after 25 of 27 bytes of the packet")
        #expect(framing.failure(atEndBehind: RawSpan(), state: framing.initialState) == nil)
    }

    @Test func `each code has a name of its own`() {
        #expect(Set(PacketError.Code.allCases.map(\.rawValue)).count == 9)
    }
}
