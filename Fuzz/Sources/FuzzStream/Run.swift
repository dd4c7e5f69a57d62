// SPDX-License-Identifier: Apache-2.0

import FuzzKit
import LinnetBytes
import LinnetCodec
import LinnetTestSupport

/// One direction: a parser, fed and handled as the script says, and the checks that do not need to
/// know the right result.
struct Run: ~Copyable {
    private let framing: PacketFraming
    private let script: Script
    private let pool: PacketPool
    private let magazine: PacketPool.Magazine
    private let handler: Handler
    private var parser: StreamParser<PacketFraming>
    private var fedByteCount = 0

    private var progress: [(byteCount: Int, packetCount: Int)] = []

    /// What a direction came to.
    struct Report {
        var outcome: NaiveOutcome
        /// How many packets were there after how many bytes, whenever the parser waited for more.
        var progress: [(byteCount: Int, packetCount: Int)]
    }

    /// - Parameter pool: one that nobody else uses.
    static func report(
        of stream: RawSpan,
        _ framing: PacketFraming,
        _ script: Script,
        _ pool: PacketPool
    ) -> Report {
        let handler = Handler(verdicts: script.verdicts)
        let (error, progress) = Run(framing, script, pool, handler).end(of: stream)
        while handler.dropOldestLease() {}
        let inUseCounts = pool.statistics.map(\.inUseCount)
        expect(inUseCounts.allSatisfy { $0 == 0 }, "blocks are out, by class: \(inUseCounts)")
        let outcome = NaiveOutcome(packets: handler.packets, error: error)
        return Report(outcome: outcome, progress: progress)
    }

    private init(
        _ framing: PacketFraming,
        _ script: Script,
        _ pool: PacketPool,
        _ handler: Handler
    ) {
        guard let magazine = pool.makeMagazine() else { fatalError("the pool has no magazine") }
        self.framing = framing
        self.script = script
        self.pool = pool
        self.magazine = magazine
        self.handler = handler
        parser = StreamParser(framing, pool: pool)
    }

    /// Feeds all segments, then FIN unless the script says that the connection is reset.
    private consuming func end(
        of stream: RawSpan
    ) -> (NaiveError?, [(byteCount: Int, packetCount: Int)]) {
        let byteCount = script.isAbandoned ? stream.byteCount / 2 : stream.byteCount
        var segmentIndex = 0
        do throws(PacketError) {
            while fedByteCount < byteCount {
                let wanted = script.segmentByteCounts[segmentIndex % script.segmentByteCounts.count]
                let end = fedByteCount + min(wanted, byteCount - fedByteCount)
                try feed(stream.extracting(fedByteCount..<end))
                segmentIndex += 1
            }
        } catch {
            expect(parser.isOver, "an error ends the direction")
            checkNothingIsHeld()
            expectEqual(parser.finish(framing), nil, "an error is reported once")
            return (NaiveError(error), progress)
        }
        if script.isAbandoned { return (nil, progress) }
        let error = parser.finish(framing)
        checkNothingIsHeld()
        return (error.map { NaiveError($0) }, progress)
    }

    /// Feeds one segment until the parser has all of it and nothing waits for the handler.
    private mutating func feed(_ segment: RawSpan) throws(PacketError) {
        let end = fedByteCount + segment.byteCount
        var isPaused = false
        handler.noteCut(atByte: fedByteCount)
        while fedByteCount < end || isPaused {
            handler.prepareForCall()
            if isPaused {
                let isPausedAgain = try parser.resume(framing, from: magazine, handler.handle)
                expectEqual(isPausedAgain, parser.isPaused, "whether resume was paused again")
            } else {
                let rest = segment.extracting(last: end - fedByteCount)
                let count = try parser.feed(framing, rest, from: magazine, handler.handle)
                fedByteCount += count
                let canGoOn = count > 0 || handler.dropOldestLease()
                expect(canGoOn, "the parser takes no byte although nothing is leased")
            }
            isPaused = parser.isPaused
            expectEqual(isPaused, handler.hasStopped, "whether the parser is paused")
            checkAccounts()
            if !isPaused { progress.append((fedByteCount, handler.packets.count)) }
        }
    }

    private func checkAccounts() {
        let pending = parser.pendingByteCount
        expectEqual(handler.takenByteCount + pending, fedByteCount, "bytes taken and pending")
        if pending == 0 { return checkNothingIsHeld() }
        let classes = pool.configuration.blockClasses
        let smallest = pool.classIndex(holding: pending + 1) ?? classes.count - 1
        if parser.heldByteCount <= classes[smallest].blockByteCount { return }
        // A pool that had no smaller block may leave the bytes in a larger one.
        let hasBeenExhausted = pool.statistics.contains { $0.exhaustedCount > 0 }
        expect(hasBeenExhausted, "\(pending) bytes hold a block of \(parser.heldByteCount)")
    }

    private func checkNothingIsHeld() {
        expectEqual(parser.pendingByteCount, 0, "bytes pending while nothing is held")
        expectEqual(parser.heldByteCount, 0, "bytes held between frames, or after the end")
    }
}
