// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport

/// Runs the parser over a stream that comes in segments, and tells what came of it in the words of
/// the naive decoder; and puts frames together as a sender does.
extension Framing {
    /// - Parameters:
    ///   - cuts: where the stream is cut into segments, in order.
    ///   - refuses: each frame is refused once, and the handler pauses behind it.
    func outcome(
        of stream: [UInt8],
        cuts: [Int] = [],
        refuses: Bool = false
    ) throws -> NaiveFrames {
        let pool = try PacketPool(
            PacketPool.Configuration(
                blockClasses: [
                    .init(blockByteCount: 64, blockCount: 4, reserveCount: 1),
                    .init(
                        blockByteCount: max(128, (maxFrameByteCount + 63) / 64 * 64),
                        blockCount: 4,
                        reserveCount: 1
                    ),
                ],
                maxMagazineCount: 1
            )
        )
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        var parser = StreamParser(self, pool: pool)
        var found = NaiveFrames()
        var hasRefused = false
        let body = { (frame: borrowing FrameView<Self>) -> FrameVerdict in
            if refuses, !hasRefused {
                hasRefused = true
                return .refuse
            }
            hasRefused = false
            found.payloads.append([UInt8](frame.payload))
            return refuses ? .pause : .next
        }
        do throws(Failure) {
            var start = 0
            for end in cuts + [stream.count] {
                while start < end || parser.isPaused {
                    if parser.isPaused {
                        _ = try parser.resume(self, from: magazine, body)
                    } else {
                        let segment = stream.rawSpan.extracting(start..<end)
                        start += try parser.feed(self, segment, from: magazine, body)
                    }
                }
            }
            if let failure = parser.finish(self) { throw failure }
        } catch {
            found.failure = Self.failureNames[Self.failureIndex(error)]
        }
        return found
    }

    /// What the stream gives whole, byte by byte, cut once anywhere, and with a handler that
    /// refuses and pauses, if that is always the same; else `nil`.
    func outcomeOfEachCut(of stream: [UInt8]) throws -> NaiveFrames? {
        let whole = try outcome(of: stream)
        let everywhere = Array(1..<max(1, stream.count))
        var others = try [
            outcome(of: stream, cuts: everywhere), outcome(of: stream, refuses: true),
            outcome(of: stream, cuts: everywhere, refuses: true),
        ]
        for cut in everywhere { others.append(try outcome(of: stream, cuts: [cut])) }
        return others.allSatisfy { $0 == whole } ? whole : nil
    }

    /// A whole frame, put together as a sender does that does not copy the payload.
    func frame(of payload: [UInt8]) -> [UInt8] {
        var front = [UInt8](repeating: 0xEE, count: maxFrontByteCount)
        var back = [UInt8](repeating: 0xEE, count: maxBackByteCount)
        var state = initialSendState
        let frontByteCount = front.withMutableRawSpan {
            writeFront(of: payload.rawSpan, flags: 0, state: &state, into: &$0)
        }
        let backByteCount = back.withMutableRawSpan {
            writeBack(of: payload.rawSpan, flags: 0, into: &$0)
        }
        return front[..<frontByteCount] + payload + back[..<backByteCount]
    }
}
