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

    /// Both at least 1 and at most 2^30. A frame larger than `maxByteCount` is delivered all the
    /// same.
    public init(maxFrameCount: Int = 256, maxByteCount: Int = 262_144) {
        precondition(maxFrameCount >= 1 && maxByteCount >= 1, "no credit, no delivery")
        precondition(
            maxFrameCount <= 1 << 30 && maxByteCount <= 1 << 30,
            "what is in flight is counted in 31 bits, and bytes in 32"
        )
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
/// Eight bytes, since each connection has one. They are enough: what is in flight is below the
/// limit, or within it and one read more. A read has one block, of at most 2 GiB; and each frame
/// has a cell of its worker's queue, of which there are at most 2^30.
///
/// Thread: the connection's reactor. The limits are passed in, since all connections share them.
@usableFromInline
package struct CreditAccount: BitwiseCopyable {
    private var bytes: UInt32 = 0
    /// Frames, and whether there is a pause in the lowest bit.
    private var framesAndPause: UInt32 = 0

    package init() {}

    /// In flight: delivered, not given back.
    package var frameCount: Int { Int(framesAndPause >> 1) }
    /// In flight: delivered, not given back.
    package var byteCount: Int { Int(bytes) }
    /// Whether nothing more may be delivered for now.
    @usableFromInline
    package var isPaused: Bool { framesAndPause & 1 != 0 }

    /// Counts a frame that is delivered, with `byteCount` bytes of payload: what the worker gives
    /// back is that of the event, whatever else of the frame there was.
    @usableFromInline
    package mutating func spend(byteCount: Int, within limits: CreditLimits) {
        precondition(
            byteCount >= 0 && byteCount <= 1 << 31,
            "a payload has 0 bytes to 2 GiB"
        )
        framesAndPause += 2
        bytes += UInt32(byteCount)
        if frameCount >= limits.maxFrameCount || self.byteCount >= limits.maxByteCount {
            framesAndPause |= 1
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
        framesAndPause -= UInt32(frameCount) << 1
        bytes -= UInt32(byteCount)
        guard isPaused, self.frameCount <= limits.maxFrameCount / 2,
            self.byteCount <= limits.maxByteCount / 2
        else { return false }
        framesAndPause &= ~1
        return true
    }
}
