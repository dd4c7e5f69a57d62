// SPDX-License-Identifier: Apache-2.0

import FuzzKit
import LinnetBytes
import LinnetCodec
import LinnetTestSupport

/// One direction: a parser, fed and handled as the script says, and the checks that do not need to
/// know the right result. What `FuzzStream` does with packets, for any wire.
struct Run<F: Framing>: ~Copyable {
    private let framing: F
    private let script: Script
    private let pool: PacketPool
    private let magazine: PacketPool.Magazine
    private let handler: FrameHandler<F>
    private var parser: StreamParser<F>
    private var fedByteCount = 0
    private var progress: [(byteCount: Int, frameCount: Int)] = []

    /// What a direction came to.
    struct Report {
        var frames: NaiveFrames
        /// How many frames were there after how many bytes, whenever the parser waited for more.
        var progress: [(byteCount: Int, frameCount: Int)]
    }

    /// - Parameter pool: one that nobody else uses.
    static func report(
        of stream: RawSpan,
        _ framing: F,
        _ script: Script,
        _ pool: PacketPool
    ) -> Report {
        let handler = FrameHandler<F>(verdicts: script.verdicts)
        let (failure, progress) = Run(framing, script, pool, handler).end(of: stream)
        while handler.dropOldestLease() {}
        let inUseCounts = pool.statistics.map(\.inUseCount)
        expect(inUseCounts.allSatisfy { $0 == 0 }, "blocks are out, by class: \(inUseCounts)")
        let frames = NaiveFrames(payloads: handler.payloads, failure: failure)
        return Report(frames: frames, progress: progress)
    }

    private init(
        _ framing: F,
        _ script: Script,
        _ pool: PacketPool,
        _ handler: FrameHandler<F>
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
    ) -> (String?, [(byteCount: Int, frameCount: Int)]) {
        let byteCount = script.isAbandoned ? stream.byteCount / 2 : stream.byteCount
        var segmentIndex = 0
        do throws(F.Failure) {
            while fedByteCount < byteCount {
                let wanted = script.segmentByteCounts[segmentIndex % script.segmentByteCounts.count]
                let end = fedByteCount + min(wanted, byteCount - fedByteCount)
                try feed(stream.extracting(fedByteCount..<end))
                segmentIndex += 1
            }
        } catch {
            expect(parser.isOver, "an error ends the direction")
            checkNothingIsHeld()
            expect(parser.finish(framing) == nil, "an error is reported once")
            return (F.name(of: error), progress)
        }
        if script.isAbandoned { return (nil, progress) }
        let failure = parser.finish(framing)
        checkNothingIsHeld()
        return (failure.map { F.name(of: $0) }, progress)
    }

    /// Feeds one segment until the parser has all of it and nothing waits for the handler.
    private mutating func feed(_ segment: RawSpan) throws(F.Failure) {
        let end = fedByteCount + segment.byteCount
        var isPaused = false
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
            if !isPaused { progress.append((fedByteCount, handler.payloads.count)) }
        }
    }

    private func checkAccounts() {
        let pending = parser.pendingByteCount
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

extension Framing {
    static func name(of failure: Failure) -> String {
        expect("\(failure)".hasPrefix(failureNames[failureIndex(failure)]), "'\(failure)' is named")
        return failureNames[failureIndex(failure)]
    }

    /// Whether frames are only what has arrived, so that the payloads are one.
    static var joinsFrames: Bool { Self.self == BytesFraming.self }

    /// The frames of a whole direction, in place.
    func frames(in stream: RawSpan) -> NaiveFrames {
        var found = NaiveFrames()
        var state = initialState
        var start = 0
        do throws(Failure) {
            while start < stream.byteCount {
                let rest = stream.extracting(start..<stream.byteCount)
                guard
                    case .frame(let byteCount, let payload, _) = try nextFrame(
                        in: rest,
                        state: &state
                    )
                else { break }
                found.append([UInt8](rest.extracting(payload)), joins: Self.joinsFrames)
                start += byteCount
            }
            let rest = stream.extracting(start..<stream.byteCount)
            if let failure = failure(atEndBehind: rest, state: state) { throw failure }
        } catch {
            found.failure = Self.name(of: error)
        }
        return found
    }
}

extension NaiveFrames {
    mutating func append(_ payload: [UInt8], joins: Bool) {
        if joins, !payloads.isEmpty {
            payloads[0] += payload
        } else {
            payloads.append(payload)
        }
    }
}
