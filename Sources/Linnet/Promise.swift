// SPDX-License-Identifier: Apache-2.0

package import LinnetConnections

/// A value that one side gives and one task waits for. The first value counts.
///
/// Thread: any.
package final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value, Never>)
        case kept(Value)
    }

    private let state = Locked(State.open)

    package init() {}

    /// Gives the value. Returns whether it was the first.
    @discardableResult
    package func keep(_ value: Value) -> Bool {
        let continuation = state.withLock { state -> CheckedContinuation<Value, Never>?? in
            switch state {
            case .open:
                state = .kept(value)
                return .some(nil)
            case .awaited(let continuation):
                state = .kept(value)
                return continuation
            case .kept: return nil
            }
        }
        continuation??.resume(returning: value)
        return continuation != nil
    }

    /// Waits for the value. Once.
    ///
    /// - Parameters:
    ///   - late: what it is if none comes before the deadline.
    ///   - cancelled: what it is if the task is cancelled before.
    package func value(
        before deadline: MonotonicInstant,
        late: Value,
        cancelled: Value
    ) async -> Value {
        let timer = Task {
            let limit = MonotonicInstant.now().duration(to: deadline)
            if (try? await Task.sleep(for: max(.zero, limit))) != nil { keep(late) }
        }
        defer { timer.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { resume($0) }
        } onCancel: {
            keep(cancelled)
        }
    }

    private func resume(_ continuation: CheckedContinuation<Value, Never>) {
        let value = state.withLock { state -> Value? in
            switch state {
            case .open:
                state = .awaited(continuation)
                return nil
            case .awaited: preconditionFailure("one task waits for a promise")
            case .kept(let value): return value
            }
        }
        if let value { continuation.resume(returning: value) }
    }
}
