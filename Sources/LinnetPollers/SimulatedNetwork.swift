// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LinnetBytes
package import LinnetConnections

/// Sockets in memory, and the clock of those who use them.
///
/// Their numbers begin where those of the system never come to, so that wakers, which are real
/// eventfds, can be watched beside them. As in the system, a new socket gets the lowest number that
/// is free.
///
/// Thread: any; each call takes a lock.
package final class SimulatedNetwork: @unchecked Sendable {
    // Sendable: all that changes is read and written under the lock.

    /// How time passes.
    package enum Clock: Sendable {
        /// As it does everywhere: for connections between the threads of a process.
        case real
        /// In ``SimulatedNetwork/advance(by:)`` only: for tests whose threads wait for each other.
        case manual
        /// At once, when a poller that finds nothing waits with a limit: for tests of one thread,
        /// which are over as fast as they can be. A wait without a limit ends with nothing, because
        /// nothing can happen before the caller does something.
        case virtual
    }

    /// What is to become of a transfer instead of its best.
    package enum TransferStep: Sendable {
        /// So many bytes, if there are as many; 0: it would block.
        case atMost(Int)
        case failed(Errno)
    }

    /// A connection in a backlog: the end that will be accepted, and who is at the other.
    struct WaitingConnection {
        let stream: SimulatedStream
        let peer: PeerAddress
    }

    private enum Socket {
        case listener(SimulatedListener)
        case stream(SimulatedStream)
    }

    package let clock: Clock
    private let pipeByteCount: Int
    private let maxBacklog: Int
    private let lock = NetworkLock()
    private var virtualNow = MonotonicInstant(nanoseconds: 0)
    private var sockets: [Socket?] = []
    /// Those of the pollers, which wait for the clock too.
    private var queues: [SimulatedQueue] = []

    /// - Parameters:
    ///   - pipeByteCount: the window of a new connection, in each direction.
    ///   - maxBacklog: connections that may wait to be accepted; more are refused.
    package init(clock: Clock, pipeByteCount: Int = 65_536, maxBacklog: Int = 4096) {
        self.clock = clock
        self.pipeByteCount = pipeByteCount
        self.maxBacklog = maxBacklog
    }

    deinit {
        // The ends of a connection refer to each other.
        for socket in sockets {
            switch socket {
            case .listener(let listener): listener.close()
            case .stream(let stream): stream.close()
            case nil: break
            }
        }
    }

    /// The first number of a socket.
    private static let firstNumber = 1 << 30

    /// Runs `body` under the lock, then wakes those who wait in ``waitUntil(_:)``.
    func withLock<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlockAndWake() }
        return try body()
    }

    /// Waits until `condition`, which is asked under the lock, is true.
    func waitUntil(_ condition: () -> Bool) {
        lock.lock()
        while !condition() { lock.wait() }
        lock.unlockAndWake()
    }
}

extension SimulatedNetwork {
    package var now: MonotonicInstant {
        clock == .real ? .now() : withLock { virtualNow }
    }

    /// Lets time pass, which wakes the pollers whose limits are over. Not of a real clock.
    package func advance(by duration: Duration) {
        advance(to: now + duration)
    }

    func advance(to instant: MonotonicInstant) {
        precondition(clock != .real, "nobody moves the real clock")
        withLock {
            virtualNow = max(virtualNow, instant)
            for queue in queues { queue.wake() }
        }
    }

    /// A new listener, for pollers to watch.
    package func listen() -> Descriptor {
        withLock { open(.listener(SimulatedListener())) }
    }

    /// A new connection, whose end here is for the test to use.
    ///
    /// - Parameter address: what the accepting side is told of this one.
    package func connect(
        to listener: Descriptor,
        from address: PeerAddress = .unknown
    ) -> SimulatedPeer {
        SimulatedPeer(startConnecting(to: listener, from: address), in: self)
    }

