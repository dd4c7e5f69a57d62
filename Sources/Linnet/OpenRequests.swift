// SPDX-License-Identifier: Apache-2.0

internal import LinnetConnections
internal import LinnetEvents

/// The requests of one connection that wait for replies, in the order in which they were sent:
/// a reply is that of the oldest (Specs/schema.md §2.5.1).
///
/// A task that is cancelled goes on at once; its request keeps its place, and the reply is given
/// back when it comes.
///
/// Promises: each task that waits is resumed once, with its reply or with why there is none.
///
/// Thread: `open`, `settle` and `end` the reactor's; the rest any.
final class OpenRequests: Sendable {
    /// How a wait ends.
    enum Outcome: Sendable {
        case reply(UInt16, Mailbox.Item)
        case closed(CloseReason)
        case cancelled
        /// It was not sent: there are as many as may be, or the connection has no room.
        case noRoom
        /// It was not sent: no packet of the protocol holds it.
        case refused
    }

    /// What became of a reply.
    enum Settlement { case taken, dropped, unexpected }

    @safe
    private struct Request {
        let ticket: UInt64
        let number: UInt16
        /// `nil` when its task was cancelled.
        var waiter: UnsafeContinuation<Outcome, Never>?
    }

    private struct State {
        var id: ConnectionID?
        var reason: CloseReason?
        /// From `first` on; those before were settled.
        var requests: [Request] = []
        var first = 0
        var lastTicket: UInt64 = 0
    }

    private let state = Locked(State())
    private let maxCount: Int

    init(maxCount: Int) {
        precondition(maxCount >= 1, "a client may ask at least one request at a time")
        self.maxCount = maxCount
    }

    /// Requests that wait for replies.
    var count: Int { state.withLock { $0.requests.count - $0.first } }
}

// MARK: - The asking side

extension OpenRequests {
    /// Sends a request and waits for its reply.
    ///
    /// - Parameters:
    ///   - number: of the request.
    ///   - send: is called at most once, under the lock that keeps requests in order.
    nonisolated(nonsending) func wait(
        for number: UInt16,
        send: () -> SendResult
    ) async -> Outcome {
        let ticket = state.withLock {
            $0.lastTicket += 1
            return $0.lastTicket
        }
        return await withTaskCancellationHandler {
            // SAFETY: resumed once: at once, or by who takes it out of the state.
            await unsafe withUnsafeContinuation { waiter in
                let failure = state.withLock { state -> Outcome? in
                    let request = unsafe Request(ticket: ticket, number: number, waiter: waiter)
                    return begin(request, &state, send)
                }
                if let failure { unsafe waiter.resume(returning: failure) }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    /// Returns why it was not sent, or `nil`.
    private func begin(
        _ request: Request,
        _ state: inout State,
        _ send: () -> SendResult
    ) -> Outcome? {
        // A task that is cancelled later finds the request.
        if Task.isCancelled { return .cancelled }
        if let reason = state.reason { return .closed(reason) }
        guard state.requests.count - state.first < maxCount else { return .noRoom }
        switch send() {
        case .queued, .closed:
            // Who cannot send any more is about to be told why.
            state.requests.append(request)
            return nil
        case .full: return .noRoom
        case .refused: return .refused
        }
    }

    private func cancel(_ ticket: UInt64) {
        let waiter = unsafe state.withLock { state -> UnsafeContinuation<Outcome, Never>? in
            let index = state.requests[state.first...].firstIndex { $0.ticket == ticket }
            return unsafe index.flatMap { unsafe state.requests[$0].waiter.take() }
        }
        // SAFETY: who takes a continuation out resumes it, and nobody else can.
        unsafe waiter?.resume(returning: .cancelled)
    }
}

// MARK: - The reactor's side

extension OpenRequests {
    /// As ``Mailbox/open(_:)``.
    func open(_ id: ConnectionID) {
        state.withLock {
            guard $0.id == nil || $0.reason != nil else { return }
            $0.id = id
            $0.reason = nil
        }
    }

    /// A reply has come.
    ///
    /// - Parameters:
    ///   - item: its packet, which passes to the task that waits if it is taken.
    ///   - isReply: whether the message may answer a request of that number.
    func settle(
        _ number: UInt16,
        _ item: Mailbox.Item,
        isReply: (_ request: UInt16) -> Bool
    ) -> Settlement {
        var waiter: UnsafeContinuation<Outcome, Never>?
        let isExpected = state.withLock { state in
            guard state.first < state.requests.count, isReply(state.requests[state.first].number)
            else { return false }
            unsafe waiter = state.requests[state.first].waiter.take()
            state.first += 1
            if state.first == state.requests.count || state.first >= 64 {
                state.requests.removeSubrange(..<state.first)
                state.first = 0
            }
            return true
        }
        guard isExpected else { return .unexpected }
        guard let waiter = unsafe waiter else { return .dropped }
        // SAFETY: as in `cancel`.
        unsafe waiter.resume(returning: .reply(number, item))
        return .taken
    }

    func end(_ id: ConnectionID, _ reason: CloseReason) {
        let waiting = state.withLock { state -> [Request] in
            guard state.id == id else { return [] }
            state.reason = reason
            defer {
                state.requests = []
                state.first = 0
            }
            return Array(state.requests[state.first...])
        }
        // SAFETY: as in `cancel`.
        for request in waiting { unsafe request.waiter?.resume(returning: .closed(reason)) }
    }
}
