// SPDX-License-Identifier: Apache-2.0

import Linnet
import Testing
import linnetctl

@Suite("The pacing of an open loop")
struct LoadPlanTests {
    @Test("packets go out at even distances, each connection in its turn")
    func times() {
        let pacing = LoadPacing(start: 1_000, rate: 1_000_000, connectionCount: 3)
        #expect((0..<4).map { pacing.time(of: $0) } == [1_000, 2_000, 3_000, 4_000])
        let places = (0..<7).map { pacing.place(of: $0) }
        #expect(places.map(\.connection) == [0, 1, 2, 0, 1, 2, 0])
        #expect(places.map(\.number) == [0, 0, 0, 1, 1, 1, 2])
    }

    @Test("who receives finds the time that who sends has written", arguments: [0.5, 3, 99_999.5])
    func bothSides(rate: Double) {
        let pacing = LoadPacing(start: 77, rate: rate, connectionCount: 64)
        for packet in stride(from: 0, to: 1_000_000, by: 997) as StrideTo<UInt64> {
            let (connection, number) = pacing.place(of: packet)
            #expect(pacing.time(of: number, connection: connection) == pacing.time(of: packet))
        }
    }

    @Test("a distance that is no whole number does not add up to an error")
    func drift() {
        let pacing = LoadPacing(start: 0, rate: 3, connectionCount: 1)
        #expect(pacing.time(of: 3_000_000) == 1_000_000_000_000_000)
    }

    @Test("a packet has its header")
    func packetByteCount() {
        var plan = LoadPlan(endpoint: .unix(path: "/a"))
        plan.payloadByteCount = 40
        #expect(plan.packetByteCount == 64)
    }
}
