// SPDX-License-Identifier: Apache-2.0

/// The life of one connection as its reactor sees it: what happened goes in, what to do comes out.
///
/// It does no IO and has no clock. The reactor performs the action that an input returns, and calls
/// ``timedOut(now:)`` when ``nextDeadline`` has come. Specs/protocol.md 6.
///
/// Promises:
/// 1. The handler's side learns of an end exactly once if it learned of the opening, else never: by
///    `inputEnded`, behind which it calls `closed` itself and posts `finished`, or by `closed`.
/// 2. The connection is released exactly once.
/// 3. The first reason wins.
/// 4. While it waits for the peer there is a deadline, and a server that stops has one for
///    everything. While it waits for the handler there is none, since only the handler knows how
///    long is too long.
///
/// What each input does in each phase. A name is the next phase; `-` means that it came late or
/// makes no difference; a trap is an error of the reactor or of the handler's side, which no peer
/// can cause.
///
/// | input           | opening | open        | inputEnded  | finished | lingering | closed |
/// |-----------------|---------|-------------|-------------|----------|-----------|--------|
/// | opened          | open    | trap        | trap        | trap     | trap      | -      |
/// | inputEnded, FIN | closed  | inputEnded  | noted       | noted    | closed    | -      |
/// | inputEnded else | closed  | inputEnded  | -           | -        | -         | -      |
/// | closeRequested  | closed  | inputEnded  | -           | -        | -         | -      |
/// | finished        | trap    | trap        | finished    | trap     | trap      | -      |
/// | outboundEmptied | -       | -           | -           | flushed  | -         | -      |
/// | outboundStuck   | trap    | deadline    | deadline    | -        | trap      | -      |
/// | outboundMoved   | -       | no deadline | no deadline | -        | -         | -      |
/// | peerEnded       | trap    | trap        | noted       | noted    | closed    | -      |
/// | aborted         | closed  | closed      | closed      | closed   | closed    | -      |
/// | timedOut, due   | closed  | closed      | closed      | closed   | closed    | -      |
///
/// *Flushed* is lingering, or closed if the peer's FIN was noted; `finished` without outbound
/// flushes at once. A `closeRequested` because the server stops also sets the deadline of the
/// drain, in each phase but closed. In closed nothing traps: what the kernel and other threads
/// reported in the same moment may still arrive.
package struct ConnectionMachine: BitwiseCopyable {
    // The largest first: 24 bytes in all.

    /// That of the phase, or of outbound that is stuck.
    private var deadline: MonotonicInstant
    private var drainDeadline = MonotonicInstant.distantFuture
    /// Why the connection ends, from the first input that ended it.
    package private(set) var reason: CloseReason?
    package private(set) var phase = ConnectionPhase.opening
    /// The peer's FIN was read.
    private var peerHasEnded = false

    /// A connection that begins to open.
    package init(now: MonotonicInstant, deadlines: ConnectionDeadlines) {
        deadline = now + deadlines.opening
    }

    /// What the reactor has to do.
    package enum Action: BitwiseCopyable, Hashable, Sendable {
        case none
        /// Begin to read.
        case beginReading
        /// Stop reading, and post `inputEnded` behind the frames that were delivered. What was read
        /// and not delivered is dropped.
        case postInputEnded(CloseReason)
        /// End the sending side (`SHUT_WR`), then read and discard: closing a socket with unread
        /// input makes the kernel answer with RST, which can destroy what the peer has not read
        /// yet.
        case shutDown
        /// End the sending side, and release.
        case shutDownAndRelease
        /// End the name, forget the socket, and close it after the batch of events. Tell nobody:
        /// the handler's side knows of the end, or never knew of the connection.
        case release
        /// Release, and post `closed`: nothing else told the handler's side.
        case releaseAndPostClosed(CloseReason)
    }
}

// MARK: - What the reactor may do

extension ConnectionMachine {
    /// Whether to read for frames, and whether frames that were read may be delivered: it can end
    /// between two frames of one read, when the handler runs on the reactor and closes. While
    /// lingering, what is read is discarded.
    package var mayRead: Bool { phase == .open }

    /// Whether what is sent goes out: from `opened` until the handler's side has finished.
    package var acceptsSends: Bool { phase == .open || phase == .inputEnded }

    /// When to call ``timedOut(now:)``, or `nil` if time changes nothing. It may grow: a timer that
    /// fires too early does no harm.
    package var nextDeadline: MonotonicInstant? {
        let next = min(deadline, drainDeadline)
        return next == .distantFuture ? nil : next
    }
}

