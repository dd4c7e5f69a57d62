// SPDX-License-Identifier: Apache-2.0

package import LinnetBytes
package import LinnetCodec
internal import LinnetConnections
internal import LinnetEvents

/// The packets of one connection on their way from its reactor to the task that receives them.
///
/// The reactor puts packets into one array and the receiver takes them from another; when that is
/// empty they are exchanged. So a packet costs an append under a lock that is rarely contended, and
/// nothing is allocated once the arrays have grown.
///
/// Bounds: when a third of the capacity waits in the first array the reactor is told to pause, and
/// it does before it reads again. The receiver lets it go on when both arrays hold no more than a
/// third. So they never hold more than two thirds and the packets of one read.
///
/// Pause and resume reach the reactor on two ways, and a resume that a later pause overtakes would
/// undo that. So the receiver resumes only when the reactor has counted all packets that it has
/// put: then the read is over that asked for the pause, and nothing is put until the resume has
/// arrived.
///
/// Promises: packets come out in the order in which they went in; none is lost, whoever is
/// cancelled; the end comes out behind them, as often as asked for.
///
/// Thread: `open`, `put` and `end` the reactor's; `receive` any, one at a time.
package final class Mailbox: @unchecked Sendable {
    // Sendable: what is not locked is used by the one task that receives, which `isReceiving` hands
    // from one to the next.
    private let inbox = Locked(Inbox())
    private let isReceiving = AtomicWord(0)
    private var taken: [Item] = []
    private var takenCount = 0
    private var mayBePaused = false
    let capacity: Int

    @safe
    private struct Inbox {
        var id: ConnectionID?
        var items: [Item] = []
        /// Packets that were put or passed.
        var putCount = 0
        var isPaused = false
        var reason: CloseReason?
        var receiver: UnsafeContinuation<Void, Never>?
    }

    /// A packet, with one reference of its block.
    package struct Item: BitwiseCopyable {
        let header: PacketHeader
        private let memory: PoolMemory
        private let block: LinnetBytes.Block
        private let offset: UInt32
        private let byteCount: UInt32

        package init(
            _ header: PacketHeader,
            _ payload: consuming PacketLease,
            in memory: PoolMemory
        ) {
            precondition(payload.isOf(memory), "a payload stands in the pool of its client")
            let range = payload.range
            self.header = header
            self.memory = memory
            block = payload.intoBlock()
            offset = UInt32(truncatingIfNeeded: range.lowerBound)
            byteCount = UInt32(truncatingIfNeeded: range.count)
        }

        /// The reference passes to the caller.
        consuming func intoPayload() -> PacketLease {
            let range = Int(offset)..<Int(offset) + Int(byteCount)
            return PacketLease(adopting: block, of: memory, range: range)
        }
    }

    /// - Parameter capacity: packets, at least 3.
    package init(capacity: Int) {
        precondition(capacity >= 3, "a mailbox holds at least 3 packets")
        self.capacity = capacity
    }

    deinit {
        for item in taken[takenCount...] { _ = item.intoPayload() }
        inbox.withLock { for item in $0.items { _ = item.intoPayload() } }
    }

    /// Packets that wait in the first array.
    package var inboxCount: Int { inbox.withLock { $0.items.count } }
}

// MARK: - The reactor's side

extension Mailbox {
    /// A connection is there. One that opened too late for its caller does not count: it ends
    /// before the next, or while another is open.
    func open(_ id: ConnectionID) {
        inbox.withLock {
            guard $0.id == nil || $0.reason != nil else { return }
            $0.id = id
            $0.reason = nil
        }
    }

    /// Returns whether the connection is to pause.
    package func put(_ item: Item) -> Bool {
        var pauses = false
        let receiver = unsafe inbox.withLock { inbox in
            inbox.items.append(item)
            inbox.putCount += 1
            pauses = !inbox.isPaused && inbox.items.count >= capacity / 3
            if pauses { inbox.isPaused = true }
            return unsafe inbox.receiver.take()
        }
        // SAFETY: who takes a continuation out resumes it, and nobody else can.
        unsafe receiver?.resume()
        return pauses
    }

    /// A packet has come that goes another way: it counts with those that were put.
    func pass() {
        inbox.withLock { $0.putCount += 1 }
    }

