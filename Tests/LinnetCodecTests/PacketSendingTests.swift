// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import LinnetTestSupport
import Testing

@Suite struct PacketSendingTests {
    @Test(arguments: [[], .payloadChecksum, .detach, .level0, .application(2)] as [PacketFlags])
    func `front, payload and back are what the writer writes`(flags: PacketFlags) throws {
        let framing = PacketFraming(
            magic: 0x1234_5678,
            limits: PacketLimits(versions: 1...3, maxPacketByteCount: 70_000)
        )
        var random = SeededRandom(seed: UInt64(flags.rawValue))
        var state = PacketFraming.SendState(nextSeq: UInt64.max - 3)
        for byteCount in Array(0...300) + [4_095, 4_096, 65_535, 69_972, 69_976] {
            let payload = (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
            let canSend = framing.canSend(byteCount: byteCount, flags: flags.rawValue)
            #expect(canSend == (byteCount < 69_976 || !flags.contains(.payloadChecksum)))
            guard canSend else { continue }
            var expected = [UInt8](repeating: 0, count: byteCount + 28)
            let seq = state.nextSeq
            let expectedByteCount = try expected.withMutableRawSpan { span in
                var writer = PacketWriter(
                    into: span._mutatingExtracting(0..<span.byteCount),
                    framing: framing,
                    startingAt: seq
                )
                try writer.append(payload.rawSpan, flags: flags)
                return writer.byteCount
            }
            let written = framing.frame(of: payload, flags: flags.rawValue, state: &state)
            #expect(written == Array(expected[..<expectedByteCount]))
        }
    }

    @Test(arguments: SpecCase.all.filter { $0.error == nil })
    func `frames are the bytes of the spec's cases`(specCase: SpecCase) {
        let packets = specCase.outcome.packets
        let limits = specCase.framing.limits
        var bytes: [UInt8] = []
        for packet in packets {
            let framing = PacketFraming(
                magic: specCase.framing.magic,
                limits: limits,
                version: packet.version
            )
            #expect(framing.canSend(byteCount: packet.payload.count, flags: packet.flags))
            var state = PacketFraming.SendState(nextSeq: packet.seq)
            bytes += framing.frame(of: packet.payload, flags: packet.flags, state: &state)
            #expect(state.nextSeq == packet.seq &+ 1)
        }
        #expect(bytes == specCase.bytes)
    }

    @Test func `a packet above the maximum is refused, one at the maximum is not`() {
        let framing = PacketFraming(limits: PacketLimits(maxPacketByteCount: 32))
        let checksum = PacketFlags.payloadChecksum.rawValue
        #expect(framing.canSend(byteCount: 8, flags: 0))
        #expect(!framing.canSend(byteCount: 9, flags: 0))
        #expect(framing.canSend(byteCount: 4, flags: checksum))
        #expect(!framing.canSend(byteCount: 5, flags: checksum))
        #expect(!framing.canSend(byteCount: Int.max, flags: 0))
        let smallest = PacketFraming(limits: PacketLimits(maxPacketByteCount: 28))
        #expect(smallest.canSend(byteCount: 0, flags: checksum))
        #expect(!smallest.canSend(byteCount: 1, flags: checksum))
    }

    @Test(arguments: 0..<16 as Range<UInt16>)
    func `bits of later levels are refused`(bit: UInt16) {
        let isOfLevel0 = [0, 1, 12, 13, 14, 15].contains(bit)
        #expect(PacketFraming().canSend(byteCount: 0, flags: 1 << bit) == isOfLevel0)
    }

    @Test func `nothing is written behind front and back`() {
        let framing = PacketFraming()
        var state = framing.initialSendState
        var front = [UInt8](repeating: 0xEE, count: 40)
        let frontByteCount = front.withMutableRawSpan {
            framing.writeFront(of: RawSpan(), flags: 2, state: &state, into: &$0)
        }
        #expect(frontByteCount == 24 && front[24...].allSatisfy { $0 == 0xEE })
        var back = [UInt8](repeating: 0xEE, count: 8)
        let backByteCount = back.withMutableRawSpan {
            framing.writeBack(of: RawSpan(), flags: 2, into: &$0)
        }
        #expect(backByteCount == 4 && back[4...].allSatisfy { $0 == 0xEE })
        let noBackByteCount = back.withMutableRawSpan {
            framing.writeBack(of: RawSpan(), flags: 1, into: &$0)
        }
        #expect(noBackByteCount == 0)
    }

    @Test func `a front without room traps`() async {
        await #expect(processExitsWith: trap) {
            var state = PacketFraming.SendState()
            var front = [UInt8](repeating: 0, count: 23)
            _ = front.withMutableRawSpan {
                PacketFraming().writeFront(of: RawSpan(), flags: 0, state: &state, into: &$0)
            }
        }
    }

    @Test func `the state of a sending direction is its next number`() {
        #expect(MemoryLayout<PacketFraming.SendState>.size == 8)
        #expect(PacketFraming().initialSendState == PacketFraming.SendState(nextSeq: 0))
    }

    @Test func `failures are counted by the names of the spec`() {
        #expect(PacketFraming.failureNames == PacketError.Code.allCases.map(\.rawValue))
        for (index, code) in PacketError.Code.allCases.enumerated() {
            let error = PacketError(code: code, byteOffset: 0, found: 0, expected: 0)
            #expect(PacketFraming.failureIndex(error) == index)
        }
    }
}

extension PacketFraming {
    /// A whole frame, put together as a sender does that does not copy the payload.
    fileprivate func frame(
        of payload: [UInt8],
        flags: UInt16,
        state: inout SendState
    ) -> [UInt8] {
        var front = [UInt8](repeating: 0xEE, count: maxFrontByteCount)
        var back = [UInt8](repeating: 0xEE, count: maxBackByteCount)
        let frontByteCount = front.withMutableRawSpan {
            writeFront(of: payload.rawSpan, flags: flags, state: &state, into: &$0)
        }
        let backByteCount = back.withMutableRawSpan {
            writeBack(of: payload.rawSpan, flags: flags, into: &$0)
        }
        return front[..<frontByteCount] + payload + back[..<backByteCount]
    }
}
