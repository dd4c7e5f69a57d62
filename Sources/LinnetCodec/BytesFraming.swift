// SPDX-License-Identifier: Apache-2.0

/// Raw bytes as they come: for a wire whose messages the handler finds itself, or that has none.
///
/// A frame is what has arrived, up to ``maxFrameByteCount``. Where it ends depends on the network
/// and on when we read: what the peer sent with one call may come as several frames, and what it
/// sent with several as one. Only the bytes and their order are the peer's. No framing whose frames
/// mean something may do so: see ``Framing/nextFrame(in:state:)``.
///
/// A payload goes out as it is, and may be longer than a frame that is read: as long as a block of
/// the pool. It may have no flags, for there is nowhere to put them.
///
/// Nothing is ever wrong or incomplete: a connection keeps no block between reads.
///
/// Cost: none beside the parser's.
@frozen
public struct BytesFraming: Framing, Hashable {
    /// Of a frame that is read.
    public let maxFrameByteCount: Int

    /// - Parameter maxFrameByteCount: at least 1. 65,536 by default: a reactor reads no more at a
    ///   time, so nothing is cut that came together. Less makes shorter frames of a long read.
    @inlinable
    public init(maxFrameByteCount: Int = 65_536) {
        precondition(maxFrameByteCount >= 1, "a frame has a byte")
        self.maxFrameByteCount = maxFrameByteCount
    }

    /// Any payload that a block of a pool can hold: the pool is the limit.
    @inlinable public var sendLimits: SendLimits { SendLimits(maxPayloadByteCount: 1 << 31) }

    @inlinable
    public func nextFrame(
        in bytes: RawSpan,
        state: inout NoState
    ) throws(Never) -> FrameStep<NoMetadata> {
        let byteCount = min(bytes.byteCount, maxFrameByteCount)
        return .frame(
            byteCount: byteCount,
            payload: 0..<byteCount,
            metadata: NoMetadata()
        )
    }

    @inlinable
    public func failure(atEndBehind bytes: RawSpan, state: NoState) -> Never? { nil }
}