// MARK: - What happens

extension ConnectionMachine {
    /// The connection became usable, and its event `opened` has found room with its worker.
    ///
    /// The event comes first: if it is refused, the connection is opening still, its deadline runs,
    /// and an end tells nobody.
    package mutating func opened() -> Action {
        guard phase != .closed else { return .none }
        precondition(phase == .opening, "a connection opens once")
        phase = .open
        deadline = .distantFuture
        return .beginReading
    }

    /// The bytes of the peer ended: in FIN that was read, or in what cannot be a frame.
    ///
    /// All frames before the end were delivered.
    package mutating func inputEnded(_ reason: CloseReason) -> Action {
        precondition(reason.sawFIN || reason == .framingError, "only bytes end the input")
        guard phase < .inputEnded || !reason.sawFIN else { return peerEnded() }
        peerHasEnded = peerHasEnded || reason.sawFIN
        return endInput(reason)
    }

    /// Someone on our side asks for a graceful end: the handler, another thread, the server, a
    /// timer.
    package mutating func closeRequested(
        _ reason: CloseReason,
        now: MonotonicInstant,
        deadlines: ConnectionDeadlines
    ) -> Action {
        precondition(reason.isGraceful && !reason.sawFIN, "a request comes from our side")
        let action = endInput(reason)
        if reason == .serverStopping, phase != .closed {
            drainDeadline = min(drainDeadline, now + deadlines.drain)
        }
        return action
    }

    /// The handler's side has called `closed`, and its last send came before this.
    package mutating func finished(
        hasOutbound: Bool,
        now: MonotonicInstant,
        deadlines: ConnectionDeadlines
    ) -> Action {
        guard phase != .closed else { return .none }
        precondition(phase == .inputEnded, "the handler's side finishes once, after `inputEnded`")
        phase = .finished
        deadline = now + deadlines.write
        return hasOutbound ? .none : outboundEmptied(now: now, deadlines: deadlines)
    }

    /// The kernel took all that was to be sent.
    package mutating func outboundEmptied(
        now: MonotonicInstant,
        deadlines: ConnectionDeadlines
    ) -> Action {
        guard phase == .finished else { return .none }
        if peerHasEnded {
            close()
            return .shutDownAndRelease
        }
        phase = .lingering
        deadline = now + deadlines.linger
        return .shutDown
    }

    /// As much outbound waits as is allowed: the peer has until the write deadline to make room,
    /// from the first time that this is said. Once the handler has finished, all is to be written
    /// by then.
    package mutating func outboundStuck(now: MonotonicInstant, deadlines: ConnectionDeadlines) {
        guard phase != .finished, phase != .closed else { return }
        precondition(acceptsSends, "no outbound waits in a connection that takes none")
        if deadline == .distantFuture {
            deadline = now + deadlines.write
        }
    }

    /// There is room for outbound again. To be said when much of it went out, rather than for each
    /// byte: a peer that takes one now and then would never time out.
    package mutating func outboundMoved() {
        if acceptsSends { deadline = .distantFuture }
    }

    /// The peer's FIN was read, in a connection that reads no frames any more. (`EPOLLRDHUP` alone
    /// does not say that: unread input may stand before it.)
    package mutating func peerEnded() -> Action {
        precondition(phase >= .inputEnded, "while frames are read, FIN is an end of input")
        peerHasEnded = true
        guard phase == .lingering else { return .none }
        close()
        return .release
    }

    /// The connection broke, or its time is over. `reason` is abortive.
    package mutating func aborted(_ reason: CloseReason) -> Action {
        precondition(!reason.isGraceful, "a graceful end is not an abort")
        guard phase != .closed else { return .none }
        let isNews = phase == .open
        self.reason = self.reason ?? reason
        close()
        return isNews ? .releaseAndPostClosed(reason) : .release
    }

    /// Time went on. Does nothing before ``nextDeadline``.
    package mutating func timedOut(now: MonotonicInstant) -> Action {
        guard let nextDeadline, now >= nextDeadline else { return .none }
        // In later phases the reason that ended the input stands.
        return aborted(phase == .opening ? .openingTimeout : .writeTimeout)
    }
}

extension ConnectionMachine {
    private mutating func endInput(_ reason: CloseReason) -> Action {
        guard phase < .inputEnded else { return .none }
        self.reason = reason
        if phase == .opening {
            close()
            return .release
        }
        phase = .inputEnded
        return .postInputEnded(reason)
    }

    private mutating func close() {
        phase = .closed
        deadline = .distantFuture
        drainDeadline = .distantFuture
    }
}
