// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
public import LinnetConnections

/// A reactor's way to one worker: what it pushes in a batch, and the one wake-up behind it.
///
/// Each batch ends with ``flush()``, before the reactor does anything that takes long: until then
/// the worker may stand before a cell that was claimed and not used.
///
/// Thread: its reactor's.
@frozen
@usableFromInline
package struct EventPort {
    @usableFromInline var batch: EventQueue<Event>.Batch

    package init(to queue: EventQueue<Event>) {
        batch = queue.makeBatch()
    }

    /// Pushes a frame that still stands where it was read, and keeps its block for the worker.
    ///
    /// - Parameter holdingReference: the caller holds a reference of the block for this frame,
    ///   which passes to the worker if the frame is queued and stays the caller's if not. So a
    ///   reactor can retain a block for many frames with one atomic addition.
    /// - Returns: `.full` when the queue has no room for data: the reactor stops reading the
    ///   connection and delivers the frame later. Nobody tells it when there is room: it looks
    ///   again with its next batch, or after a moment.
    @inlinable
    package mutating func push<F: Framing>(
        _ frame: borrowing FrameView<F>,
        from id: ConnectionID,
        holdingReference: Bool = false
    ) -> PushResult {
        guard let home = frame.home else {
            preconditionFailure("a frame for a worker stands in a pool's block")
        }
        let event = Event(
            .frame,
            id: id,
            block: home.block,
            payload: home.offset..<home.offset + frame.payload.byteCount,
            prefersOwnBlock: home.prefersOwnBlock,
            metadata: RawMetadata(frame.metadata)
        )
        // First the reference: the worker may release it before `push` has returned.
        if !holdingReference { home.memory.retain(home.block) }
        let result = batch.push(event)
        if result != .queued, !holdingReference { home.memory.release(home.block) }
        return result
    }

    /// Pushes what is not a frame. `opened` counts as data: a full worker gets no new connections.
    @inlinable
    package mutating func push(_ event: Event) -> PushResult {
        assert(event.kind != .frame, "a frame holds a block")
        return batch.push(event, isControl: event.kind != .opened)
    }

    /// Ends the batch: wakes the worker if it sleeps and something was pushed.
    @inlinable
    package mutating func flush() {
        batch.finish()
    }
}
