// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

/// A value that threads use one at a time, each for a few instructions.
///
/// The word is 0 when the lock is free, 1 when it is held, 2 when it is held and a thread may sleep
/// on it: "mutex 2" of Drepper, Futexes Are Tricky (2011). The `Mutex` of the toolchain is slow
/// when it is contended, and the thread sanitizer does not see it.
///
/// Cost: two atomic operations, and system calls when threads meet.
///
/// Thread: any.
package final class Locked<Value: ~Copyable>: @unchecked Sendable {
    // Sendable: only who holds the lock touches the value.
    private let word = AtomicWord(0)
    private var value: Value

    package init(_ value: consuming sending Value) {
        self.value = value
    }

    package func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock()
        defer { unlock() }
        return try body(&value)
    }

    private func lock() {
        // Acquires what the last holder released, here and below.
        if word.compareExchange(expected: 0, desired: 1, .acquiring).exchanged { return }
        while word.exchange(2, .acquiring) != 0 { word.wait(while: 2) }
    }

    private func unlock() {
        // Releases to the next holder.
        if word.exchange(0, .releasing) == 2 { word.wakeOne() }
    }
}
