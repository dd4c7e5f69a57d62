// SPDX-License-Identifier: Apache-2.0

internal import CLinnet
internal import Glibc
package import LinnetBytes
package import LinnetConnections

/// A poller of sockets in memory: those of a ``SimulatedNetwork``, whose clock it has.
///
/// It keeps the promises of a poller and nothing beyond: input is not reported again before the
/// loop has found that nothing is left, bytes that come meanwhile or not. So what works with it
/// does not rely on the habits of epoll.
///
/// A waker is a real eventfd, which it reads: the queues that wake a reactor know of no simulation.
///
/// Cost: a lock and copies; it allocates.
package struct SimulatedPoller: ~Copyable, Sendable {
    private let network: SimulatedNetwork
    private let queue: SimulatedQueue
    private var wakers: [(descriptor: CInt, token: UInt64)] = []
    private var batch: [Completion] = []

    /// The same number that epoll's batches have.
    private static let maxCompletionCount = 256

    /// - Throws: `Errno`: `EMFILE`, `ENFILE` or `ENOMEM`, for it has an eventfd.
    package init(_ network: SimulatedNetwork) throws(Errno) {
        let queue = try SimulatedQueue()
        network.add(queue)
        self.network = network
        self.queue = queue
    }

    deinit {
        network.remove(queue)
    }
}

extension SimulatedPoller: Poller {
    package var now: MonotonicInstant { network.now }

    package mutating func watch(
        _ descriptor: Descriptor,
        as kind: WatchKind,
        token: UInt64
    ) throws(Errno) {
        switch kind {
        case .stream:
            network.withLock {
                network.stream(descriptor).beWatched(by: queue, token: token)
            }
        case .listener: try setListening(true, descriptor, token: token)
        case .waker: wakers.append((descriptor.rawValue, token))
        }
    }

    package mutating func setListening(
        _ listens: Bool,
        _ descriptor: Descriptor,
        token: UInt64
    ) throws(Errno) {
        network.withLock {
            queue.setListening(listens, network.listener(descriptor), token: token)
        }
    }

    package mutating func forget(_ descriptor: Descriptor) {
        if let index = wakers.firstIndex(where: { $0.descriptor == descriptor.rawValue }) {
            wakers.remove(at: index)
            return
        }
        network.withLock {
            if network.isListener(descriptor) {
                queue.setListening(false, network.listener(descriptor), token: 0)
            } else {
                network.stream(descriptor).beForgotten()
            }
        }
    }

    package mutating func wait(atMost limit: Duration?) -> Int {
        let deadline = limit.map { now + $0 }
        while true {
            // First the signal: one that comes behind it stands for what was not found.
            _ = Self.takeSignals(of: queue.signal)
            batch.removeAll(keepingCapacity: true)
            for waker in wakers where Self.takeSignals(of: waker.descriptor) {
                batch.append(Completion(token: waker.token, kinds: .input))
            }
            network.withLock { queue.take(into: &batch, maxCount: Self.maxCompletionCount) }
            guard batch.isEmpty, sleeps(until: deadline) else { return batch.count }
        }
    }

    package func completion(_ index: Int) -> Completion {
        batch[index]
    }

    package mutating func receive(
        from descriptor: Descriptor,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Transfer {
        // SAFETY: the caller's buffer lives through the call.
        network.withLock { unsafe network.stream(descriptor).receive(into: buffer) }
    }

    package mutating func send(
        _ pieces: UnsafeBufferPointer<SendPiece>,
        to descriptor: Descriptor
    ) -> Transfer {
        // SAFETY: the caller's pieces live through the call.
        network.withLock { unsafe network.stream(descriptor).send(pieces) }
    }

    package mutating func accept(from listener: Descriptor) -> Acceptance {
        network.withLock { network.accept(from: listener) }
    }

    package mutating func connectionError(of descriptor: Descriptor) -> Errno? {
        network.withLock { network.stream(descriptor).takeError() }
    }

    package mutating func shutDownSending(_ descriptor: Descriptor) {
        network.withLock { network.stream(descriptor).finish() }
    }

    package mutating func prepareToAbort(_ descriptor: Descriptor) {
        network.withLock { network.stream(descriptor).isAborted = true }
    }

    package mutating func close(_ descriptor: Descriptor) {
        network.withLock { network.close(descriptor) }
    }
}

extension SimulatedPoller {
    /// Sleeps until something may have happened, and says whether it is worth to look: not if the
    /// deadline has come.
    private func sleeps(until deadline: MonotonicInstant?) -> Bool {
        var limit: CInt = -1
        switch network.clock {
        case .virtual:
            if let deadline { network.advance(to: deadline) }
            return false
        case .manual:
            if let deadline, network.now >= deadline { return false }
        case .real:
            if let deadline {
                let rest = network.now.duration(to: deadline)
                guard rest > .zero else { return false }
                limit = CInt(clamping: rest.rounded(upTo: .milliseconds(1)))
            }
        }
        var sources = ([queue.signal] + wakers.map(\.descriptor)).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        // SAFETY: the kernel reads and writes as many entries as there are.
        _ = unsafe poll(&sources, nfds_t(sources.count), limit)
        return true
    }

    /// Whether an eventfd was signalled; it is reset.
    private static func takeSignals(of descriptor: CInt) -> Bool {
        var count: UInt64 = 0
        // SAFETY: the kernel writes one integer.
        return unsafe read(descriptor, &count, MemoryLayout<UInt64>.size) > 0
    }
}
