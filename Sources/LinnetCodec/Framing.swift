// SPDX-License-Identifier: Apache-2.0

// LinnetCodec turns the bytes of a connection into frames and back: framings, the views that
// handlers get, the stream parser, and the packets of Specs/protocol.md with their checksums,
// limits and errors. It does no IO and owns no clock. It promises that no peer's bytes can trap,
// read outside the given bytes, or make it hold more than a stated limit. It imports LinnetBytes,
// the kernels of CLinnet, and zlib.

/// How a stream of bytes is cut into frames, and how frames are written: one conformance per wire.
///
/// A framing is a value with settings only, shared by all connections; what one direction of one
/// connection remembers between frames is its `State`, or `SendState`. It does no IO and keeps no
/// bytes: it looks at those that have arrived and says where the next frame ends, and it writes
/// what stands before and behind a payload that is sent. By default nothing does: then the payload
/// is the frame. ``PacketFraming`` is the framing of Linnet's own packets; ``BytesFraming``,
/// ``LineFraming`` and ``LengthPrefixedFraming`` serve wires of others.
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
    /// NOT depend on how the stream was cut. (The one exception is a framing whose frames mean
    /// nothing to the peers, ``BytesFraming``: it gives what there is.) `state` may change in both
    /// cases.
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

    /// What one sending direction remembers between frames: plain data, copied freely. By default
    /// nothing.
    associatedtype SendState: BitwiseCopyable & Sendable = NoState

    /// The state before the first frame that is sent.
    var initialSendState: SendState { get }

    /// The most bytes that are written before and behind a payload. By default 0.
    var maxFrontByteCount: Int { get }
    var maxBackByteCount: Int { get }

    /// Which payloads can be sent. By default those that fit into `maxFrameByteCount`, with no
    /// flags.
    var sendLimits: SendLimits { get }

    /// Writes what stands before a payload, at the front of `front`. Frames are written in the
    /// order in which they go out.
    ///
    /// - Parameters:
    ///   - payload: one that ``canSend(byteCount:flags:)``, as the caller has made sure.
    ///   - flags: what the sender wants of the frame; their meaning is the framing's.
    ///   - front: room for at least `maxFrontByteCount` bytes.
    /// - Returns: how many bytes were written.
    func writeFront(
        of payload: RawSpan,
        flags: UInt16,
        state: inout SendState,
        into front: inout MutableRawSpan
    ) -> Int

    /// Writes what stands behind a payload, at the front of `back`, which has room for at least
    /// `maxBackByteCount` bytes. See ``writeFront(of:flags:state:into:)``.
    func writeBack(of payload: RawSpan, flags: UInt16, into back: inout MutableRawSpan) -> Int

    /// What failures are counted as: one name for each cause.
    static var failureNames: [String] { get }

    /// The index of the failure's cause in `failureNames`.
    static func failureIndex(_ failure: Failure) -> Int

    /// What a peer is told before its connection is closed for such a failure: the payload of one
    /// more frame, without flags, behind what was sent until then. By default nothing.
    ///
    /// An answer that the handler still owes is not waited for: a handler of a wire whose answers
    /// are told apart by their order alone answers at once, or pauses the connection until then.
    /// It is not sent if the handler has closed the connection or the peer reads too little.
    static func lastWords(failureIndex: Int) -> [UInt8]
}

extension Framing {
    @inlinable
    public func prefersOwnBlock(_ metadata: Metadata) -> Bool { false }

    @inlinable public var maxFrontByteCount: Int { 0 }
    @inlinable public var maxBackByteCount: Int { 0 }

    @inlinable public var sendLimits: SendLimits {
        SendLimits(
            maxPayloadByteCount: maxFrameByteCount - maxFrontByteCount,
            frontByteCount: maxFrontByteCount,
            backFlags: .max,
            backByteCount: maxBackByteCount
        )
    }

    /// Whether a payload of `byteCount` bytes may be sent with such flags. O(1).
    @inlinable
    public func canSend(byteCount: Int, flags: UInt16) -> Bool {
        sendLimits.allows(byteCount: byteCount, flags: flags)
    }

    @inlinable
    public func writeFront(
        of payload: RawSpan,
        flags: UInt16,
        state: inout SendState,
        into front: inout MutableRawSpan
    ) -> Int { 0 }

    @inlinable
    public func writeBack(
        of payload: RawSpan,
        flags: UInt16,
        into back: inout MutableRawSpan
    ) -> Int { 0 }

    public static var failureNames: [String] { ["framing error"] }
    public static func failureIndex(_ failure: Failure) -> Int { 0 }
    public static func lastWords(failureIndex: Int) -> [UInt8] { [] }
}

/// The state of a direction that has nothing to remember.
@frozen
public struct NoState: BitwiseCopyable, Hashable, Sendable {
    @inlinable
    public init() {}
}

extension Framing where State == NoState {
    @inlinable public var initialState: NoState { NoState() }
}

extension Framing where SendState == NoState {
    @inlinable public var initialSendState: NoState { NoState() }
}

/// The metadata of frames of which nothing is known beside their payload.
@frozen
public struct NoMetadata: BitwiseCopyable, Hashable, Sendable {
    @inlinable
    public init() {}
}

extension Framing where Failure == Never {
    public static var failureNames: [String] { [] }
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