    func end(_ id: ConnectionID, _ reason: CloseReason) {
        let receiver = unsafe inbox.withLock { inbox -> UnsafeContinuation<Void, Never>? in
            guard inbox.id == id else { return nil }
            inbox.reason = reason
            return unsafe inbox.receiver.take()
        }
        // SAFETY: as in `put`.
        unsafe receiver?.resume()
    }
}

// MARK: - The receiver's side

extension Mailbox {
    /// The next packet. Waits for it.
    ///
    /// - Throws: ``ClientError`` behind the last packet, `CancellationError`.
    func receive(_ reactor: Pausing) async throws -> Item {
        // Acquires what the task before has left, and below releases it to the next.
        guard isReceiving.exchange(1, .acquiring) == 0 else {
            preconditionFailure("one task at a time receives from a client")
        }
        defer { isReceiving.store(0, .releasing) }
        try Task.checkCancellation()
        while takenCount == taken.count {
            if try refill() { break }
            if resumeIfLow(reactor) {
                await waitForMail()
            } else {
                // The reactor is about to count, or to take commands.
                await Task.yield()
            }
            try Task.checkCancellation()
        }
        let item = taken[takenCount]
        takenCount += 1
        if mayBePaused, taken.count - takenCount <= capacity / 3 {
            mayBePaused = !resumeIfLow(reactor)
        }
        return item
    }

    /// Lets the reactor go on if it is paused and little waits. Returns whether there is no more
    /// to do about that for now.
    private func resumeIfLow(_ reactor: Pausing) -> Bool {
        let restCount = taken.count - takenCount
        let putCount = inbox.withLock { inbox -> Int? in
            let isLow = inbox.items.count + restCount <= capacity / 3
            return inbox.isPaused && isLow ? inbox.putCount : nil
        }
        guard let putCount else { return true }
        guard reactor.hasCounted(putCount) else { return false }
        let isStill = inbox.withLock { inbox in
            // Meanwhile more of the read was put, and it is not over.
            guard inbox.putCount == putCount else { return false }
            inbox.isPaused = false
            return true
        }
        guard isStill else { return false }
        if reactor.resume() { return true }
        inbox.withLock { $0.isPaused = true }
        return false
    }

    /// Exchanges the arrays. Returns whether there is a packet now.
    private func refill() throws(ClientError) -> Bool {
        taken.removeAll(keepingCapacity: true)
        takenCount = 0
        return try inbox.withLock { inbox throws(ClientError) in
            guard inbox.items.isEmpty else {
                swap(&inbox.items, &taken)
                mayBePaused = inbox.isPaused
                return true
            }
            if let reason = inbox.reason { throw .closed(reason) }
            return false
        }
    }

    /// Returns when there may be a packet or an end, or the task was cancelled.
    private func waitForMail() async {
        await withTaskCancellationHandler {
            // SAFETY: resumed once: at once, or by who takes it out of the inbox.
            await unsafe withUnsafeContinuation { continuation in
                let mustWait = inbox.withLock { inbox in
                    // A task that is cancelled later finds the continuation.
                    if !inbox.items.isEmpty || inbox.reason != nil || Task.isCancelled {
                        return false
                    }
                    unsafe inbox.receiver = continuation
                    return true
                }
                if !mustWait { unsafe continuation.resume() }
            }
        } onCancel: {
            let receiver = unsafe inbox.withLock { unsafe $0.receiver.take() }
            // SAFETY: as in `put`.
            unsafe receiver?.resume()
        }
    }
}

/// How a mailbox lets its reactor go on.
struct Pausing {
    let id: ConnectionID
    let group: ClientGroup

    /// Whether the reads are over of which so many packets were put.
    func hasCounted(_ putCount: Int) -> Bool {
        guard let facts = group.connections.facts(of: id) else { return true }
        return facts.receivedFrameCount >= putCount
    }

    /// Returns whether it was told, or has no need to be.
    func resume() -> Bool {
        group.sender.setPaused(false, id) != .full
    }
}

/// Puts what comes into the mailbox.
struct MailboxHandler: Handler {
    let mailbox: Mailbox

    mutating func opened(_ id: ConnectionID, outbox: inout Outbox) {
        mailbox.open(id)
    }

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        let item = Mailbox.Item(packet.header, packet.lease(), in: outbox.magazine.memory)
        if mailbox.put(item) { outbox.pause(id) }
    }

    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        mailbox.end(id, reason)
    }
}
