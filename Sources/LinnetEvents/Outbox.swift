// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
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
@frozen
public struct Outbox: ~Copyable {
    /// Where payloads come from.
    public let magazine: PacketPool.Magazine
    @usableFromInline var stages: CommandStages
    @usableFromInline let table: TableMemory
    @usableFromInline let sendLimits: SendLimits
    @usableFromInline var page: SendPage
    /// Whose connections the handler has.
    @usableFromInline let workerIndex: Int
    /// The connection whose event is being handled.
    @usableFromInline var current = ConnectionID(rawValue: 0)
    /// How far its handler has come with it, and whether it had as much to write as it may when its
    /// first event of the batch came. Only this thread changes the one; the other is a hint.
    @usableFromInline var currentStage = HandlingStage.closed
    @usableFromInline var currentIsFull = false
    /// Frames of the current connection, and of calls before for the same, that were handled.
    @usableFromInline var handledFrameCount = 0
    @usableFromInline var handledByteCount = 0

    /// The reactor on which this outbox is used, if handlers run inline: it takes its commands
    /// itself.
    @usableFromInline let ownReactorIndex: Int?

    /// Commands that one event can cause beside what the handler sends and closes: a credit before
    /// it, `close` of its own connection, a credit behind it, `finished`.
    private static let ownCommandCount = 4

    /// - Parameters:
    ///   - magazine: of the pool in which all payloads stand.
    ///   - queues: of the commands to each reactor.
    ///   - sendLimits: of the framing of all connections.
    ///   - workerIndex: as the table has it of the connections that are handled here.
    ///   - ownReactorIndex: of the reactor that runs handlers inline.
    ///   - capacity: how many commands to one reactor can wait here.
    /// - Throws: `Errno` when the system refuses the memory.
    package init(
        magazine: consuming PacketPool.Magazine,
        queues: [EventQueue<Command>],
        table: TableMemory,
        sendLimits: SendLimits = .unlimited,
        workerIndex: Int,
        ownReactorIndex: Int? = nil,
        capacity: Int = 4_096
    ) throws(Errno) {
        self.magazine = magazine
        self.table = table
        self.sendLimits = sendLimits
        self.workerIndex = workerIndex
        self.ownReactorIndex = ownReactorIndex
        page = SendPage(memory: self.magazine.memory)
        stages = try CommandStages(queues: queues, capacity: capacity)
    }

    /// Payloads that still wait here go back to the pool.
    deinit {
        let memory = magazine.memory
        stages.forEach { Self.giveBack($0, to: memory) }
    }

    /// Sends the payload as one frame. O(1).
    ///
    /// - Parameters:
    ///   - payload: of the pool that ``magazine`` is of. To have it still when it is refused, send
    ///     a `shared()` lease.
    ///   - id: who gets it.
    ///   - flags: for the framing's writer; of packets, the flags of their header.
    public mutating func send(
        _ payload: consuming PacketLease,
        to id: ConnectionID,
        flags: UInt16 = 0
    ) -> SendResult {
        precondition(payload.isOf(magazine.memory), "a payload stands in the pool of the server")
        let answer = answerToSend(byteCount: payload.byteCount, to: id, flags: flags)
        guard answer == .queued else { return answer }
        let range = payload.range
        stages.append(.send(id, payload.intoBlock(), range, flags: flags))
        return .queued
    }

    /// Sends a copy of the bytes as one frame: for payloads that stand outside of the pool.
    /// O(bytes); nothing is copied if it is not queued.
    ///
    /// - Parameters:
    ///   - bytes: the payload.
    ///   - id: who gets it.
    ///   - flags: for the framing's writer; of packets, the flags of their header.
    /// - Returns: `.full` also if the pool has no free block that is large enough, `.refused` if
    ///   none of its blocks is.
    @inlinable
    public mutating func send(
        copying bytes: RawSpan,
        to id: ConnectionID,
        flags: UInt16 = 0
    ) -> SendResult {
        let answer = answerToSend(byteCount: bytes.byteCount, to: id, flags: flags)
        guard answer == .queued else { return answer }
        let frontByteCount = sendLimits.frontByteCount
        let count = bytes.byteCount
        let room = frontByteCount + count + sendLimits.backByteCount(flags: flags)
        guard let start = page.take(room, from: magazine) else { return answerWithoutRoom(room) }
        let payload = start + frontByteCount..<start + frontByteCount + count
        page.copy(bytes, to: payload.lowerBound)
        stages.append(.send(id, page.block, payload, flags: flags, inPlace: true))
        return .queued
    }

