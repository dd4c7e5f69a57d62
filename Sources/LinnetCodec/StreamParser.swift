// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// What a handler of frames says after each.
@frozen
public enum FrameVerdict: Sendable {
    /// The frame is taken; on with the next.
    case next
    /// The frame is taken; keep the bytes behind it until ``StreamParser/resume(_:from:_:)``.
    case pause
    /// The frame could not be taken: keep it too, it will come again.
    case refuse
}

/// Cuts one direction of a connection into frames, in place.
///
/// Bytes come in blocks of the packet pool; frames are delivered where they stand; what is left is
/// kept by a `StreamTail`. The result does not depend on how the bytes were cut
/// (Specs/protocol.md 4.1.3). The parser does no IO.
///
/// Life: `readSpace`, then `parse` or `parseTail` with what was read, or ``feed(_:_:from:_:)`` with
/// bytes of any memory; ``resume(_:from:_:)`` after a pause; ``finish(_:)`` when the direction
/// ends. After an error the direction is over and the parser takes no more bytes.
///
/// Cost: a few nanoseconds for each frame beside the framing's own work; nothing is allocated or
/// counted by reference. For packets 43 bytes, and no block between frames.
///
/// Thread: the one that owns the connection.
public struct StreamParser<F: Framing>: ~Copyable {
    // In this order the flags stand in the padding of the tail.
    @usableFromInline
    package var tail: StreamTail
    /// Whether the direction has failed or ended.
    public internal(set) var isOver = false
    @usableFromInline
    package var isStopped = false
    @usableFromInline
    package var state: F.State

    /// Whether frames may wait for ``resume(_:from:_:)``: `body` paused or refused last time.
    public var isPaused: Bool { isStopped }

    /// A parser for a direction that has delivered nothing yet.
    public init(_ framing: F, pool: PacketPool) {
        precondition(
            MemoryLayout<F.Metadata>.size <= maxFrameMetadataByteCount,
            "the metadata of a framing has at most \(maxFrameMetadataByteCount) bytes"
        )
        precondition(
            pool.classIndex(holding: framing.maxFrameByteCount) != nil,
            "the pool's largest block holds the framing's longest frame"
        )
        tail = StreamTail(memory: pool.memory)
        state = framing.initialState
    }

    /// Bytes that wait for the rest of their frame, or for a paused handler.
    public var pendingByteCount: Int { tail.byteCount }

    /// Bytes of the block that they stand in; 0 between frames.
    public var heldByteCount: Int { tail.blockByteCount }

    /// Where the next bytes of the direction are to be read.
    @inlinable
    package mutating func readSpace(
        from magazine: borrowing PacketPool.Magazine
    ) -> StreamTail.ReadSpace {
        tail.readSpace(from: magazine)
    }

    /// Takes the frames of bytes that were read into a block which the caller holds, where
    /// ``readSpace(from:)`` said. Afterwards the caller may use the block again if it holds it
    /// alone.
    ///
    /// - Parameter range: the bytes that were read, within the block.
    /// - Returns: whether `body` paused or refused.
    /// - Throws: the framing's failure, after the frames before it were delivered.
    @inlinable
    package mutating func parse(
        _ framing: F,
        in range: Range<Int>,
        of block: Block,
        from magazine: borrowing PacketPool.Magazine,
        _ body: (borrowing FrameView<F>) -> FrameVerdict
    ) throws(F.Failure) -> Bool {
        precondition(!isOver && !isStopped, "the direction is over, or paused")
        let range = tail.prepend(to: range, of: block, from: magazine)
        return try take(framing, range, of: block, from: magazine, body)
    }

    /// Takes the frames of the tail after `addedByteCount` bytes were read behind it.
    @inlinable
    package mutating func parseTail(
        _ framing: F,
        adding addedByteCount: Int,
        from magazine: borrowing PacketPool.Magazine,
        _ body: (borrowing FrameView<F>) -> FrameVerdict
    ) throws(F.Failure) -> Bool {
        precondition(!isOver, "the direction is over")
        if addedByteCount > 0 { tail.didAppend(byteCount: addedByteCount) }
        isStopped = false
        guard let standing = tail.standing else { return false }
        return try take(framing, standing.range, of: standing.block, from: magazine, body)
    }

    /// Takes up again what was paused.
    ///
    /// - Returns: whether `body` paused or refused.
    /// - Throws: the framing's failure, after the frames before it were delivered.
    @inlinable
    public mutating func resume(
        _ framing: F,
        from magazine: borrowing PacketPool.Magazine,
        _ body: (borrowing FrameView<F>) -> FrameVerdict
    ) throws(F.Failure) -> Bool {
        try parseTail(framing, adding: 0, from: magazine, body)
    }

