// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

/// A wire that is not ours: one byte of length, then the payload; 255 is an error.
private struct TinyFraming: Framing {
    typealias State = UInt32
    struct Metadata: BitwiseCopyable, Sendable { var number: UInt32 }
    enum Failure: Error { case forbiddenLength, cut }

    var initialState: UInt32 { 0 }
    var maxFrameByteCount: Int { 255 }

    func nextFrame(in bytes: RawSpan, state: inout UInt32) throws(Failure) -> FrameStep<Metadata> {
        let length = Int(bytes.loadLittleEndian(at: 0, as: UInt8.self))
        guard length < 255 else { throw .forbiddenLength }
        guard bytes.byteCount > length else { return .incomplete }
        state += 1
        return .frame(
            byteCount: 1 + length,
            payload: 1..<1 + length,
            metadata: Metadata(number: state)
        )
    }

    func failure(atEndBehind bytes: RawSpan, state: UInt32) -> Failure? {
        bytes.isEmpty ? nil : .cut
    }

    var maxFrontByteCount: Int { 1 }

    func writeFront(
        of payload: RawSpan,
        flags: UInt16,
        state: inout NoState,
        into front: inout MutableRawSpan
    ) -> Int {
        front.storeLittleEndian(UInt8(payload.byteCount), at: 0)
        return 1
    }
}

/// A framing whose author was wrong.
private struct LyingFraming: Framing {
    var byteCount: Int
    var payload: Range<Int>
    var initialState: UInt8 { 0 }
    var maxFrameByteCount: Int { 64 }

    func nextFrame(in bytes: RawSpan, state: inout UInt8) throws(Errno) -> FrameStep<UInt8> {
        .frame(byteCount: byteCount, payload: payload, metadata: 0)
    }

    func failure(atEndBehind bytes: RawSpan, state: UInt8) -> Errno? { nil }
}

private struct HeavyFraming: Framing {
    struct Metadata: BitwiseCopyable, Sendable { var words: (UInt64, UInt64, UInt64, UInt8) }
    var initialState: UInt8 { 0 }
    var maxFrameByteCount: Int { 64 }
    func nextFrame(in bytes: RawSpan, state: inout UInt8) throws(Errno) -> FrameStep<Metadata> {
        .incomplete
    }
    func failure(atEndBehind bytes: RawSpan, state: UInt8) -> Errno? { nil }
}

@Suite struct FramingTests {
    @Test func `users bring their own framing`() throws {
        let pool = try PacketPool()
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        let framing = TinyFraming()
        var parser = StreamParser(framing, pool: pool)
        var frames: [[UInt8]] = []
        for byte in [2, 10, 11, 0, 1, 12, 3, 1] as [UInt8] {
            _ = try parser.feed(framing, [byte].rawSpan, from: magazine) { frame in
                #expect(frame.metadata.number == UInt32(frames.count + 1))
                frames.append([UInt8](frame.payload))
                return .next
            }
        }
        #expect(frames == [[10, 11], [], [12]])
        let failure = parser.finish(framing)
        #expect(failure == .cut)
        var other = StreamParser(framing, pool: pool)
        #expect(throws: TinyFraming.Failure.forbiddenLength) {
            try other.feed(framing, [0, 255].rawSpan, from: magazine) { _ in .next }
        }
    }

    @Test func `users say what stands before a payload`() {
        let framing = TinyFraming()
        var state = framing.initialSendState
        var front: [UInt8] = [0xEE]
        let byteCount = front.withMutableRawSpan {
            framing.writeFront(of: [7, 8, 9].rawSpan, flags: 0, state: &state, into: &$0)
        }
        #expect(byteCount == 1 && front == [3])
        #expect(framing.canSend(byteCount: 254, flags: 0))
        #expect(!framing.canSend(byteCount: 255, flags: 0))
        #expect(!framing.canSend(byteCount: 1, flags: 1), "it has no flags")
    }

    @Test func `by default a payload is the frame, and failures have one cause`() {
        let framing = HeavyFraming()
        var state = framing.initialSendState
        var room: [UInt8] = [0xEE]
        let byteCount = room.withMutableRawSpan {
            framing.writeFront(of: [1].rawSpan, flags: 0, state: &state, into: &$0)
                + framing.writeBack(of: [1].rawSpan, flags: 0, into: &$0)
        }
        #expect(byteCount == 0 && room == [0xEE])
        #expect(framing.maxFrontByteCount == 0 && framing.maxBackByteCount == 0)
        #expect(framing.canSend(byteCount: 64, flags: 0))
        #expect(!framing.canSend(byteCount: 65, flags: 0))
        #expect(HeavyFraming.failureNames.count == 1)
        #expect(HeavyFraming.failureIndex(.noMemory) == 0)
    }

    @Test func `a framing without limits of its own may allow everything`() {
        #expect(SendLimits.unlimited.allows(byteCount: Int.max, flags: UInt16.max))
    }

    @Test(arguments: [(9, 0..<9), (0, 0..<0), (4, 2..<5), (4, -1..<2)])
    func `a frame outside its bytes is a programming error, not a read`(
        byteCount: Int,
        payload: Range<Int>
    ) async {
        await #expect(processExitsWith: trap) {
            [
                byteCount = byteCount as Int, start = payload.lowerBound as Int,
                end = payload.upperBound as Int
            ] in
            let pool = try PacketPool()
            let framing = LyingFraming(byteCount: byteCount, payload: start..<end)
            var parser = StreamParser(framing, pool: pool)
            guard let magazine = pool.makeMagazine() else { return }
            _ = try parser.feed(framing, [1, 2, 3, 4, 5, 6, 7, 8].rawSpan, from: magazine) { _ in
                .next
            }
        }
    }

    @Test func `metadata of more than 24 bytes traps at the start`() async {
        await #expect(processExitsWith: trap) {
            _ = StreamParser(HeavyFraming(), pool: try PacketPool())
        }
    }
}
