// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import LinnetTestSupport
import Testing

@Suite struct PacketWriterTests {
    /// Runs `body` on a writer over `byteCount` bytes of 0xEE and returns what was written.
    private func write(
        room byteCount: Int,
        framing: PacketFraming = PacketFraming(),
        startingAt seq: UInt64 = 0,
        _ body: (inout PacketWriter) throws -> Void
    ) rethrows -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: byteCount)
        let written = try bytes.withMutableRawSpan { span in
            var writer = PacketWriter(
                into: span._mutatingExtracting(0..<byteCount),
                framing: framing,
                startingAt: seq
            )
            try body(&writer)
            return writer.byteCount
        }
        #expect(
            bytes[written...].allSatisfy { $0 == 0xEE },
            "nothing is written behind the packets"
        )
        return Array(bytes[..<written])
    }

    @Test func `packets stand back to back and are numbered`() throws {
        let bytes = try write(room: 200) { writer in
            try writer.append([1, 2, 3].rawSpan)
            try writer.append(RawSpan(), flags: [.payloadChecksum, .application(3)])
            try writer.append([4].rawSpan, flags: .detach)
        }
        let outcome = NaiveDecoder().decode(bytes)
        #expect(outcome.error == nil)
        #expect(outcome.packets.map(\.seq) == [0, 1, 2])
        #expect(outcome.packets.map(\.payload) == [[1, 2, 3], [], [4]])
        #expect(outcome.packets.map(\.flags) == [0, 0x8002, 1])
    }

    @Test func `a payload is written in place`() throws {
        let bytes = try write(room: 40) { writer in
            try writer.append(payloadByteCount: 8, flags: .payloadChecksum) { payload in
                #expect(payload.byteCount == 8)
                payload.storeBytes(of: 0x1122_3344_5566_7788 as UInt64, as: UInt64.self)
            }
        }
        let payload: [UInt8] = [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11]
        #expect(NaiveDecoder().decode(bytes).packets.first?.payload == payload)
    }

    @Test func `a packet that does not fit leaves no trace`() throws {
        let bytes = try write(room: 60) { writer in
            try writer.append([1].rawSpan)
            let refused = PacketWriterError.noRoom(packetByteCount: 36, freeByteCount: 35)
            let long = [UInt8](repeating: 7, count: 12)
            #expect(refusal(by: &writer, of: long) == refused)
            try writer.append([UInt8](repeating: 8, count: 11).rawSpan)
        }
        #expect(bytes.count == 60)
        #expect(NaiveDecoder().decode(bytes).packets.map(\.seq) == [0, 1])
    }

    @Test func `a packet above the maximum is refused, one at the maximum is not`() throws {
        let framing = PacketFraming(limits: PacketLimits(maxPacketByteCount: 32))
        _ = try write(room: 100, framing: framing) { writer in
            let long = [UInt8](repeating: 1, count: 9)
            let refused = PacketWriterError.tooLarge(packetByteCount: 33, maxPacketByteCount: 32)
            #expect(refusal(by: &writer, of: long) == refused)
            let short = [UInt8](repeating: 1, count: 5)
            #expect(refusal(by: &writer, of: short, flags: .payloadChecksum) == refused)
            try writer.append([UInt8](repeating: 1, count: 8).rawSpan)
            try writer.append([UInt8](repeating: 1, count: 4).rawSpan, flags: .payloadChecksum)
            let (nextSeq, byteCount) = (writer.nextSeq, writer.byteCount)
            #expect(nextSeq == 2 && byteCount == 64)
        }
    }

    @Test func `a length that overflows is refused, not wrapped`() throws {
        _ = write(room: 10) { writer in
            let refused = PacketWriterError.tooLarge(
                packetByteCount: Int.max,
                maxPacketByteCount: 1_048_576
            )
            #expect(throws: refused) {
                try writer.append(payloadByteCount: Int.max) { _ in }
            }
        }
    }

    @Test(arguments: 2...11)
    func `bits of later levels are refused, not masked`(bit: UInt16) {
        let flags = PacketFlags(rawValue: 1 << bit)
        _ = write(room: 100) { writer in
            #expect(refusal(by: &writer, of: [], flags: flags) == .unsupportedFlags(flags))
        }
    }

    @Test func `a packet is numbered after it was written`() throws {
        var bytes = try write(room: 100, startingAt: 77) {
            try $0.append([1, 2].rawSpan, flags: .detach)
        }
        bytes.withMutableRawSpan { PacketWriter.number(packetIn: &$0, seq: 0) }
        let outcome = NaiveDecoder().decode(bytes)
        #expect(outcome.error == nil && outcome.packets.first?.seq == 0)
    }

    @Test func `numbers wrap`() throws {
        let bytes = try write(room: 100, startingAt: UInt64.max) { writer in
            try writer.append(RawSpan())
            try writer.append(RawSpan())
        }
        #expect(bytes[12..<20].allSatisfy { $0 == 0xFF } && bytes[36..<44].allSatisfy { $0 == 0 })
    }

    private func refusal(
        by writer: inout PacketWriter,
        of payload: [UInt8],
        flags: PacketFlags = []
    ) -> PacketWriterError? {
        do throws(PacketWriterError) {
            try writer.append(payload.rawSpan, flags: flags)
            return nil
        } catch {
            return error
        }
    }
}
