// SPDX-License-Identifier: Apache-2.0

import Linnet

/// Reads a stream in pieces of each length: all have to find the same.
func checkCuts() throws {
    for (stream, expected) in [
        ("5:hello,0:,12:hello world!,", [5, 0, 12]), ("3:abc,03:abc,", [3]), ("2:ab;", []),
        ("65537:", []), ("18446744073709551616:", []), (":,", []), ("1:a,-1:a,", [1]),
    ] {
        let bytes = Array(stream.utf8)
        let outcomes = try (1...bytes.count).map { try outcome(of: bytes, pieceByteCount: $0) }
        for outcome in outcomes {
            precondition(outcome == outcomes[0], "\(stream) depends on how it is cut")
            precondition(outcome.lengths == expected, "\(stream) has other frames")
        }
        print("\(stream) \(outcomes[0])")
    }
}

private struct Outcome: Equatable {
    var lengths: [Int] = []
    var failure: NetstringFraming.Failure?
}

private func outcome(of bytes: [UInt8], pieceByteCount: Int) throws -> Outcome {
    let framing = NetstringFraming()
    let pool = try PacketPool()
    guard let magazine = pool.makeMagazine() else { return Outcome() }
    var parser = StreamParser(framing, pool: pool)
    var outcome = Outcome()
    do throws(NetstringFraming.Failure) {
        for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
            let piece = Array(bytes[start..<min(start + pieceByteCount, bytes.count)])
            _ = try parser.feed(framing, piece.span.bytes, from: magazine) { frame in
                outcome.lengths.append(frame.payload.byteCount)
                return .next
            }
        }
        outcome.failure = parser.finish(framing)
    } catch {
        outcome.failure = error
    }
    return outcome
}
