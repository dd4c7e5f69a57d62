// SPDX-License-Identifier: Apache-2.0

internal import CLinnet
internal import Glibc
package import LinnetBytes

/// A thread of the system with a name that tools show.
///
/// Thread: any; it is joined once.
@usableFromInline
package final class NamedThread: Sendable {
    private let handle: UInt
    private let joinCount = AtomicWord(0)

    /// Starts a thread that runs `body` and ends.
    ///
    /// - Parameters:
    ///   - name: the first 15 bytes of it are kept.
    ///   - processor: the only processor that the thread may use, or `nil` for any.
    /// - Throws: `Errno`: `EAGAIN` when the system has no room for threads, `EINVAL` when it has no
    ///   such processor.
    package init(
        name: String,
        processor: Int? = nil,
        _ body: @escaping @Sendable () -> Void
    ) throws(Errno) {
        guard processor.map({ $0 >= 0 }) ?? true else { throw Errno.invalidArgument }
        let box = unsafe Unmanaged.passRetained(Body(body))
        var started: UInt = 0
        // SAFETY: the thread takes the box over; if none was started it is taken back here.
        let error = unsafe linnet_start_thread(
            &started,
            name,
            CInt(clamping: processor ?? -1),
            { context in
                guard let context = unsafe context else { return nil }
                let box = unsafe Unmanaged<Body>.fromOpaque(context)
                unsafe box.takeRetainedValue().run()
                return nil
            },
            unsafe box.toOpaque()
        )
        guard error == 0 else {
            unsafe box.release()
            throw Errno(rawValue: error)
        }
        handle = started
    }

    /// Waits until the thread has ended. The second call traps.
    package func join() {
        precondition(joinCount.exchange(1, .relaxed) == 0, "a thread is joined once")
        let error = pthread_join(handle, nil)
        precondition(error == 0, "a thread cannot join itself")
    }

    private final class Body {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}

/// Lets another thread have the processor.
package func yieldProcessor() {
    sched_yield()
}

/// Sleeps for about so long.
package func sleepThread(for duration: Duration) {
    // Nobody wakes it: the word is this call's own.
    AtomicWord(0).wait(while: 0, atMost: duration)
}
