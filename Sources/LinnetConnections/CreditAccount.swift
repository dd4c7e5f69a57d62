// SPDX-License-Identifier: Apache-2.0

/// How much of one connection may be with its worker at a time.
public struct CreditLimits: Hashable, Sendable {
    /// 256 by default: work for a worker while its reactor sleeps and wakes, and a small part of
    /// the worker's queue, so that no connection keeps the others out of it.
    public let maxFrameCount: Int
    /// 262,144 bytes by default: a few full reads, so that one is parsed while the others are
    /// handled. What a connection keeps of the pool is bounded by the blocks that its frames stand
    /// in, at most one for each frame.
    public let maxByteCount: Int

    /// Both at least 1. A frame larger than `maxByteCount` is delivered all the same.
    public init(maxFrameCount: Int = 256, maxByteCount: Int = 262_144) {
        precondition(maxFrameCount >= 1 && maxByteCount >= 1, "no credit, no delivery")
        self.maxFrameCount = maxFrameCount
        self.maxByteCount = maxByteCount
    }
}

/// What of one connection was delivered to its worker and not given back yet.
///
/// The account is paused when the frames or the bytes reach their limit, until both are at half of
/// it or below. Half, because a reactor that went on at the first frame given back would stop
/// again at the next one, and so wake and sleep for each; and the worker has the other half to live
/// on meanwhile.
///
/// A reactor that looks at ``isPaused`` before each frame never has more than `maxFrameCount`
/// frames out, and fewer bytes than `maxByteCount` and one frame together. One that looks before
/// each read exceeds both by at most the frames of that read.
///
/// Thread: the connection's reactor. The limits are passed in, since all connections share them.
package struct CreditAccount: BitwiseCopyable {
    /// In flight: delivered, not given back.
    package private(set) var byteCount = 0
    private var frames: UInt32 = 0
    /// Whether nothing more may be delivered for now.
    package private(set) var isPaused = false

    package init() {}

    /// In flight: delivered, not given back.
    package var frameCount: Int { Int(frames) }

    /// Counts a frame that is delivered, with `byteCount` bytes of payload: what the worker gives
    /// back is that of the event, whatever else of the frame there was.
    package mutating func spend(byteCount: Int, within limits: CreditLimits) {
        precondition(byteCount >= 0, "a payload has no fewer than 0 bytes")
        frames += 1
        self.byteCount += byteCount
        if frameCount >= limits.maxFrameCount || self.byteCount >= limits.maxByteCount {
            isPaused = true
        }
    }

    /// Counts what the worker is done with.
    ///
    /// - Returns: whether this ended a pause, so that the reactor has to deliver again.
    package mutating func giveBack(
        frameCount: Int,
        byteCount: Int,
        within limits: CreditLimits
    ) -> Bool {
        precondition(
            (0...self.frameCount).contains(frameCount)
                && (0...self.byteCount).contains(byteCount),
            "more credit was given back than was spent"
        )
        frames -= UInt32(frameCount)
        self.byteCount -= byteCount
        guard isPaused, self.frameCount <= limits.maxFrameCount / 2,
            self.byteCount <= limits.maxByteCount / 2
        else { return false }
        isPaused = false
        return true
    }
}
