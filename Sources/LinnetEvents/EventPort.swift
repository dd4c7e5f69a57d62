// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
public import LinnetConnections

/// A reactor's way to one worker: what it pushes in a batch, and the one wake-up behind it.
///
/// Thread: its reactor's.
@frozen
@usableFromInline
package struct EventPort {
    @usableFromInline let queue: EventQueue<Event>
    @usableFromInline let memory: QueueMemory<Event>
    @usableFromInline var hasPushed = false

    @inlinable
    package init(to queue: EventQueue<Event>) {
        self.queue = queue
        memory = queue.memory
    }

    /// Pushes a frame that still stands where it was read, and keeps its block for the worker.
    ///
    /// - Returns: `.full` when the queue has no room for data: the reactor stops reading the
    ///   connection and delivers the frame later. Nobody tells it when there is room: it looks
    ///   again with its next batch, or after a moment.
    @inlinable
    package mutating func push<F: Framing>(
        _ frame: borrowing FrameView<F>,
        from id: ConnectionID
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
        home.memory.retain(home.block)
        let result = memory.push(event)
        if result == .queued {
            hasPushed = true
        } else {
            home.memory.release(home.block)
        }
        return result
    }

    /// Pushes what is not a frame. `opened` counts as data: a full worker gets no new connections.
    @inlinable
    package mutating func push(_ event: Event) -> PushResult {
        assert(event.kind != .frame, "a frame holds a block")
        let result = memory.push(event, isControl: event.kind != .opened)
        if result == .queued { hasPushed = true }
        return result
    }

    /// Ends the batch: wakes the worker if it sleeps and something was pushed.
    @inlinable
    package mutating func flush() {
        guard hasPushed else { return }
        hasPushed = false
        memory.wakeConsumer()
    }
}
