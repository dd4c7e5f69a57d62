// SPDX-License-Identifier: Apache-2.0

// LinnetCodec turns the bytes of a connection into frames and back: framings, the views that
// handlers get, the stream parser, and the packets of Specs/protocol.md with their checksums,
// limits and errors. It does no IO and owns no clock. It promises that no peer's bytes can trap,
// read outside the given bytes, or make it hold more than a stated limit. It imports LinnetBytes,
// the kernels of CLinnet, and zlib.

/// How a stream of bytes is cut into frames: one conformance per wire.
///
/// A framing is a value with settings only, shared by all connections; what one direction of one
/// connection remembers between frames is its `State`. It does no IO and keeps no bytes: it looks
/// at those that have arrived and says where the next frame ends. ``PacketFraming`` is the framing
/// of Linnet's own packets.
///
/// Thread: any; calls for one connection come one at a time.
public protocol Framing: Sendable {
    /// What one direction of a connection remembers between frames: plain data, copied freely.
    associatedtype State: BitwiseCopyable & Sendable
    /// What is known of a frame beside its payload: plain data, at most 24 bytes.
    associatedtype Metadata: BitwiseCopyable & Sendable
    /// Why the bytes cannot be a frame.
    associatedtype Failure: Error

    /// The state before the first byte of a direction.
    var initialState: State { get }

    /// No frame is longer than this, in bytes, all of it counted. When as many bytes are there,
    /// `nextFrame` MUST return a frame or throw: what a connection holds depends on it.
    var maxFrameByteCount: Int { get }

    /// Looks for a frame at the front of `bytes`.
    ///
    /// The same bytes come again, with more behind them, after `.incomplete`; what it returns MUST
    /// NOT depend on how the stream was cut. `state` may change in both cases.
    ///
    /// - Parameter bytes: what has arrived of this frame and of those behind it; not empty.
    /// - Throws: when no continuation could make these bytes a frame. The direction is over then.
    func nextFrame(in bytes: RawSpan, state: inout State) throws(Failure) -> FrameStep<Metadata>

    /// Whether a lease of such a frame should have a block of its own rather than keep the one that
    /// the frame was read into. By default no.
    func prefersOwnBlock(_ metadata: Metadata) -> Bool

    /// What is wrong when the direction ends here, or `nil` if it ends cleanly.
    ///
    /// - Parameter bytes: what has arrived behind the last frame; may be empty.
    func failure(atEndBehind bytes: RawSpan, state: State) -> Failure?
}

extension Framing {
    @inlinable
    public func prefersOwnBlock(_ metadata: Metadata) -> Bool { false }
}

/// What a framing found at the front of the bytes.
@frozen
public enum FrameStep<Metadata: BitwiseCopyable & Sendable>: Sendable {
    /// More bytes are needed.
    case incomplete
    /// A frame of `byteCount` bytes, whose payload stands at `payload` within it.
    case frame(byteCount: Int, payload: Range<Int>, metadata: Metadata)
}

/// Most bytes that a framing's metadata may have: they travel in the cell of an event.
public let maxFrameMetadataByteCount = 24
