// SPDX-License-Identifier: Apache-2.0

internal import CLinnet
public import Synchronization

/// 64 bits that threads share: an atomic of the Synchronization module, under the eyes of the
/// tests.
///
/// All concurrent structures are made of these. In debug builds each operation is announced to the
/// interleaver of the calling thread, if it has one: that is how tests run two or three threads
/// through all orders of their operations on the real code. In release builds an operation is its
/// one instruction.
///
/// Zeroed memory is a valid word that holds zero. Each use names at the call what its ordering
/// pairs with.
@frozen
@usableFromInline
package struct AtomicWord: ~Copyable {
    @usableFromInline
    let atomic: Atomic<UInt64>

    /// How a load or a store is ordered with the thread's other accesses.
    @frozen
    @usableFromInline
    package enum LoadOrdering { case relaxed, acquiring }
    @frozen
    @usableFromInline
    package enum StoreOrdering { case relaxed, releasing }
    @frozen
    @usableFromInline
    package enum UpdateOrdering { case relaxed, acquiring, releasing, acquiringAndReleasing }

    @inlinable
    package init(_ value: UInt64) {
        atomic = Atomic(value)
    }

    @inlinable
    @inline(__always)
    package borrowing func load(_ ordering: LoadOrdering) -> UInt64 {
        announce(writes: false)
        return switch ordering {
        case .relaxed: atomic.load(ordering: .relaxed)
        case .acquiring: atomic.load(ordering: .acquiring)
        }
    }

    @inlinable
    @inline(__always)
    package borrowing func store(_ value: UInt64, _ ordering: StoreOrdering) {
        announce(writes: true)
        switch ordering {
        case .relaxed: atomic.store(value, ordering: .relaxed)
        case .releasing: atomic.store(value, ordering: .releasing)
        }
    }

    /// Stores a value and returns the one before.
    @inlinable
    @inline(__always)
    package borrowing func exchange(
        _ value: UInt64,
        _ ordering: UpdateOrdering
    ) -> UInt64 {
        announce(writes: true)
        return switch ordering {
        case .relaxed: atomic.exchange(value, ordering: .relaxed)
        case .acquiring: atomic.exchange(value, ordering: .acquiring)
        case .releasing: atomic.exchange(value, ordering: .releasing)
        case .acquiringAndReleasing: atomic.exchange(value, ordering: .acquiringAndReleasing)
        }
    }

    /// Stores `desired` if the word holds `expected`. A failure acquires if a success would.
    @inlinable
    @inline(__always)
    package borrowing func compareExchange(
        expected: UInt64,
        desired: UInt64,
        _ ordering: UpdateOrdering
    ) -> (exchanged: Bool, original: UInt64) {
        announce(writes: true)
        return switch ordering {
        case .relaxed:
            atomic.compareExchange(expected: expected, desired: desired, ordering: .relaxed)
        case .acquiring:
            atomic.compareExchange(expected: expected, desired: desired, ordering: .acquiring)
        case .releasing:
            atomic.compareExchange(expected: expected, desired: desired, ordering: .releasing)
        case .acquiringAndReleasing:
            atomic.compareExchange(
                expected: expected,
                desired: desired,
                ordering: .acquiringAndReleasing
            )
        }
    }

    /// Adds, wrapping around, and returns the value before.
    @inlinable
    @inline(__always)
    package borrowing func wrappingAdd(_ value: UInt64, _ ordering: UpdateOrdering) -> UInt64 {
        announce(writes: true)
        return switch ordering {
        case .relaxed: atomic.wrappingAdd(value, ordering: .relaxed).oldValue
        case .acquiring: atomic.wrappingAdd(value, ordering: .acquiring).oldValue
        case .releasing: atomic.wrappingAdd(value, ordering: .releasing).oldValue
        case .acquiringAndReleasing:
            atomic.wrappingAdd(value, ordering: .acquiringAndReleasing).oldValue
        }
    }

    @inlinable
    @inline(__always)
    borrowing func announce(writes: Bool) {
        #if DEBUG
            // SAFETY: the address is a name for the word, not followed.
            unsafe withUnsafePointer(to: self) { unsafe announceAccess(to: $0, writes: writes) }
        #endif
    }
}

extension AtomicWord {
    /// Sleeps while the lower half of the word holds `value`, for about `limit` if there is one. It
    /// may return early.
    @usableFromInline
    package borrowing func wait(while value: UInt32, atMost limit: Duration? = nil) {
        let nanoseconds = limit.map { Int64(clamping: max(.zero, $0).attoseconds / 1_000_000_000) }
        // SAFETY: the kernel reads the word, whose memory the caller keeps.
        unsafe withUnsafePointer(to: self) { address in
            let word = unsafe Self.lowerHalf(address)
            if let interleaver = unsafe currentInterleaver {
                unsafe interleaver.pointee.wait(interleaver.pointee.context, word, value)
            } else {
                unsafe linnet_futex_wait(word, value, nanoseconds ?? -1)
            }
        }
    }

    /// The kernel's word has 32 bits.
    private static func lowerHalf(_ address: UnsafePointer<Self>) -> UnsafePointer<UInt32> {
        #if _endian(big)
            #error("the lower half of a word is its second on this machine")
        #endif
        // SAFETY: the word has 64 bits, of which these are the first 32 in memory.
        return unsafe UnsafeRawPointer(address).assumingMemoryBound(to: UInt32.self)
    }

    /// Wakes at most one thread that sleeps on the word.
    @usableFromInline
    package borrowing func wakeOne() {
        // SAFETY: the address is a name for the word, not followed.
        unsafe withUnsafePointer(to: self) { address in
            let word = unsafe Self.lowerHalf(address)
            if let interleaver = unsafe currentInterleaver {
                unsafe interleaver.pointee.wake_one(interleaver.pointee.context, word)
            } else {
                unsafe linnet_futex_wake_one(word)
            }
        }
    }
}

/// Tells the interleaver of this thread, if it has one, of a plain access to memory that other
/// threads can get to. Nothing in release builds.
@inlinable
@inline(__always)
package func announceAccess(to address: UnsafeRawPointer, writes: Bool) {
    #if DEBUG
        // SAFETY: the address is a name, not followed.
        unsafe announceToInterleaver(address, writes)
    #endif
}

/// Tells the interleaver of this thread, if it has one, that the thread looks again for what only
/// another can change. Nothing in release builds.
package func announceRetry() {
    // SAFETY: an interleaver outlives the threads that it runs.
    guard let interleaver = unsafe currentInterleaver else { return }
    unsafe interleaver.pointee.will_retry(interleaver.pointee.context)
}

@usableFromInline
func announceToInterleaver(_ address: UnsafeRawPointer, _ writes: Bool) {
    // SAFETY: an interleaver outlives the threads that it runs.
    guard let interleaver = unsafe currentInterleaver else { return }
    unsafe interleaver.pointee.will_access(interleaver.pointee.context, address, writes)
}

private var currentInterleaver: UnsafePointer<linnet_interleaver>? {
    // SAFETY: who sets an interleaver keeps it for as long as the thread has it.
    unsafe isDebugBuild ? linnet_current_interleaver() : nil
}
