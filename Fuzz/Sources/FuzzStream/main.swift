// SPDX-License-Identifier: Apache-2.0

// One direction of a connection, cut and handled in many ways: the result is always that of the
// naive decoder, nothing is lost or late, nothing is held that need not be, and every block comes
// back.
//
// Input: a byte of settings, nine bytes of script (see Script), then the stream under test.

import FuzzKit
import LinnetBytes
import LinnetCodec
import LinnetTestSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzStream(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // SAFETY: libFuzzer passes `count` bytes at `start` that stay until this returns.
    var input = unsafe FuzzInput(start: start, count: count)
    let settings = PacketSettings(input.takeByte())
    let script = Script(takenFrom: &input)
    let framing = settings.framing
    let stream = settings.prepared(input.takeRest())
    let expected = settings.naive.decode(stream)
    let pool = PoolShape.roomy.makePool(maxFrameByteCount: framing.maxFrameByteCount)
    for place in PlacedBytes.Place.allCases {
        let placed = PlacedBytes(stream, in: place)
        let inPlace = NaiveOutcome(decodingInPlace: placed.bytes, framing: framing)
        expectEqual(inPlace, expected, "decoded in place")
        let whole = Run.report(of: placed.bytes, framing, .whole, pool).outcome
        expectEqual(whole, expected, "fed whole")
    }
    let placed = PlacedBytes(stream, in: .heap)
    let byteByByte = Run.report(of: placed.bytes, framing, .byteByByte, pool).outcome
    expectEqual(byteByByte, expected, "fed byte by byte")
    checkScripted(placed.bytes, stream, settings, script, expected)
    return 0
}

private func checkScripted(
    _ span: RawSpan,
    _ stream: [UInt8],
    _ settings: PacketSettings,
    _ script: Script,
    _ expected: NaiveOutcome
) {
    let framing = settings.framing
    let pool = script.poolShape.makePool(maxFrameByteCount: framing.maxFrameByteCount)
    let report = Run.report(of: span, framing, script, pool)
    let found = report.outcome
    if script.isAbandoned, found.error == nil {
        let beginning = expected.packets.prefix(found.packets.count)
        expectEqual(found.packets, Array(beginning), "abandoned half-way, \(script)")
    } else {
        expectEqual(found, expected, "cut and handled by the \(script)")
    }
    // Decoding each beginning of a long stream naively would take too long.
    guard stream.count <= 256 else { return }
    for (byteCount, packetCount) in report.progress {
        let due = settings.naive.decode(Array(stream.prefix(byteCount)))
        expectEqual(packetCount, due.packets.count, "packets after \(byteCount) bytes, \(script)")
        let isErrorDue = due.error.map { $0.name != "truncated" } ?? false
        expect(!isErrorDue, "an error was due after \(byteCount) bytes, \(script)")
    }
}