    /// Copies bytes of any memory in and takes their frames, for transports and tools that do not
    /// read into the pool.
    ///
    /// - Returns: how many bytes were taken in: fewer than all when `body` paused (``isPaused``) or
    ///   the pool has no block; the rest must come again. None while the parser is paused.
    /// - Throws: the framing's failure, after the frames before it were delivered.
    @inlinable
    public mutating func feed(
        _ framing: F,
        _ bytes: RawSpan,
        from magazine: borrowing PacketPool.Magazine,
        _ body: (borrowing FrameView<F>) -> FrameVerdict
    ) throws(F.Failure) -> Int {
        var fedByteCount = 0
        while fedByteCount < bytes.byteCount, !isStopped {
            let rest = bytes.extracting(fedByteCount..<bytes.byteCount)
            let added = tail.append(rest, from: magazine)
            if added == 0 { break }
            fedByteCount += added
            _ = try parseTail(framing, adding: 0, from: magazine, body)
        }
        return fedByteCount
    }

    /// The direction ended: nothing more will come.
    ///
    /// Traps while the parser is paused: frames that wait must be taken before the end is judged.
    ///
    /// - Returns: what is wrong with ending here, or `nil`.
    public mutating func finish(_ framing: F) -> F.Failure? {
        guard !isOver else { return nil }
        precondition(!isStopped, "the direction ends after its last frame was taken")
        isOver = true
        guard let standing = tail.standing else {
            return framing.failure(atEndBehind: RawSpan(), state: state)
        }
        // SAFETY: the tail holds the block and its range lies within.
        let all = unsafe UnsafeRawBufferPointer(tail.memory.bytes(of: standing.block))
        let bytes = unsafe RawSpan(
            _unsafeBytes: UnsafeRawBufferPointer(rebasing: all[standing.range])
        )
        let failure = framing.failure(atEndBehind: bytes, state: state)
        tail.drop()
        return failure
    }

    @inlinable
    mutating func take(
        _ framing: F,
        _ range: Range<Int>,
        of block: Block,
        from magazine: borrowing PacketPool.Magazine,
        _ body: (borrowing FrameView<F>) -> FrameVerdict
    ) throws(F.Failure) -> Bool {
        let memory = tail.memory
        // SAFETY: caller or tail holds the block; nobody writes these bytes while views exist.
        let all = unsafe UnsafeRawBufferPointer(memory.bytes(of: block))
        precondition(range.lowerBound >= 0 && range.upperBound <= all.count, "bytes of the block")
        let bytes = unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: all[range]))
        var takenByteCount = 0
        var isPaused = false
        do throws(F.Failure) {
            while takenByteCount < bytes.byteCount, !isPaused {
                let before = state
                let rest = unsafe bytes.extracting(
                    unchecked: Range(uncheckedBounds: (takenByteCount, bytes.byteCount))
                )
                guard
                    case .frame(let byteCount, let payload, let metadata) = try framing.nextFrame(
                        in: rest,
                        state: &state
                    )
                else {
                    assert(
                        rest.byteCount < framing.maxFrameByteCount,
                        "a framing decides when its longest frame is there"
                    )
                    break
                }
                precondition(
                    byteCount > 0 && byteCount <= rest.byteCount && payload.upperBound <= byteCount
                        && payload.lowerBound >= 0,
                    "a framing found a frame outside its bytes"
                )
                let home = FrameHome(
                    memory: memory,
                    block: block,
                    offset: range.lowerBound + takenByteCount + payload.lowerBound,
                    prefersOwnBlock: framing.prefersOwnBlock(metadata)
                )
                let view = FrameView<F>(
                    payload: unsafe rest.extracting(unchecked: payload),
                    metadata: metadata,
                    home: home
                )
                switch body(view) {
                case .next:
                    takenByteCount += byteCount
                case .pause:
                    takenByteCount += byteCount
                    isPaused = true
                case .refuse:
                    state = before
                    isPaused = true
                }
            }
        } catch {
            end()
            throw error
        }
        let rest = range.lowerBound + takenByteCount..<range.upperBound
        tail.keep(rest, of: block, from: magazine)
        isStopped = isPaused
        return isPaused
    }

    /// The direction is over: what was read of it and not delivered is given back.
    @usableFromInline
    package mutating func end() {
        isOver = true
        tail.drop()
    }
}
