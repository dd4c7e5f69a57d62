// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// A frame where it stands in a block of the packet pool: its payload and what the framing knows of
/// it.
///
/// The view is borrowed: the compiler lets it live no longer than the call that delivered it.
/// To keep the payload take a ``lease()``; metadata is plain data to be copied at will.
///
/// Cost: two words, the metadata, and the name of the block; all accessors are free.
@frozen
public struct FrameView<F: Framing>: BitwiseCopyable, ~Escapable {
    /// The payload, in place.
    public let payload: RawSpan
    /// What the framing knows of the frame.
    public let metadata: F.Metadata
    @usableFromInline
    package let home: FrameHome?

    @inlinable
    @_lifetime(copy payload)
    package init(payload: RawSpan, metadata: F.Metadata, home: FrameHome?) {
        self.payload = payload
        self.metadata = metadata
        self.home = home
    }

    /// Keeps the payload: no copy, one atomic addition.
    ///
    /// If the framing says that such a frame is better kept apart (of packets: `detach`), the
    /// payload is copied to a block of its own, as long as the pool has one; so a small payload
    /// does not hold the large block that it was read into.
    ///
    /// A frame that a server or client delivers always stands in the pool. A view that was made of
    /// other memory has nothing to keep, and this traps: copy with
    /// ``PacketLease/init(copying:in:)``.
    @inlinable
    public borrowing func lease() -> PacketLease {
        // Not the view is passed on but what it holds: to put the view together in memory for a
        // call cost each frame 8 ns, also where the call was not made.
        guard let home else {
            preconditionFailure("only a frame that stands in a pool's block can be leased")
        }
        return home.lease(payload)
    }
}

/// Where a frame's payload stands: a block, and the offset of the payload within it.
@frozen
@usableFromInline
package struct FrameHome: BitwiseCopyable, Sendable {
    @usableFromInline
    package let memory: PoolMemory
    @usableFromInline
    package let block: Block
    @usableFromInline
    package let offset: Int

    @usableFromInline
    package let prefersOwnBlock: Bool

    @inlinable
    package init(memory: PoolMemory, block: Block, offset: Int, prefersOwnBlock: Bool) {
        self.memory = memory
        self.block = block
        self.offset = offset
        self.prefersOwnBlock = prefersOwnBlock
    }

    /// - Parameter payload: what stands there.
    @usableFromInline
    func lease(_ payload: RawSpan) -> PacketLease {
        if prefersOwnBlock, let copy = PacketLease(copying: payload, in: memory) { return copy }
        memory.retain(block)
        return PacketLease(
            adopting: block,
            of: memory,
            range: offset..<offset + payload.byteCount
        )
    }
}
