// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import Testing

@Suite struct PacketFlagsTests {
    @Test func `the bits stand where the spec has them`() {
        #expect(PacketFlags.detach.rawValue == 0x0001)
        #expect(PacketFlags.payloadChecksum.rawValue == 0x0002)
        #expect(PacketFlags.application.rawValue == 0xF000)
        #expect(
            (0...3).map { PacketFlags.application($0).rawValue } == [
                0x1000, 0x2000, 0x4000, 0x8000,
            ]
        )
        #expect(PacketFlags.level0.rawValue == 0xF003)
    }

    @Test func `all sixteen bits have a name`() {
        #expect(PacketFlags.bitNames.count == 16)
        #expect(Set(PacketFlags.bitNames).count == 16)
        #expect(
            PacketFlags(rawValue: 0x8006).description == "payloadChecksum, compressed, application3"
        )
        #expect(PacketFlags().description == "none")
    }

    @Test(arguments: [-1, 4])
    func `the application has no fifth bit`(index: Int) async {
        await #expect(processExitsWith: trap) { [index = index as Int] in
            _ = PacketFlags.application(index)
        }
    }
}
