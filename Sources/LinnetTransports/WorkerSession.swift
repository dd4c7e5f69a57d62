// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
public import LinnetConnections
public import LinnetEvents

/// The handler's side of a reactor whose handlers run on workers: frames become events.
///
/// Thread: the reactor's.
@safe
@usableFromInline
package struct WorkerSession<F: Framing>: ~Copyable {
    @usableFromInline var parsers: ConnectionParsers<F>
    @usableFromInline let ports: UnsafeMutablePointer<EventPort>
    @usableFromInline let portCount: Int
    @usableFromInline let creditLimits: CreditLimits

    /// References of a block that are taken at a time: about the packets of one short read.
    @usableFromInline static var bulkCount: Int { 32 }

    @usableFromInline
    package init(
        parsers: consuming ConnectionParsers<F>,
        workers: [EventQueue<Event>],
        creditLimits: CreditLimits
    ) {
        self.parsers = parsers
        self.creditLimits = creditLimits
        portCount = workers.count
        // SAFETY: freed in `deinit`; the index of a worker is checked.
        unsafe ports = .allocate(capacity: workers.count)
        for (index, queue) in workers.enumerated() {
            unsafe (ports + index).initialize(to: EventPort(to: queue))
        }
    }

    // SAFETY of all below: a port is that of a worker, which is checked; they are there from `init`
    // to `deinit`.

    deinit {
        unsafe ports.deinitialize(count: portCount)
        unsafe ports.deallocate()
    }

    @inlinable
    @inline(__always)
    func port(_ workerIndex: Int) -> UnsafeMutablePointer<EventPort> {
        precondition(workerIndex >= 0 && workerIndex < portCount, "no such worker")
        return unsafe ports + workerIndex
    }

    @inlinable
    mutating func open(_ place: ConnectionPlace) -> PushResult {
        let result = unsafe port(place.workerIndex).pointee.push(.opened(place.id))
        if result != .full { parsers.open(place.id.slotIndex) }
        return result == .full ? .full : .queued
    }

    /// Frames go to the worker as long as the connection has credit.
    @inlinable
    mutating func deliver(
        _ place: ConnectionPlace,
        _ source: DeliverySource,
        _ credits: inout CreditAccount,
        _ magazine: borrowing PacketPool.Magazine
    ) -> Delivery {
        let port = unsafe port(place.workerIndex)
        var frameCount = 0
        var isRefused = false
        // References for the frames that are to come, taken many at a time.
        var spare = Block.none
        var spareCount = 0
        var delivery = parsers.parse(place.id.slotIndex, source, from: magazine) { frame in
            if credits.isPaused { return .refuse }
            if spareCount == 0, let home = frame.home {
                spare = home.block
                spareCount = Self.bulkCount
                home.memory.retain(spare, count: spareCount)
            }
            let result = unsafe port.pointee.push(frame, from: place.id, holdingReference: true)
            guard result == .queued else {
                isRefused = true
                return .refuse
            }
            spareCount &-= 1
            credits.spend(byteCount: frame.payload.byteCount, within: creditLimits)
            frameCount &+= 1
            return .next
        }
        if spareCount > 0 { parsers.pool.memory.release(spare, count: spareCount) }
        delivery.frameCount = frameCount
        if isRefused { delivery.outcome = .refused }
        return delivery
    }

    @inlinable
    mutating func post(_ event: Event, to workerIndex: Int) -> PushResult {
        unsafe port(workerIndex).pointee.push(parsers.explained(event))
    }

    @inlinable
    mutating func endBatch() {
        for workerIndex in 0..<portCount { unsafe port(workerIndex).pointee.flush() }
    }

    /// The session as the reactor sees it. `session` stays where it is as long as the driver.
    @unsafe
    @inlinable
    package static func driver(
        _ session: UnsafeMutablePointer<Self>,
        connected: @escaping (ConnectionID, Errno?) -> Bool
    ) -> ReactorDriver {
        // SAFETY of all: the caller keeps the session in its place, and only the reactor's thread
        // calls, one call at a time.
        let framing = unsafe session.pointee.parsers.framing
        return unsafe ReactorDriver(
            open: { unsafe session.pointee.open($0) },
            readSpace: { unsafe session.pointee.parsers.readSpace($0, from: $1) },
            deliver: { unsafe session.pointee.deliver($0, $1, &$2, $3) },
            endInput: { unsafe session.pointee.parsers.endInput($0) },
            heldByteCount: { unsafe session.pointee.parsers.heldByteCount($0) },
            dropInput: { unsafe session.pointee.parsers.dropInput($0) },
            post: { unsafe session.pointee.post($0, to: $1) },
            writeFrame: {
                unsafe session.pointee.parsers.writeFrame(
                    $0,
                    $1,
                    flags: $2,
                    front: $3,
                    back: $4
                )
            },
            takeCommand: { nil },
            endBatch: {
                unsafe session.pointee.endBatch()
                return true
            },
            forget: { unsafe session.pointee.parsers.forget($0) },
            connected: connected,
            isInline: false,
            sendLimits: framing.sendLimits
        )
    }
}