    /// A new connection, whose end here is for a poller to watch: a client's. Whether it was
    /// refused is said by `Poller.connectionError`.
    package func startConnecting(
        to listener: Descriptor,
        from address: PeerAddress = .unknown
    ) -> Descriptor {
        withLock {
            guard case .listener(let found) = socket(listener), found.backlog.count < maxBacklog
            else { return open(.stream(SimulatedStream(failedWith: .connectionRefused))) }
            let (here, there) = SimulatedStream.makePair(capacity: pipeByteCount)
            found.append(WaitingConnection(stream: there, peer: address))
            return open(.stream(here))
        }
    }

    /// What the next calls of `accept` return before there are connections again, as `EMFILE`:
    /// `.exhausted(Errno(rawValue: EMFILE))`.
    package func script(_ acceptances: [Acceptance], of listener: Descriptor) {
        withLock { self.listener(listener).script += acceptances }
    }

    /// How many sockets are open: those of a test that has ended are 0.
    package var openCount: Int {
        withLock { sockets.count { $0 != nil } }
    }
}

// For pollers and peers, under the lock.
extension SimulatedNetwork {
    func add(_ queue: SimulatedQueue) {
        withLock { queues.append(queue) }
    }

    func remove(_ queue: SimulatedQueue) {
        withLock {
            queue.close()
            queues.removeAll { $0 === queue }
        }
    }

    func isListener(_ descriptor: Descriptor) -> Bool {
        if case .listener = socket(descriptor) { true } else { false }
    }

    func listener(_ descriptor: Descriptor) -> SimulatedListener {
        guard case .listener(let listener) = socket(descriptor) else {
            preconditionFailure("\(descriptor) is no listener, or is closed")
        }
        return listener
    }

    func stream(_ descriptor: Descriptor) -> SimulatedStream {
        guard case .stream(let stream) = socket(descriptor) else {
            preconditionFailure("\(descriptor) is no stream, or is closed")
        }
        return stream
    }

    func accept(from descriptor: Descriptor) -> Acceptance {
        let listener = listener(descriptor)
        if !listener.script.isEmpty { return listener.script.removeFirst() }
        if listener.backlog.isEmpty { return .none }
        let connection = listener.backlog.removeFirst()
        return .connection(open(.stream(connection.stream)), connection.peer)
    }

    func close(_ descriptor: Descriptor) {
        switch socket(descriptor) {
        case .listener(let listener): listener.close()
        case .stream(let stream): stream.close()
        case nil: preconditionFailure("a descriptor is closed once")
        }
        sockets[Int(descriptor.rawValue) - Self.firstNumber] = nil
    }

    private func socket(_ descriptor: Descriptor) -> Socket? {
        let index = Int(descriptor.rawValue) - Self.firstNumber
        return sockets.indices.contains(index) ? sockets[index] : nil
    }

    private func open(_ socket: Socket) -> Descriptor {
        let index = sockets.firstIndex { $0 == nil } ?? sockets.count
        if index == sockets.count { sockets.append(nil) }
        sockets[index] = socket
        return Descriptor(rawValue: CInt(Self.firstNumber + index))
    }
}

extension Errno {
    fileprivate static var connectionRefused: Errno { Errno(rawValue: ECONNREFUSED) }
}

/// A lock of the system, which the thread sanitizer understands, and a condition that all who use
/// the network wait for.
@safe
private final class NetworkLock {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    // SAFETY of all below: both are initialized here, stay where they are, and end with this.

    init() {
        unsafe mutex.initialize(to: .init())
        unsafe condition.initialize(to: .init())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func lock() {
        unsafe pthread_mutex_lock(mutex)
    }

    func unlockAndWake() {
        unsafe pthread_cond_broadcast(condition)
        unsafe pthread_mutex_unlock(mutex)
    }

    /// Lets others have the lock until one of them has changed something.
    func wait() {
        unsafe pthread_cond_wait(condition, mutex)
    }
}
