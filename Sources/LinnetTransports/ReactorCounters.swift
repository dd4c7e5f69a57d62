// SPDX-License-Identifier: Apache-2.0

package import LinnetBytes
internal import LinnetConnections

/// What a reactor has done: counters that it alone writes and all threads read.
///
/// Thread: `add` the reactor's; the rest any. The words order nothing.
@safe
package final class ReactorCounters: @unchecked Sendable {
    // Sendable: the words are atomic and the region lives as long as the object.
    private let region: MappedRegion
    private let words: UnsafeMutablePointer<AtomicWord>

    package enum Counter: Int, CaseIterable, Sendable {
        case accepted, refused, opened, released
        case receivedBytes, receivedFrames, reads
        case sentBytes, sentFrames, writes
        /// Bytes that came behind the end and were thrown away.
        case discardedBytes
        /// Sends whose connection was gone.
        case droppedSends
        /// Frames of broadcasts that a connection missed: it had as much to write as it may.
        case missedBroadcasts
        /// Times that a connection waited for room in a queue or for a block.
        case stalls
        /// Times that accepting waited for descriptors, memory or slots.
        case acceptStalls
        /// Connections that were closed because the pool ran dry and they kept most of it.
        case shed
        case turns
    }

    package static let maxFailureCount = 32
    private static let maxReasonCount = 32
    private static let failureOffset = Counter.allCases.count
    private static let reasonOffset = failureOffset + maxFailureCount

    package init() throws(Errno) {
        let count = Self.reasonOffset + Self.maxReasonCount
        region = try MappedRegion(byteCount: count * MemoryLayout<AtomicWord>.stride)
        // SAFETY: the region has room for the words, and zeros are valid ones.
        unsafe words = region.base.bindMemory(to: AtomicWord.self, capacity: count)
    }

    // SAFETY of all below: the index is that of a counter, or was clamped.

    func add(_ counter: Counter, _ count: Int = 1) {
        add(at: counter.rawValue, count)
    }

    func noteFailure(_ failureIndex: Int) {
        add(at: Self.failureOffset + min(max(0, failureIndex), Self.maxFailureCount - 1), 1)
    }

    func noteEnd(_ reason: CloseReason) {
        let kind = Int(reason.rawValue & 0xFF)
        add(at: Self.reasonOffset + min(kind, Self.maxReasonCount - 1), 1)
    }

    package func value(_ counter: Counter) -> Int {
        value(at: counter.rawValue)
    }

    package func failureCount(_ failureIndex: Int) -> Int {
        precondition((0..<Self.maxFailureCount).contains(failureIndex))
        return value(at: Self.failureOffset + failureIndex)
    }

    /// Connections that ended for a reason of the kind.
    package func endCount(kind: Int) -> Int {
        precondition((0..<Self.maxReasonCount).contains(kind))
        return value(at: Self.reasonOffset + kind)
    }

    private func add(at index: Int, _ count: Int) {
        // One writer: a load and a store are an addition.
        let sum = unsafe words[index].load(.relaxed) &+ UInt64(truncatingIfNeeded: count)
        unsafe words[index].store(sum, .relaxed)
    }

    private func value(at index: Int) -> Int {
        Int(truncatingIfNeeded: unsafe words[index].load(.relaxed))
    }
}
