// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LinnetBytes
internal import LinnetConnections

/// One end of a connection in memory. It behaves as one of TCP does on Linux, and reports no more
/// than a poller must.
///
/// Thread: under the lock of its network.
final class SimulatedStream {
    /// The other end; `nil` when that is closed.
    private(set) var other: SimulatedStream?
    /// What the other end has sent, from `readOffset` on.
    private var incoming: [UInt8] = []
    private var readOffset = 0
    /// Bytes that may wait in `incoming`: the window that the other end sees.
    var capacity: Int { didSet { other?.roomHasGrown() } }

    private(set) var hasReceivedFIN = false
    private var hasSentFIN = false
    private(set) var isBroken = false
    /// `close` is to send RST.
    var isAborted = false
    /// Why it is broken, told once.
    private var error: Errno?

    var receiveScript: [SimulatedNetwork.TransferStep] = []
    var sendScript: [SimulatedNetwork.TransferStep] = []

    private var watch: (queue: SimulatedQueue, token: UInt64)?
    private var pending: Completion.Kinds = []
    private var isQueued = false
    /// Whether the loop has found that nothing is left, so that it is to be told of what comes.
    private var inputIsArmed = true
    private var outputIsArmed = true

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// An end whose attempt to connect has failed.
    init(failedWith error: Errno) {
        capacity = 0
        self.error = error
        isBroken = true
    }

    static func makePair(capacity: Int) -> (SimulatedStream, SimulatedStream) {
        let (first, second) = (Self(capacity: capacity), Self(capacity: capacity))
        first.other = second
        second.other = first
        return (first, second)
    }

    var incomingByteCount: Int { incoming.count - readOffset }

    private var room: Int { max(0, capacity - incomingByteCount) }
}

// What the loop is told.
extension SimulatedStream {
    func beWatched(by queue: SimulatedQueue, token: UInt64) {
        precondition(watch == nil, "a stream is watched once")
        watch = (queue, token)
        pending = []
        var kinds: Completion.Kinds = []
        if incomingByteCount > 0 { kinds.insert(.input) }
        if let other, other.room > 0 { kinds.insert(.output) }
        if hasReceivedFIN { kinds.formUnion([.input, .ended]) }
        if isBroken { kinds.formUnion([.input, .output, .ended, .broken]) }
        inputIsArmed = true
        outputIsArmed = true
        if !kinds.isEmpty { report(kinds) }
    }

    func beForgotten() {
        if isQueued { watch?.queue.remove(self) }
        isQueued = false
        watch = nil
        pending = []
    }

    /// What has happened since the last time.
    func takeCompletion() -> Completion? {
        isQueued = false
        guard let watch else { return nil }
        defer { pending = [] }
        return Completion(token: watch.token, kinds: pending)
    }

    private func report(_ kinds: Completion.Kinds) {
        pending.formUnion(kinds)
        if kinds.contains(.input) { inputIsArmed = false }
        if kinds.contains(.output) { outputIsArmed = false }
        guard let watch, !isQueued else { return }
        isQueued = true
        watch.queue.append(self)
    }

    private func roomHasGrown() {
        if outputIsArmed, let other, other.room > 0 { report(.output) }
    }
}

// What each end does to the other.
extension SimulatedStream {
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Transfer {
        var limit = buffer.count
        if !receiveScript.isEmpty {
            switch receiveScript.removeFirst() {
            case .atMost(let count): limit = min(limit, count)
            case .failed(let error): return .failed(error)
            }
        }
        if incomingByteCount == 0 {
            if let error = takeError() { return .failed(error) }
            if hasReceivedFIN || isBroken { return .bytes(0) }
        }
        let count = min(limit, incomingByteCount)
        // SAFETY: `count` bytes stand behind `readOffset`, and the caller's buffer has room.
        unsafe incoming.withUnsafeBytes { bytes in
            unsafe buffer.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: bytes[readOffset..<readOffset + count])
            )
        }
        readOffset += count
        if incomingByteCount == 0 {
            incoming.removeAll(keepingCapacity: true)
            readOffset = 0
        }
        if count < buffer.count {
            inputIsArmed = true
            // The script has cut the transfer short, and the loop may think that nothing is left.
            // Behind `ended` it does not, unless it was told to wait.
            if incomingByteCount > 0 && (count == 0 || !hasReceivedFIN) { report(.input) }
        }
        if count > 0 { other?.roomHasGrown() }
        return count == 0 ? .wouldBlock : .bytes(count)
    }

    /// All that is there.
    func takeIncoming() -> [UInt8] {
        let bytes = Array(incoming[readOffset...])
        incoming.removeAll(keepingCapacity: true)
        readOffset = 0
        if !bytes.isEmpty { other?.roomHasGrown() }
        return bytes
    }

    func send(_ pieces: UnsafeBufferPointer<SendPiece>) -> Transfer {
        var limit = Int.max
        if !sendScript.isEmpty {
            switch sendScript.removeFirst() {
            case .atMost(let count): limit = count
            case .failed(let error): return .failed(error)
            }
        }
        if let error = takeError() { return .failed(error) }
        if isBroken || hasSentFIN { return .failed(Errno(rawValue: EPIPE)) }
        // A peer that is gone takes the bytes and answers with RST.
        var left = min(limit, other?.room ?? Int.max)
        guard left > 0 else {
            outputIsArmed = true
            roomHasGrown()
            return .wouldBlock
        }
        var sent = 0
        for index in pieces.indices where left > 0 {
            // SAFETY: who sends a piece proves that it can be read.
            let piece = unsafe pieces[index]
            let count = min(piece.byteCount, left)
            unsafe other?.incoming.append(
                contentsOf: UnsafeRawBufferPointer(start: piece.base, count: count)
            )
            sent += count
            left -= count
        }
        if let other {
            if other.inputIsArmed { other.report(.input) }
        } else {
            breakOff(with: Errno(rawValue: ECONNRESET))
        }
        return .bytes(sent)
    }

    func takeError() -> Errno? {
        defer { error = nil }
        return error
    }

    /// Sends FIN, once.
    func finish() {
        guard !hasSentFIN, !isBroken else { return }
        hasSentFIN = true
        other?.hasReceivedFIN = true
        other?.report([.input, .ended])
    }

    /// Ends both directions: with FIN, or with RST if the other end's bytes were not received.
    func close() {
        beForgotten()
        if incomingByteCount > 0 || isAborted { reset() } else { finish() }
        other?.other = nil
        other = nil
    }

    /// Sends RST.
    func reset() {
        isBroken = true
        other?.breakOff(with: Errno(rawValue: ECONNRESET))
        other?.other = nil
        other = nil
    }

    private func breakOff(with error: Errno) {
        guard !isBroken else { return }
        isBroken = true
        self.error = error
        report([.input, .output, .ended, .broken])
    }
}
