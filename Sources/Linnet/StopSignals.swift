// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// SIGINT and SIGTERM, held back from the moment when this is made, to be asked for. Threads that
/// start later hold them back too.
///
/// Thread: the one that makes it.
@usableFromInline
final class StopSignals {
    private var signals = sigset_t()
    private var before = sigset_t()

    @usableFromInline
    init() {
        // SAFETY: the sets are this value's own.
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGINT)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, &before)
    }

    /// Another signal that came meanwhile asked for what has been done.
    deinit {
        while hasCome(within: .zero) {}
        // SAFETY: the set was filled by `init`.
        unsafe withUnsafePointer(to: before) { _ = unsafe pthread_sigmask(SIG_SETMASK, $0, nil) }
    }

    /// Waits for one of them.
    @usableFromInline
    func hasCome(within limit: Duration) -> Bool {
        let (seconds, attoseconds) = limit.components
        var timeout = timespec(
            tv_sec: Int(seconds),
            tv_nsec: Int(attoseconds / 1_000_000_000)
        )
        // SAFETY: the set and the time are there for the call.
        return unsafe withUnsafePointer(to: signals) { unsafe sigtimedwait($0, nil, &timeout) > 0 }
    }
}
