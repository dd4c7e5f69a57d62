// SPDX-License-Identifier: Apache-2.0

internal import CLinnet
internal import Glibc
internal import LinnetBytes

/// What one simulated poller is to be told of.
///
/// Thread: under the lock of its network, but for the signal, which any thread may wait for.
final class SimulatedQueue: @unchecked Sendable {
    // Sendable: all that changes is read and written under that lock.

    /// An eventfd that says that the queue may not be empty.
    let signal: CInt
    private var streams: [SimulatedStream] = []
    private var listeners: [(listener: SimulatedListener, token: UInt64)] = []

    init() throws(Errno) {
        signal = linnet_eventfd_make()
        guard signal >= 0 else { throw .last }
    }

    deinit {
        Glibc.close(signal)
    }

    func append(_ stream: SimulatedStream) {
        streams.append(stream)
        wake()
    }

    func remove(_ stream: SimulatedStream) {
        streams.removeAll { $0 === stream }
    }

    /// Lets go of all: the poller is no more.
    func close() {
        for (listener, _) in listeners { listener.queues.removeAll { $0 === self } }
        listeners = []
        streams = []
    }

    /// Lets the poller look again.
    func wake() {
        linnet_eventfd_signal(signal)
    }

    /// Begins to listen, or ends.
    func setListening(_ listens: Bool, _ listener: SimulatedListener, token: UInt64) {
        listeners.removeAll { $0.listener === listener }
        listener.queues.removeAll { $0 === self }
        guard listens else { return }
        listeners.append((listener, token))
        listener.queues.append(self)
    }

    /// Moves what has happened to the end of a batch that has at most `maxCount` completions then.
    func take(into batch: inout [Completion], maxCount: Int) {
        for (listener, token) in listeners where !listener.isIdle && batch.count < maxCount {
            batch.append(Completion(token: token, kinds: .input))
        }
        let count = min(streams.count, maxCount - batch.count)
        batch.append(contentsOf: streams.prefix(count).compactMap { $0.takeCompletion() })
        streams.removeFirst(count)
    }
}

/// A listener in memory.
///
/// Thread: under the lock of its network.
final class SimulatedListener {
    /// Connections that wait, the first first.
    var backlog: [SimulatedNetwork.WaitingConnection] = []
    var script: [Acceptance] = []
    /// Who listens; all of them are told of each connection.
    fileprivate(set) var queues: [SimulatedQueue] = []

    var isIdle: Bool { backlog.isEmpty }

    func append(_ connection: SimulatedNetwork.WaitingConnection) {
        backlog.append(connection)
        for queue in queues { queue.wake() }
    }

    /// Connections that wait are refused.
    func close() {
        for queue in queues { queue.setListening(false, self, token: 0) }
        for connection in backlog { connection.stream.reset() }
        backlog = []
    }
}
