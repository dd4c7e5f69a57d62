// SPDX-License-Identifier: Apache-2.0

// One direction of a connection that speaks another wire than Linnet's, cut and handled in many
// ways: the frames are always those of a naive decoder that has all bytes at once, none is late,
// nothing is held that need not be, and what is sent is what the naive encoder writes.
//
// Input: a byte that names the wire, two bytes of its settings (see Wire), nine bytes of script
// (see Script), then the stream under test.

import FuzzKit
import LinnetBytes
import LinnetCodec
import LinnetTestSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzFramings(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // SAFETY: libFuzzer passes `count` bytes at `start` that stay until this returns.
    var input = unsafe FuzzInput(start: start, count: count)
    let kinds = Wire.Kind.allCases
    let kind = kinds[Int(input.takeByte()) % kinds.count]
    let wire = Wire(kind: kind, choice: input.takeByte(), size: input.takeByte())
    let script = Script(takenFrom: &input)
    let stream = input.takeRest()
    switch kind {
    case .bytes: check(wire.bytes, joining, script, stream)
    case .line: check(wire.line.framing, wire.line.naive.decode, script, stream)
    case .length: check(wire.length.framing, wire.length.naive.decode, script, stream)
    case .http:
        let (framing, naive) = wire.http
        check(framing, { naive.decode($0).frames }, script, stream, maxNaiveByteCount: 96)
        checkRequests(framing, naive.decode(stream).requests)
    }
    switch kind {
    case .bytes: checkWriting(wire.bytes, { $0 }, stream)
    case .line: checkWriting(wire.line.framing, wire.line.naive.encode, stream)
    case .length: checkWriting(wire.length.framing, wire.length.naive.encode, stream)
    case .http: checkWriting(wire.http.framing, { $0 }, stream)
    }
    return 0
}

/// Of raw bytes only the bytes and their order mean something.
private func joining(_ stream: [UInt8]) -> NaiveFrames {
    NaiveFrames(payloads: stream.isEmpty ? [] : [stream])
}

private func check<F: Framing>(
    _ framing: F,
    _ naive: ([UInt8]) -> NaiveFrames,
    _ script: Script,
    _ stream: [UInt8],
    maxNaiveByteCount: Int = 256
) {
    let expected = naive(stream)
    let pool = PoolShape.roomy.makePool(maxFrameByteCount: framing.maxFrameByteCount)
    for place in PlacedBytes.Place.allCases {
        let placed = PlacedBytes(stream, in: place)
        expectEqual(framing.frames(in: placed.bytes), expected, "decoded in place")
        let whole = Run.report(of: placed.bytes, framing, .whole, pool).frames
        expectEqual(whole, expected, "fed whole")
    }
    let placed = PlacedBytes(stream, in: .heap)
    let byteByByte = Run.report(of: placed.bytes, framing, .byteByByte, pool).frames
    expectEqual(byteByByte, expected, "fed byte by byte")

    let scriptedPool = script.poolShape.makePool(maxFrameByteCount: framing.maxFrameByteCount)
    let report = Run.report(of: placed.bytes, framing, script, scriptedPool)
    let fedByteCount = script.isAbandoned ? stream.count / 2 : stream.count
    if script.isAbandoned, report.frames.failure == nil {
        let due = naive(Array(stream.prefix(fedByteCount))).payloads
        expectEqual(report.frames.payloads, due, "abandoned half-way, \(script)")
    } else {
        expectEqual(report.frames, expected, "cut and handled by the \(script)")
    }
    // Decoding each beginning of a long stream naively would take too long.
    guard stream.count <= maxNaiveByteCount else { return }
    for (byteCount, frameCount) in report.progress {
        let due = naive(Array(stream.prefix(byteCount)))
        expectEqual(frameCount, due.payloads.count, "frames after \(byteCount) bytes, \(script)")
        let isErrorDue = due.failure.map { !Wire.endFailures.contains($0) } ?? false
        expect(!isErrorDue, "an error was due after \(byteCount) bytes, \(script)")
    }
}

/// Sends the beginnings of the stream as payloads, as far as the framing can.
private func checkWriting<F: Framing>(
    _ framing: F,
    _ naive: ([UInt8]) -> [UInt8],
    _ stream: [UInt8]
) {
    var state = framing.initialSendState
    for byteCount in Set([0, 1, stream.count / 2, stream.count]) where byteCount <= stream.count {
        let payload = Array(stream.prefix(byteCount))
        guard framing.canSend(byteCount: byteCount, flags: 0) else { continue }
        let placed = PlacedBytes(payload, in: .heap)
        var front = PlacedBytes(Array(repeating: 0xA5, count: framing.maxFrontByteCount), in: .heap)
        var back = PlacedBytes(Array(repeating: 0xA5, count: framing.maxBackByteCount), in: .heap)
        var before = front.mutableBytes
        let frontByteCount = framing.writeFront(
            of: placed.bytes,
            flags: 0,
            state: &state,
            into: &before
        )
        var behind = back.mutableBytes
        let backByteCount = framing.writeBack(of: placed.bytes, flags: 0, into: &behind)
        let written =
            [UInt8](front.bytes).prefix(frontByteCount) + payload
            + [UInt8](back.bytes).prefix(backByteCount)
        expectEqual(Array(written), naive(payload), "a payload of \(byteCount) bytes as it is sent")
    }
}