    /// Sends what `write` writes as one frame: it comes into being where it leaves from. O(bytes).
    ///
    /// - Parameters:
    ///   - maxByteCount: the room that `write` gets; what would be longer cannot be written. The
    ///     framing must be able to send so many bytes, else the answer is `.refused`.
    ///   - id: who gets it.
    ///   - flags: for the framing's writer; of packets, the flags of their header.
    ///   - write: is called at most once, and only if what it writes is sent.
    /// - Returns: as ``send(copying:to:flags:)``.
    @inlinable
    public mutating func send(
        atMost maxByteCount: Int,
        to id: ConnectionID,
        flags: UInt16 = 0,
        _ write: (inout OutputRawSpan) -> Void
    ) -> SendResult {
        sendIfAccepted(atMost: maxByteCount, to: id, flags: flags) { output in
            write(&output)
            return true
        }
    }

    /// As ``send(atMost:to:flags:_:)``, unless `write` answers false: then nothing is sent, and the
    /// answer is `.refused`.
    ///
    /// - Parameter commandCount: how many commands for the same connection must find room behind
    ///   this one.
    @inlinable
    @inline(__always)
    mutating func sendIfAccepted(
        atMost maxByteCount: Int,
        to id: ConnectionID,
        flags: UInt16 = 0,
        before commandCount: Int = 0,
        _ write: (inout OutputRawSpan) -> Bool
    ) -> SendResult {
        let answer = answerToSend(
            byteCount: maxByteCount,
            to: id,
            flags: flags,
            before: commandCount
        )
        guard answer == .queued else { return answer }
        let frontByteCount = sendLimits.frontByteCount
        let room = frontByteCount + maxByteCount + sendLimits.backByteCount(flags: flags)
        guard let start = page.take(room, from: magazine) else { return answerWithoutRoom(room) }
        let first = start + frontByteCount
        var isAccepted = false
        let count = page.write(at: first, atMost: maxByteCount) { isAccepted = write(&$0) }
        guard isAccepted else {
            page.takeBack(room)
            return .refused
        }
        page.giveBack(maxByteCount - count)
        stages.append(.send(id, page.block, first..<first + count, flags: flags, inPlace: true))
        return .queued
    }

    /// Who would wait for a block that the pool never has is told so.
    @usableFromInline
    func answerWithoutRoom(_ byteCount: Int) -> SendResult {
        magazine.memory.classIndex(holding: byteCount) == nil ? .refused : .full
    }

    /// Sends what a frame holds: a copy if that is short, else the bytes where they stand.
    ///
    /// - Parameters:
    ///   - frame: as it was delivered.
    ///   - id: who gets it.
    ///   - flags: for the framing's writer; of packets, the flags of their header.
    @inlinable
    public mutating func send<F: Framing>(
        _ frame: borrowing FrameView<F>,
        to id: ConnectionID,
        flags: UInt16 = 0
    ) -> SendResult {
        if frame.payload.byteCount <= Self.maxCopiedByteCount {
            return send(copying: frame.payload, to: id, flags: flags)
        }
        return send(frame.lease(), to: id, flags: flags)
    }

    /// Payloads up to so many bytes are cheaper to copy than to write from where they stand.
    @usableFromInline static var maxCopiedByteCount: Int { 1_024 }

    /// Sends the payload as one frame to every connection, whoever handles it, but for one. O(1)
    /// here for each reactor, and O(connections) there.
    ///
    /// Nothing is copied here: all connections get the same bytes. A connection that has as much to
    /// write as it may misses the frame, which the statistics count; one that opens or closes
    /// meanwhile may get it or not.
    ///
    /// - Parameters:
    ///   - payload: of the pool that ``magazine`` is of.
    ///   - flags: for the framing's writer; of packets, the flags of their header.
    ///   - exceptedID: who does not get it, such as the one whose frame it was.
    /// - Returns: `.queued`; `.full` if there is no room for it with one of the reactors, in which
    ///   case nobody gets it; `.refused` as of a send.
    public mutating func broadcast(
        _ payload: consuming PacketLease,
        flags: UInt16 = 0,
        except exceptedID: ConnectionID? = nil
    ) -> SendResult {
        precondition(payload.isOf(magazine.memory), "a payload stands in the pool of the server")
        guard sendLimits.allows(byteCount: payload.byteCount, flags: flags) else { return .refused }
        let reactorCount = stages.reactorCount
        for reactorIndex in 0..<reactorCount {
            guard makeRoom(reactorIndex, limit: stages.capacity * 3 / 4) else { return .full }
        }
        let range = payload.range
        let block = payload.intoBlock()
        // Each reactor's command has a reference of its own; the lease's is one of them.
        if reactorCount > 1 { magazine.memory.retain(block, count: reactorCount - 1) }
        for reactorIndex in 0..<reactorCount {
            stages.append(
                .broadcast(
                    reactorIndex: reactorIndex,
                    except: exceptedID,
                    block,
                    range,
                    flags: flags
                )
            )
        }
        return .queued
    }

