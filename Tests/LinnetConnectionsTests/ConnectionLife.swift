// SPDX-License-Identifier: Apache-2.0

import LinnetConnections

/// A machine, and all that it has said so far.
struct Life {
    private(set) var machine = ConnectionMachine(now: .start, deadlines: .default)
    private(set) var peerHasEnded = false
    private var now = MonotonicInstant.start
    private var openedCount = 0
    private var endCount = 0
    private var shutDownCount = 0
    private var releaseCount = 0
    private var firstReason: CloseReason?
    private var isStuck = false
    private var drainsBy: MonotonicInstant?

    /// Lets the input happen, and says which promise that breaks.
    mutating func live(_ input: Input, expecting phase: ConnectionPhase) -> String? {
        let before = machine
        now = input == .timedOut ? machine.nextDeadline ?? now : now + .milliseconds(1)
        note(input)
        let action = input.apply(to: &machine, now: now)
        count(action)
        if machine.phase != phase { return "went to \(machine.phase), not \(phase)" }
        if machine.phase < before.phase { return "went back from \(before.phase)" }
        if machine.phase == before.phase, action != .none { return "stayed, but did \(action)" }
        return complaintOfCounts() ?? complaintOfReason(action) ?? complaintOfDeadlines()
            ?? complaintOfPermissions()
    }

    /// Lets the peer do nothing more, and the handler's side finish.
    func complaintOfItsEnd() -> String? {
        var life = self
        for _ in 0..<3 where life.machine.phase != .closed {
            let (input, next): (Input, ConnectionPhase) =
                switch life.machine.phase {
                case .open: (.closedByHandler, .inputEnded)
                case .inputEnded: (.finishedWithOutbound, .finished)
                default: (.timedOut, .closed)
                }
            if let complaint = life.live(input, expecting: next) {
                return "then \(input): \(complaint)"
            }
        }
        return life.machine.phase == .closed ? nil : "stays \(life.machine.phase) for ever"
    }

    private mutating func note(_ input: Input) {
        let isAlive = machine.phase != .closed
        if isAlive, firstReason == nil { firstReason = input.reason ?? reasonOfTimeout(input) }
        if input == .peerClosed || input == .peerEnded { peerHasEnded = true }
        if input == .outboundStuck { isStuck = machine.acceptsSends }
        if input == .outboundMoved || machine.phase > .inputEnded { isStuck = false }
        if isAlive, input == .serverStopping, drainsBy == nil {
            drainsBy = now + ConnectionDeadlines.default.drain
        }
    }

    private func reasonOfTimeout(_ input: Input) -> CloseReason? {
        guard input == .timedOut, machine.nextDeadline != nil else { return nil }
        return machine.phase == .opening ? .openingTimeout : .writeTimeout
    }

    private mutating func count(_ action: ConnectionMachine.Action) {
        switch action {
        case .none: break
        case .beginReading: openedCount += 1
        case .postInputEnded: endCount += 1
        case .shutDown: shutDownCount += 1
        case .shutDownAndRelease:
            shutDownCount += 1
            releaseCount += 1
        case .release: releaseCount += 1
        case .releaseAndPostClosed:
            endCount += 1
            releaseCount += 1
        }
    }

    private func complaintOfCounts() -> String? {
        let phase = machine.phase
        let hasOpened = openedCount == 1
        let isTold = hasOpened && phase > .open
        if openedCount > 1 || (phase > .opening && phase < .closed && !hasOpened) {
            return "told \(openedCount) times that it opened"
        }
        if endCount != (isTold ? 1 : 0) { return "told \(endCount) times that it ended" }
        if releaseCount != (phase == .closed ? 1 : 0) { return "released \(releaseCount) times" }
        if shutDownCount > 1 || (phase == .lingering && shutDownCount == 0) {
            return "shut down \(shutDownCount) times"
        }
        if phase < .finished, shutDownCount > 0 { return "shut down before it had finished" }
        return nil
    }

    private func complaintOfReason(_ action: ConnectionMachine.Action) -> String? {
        if machine.reason != firstReason {
            return "ends with \(machine.reason as Any), not \(firstReason as Any)"
        }
        switch action {
        case .postInputEnded(let reason):
            return reason == firstReason && reason.isGraceful ? nil : "input ended: \(reason)"
        case .releaseAndPostClosed(let reason):
            return reason == firstReason && !reason.isGraceful ? nil : "closed: \(reason)"
        default:
            return nil
        }
    }

    private func complaintOfDeadlines() -> String? {
        let deadline = machine.nextDeadline
        let mustHaveOne =
            switch machine.phase {
            case .opening, .finished, .lingering: true
            case .open, .inputEnded: isStuck || drainsBy != nil
            case .closed: false
            }
        guard let deadline else { return mustHaveOne ? "waits without a deadline" : nil }
        if !mustHaveOne { return "has a deadline but waits for nothing" }
        if let drainsBy, deadline > drainsBy { return "outlasts the drain" }
        return nil
    }

    private func complaintOfPermissions() -> String? {
        let phase = machine.phase
        if machine.mayRead != (phase == .open) { return "reads while \(phase)" }
        if machine.acceptsSends != (phase == .open || phase == .inputEnded) {
            return "sends while \(phase)"
        }
        return nil
    }
}

extension MonotonicInstant {
    static let start = MonotonicInstant(nanoseconds: 0)
}
