// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
internal import LinnetCodec
public import LinnetConnections
public import LinnetEvents

/// Sends to connections and closes them, from any thread. Sends of one thread to one connection
/// keep their order.
///
/// Handlers have their ``Outbox``, which costs less. What a handler asks for here may overtake what
/// it has asked its outbox for before, since that leaves with the batch.
///
/// Cost: one push to the reactor's queue, and a system call if that sleeps.
///
/// Thread: any.
public struct ConnectionSender: Sendable {
    private let parts: EngineParts

    init(_ parts: EngineParts) {
        self.parts = parts
    }

    /// Where payloads come from: see ``PacketLease/init(copying:in:)``.
    public var pool: PacketPool { parts.pool }

    /// The longest payload of a frame with such flags.
    @usableFromInline
    func maxPayloadByteCount(flags: UInt16) -> Int {
        parts.sendLimits.maxPayloadByteCount - parts.sendLimits.backByteCount(flags: flags)
    }

    /// Sends the payload as one frame. O(1), never blocks.
    ///
    /// - Parameters:
    ///   - payload: of the ``pool``.
    ///   - id: who gets it.
    ///   - flags: for the framing's writer; of packets, the flags of their header.
    public func send(
        _ payload: consuming PacketLease,
        to id: ConnectionID,
        flags: UInt16 = 0
    ) -> SendResult {
        precondition(payload.isOf(parts.pool.memory), "a payload stands in the pool of the server")
        let table = parts.table.memory
        guard parts.sendLimits.allows(byteCount: payload.byteCount, flags: flags) else {
            return .refused
        }
        guard table.handlingStage(of: id) != .closed else { return .closed }
        guard !table.outboundIsFull(of: id) else { return .full }
        let range = payload.range
        let block = payload.intoBlock()
        let result = post(.send(id, block, range, flags: flags), isControl: false)
        if result != .queued { parts.pool.memory.release(block) }
        return result
    }

    /// Sends a copy of the payload as one frame. `.full` if the pool has no free block for it,
    /// `.refused` if none of its blocks is large enough.
    public func send(copying payload: RawSpan, to id: ConnectionID, flags: UInt16 = 0) -> SendResult
    {
        guard parts.sendLimits.allows(byteCount: payload.byteCount, flags: flags) else {
            return .refused
        }
        guard parts.table.contains(id) else { return .closed }
        guard let lease = PacketLease(copying: payload, in: parts.pool) else {
            return parts.pool.classIndex(holding: payload.byteCount) == nil ? .refused : .full
        }
        return send(lease, to: id, flags: flags)
    }

    /// Ends a connection gracefully: the frames that were delivered are handled, what was sent goes
    /// out, then `closed` is called.
    @discardableResult
    public func close(_ id: ConnectionID, code: UInt32 = 0) -> SendResult {
        guard parts.table.contains(id) else { return .closed }
        return post(.close(id, .closedByApplication(code: code)), isControl: true)
    }

    /// Stops reading a connection, or goes on. What was read before still comes.
    @discardableResult
    public func setPaused(_ isPaused: Bool, _ id: ConnectionID) -> SendResult {
        guard parts.table.contains(id) else { return .closed }
        return post(isPaused ? .pause(id) : .resume(id), isControl: true)
    }

    private func post(_ command: Command, isControl: Bool) -> SendResult {
        let queue = parts.commandQueues[command.id.reactorIndex]
        switch queue.push(command, isControl: isControl) {
        case .queued:
            queue.wakeConsumer()
            return .queued
        case .full: return .full
        case .closed: return .closed
        }
    }
}