    /// What a send is answered; if `.queued`, there is room for its command, and for so many more.
    @inlinable
    @inline(__always)
    mutating func answerToSend(
        byteCount: Int,
        to id: ConnectionID,
        flags: UInt16,
        before commandCount: Int = 0
    ) -> SendResult {
        let isCurrent = id == current
        let stage = isCurrent ? currentStage : table.handlingStage(of: id)
        guard stage != .closed else { return .closed }
        guard sendLimits.allows(byteCount: byteCount, flags: flags) else { return .refused }
        let isFull = isCurrent ? currentIsFull : table.outboundIsFull(of: id)
        guard !isFull else { return .full }
        let limit = stages.capacity * 3 / 4 - commandCount
        return makeRoom(id.reactorIndex, limit: limit) ? .queued : .full
    }

    /// A payload that was not sent goes back to the pool.
    static func giveBack(_ command: Command, to memory: PoolMemory) {
        if command.holdsBlock { memory.release(command.block) }
    }

    /// Whether fewer than `limit` commands to the reactor wait, if need be after what waits was
    /// posted.
    @inlinable
    @inline(__always)
    mutating func makeRoom(_ reactorIndex: Int, limit: Int) -> Bool {
        stages.count(reactorIndex) < limit || postForRoom(reactorIndex, limit: limit)
    }

    @usableFromInline
    mutating func postForRoom(_ reactorIndex: Int, limit: Int) -> Bool {
        guard reactorIndex != ownReactorIndex else { return false }
        let memory = magazine.memory
        stages.flush(reactorIndex) { Self.giveBack($0, to: memory) }
        return stages.count(reactorIndex) < limit
    }

    /// Stops reading a connection, so that its peer has to wait. Twice is as once. O(1).
    ///
    /// Frames that were read already still come: at most those of one read, or as many as may be
    /// with the handler at a time. While it is paused the end of the connection may go unnoticed.
    /// What is asked for here goes to the reactor behind the batch: a resume from another thread
    /// may come before it, and then the connection stays paused.
    ///
    /// - Returns: `.queued`; `.closed` if the connection has ended; `.full` if there is no room
    ///   now, in which case nothing has changed.
    @discardableResult
    public mutating func pause(_ id: ConnectionID) -> SendResult {
        order(.pause(id))
    }

    /// Reads a connection again that was paused, by whomever.
    ///
    /// - Returns: as ``pause(_:)``. Who ignores `.full` leaves the connection paused.
    @discardableResult
    public mutating func resume(_ id: ConnectionID) -> SendResult {
        order(.resume(id))
    }

    private mutating func order(_ command: Command) -> SendResult {
        guard table.handlingStage(of: command.id) != .closed else { return .closed }
        let limit = stages.capacity - Self.ownCommandCount
        guard makeRoom(command.id.reactorIndex, limit: limit) else { return .full }
        stages.append(command)
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
    public mutating func close(_ id: ConnectionID, code: UInt32 = 0) -> SendResult {
        switch table.handlingStage(of: id) {
        case .closed: return .closed
        case .closing: return .queued
        case .handling: break
        }
        let limit = id == current ? stages.capacity : stages.capacity - Self.ownCommandCount
        guard stages.count(id.reactorIndex) < limit else { return .full }
        let isOwn = table.workerIndex(of: id) == workerIndex
        if isOwn { table.setHandlingStage(.closing, of: id) }
        if isOwn, id == current { currentStage = .closing }
        let reason: CloseReason =
            isOwn ? .closedByHandler(code: code) : .closedByApplication(code: code)
        stages.append(.close(id, reason))
        return .queued
    }
}

/// What became of a send, or of what else a handler asked for.
@frozen
public enum SendResult: Sendable {
    /// It goes its way, in the order of the calls. It does not arrive if the connection breaks, or
    /// if its handler is told of the end before it gets there.
    case queued
    /// There is no room now: the connection, or its reactor, has as much to write as it may. The
    /// payload was given back to the pool.
    case full
    /// The connection has ended. The payload was given back to the pool.
    case closed
    /// The framing cannot write such a frame: it would be too long, or has flags that the framing
    /// does not know. Or a copy would be longer than any block of the pool. The payload was given
    /// back to the pool.
    case refused
}
