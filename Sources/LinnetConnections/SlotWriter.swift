// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// The facts of a slot, for its owner, in the middle of a change. Each store releases: see
/// `ConnectionSlot`.
@frozen
@safe
public struct SlotWriter {
    @usableFromInline let slot: UnsafeMutablePointer<ConnectionSlot>

    // SAFETY of all below: the slot is in the region of a table that its owner keeps; only the
    // owner writes, so a load and a store make a change.

    @unsafe
    @inlinable
    init(slot: UnsafeMutablePointer<ConnectionSlot>) {
        unsafe self.slot = unsafe slot
    }

    /// Counts what came in.
    @inlinable
    @inline(__always)
    public func noteReceived(byteCount: Int, frameCount: Int, now: MonotonicInstant) {
        unsafe slot.pointee.receivedBytes.add(byteCount)
        unsafe slot.pointee.receivedFrames.add(frameCount)
        unsafe slot.pointee.lastActivity.store(UInt64(bitPattern: now.nanoseconds), .releasing)
    }

    /// Counts what the kernel took.
    @inlinable
    @inline(__always)
    public func noteSent(byteCount: Int, frameCount: Int, now: MonotonicInstant) {
        unsafe slot.pointee.sentBytes.add(byteCount)
        unsafe slot.pointee.sentFrames.add(frameCount)
        unsafe slot.pointee.lastActivity.store(UInt64(bitPattern: now.nanoseconds), .releasing)
    }

    /// Says what is in flight to the worker now.
    @inlinable
    @inline(__always)
    public func setInFlight(frameCount: Int, byteCount: Int) {
        let frames = UInt64(UInt32(clamping: frameCount))
        unsafe slot.pointee.inFlight.store(
            frames << 32 | UInt64(UInt32(clamping: byteCount)),
            .releasing
        )
    }

    @inlinable
    public var phase: ConnectionPhase {
        get {
            let role = unsafe slot.pointee.role.load(.relaxed)
            return ConnectionPhase(rawValue: UInt8(truncatingIfNeeded: role)) ?? .closed
        }
        nonmutating set {
            let role = unsafe slot.pointee.role.load(.relaxed)
            unsafe slot.pointee.role.store(role & ~0xFF | UInt64(newValue.rawValue), .releasing)
        }
    }

    /// Whether sends are refused, because as much waits to be written as may.
    @inlinable
    public var outboundIsFull: Bool {
        get { ConnectionSlot.outboundIsFull(role: unsafe slot.pointee.role.load(.relaxed)) }
        nonmutating set {
            let role = unsafe slot.pointee.role.load(.relaxed)
            unsafe slot.pointee.role.store(
                role & ~0xFF00 | (newValue ? 0x0100 : 0),
                .releasing
            )
        }
    }

    /// A slot that begins a new life: opening, all counts zero.
    func reset(workerIndex: Int, now: MonotonicInstant) {
        unsafe slot.pointee.receivedBytes.store(0, .releasing)
        unsafe slot.pointee.receivedFrames.store(0, .releasing)
        unsafe slot.pointee.sentBytes.store(0, .releasing)
        unsafe slot.pointee.sentFrames.store(0, .releasing)
        unsafe slot.pointee.inFlight.store(0, .releasing)
        unsafe slot.pointee.lastActivity.store(UInt64(bitPattern: now.nanoseconds), .releasing)
        let worker = UInt64(UInt16(truncatingIfNeeded: workerIndex))
        unsafe slot.pointee.role.store(
            worker << 16 | UInt64(ConnectionPhase.opening.rawValue),
            .releasing
        )
    }
}

extension AtomicWord {
    /// For a word with one writer: a load, and a store that releases.
    @inlinable
    @inline(__always)
    borrowing func add(_ count: Int) {
        store(load(.relaxed) &+ UInt64(truncatingIfNeeded: count), .releasing)
    }
}
