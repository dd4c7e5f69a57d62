// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

@Suite struct BytesFramingTests {
    private static let stream = (0..<100).map { UInt8($0) }

    @Test func `each frame is what there is`() throws {
        let framing = BytesFraming()
        var state = framing.initialState
        for byteCount in 1...Self.stream.count {
            let bytes = Self.stream.rawSpan.extracting(0..<byteCount)
            guard
                case .frame(byteCount, let payload, NoMetadata()) = framing.nextFrame(
                    in: bytes,
                    state: &state
                )
            else {
                Issue.record("\(byteCount) bytes are a frame")
                continue
            }
            #expect(payload == 0..<byteCount)
        }
    }

    @Test(arguments: [1, 2, 7, 99, 100, 101])
    func `no frame is longer than the maximum, and none shorter without need`(max: Int) throws {
        let framing = BytesFraming(maxFrameByteCount: max)
        let pool = try PacketPool()
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        var parser = StreamParser(framing, pool: pool)
        var byteCounts: [Int] = []
        _ = parser.feed(framing, Self.stream.rawSpan, from: magazine) { frame in
            byteCounts.append(frame.payload.byteCount)
            return .next
        }
        #expect(byteCounts.dropLast().allSatisfy { $0 == max })
        #expect(byteCounts.reduce(0, +) == 100)
        #expect(byteCounts.allSatisfy { $0 <= max })
    }

    @Test(arguments: [1, 3, 65_536])
    func `bytes and their order do not depend on cuts`(max: Int) throws {
        let framing = BytesFraming(maxFrameByteCount: max)
        for cut in 1..<Self.stream.count {
            for refuses in [false, true] {
                let found = try framing.outcome(of: Self.stream, cuts: [cut], refuses: refuses)
                #expect(found.payloads.flatMap(\.self) == Self.stream)
                #expect(found.failure == nil)
            }
        }
    }

    @Test func `nothing is kept between reads, and no end is wrong`() throws {
        let pool = try PacketPool()
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        let framing = BytesFraming()
        var parser = StreamParser(framing, pool: pool)
        _ = parser.feed(framing, Self.stream.rawSpan, from: magazine) { _ in .next }
        let (pending, held) = (parser.pendingByteCount, parser.heldByteCount)
        #expect(pending == 0 && held == 0)
        let failure: Never? = parser.finish(framing)
        #expect(failure == nil)
        #expect(BytesFraming.failureNames.isEmpty)
    }

    @Test(arguments: [0, 1, 64, 65_537])
    func `a payload goes out as it is`(byteCount: Int) {
        let payload = [UInt8](repeating: 9, count: byteCount)
        #expect(BytesFraming().frame(of: payload) == payload)
    }

    @Test func `payloads of any length that a block has can be sent, without flags`() {
        let framing = BytesFraming(maxFrameByteCount: 1)
        #expect(!framing.canSend(byteCount: Int.max, flags: 0))
        for byteCount in [0, 1, 2, 1_048_576, 2_147_483_648] {
            #expect(framing.canSend(byteCount: byteCount, flags: 0))
            #expect(!framing.canSend(byteCount: byteCount, flags: 1))
        }
        #expect(framing.sendLimits.frontByteCount == 0)
        #expect(framing.sendLimits.backByteCount(flags: 0) == 0)
    }

    @Test func `a frame without bytes is a programming error`() async {
        await #expect(processExitsWith: trap) { _ = BytesFraming(maxFrameByteCount: 0) }
    }
}
