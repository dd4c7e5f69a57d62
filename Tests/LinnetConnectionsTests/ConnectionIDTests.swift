// SPDX-License-Identifier: Apache-2.0

import LinnetConnections
import Testing

struct ConnectionIDTests {
    @Test(
        arguments: [
            (0, 0, 0, 0 as UInt64), (1, 2, 3, 0x1_0200_0003),
            (.max, 255, 0xFF_FFFF, .max), (0x8000_0001, 0, 0xFF_FFFF, 0x8000_0001_00FF_FFFF),
        ] as [(UInt32, Int, Int, UInt64)]
    )
    func `a name is its generation, reactor and slot`(
        generation: UInt32,
        reactor: Int,
        slot: Int,
        bits: UInt64
    ) {
        let id = ConnectionID(generation: generation, reactorIndex: reactor, slotIndex: slot)
        #expect(id.rawValue == bits)
        #expect(ConnectionID(rawValue: bits) == id)
        #expect(id.generation == generation)
        #expect(id.reactorIndex == reactor)
        #expect(id.slotIndex == slot)
    }

    @Test func `a name prints as reactor, slot and generation`() {
        let id = ConnectionID(generation: 3, reactorIndex: 0, slotIndex: 17)
        #expect("\(id)" == "0.17#3")
    }
}
