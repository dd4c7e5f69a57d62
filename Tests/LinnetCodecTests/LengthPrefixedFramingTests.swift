// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import LinnetTestSupport
import Testing

@Suite struct LengthPrefixedFramingTests {
    static let framings = LengthPrefixedFraming.Width.allCases.flatMap { width in
        LengthPrefixedFraming.ByteOrder.allCases.flatMap { byteOrder in
            LengthPrefixedFraming.LengthCount.allCases.map {
                LengthPrefixedFraming(
                    width: width,
                    byteOrder: byteOrder,
                    lengthCounts: $0,
                    maxPayloadByteCount: 200
                )
            }
        }
    }

    private static func naive(_ framing: LengthPrefixedFraming) -> NaiveFraming {
        .length(
            width: framing.width.rawValue,
            isBig: framing.byteOrder == .big,
            countsItself: framing.lengthCounts == .wholeFrame,
            maxByteCount: framing.maxPayloadByteCount
        )
    }

    /// The bytes of a length.
    private static func length(_ value: UInt64, _ framing: LengthPrefixedFraming) -> [UInt8] {
        let digits = (0..<UInt64(framing.width.rawValue)).map {
            UInt8(truncatingIfNeeded: value >> (8 * $0))
        }
        return framing.byteOrder == .big ? digits.reversed() : digits
    }

    @Test func `frames are read as they stand in the books`() throws {
        let frames: [(LengthPrefixedFraming, [UInt8])] = [
            (LengthPrefixedFraming(width: .one), [2, 7, 8]),
            (LengthPrefixedFraming(width: .two), [0, 2, 7, 8]),
            (LengthPrefixedFraming(width: .three, byteOrder: .little), [2, 0, 0, 7, 8]),
            (LengthPrefixedFraming(width: .four), [0, 0, 0, 2, 7, 8]),
            (
                LengthPrefixedFraming(width: .eight, byteOrder: .little, lengthCounts: .wholeFrame),
                [10, 0, 0, 0, 0, 0, 0, 0, 7, 8]
            ),
        ]
        for (framing, bytes) in frames {
            #expect(try framing.outcomeOfEachCut(of: bytes) == NaiveFrames(payloads: [[7, 8]]))
            #expect(framing.frame(of: [7, 8]) == bytes)
        }
    }

    @Test(arguments: framings)
    func `each truncation gives the frames before it, and an end within one is an error`(
        framing: LengthPrefixedFraming
    ) throws {
        let naive = Self.naive(framing)
        let stream = [[], [1, 2, 3], [0x41], [], [4, 5]].flatMap { naive.encode($0) }
        for byteCount in 0...stream.count {
            let beginning = Array(stream[..<byteCount])
            #expect(try framing.outcomeOfEachCut(of: beginning) == naive.decode(beginning))
        }
    }

