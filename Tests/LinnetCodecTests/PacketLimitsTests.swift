// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import Testing

@Suite struct PacketLimitsTests {
    @Test func `the defaults are those of the spec`() {
        let limits = PacketLimits()
        #expect(limits.versions == 1...1)
        #expect(limits.maxPacketByteCount == 1_048_576)
        #expect(limits.sequencePolicy == .strict)
        #expect(PacketFraming().magic == 0x544E_4E4C)
        #expect(PacketFraming().maxFrameByteCount == 1_048_576)
    }

    @Test(arguments: [0, 27, Int(UInt32.max) + 1])
    func `a maximum outside the spec's range traps`(maxPacketByteCount: Int) async {
        await #expect(processExitsWith: trap) { [max = maxPacketByteCount as Int] in
            _ = PacketLimits(maxPacketByteCount: max)
        }
    }

    @Test(arguments: [28, Int(UInt32.max)])
    func `the ends of the range are allowed`(maxPacketByteCount: Int) {
        let limits = PacketLimits(maxPacketByteCount: maxPacketByteCount)
        #expect(limits.maxPacketByteCount == maxPacketByteCount)
    }
}
