// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetConnections

/// How a handler reaches connections: what it sends and closes is gathered here, and goes to each
/// reactor once per batch.
///
/// A handler gets it with each call and cannot keep it. Connections of other handlers are reached
/// in the same way as its own. Commands to one reactor keep their order. What finds no room in the
/// reactor's queue waits here, and this is bounded too: sends are answered `.full` before the room
/// is gone that ends and credits need.
///
/// Thread: that of the worker, or of the reactor when handlers run inline.
public struct Outbox: ~Copyable {
    /// Where payloads come from.
    public let magazine: PacketPool.Magazine
    private var stages: CommandStages
    private let table: TableMemory
    /// Whose connections the handler has.
    private let workerIndex: Int
    /// The connection whose event is being handled.
    private var current = ConnectionID(rawValue: 0)
    /// Frames of the current connection, and of calls before for the same, that were handled.
    private var handledFrameCount = 0
    private var handledByteCount = 0

    /// Commands that one event can cause beside what the handler asks for: a credit before it, one
    /// behind it, `close` of its own connection, `finished`.
    private static let ownCommandCount = 4

    /// - Parameters:
    ///   - magazine: of the pool in which all payloads stand.
    ///   - queues: of the commands to each reactor.
    ///   - capacity: how many commands to one reactor can wait here.
    /// - Throws: `Errno` when the system refuses the memory.
    package init(
        magazine: consuming PacketPool.Magazine,
        queues: [EventQueue<Command>],
        table: TableMemory,
        workerIndex: Int,
        capacity: Int = 4_096
    ) throws(Errno) {
        self.magazine = magazine
        self.table = table
        self.workerIndex = workerIndex
        stages = try CommandStages(queues: queues, capacity: capacity)
    }

    /// Sends the payload as one frame.
    ///
    /// - Parameters:
    ///   - payload: of the pool that ``magazine`` is of.
    ///   - flags: for the framing's writer; of packets, the flags of their header.
    /// - Returns: `.queued` if it goes out unless the connection breaks; `.full` if there is no
    ///   room now; `.closed` if the connection has ended. What was not queued is given back to the
    ///   pool.
    @discardableResult
    public mutating func send(
        _ payload: consuming PacketLease,
        to id: ConnectionID,
        flags: UInt16 = 0
    ) -> PushResult {
        precondition(payload.isOf(magazine.memory), "a payload stands in the pool of the server")
        guard table.handlingStage(of: id) != .closed else { return .closed }
        guard stages.count(id.reactorIndex) < stages.capacity * 3 / 4 else { return .full }
        let range = payload.range
        stages.append(.send(id, payload.intoBlock(), range, flags: flags))
        return .queued
    }

    /// Ends a connection gracefully: what was sent before goes out, then `closed` is called.
    ///
    /// Frames that have arrived and were not handled yet are dropped if the connection is one of
    /// this handler's, and handled if it is another's.
    ///
    /// - Parameter code: the application's reason, which `closed` gets.
    /// - Returns: `.queued`, also if it was closed before; `.closed` if it has ended; `.full` if
    ///   there is no room now, which never happens for the connection whose event is being handled.
    @discardableResult
    public mutating func close(_ id: ConnectionID, code: UInt32 = 0) -> PushResult {
        switch table.handlingStage(of: id) {
        case .closed: return .closed
        case .closing: return .queued
        case .handling: break
        }
        let limit = id == current ? stages.capacity : stages.capacity - Self.ownCommandCount
        guard stages.count(id.reactorIndex) < limit else { return .full }
        let isOwn = table.workerIndex(of: id) == workerIndex
        if isOwn { table.setHandlingStage(.closing, of: id) }
        let reason: CloseReason =
            isOwn ? .closedByHandler(code: code) : .closedByApplication(code: code)
        stages.append(.close(id, reason))
        return .queued
    }
}

// MARK: - For the side that runs the handler

extension Outbox {
    /// Whether everything that handling one more event can cause finds room.
    ///
    /// If not, the worker takes no event until a reactor has taken commands. Reactors never wait
    /// for workers, so that comes.
    @usableFromInline
    package var hasRoomForEvent: Bool {
        stages.fullestCount <= stages.capacity - 2 * Self.ownCommandCount
    }

    /// Whether nothing waits for a reactor.
    @usableFromInline
    package var isEmpty: Bool { stages.fullestCount == 0 }

    /// Says whose event is handled from now on.
    @usableFromInline
    package mutating func begin(_ id: ConnectionID) {
        guard id != current else { return }
        stageCredit()
        current = id
    }

    /// Counts a frame of the current connection that was handled, or dropped.
    @usableFromInline
    package mutating func noteHandled(byteCount: Int) {
        handledFrameCount += 1
        handledByteCount += byteCount
    }

    /// Tells the reactor that the handler's side is done with the current connection.
    @usableFromInline
    package mutating func finish() {
        stageCredit()
        stages.append(.finished(current))
    }

    /// Ends the batch: posts what finds room, and wakes each reactor once.
    @usableFromInline
    package mutating func flush() {
        stageCredit()
        let memory = magazine.memory
        stages.flush { command in
            if command.kind == .send { memory.release(command.block) }
        }
    }

    /// Gives all commands to one reactor to `body`, in order; see ``CommandStages/take(_:_:)``.
    @usableFromInline
    package mutating func take(_ reactorIndex: Int, _ body: (Command) -> Void) {
        stages.take(reactorIndex, body)
    }

    private mutating func stageCredit() {
        guard handledFrameCount > 0 else { return }
        stages.append(
            .credit(current, frameCount: handledFrameCount, byteCount: handledByteCount)
        )
        handledFrameCount = 0
        handledByteCount = 0
    }
}