    @Test(arguments: framings)
    func `the longest payload is read, and one byte more is refused with its length`(
        framing: LengthPrefixedFraming
    ) throws {
        let naive = Self.naive(framing)
        for byteCount in [0, 1, 199, 200] {
            let payload = [UInt8](repeating: 7, count: byteCount)
            let stream = naive.encode(payload)
            #expect(try framing.outcomeOfEachCut(of: stream) == NaiveFrames(payloads: [payload]))
        }
        let own = framing.lengthCounts == .wholeFrame ? UInt64(framing.width.rawValue) : 0
        var state = framing.initialState
        // Not a byte of the payload is there.
        #expect(throws: LengthPrefixedFraming.Failure.tooLong(length: 201 + own)) {
            let bytes = Self.length(201 + own, framing)
            _ = try framing.nextFrame(in: bytes.rawSpan, state: &state)
        }
    }

    @Test(arguments: framings)
    func `a peer may write any length`(framing: LengthPrefixedFraming) throws {
        let own = framing.lengthCounts == .wholeFrame ? UInt64(framing.width.rawValue) : 0
        let maxLength = UInt64.max >> UInt64(64 - 8 * framing.width.rawValue)
        let powers: [UInt64] = (0..<64).map { UInt64(1) << UInt64($0) }
        var values: [UInt64] = [UInt64.max]
        for power in powers { values += [power, power - 1, power &+ own] }
        for value in values where value <= maxLength {
            var state = framing.initialState
            let bytes = Self.length(value, framing)
            do throws(LengthPrefixedFraming.Failure) {
                let step = try framing.nextFrame(in: bytes.rawSpan, state: &state)
                #expect(value >= own && value - own <= 200)
                if case .frame(let byteCount, let payload, _) = step {
                    #expect(value == own && byteCount == bytes.count && payload.isEmpty)
                }
            } catch {
                #expect(error == (value < own ? .tooShort(length: value) : .tooLong(length: value)))
                #expect(value < own || value - own > 200)
            }
        }
    }

    @Test(arguments: framings.filter { $0.lengthCounts == .wholeFrame })
    func `a length that does not count its own bytes is refused`(
        framing: LengthPrefixedFraming
    ) throws {
        let width = UInt64(framing.width.rawValue)
        for value in 0..<width {
            let stream = Self.length(value, framing) + [1, 2, 3]
            let found = try framing.outcomeOfEachCut(of: stream)
            #expect(found == NaiveFrames(failure: "length-too-short"))
        }
        let empty = try framing.outcomeOfEachCut(of: Self.length(width, framing))
        #expect(empty == NaiveFrames(payloads: [[]]))
    }

    @Test(arguments: framings)
    func `any bytes give the frames of the naive decoder, however they are cut`(
        framing: LengthPrefixedFraming
    ) throws {
        var random = SeededRandom(seed: 6)
        for round in 0..<60 {
            var stream: [UInt8] = []
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let count = Int.random(in: 0...12, using: &random)
                stream += Self.naive(framing).encode(random.bytes(count: count))
            }
            if random.oneIn(2), !stream.isEmpty {
                stream[Int.random(in: 0..<stream.count, using: &random)] = UInt8(random.next() & 15)
            }
            let expected = Self.naive(framing).decode(stream)
            #expect(try framing.outcomeOfEachCut(of: stream) == expected, "\(round): \(stream)")
        }
    }

    @Test(arguments: framings)
    func `what is written is read again`(framing: LengthPrefixedFraming) throws {
        for byteCount in [0, 1, 2, 199, 200] {
            let payload = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) }
            let frame = framing.frame(of: payload)
            #expect(frame == Self.naive(framing).encode(payload))
            let found = try framing.outcome(of: frame + frame)
            #expect(found == NaiveFrames(payloads: [payload, payload]))
        }
    }

    @Test(arguments: LengthPrefixedFraming.Width.allCases)
    func `long payloads use all bytes of the length`(
        width: LengthPrefixedFraming.Width
    ) throws {
        for byteOrder in LengthPrefixedFraming.ByteOrder.allCases {
            let framing = LengthPrefixedFraming(width: width, byteOrder: byteOrder)
            let longest = min(framing.maxPayloadByteCount, 70_000)
            for byteCount in [longest - 1, longest] {
                let payload = [UInt8](repeating: 3, count: byteCount)
                let frame = framing.frame(of: payload)
                #expect(frame == Self.naive(framing).encode(payload))
                #expect(try framing.outcome(of: frame) == NaiveFrames(payloads: [payload]))
            }
        }
    }

    @Test(
        arguments: [
            (.one, .payload, 255), (.one, .wholeFrame, 254), (.two, .payload, 65_535),
            (.two, .wholeFrame, 65_533), (.three, .payload, 1_048_568),
            (.four, .wholeFrame, 1_048_568), (.eight, .payload, 1_048_568),
        ] as [(LengthPrefixedFraming.Width, LengthPrefixedFraming.LengthCount, Int)]
    )
    func `a payload whose length has no room is refused`(
        width: LengthPrefixedFraming.Width,
        counts: LengthPrefixedFraming.LengthCount,
        max: Int
    ) {
        let framing = LengthPrefixedFraming(width: width, lengthCounts: counts)
        #expect(framing.maxPayloadByteCount == max)
        #expect(framing.maxFrameByteCount == max + width.rawValue)
        #expect(framing.maxFrameByteCount <= 1_048_576, "a pool by default holds it")
        #expect(framing.canSend(byteCount: max, flags: 0))
        #expect(!framing.canSend(byteCount: max + 1, flags: 0))
        #expect(!framing.canSend(byteCount: Int.max, flags: 0))
        #expect(!framing.canSend(byteCount: 0, flags: 1))
        #expect(framing.sendLimits.frontByteCount == width.rawValue)
    }

    @Test func `a three-byte length has its own limit`() {
        let framing = LengthPrefixedFraming(width: .three, maxPayloadByteCount: 20_000_000)
        #expect(framing.maxPayloadByteCount == 16_777_215)
    }

    @Test func `failures have names and say what they are`() {
        let failures: [(LengthPrefixedFraming.Failure, String)] = [
            (.tooLong(length: 7), "length-too-long: a length of 7 is more than the maximum"),
            (.tooShort(length: 1), "length-too-short: a length of 1 does not count its own bytes"),
            (.truncated, "frame-truncated: the stream ended within a frame"),
        ]
        #expect(LengthPrefixedFraming.failureNames.count == failures.count)
        for (index, (failure, words)) in failures.enumerated() {
            #expect(LengthPrefixedFraming.failureIndex(failure) == index)
            #expect("\(failure)" == words)
        }
    }

    @Test(arguments: [-1, Int(Int32.max) - 7])
    func `a maximum that no block can hold is a programming error`(max: Int) async {
        await #expect(processExitsWith: trap) { [max = max as Int] in
            _ = LengthPrefixedFraming(width: .eight, maxPayloadByteCount: max)
        }
    }

    @Test func `a payload that is longer than the length can say is not written`() async {
        await #expect(processExitsWith: trap) {
            _ = LengthPrefixedFraming(width: .one).frame(of: [UInt8](repeating: 0, count: 256))
        }
    }
}
