// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetTestSupport

/// Holds the framework to its promises from the handler's side, and makes life hard for it: answers
/// frames, closes connections, and keeps using names that are gone.
struct CheckingHandler: ~Copyable, Handler {
    typealias F = NumberFraming

    private let verdict: Verdict
    private var random: SeededRandom
    private var open: [ConnectionID: State] = [:]
    private var gone: [ConnectionID] = []
    private var goneSet: Set<ConnectionID> = []

    private struct State {
        var nextFrame: UInt64 = 0
        var sentCount: UInt64 = 0
        var hasClosed = false
    }

    init(verdict: Verdict, seed: UInt64) {
        self.verdict = verdict
        random = SeededRandom(seed: seed)
    }

    deinit {
        if !open.isEmpty { verdict.fault("\(open.count) connections were never closed") }
    }

    mutating func opened(_ id: ConnectionID, outbox: inout Outbox) {
        if open[id] != nil || goneSet.contains(id) { verdict.fault("\(id) opened twice") }
        open[id] = State()
        verdict.count("opened")
    }

    mutating func received(
        _ frame: borrowing FrameView<NumberFraming>,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        guard var state = open[id] else {
            return verdict.fault("\(id): a frame before opened or behind closed")
        }
        if state.hasClosed { verdict.fault("\(id): a frame behind the handler's own close") }
        let number: UInt64 = frame.payload.loadLittleEndian(at: 0)
        if number != frame.metadata { verdict.fault("\(id): \(number) is not \(frame.metadata)") }
        if frame.metadata != state.nextFrame {
            verdict.fault("\(id): frame \(frame.metadata), not \(state.nextFrame)")
        }
        state.nextFrame += 1
        if !random.oneIn(4) {
            switch sendReply(to: id, number: state.sentCount, &outbox) {
            case .queued: state.sentCount += 1
            case .full: verdict.fault("\(id): no room for one reply to one frame")
            case .refused: verdict.fault("\(id): a reply without limits was refused")
            case .closed, nil: break
            }
        }
        if random.oneIn(50) {
            // `.closed` if its reactor has aborted it meanwhile.
            if outbox.close(id, code: 9) == .full {
                verdict.fault("\(id): no room to close the current one")
            }
            state.hasClosed = true
        }
        open[id] = state
        useNameThatIsGone(&outbox)
    }

    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        if open.removeValue(forKey: id) == nil {
            verdict.fault("\(id): closed twice or before opened")
        }
        verdict.count("closed")
        gone.append(id)
        goneSet.insert(id)
        if gone.count > 64 { goneSet.remove(gone.removeFirst()) }
        useNameThatIsGone(&outbox)
    }

    private mutating func useNameThatIsGone(_ outbox: inout Outbox) {
        guard let id = gone.randomElement(using: &random) else { return }
        if let result = sendReply(to: id, number: 0, &outbox), result != .closed {
            verdict.fault("\(id): a send behind closed is answered \(result)")
        }
        if outbox.close(id) != .closed { verdict.fault("\(id): a close behind closed works") }
    }

    /// `nil` if the pool is exhausted.
    private func sendReply(
        to id: ConnectionID,
        number: UInt64,
        _ outbox: inout Outbox
    ) -> SendResult? {
        guard let lease = Reply(target: id, number: number).lease(from: outbox.magazine) else {
            return nil
        }
        return outbox.send(lease, to: id)
    }
}
