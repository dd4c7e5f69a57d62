// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import LinnetBytes

/// The shared facts of one connection: one cache line that its owner writes and all threads read.
///
/// Invariants (a sequence lock):
/// 1. The stamp packs the generation of the slot (upper half) and a version (lower half). While the
///    version is odd the facts are being changed.
/// 2. Only the slot's owner writes: the thread that reserved it, then the reactor that it was
///    handed to by a queue.
/// 3. A change is: stamp odd; facts, each with a releasing store; stamp even, with a releasing
///    store. A reader loads the stamp, then each fact acquiring, then the stamp again. If it saw
///    one fact of a change, that acquiring load pairs with the fact's store, behind which the odd
///    stamp stands, so its second look at the stamp finds another than its first. No fence is
///    needed, and none is used: the thread sanitizer understands all of it.
/// 4. Two equal stamps around a look prove an unchanged slot unless 2^31 changes fell between them.
@usableFromInline
struct ConnectionSlot: ~Copyable {
    @usableFromInline let stamp: AtomicWord
    @usableFromInline let receivedBytes: AtomicWord
    @usableFromInline let receivedFrames: AtomicWord
    @usableFromInline let sentBytes: AtomicWord
    @usableFromInline let sentFrames: AtomicWord
    @usableFromInline let lastActivity: AtomicWord
    /// From the top: worker (16 bits), whether outbound is full (8 bits), phase (8 bits).
    @usableFromInline let role: AtomicWord
    /// Frames above bytes, 32 bits each.
    @usableFromInline let inFlight: AtomicWord
}

/// What does not change while a connection lives, and what its worker writes: beside the slot, so
/// that the facts that change fit into one line.
@usableFromInline
struct ConnectionOrigin: ~Copyable {
    @usableFromInline let peerKind: AtomicWord
    @usableFromInline let peerUpper: AtomicWord
    @usableFromInline let peerLower: AtomicWord
    /// Generation (upper half) and stage (lower half) that the handler's side has come to with the
    /// connection. Only the connection's worker writes it.
    @usableFromInline let handling: AtomicWord
}

/// How far the handler's side has come with a connection. It travels beside the life cycle, which
/// is the reactor's, because the reactor learns of it only when the worker's batch of commands
/// arrives.
@frozen
@usableFromInline
package enum HandlingStage: UInt32, BitwiseCopyable, Sendable {
    /// Frames are handled.
    case handling
    /// The handler has closed the connection: frames behind that are dropped.
    case closing
    /// `closed` was called: nothing more is, and nothing more can be sent.
    case closed
}

extension ConnectionSlot {
    @inlinable
    static func generation(of stamp: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: stamp >> 32) }

    @inlinable
    static func isChanging(_ stamp: UInt64) -> Bool { stamp & 1 != 0 }

    @inlinable
    static func outboundIsFull(role: UInt64) -> Bool { role >> 8 & 0xFF != 0 }

    @inlinable
    static func stamp(generation: UInt32, version: UInt64) -> UInt64 {
        UInt64(generation) << 32 | version & 0xFFFF_FFFF
    }

    /// What stands here, of one moment only if the stamp stays the same. Each load acquires.
    borrowing func facts(of id: ConnectionID, peer: PeerAddress) -> ConnectionFacts {
        let role = role.load(.acquiring)
        let inFlight = inFlight.load(.acquiring)
        let nanoseconds = Int64(bitPattern: lastActivity.load(.acquiring))
        return ConnectionFacts(
            id: id,
            peer: peer,
            phase: ConnectionPhase(rawValue: UInt8(truncatingIfNeeded: role)) ?? .closed,
            workerIndex: Int(UInt16(truncatingIfNeeded: role >> 16)),
            receivedByteCount: receivedBytes.load(.acquiring),
            receivedFrameCount: receivedFrames.load(.acquiring),
            sentByteCount: sentBytes.load(.acquiring),
            sentFrameCount: sentFrames.load(.acquiring),
            lastActivity: MonotonicInstant(nanoseconds: nanoseconds),
            outboundIsFull: ConnectionSlot.outboundIsFull(role: role),
            inFlightFrameCount: UInt32(truncatingIfNeeded: inFlight >> 32),
            inFlightByteCount: UInt32(truncatingIfNeeded: inFlight)
        )
    }
}

extension ConnectionOrigin {
    /// Part of a change of the slot.
    borrowing func setPeer(_ peer: PeerAddress) {
        let words = peer.words
        peerKind.store(words.0, .releasing)
        peerUpper.store(words.1, .releasing)
        peerLower.store(words.2, .releasing)
    }

    /// Part of a look at the slot.
    borrowing func loadPeer() -> PeerAddress {
        PeerAddress(
            words: (
                peerKind.load(.acquiring),
                peerUpper.load(.acquiring),
                peerLower.load(.acquiring)
            )
        )
    }
}
