// SPDX-License-Identifier: Apache-2.0

// LinnetPollers is where Linnet meets the kernel: one interface in the shape of completions, and
// one file for each way to get them. It moves bytes between sockets and buffers that the loop owns,
// and knows nothing of frames or pools. It imports LinnetBytes, the addresses and instants of
// LinnetConnections, and the shims of CLinnet.

package import LinnetBytes
package import LinnetConnections

/// How a reactor learns of what happened at its sockets, and moves bytes.
///
/// The loop waits, then takes one completion after the other. For input it lends a buffer at the
/// moment when bytes are there: no buffer waits with an idle socket. A socket is registered once,
/// for its life.
///
/// Promises:
/// 1. Input and output are reported at least once after they became possible. They may not be
///    reported again before the loop has found that nothing is left: it receives until a transfer
///    is shorter than its buffer (or `.wouldBlock`), and sends until `.wouldBlock`; or it comes
///    back by itself.
/// 2. A completion with `ended` or `broken` says that a short transfer is not the last: receive
///    until 0 bytes, or an error.
/// 3. After ``forget(_:)`` there are no more completions for that socket, but for those of the
///    batch that was waited for already: the loop knows them by their token, and so it closes
///    sockets behind the batch.
///
/// Thread: one, for its life.
package protocol Poller: ~Copyable, SendableMetatype {
    /// What the steady clock says.
    var now: MonotonicInstant { get }

    /// Begins to report for a socket under the `token`. O(1), one system call.
    mutating func watch(
        _ descriptor: Descriptor,
        as kind: WatchKind,
        token: UInt64
    ) throws(Errno)

    /// Stops reporting for a listener, whose backlog stays, or begins again.
    ///
    /// To begin can fail for want of memory (`ENOMEM`, `ENOSPC`), and is to be tried later. To stop
    /// never fails.
    mutating func setListening(
        _ listens: Bool,
        _ descriptor: Descriptor,
        token: UInt64
    ) throws(Errno)

    /// Ends reporting for a socket.
    mutating func forget(_ descriptor: Descriptor)

    /// Waits until something has happened, at most for `limit` (`nil`: without end; zero: not at
    /// all). No limit is shorter than asked for, so that a deadline has come when it is over.
    ///
    /// - Returns: how many completions there are; 0 if the time was over or a signal came.
    mutating func wait(atMost limit: Duration?) -> Int

    /// One of the completions that the last ``wait(atMost:)`` found.
    func completion(_ index: Int) -> Completion

    /// Moves input into `buffer`, which is not empty. 0 bytes are FIN.
    mutating func receive(
        from descriptor: Descriptor,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Transfer

    /// Moves output out of the pieces, in their order, as one; it keeps no pointer. Never raises
    /// SIGPIPE.
    mutating func send(
        _ pieces: UnsafeBufferPointer<SendPiece>,
        to descriptor: Descriptor
    ) -> Transfer

    /// Takes the next connection of a listener.
    mutating func accept(from listener: Descriptor) -> Acceptance

    /// Why connecting has failed, or `nil` if it has not. To be asked at the first completion of a
    /// socket that was connecting.
    mutating func connectionError(of descriptor: Descriptor) -> Errno?

    /// Sends FIN behind what was sent.
    mutating func shutDownSending(_ descriptor: Descriptor)

    /// Makes ``close(_:)`` tell the peer that bytes for it were lost: RST instead of FIN.
    mutating func prepareToAbort(_ descriptor: Descriptor)

    /// Gives the socket back to the system, after ``forget(_:)``.
    mutating func close(_ descriptor: Descriptor)
}

/// A socket, by the number that the poller knows it by.
package struct Descriptor: BitwiseCopyable, Hashable, Sendable {
    package let rawValue: CInt

    package init(rawValue: CInt) {
        self.rawValue = rawValue
    }
}

/// What a descriptor is watched for.
package enum WatchKind: BitwiseCopyable, Hashable, Sendable {
    /// Input, output and ends of a connected socket, or of one that connects.
    case stream
    /// Connections that wait. `isShared`: other pollers watch the same listener, and one of them
    /// is to be told.
    case listener(isShared: Bool)
    /// Wake-ups: an eventfd.
    case waker
}

/// What happened at a descriptor.
@frozen
@usableFromInline
package struct Completion: BitwiseCopyable, Hashable, Sendable {
    @usableFromInline package var token: UInt64
    @usableFromInline package var kinds: Kinds

    @inlinable
    package init(token: UInt64, kinds: Kinds) {
        self.token = token
        self.kinds = kinds
    }

    /// Its members are asked for one by one: a literal of several costs an allocation where it is
    /// not specialised.
    @frozen
    @usableFromInline
    package struct Kinds: OptionSet, BitwiseCopyable, Hashable, Sendable {
        @usableFromInline package let rawValue: UInt8

        @inlinable
        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Bytes, an end or an error can be received; or a connection can be accepted; or someone
        /// has woken the loop.
        @inlinable package static var input: Kinds { Kinds(rawValue: 1) }
        /// There may be room for output.
        @inlinable package static var output: Kinds { Kinds(rawValue: 2) }
        /// The peer has sent FIN, which may stand behind bytes.
        @inlinable package static var ended: Kinds { Kinds(rawValue: 4) }
        /// The socket is broken: RST, or an error.
        @inlinable package static var broken: Kinds { Kinds(rawValue: 8) }

        /// Whether any of the kinds of `other` is among these.
        @inlinable
        package func intersects(_ other: Kinds) -> Bool { rawValue & other.rawValue != 0 }
    }
}

/// What became of moving bytes.
package enum Transfer: BitwiseCopyable, Hashable, Sendable {
    /// So many were moved. 0 when receiving: the peer's FIN.
    case bytes(Int)
    /// None can be moved now; a completion follows when they can.
    case wouldBlock
    case failed(Errno)
}

/// What became of accepting.
package enum Acceptance: BitwiseCopyable, Hashable, Sendable {
    /// A connection, which does not block and is closed on exec; and who is at its other end.
    case connection(Descriptor, PeerAddress)
    /// None waits.
    case none
    /// One was there and is gone again: try the next.
    case gone
    /// The process or the system has no descriptor or memory left: the connection waits on.
    case exhausted(Errno)
    /// The listener itself is broken.
    case failed(Errno)
}

/// Bytes to send, as the system takes them: the same two words as its `iovec`.
@safe
package struct SendPiece {
    package var base: UnsafeRawPointer
    package var byteCount: Int

    package init(base: UnsafeRawPointer, byteCount: Int) {
        // SAFETY: it is kept, not followed; who sends the piece proves that it can be read.
        unsafe self.base = base
        self.byteCount = byteCount
    }
}
