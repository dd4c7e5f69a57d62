// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import LinnetBytes
public import LinnetConnections

/// What became of a connection that was begun.
enum ConnectOutcome: Sendable {
    case open
    case failed(Errno)
    /// The deadline of the caller came first.
    case late
    /// The caller's task was cancelled.
    case cancelled
    case stopped
}

/// The connections that are being made, by the names that they have already, and who waits for
/// them.
///
/// Thread: any.
@usableFromInline
final class ConnectAttempts: Sendable {
    private struct Contents {
        var promises: [ConnectionID: Promise<ConnectOutcome>] = [:]
        var isStopped = false
    }

    private let contents = Locked(Contents())

    @usableFromInline
    init() {}

    /// Someone is going to wait for a connection. `nil` if no more can be made.
    func begin(_ id: ConnectionID) -> Promise<ConnectOutcome>? {
        let promise = Promise<ConnectOutcome>()
        return contents.withLock {
            guard !$0.isStopped else { return nil }
            $0.promises[id] = promise
            return promise
        }
    }

    /// Nobody waits any more.
    func forget(_ id: ConnectionID) {
        _ = contents.withLock { $0.promises.removeValue(forKey: id) }
    }

    /// The reactor says what became of it. Returns whether someone wanted to know.
    @usableFromInline
    func settle(_ id: ConnectionID, _ error: Errno?) -> Bool {
        let promise = contents.withLock { $0.promises[id] }
        guard let error else { return promise?.keep(.open) ?? false }
        return promise?.keep(error.rawValue == ECANCELED ? .stopped : .failed(error)) ?? false
    }

    /// No more can be made.
    func beginStopping() {
        contents.withLock { $0.isStopped = true }
    }

    /// All that are left have failed: their reactors have ended.
    func stop() {
        for promise in contents.withLock({ Array($0.promises.values) }) { promise.keep(.stopped) }
    }
}
