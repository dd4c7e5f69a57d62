// SPDX-License-Identifier: Apache-2.0

import LinnetConnections

/// Everything that can happen to a connection, with one value for each case of what comes with it.
enum Input: String, CaseIterable {
    case opened, peerClosed, framingError, closedByHandler, serverStopping
    case finishedWithOutbound, finishedWithoutOutbound
    case outboundEmptied, outboundStuck, outboundMoved
    case peerEnded, peerReset, timedOutEarly, timedOut

    /// The reason that the input brings, if it ends something.
    var reason: CloseReason? {
        switch self {
        case .peerClosed: .peerClosed
        case .framingError: .framingError
        case .closedByHandler: .closedByHandler(code: 7)
        case .serverStopping: .serverStopping
        case .peerReset: .peerReset
        default: nil
        }
    }

    /// The deadline is waited for by `timedOut`; all else happens at `now`.
    func apply(to machine: inout ConnectionMachine, now: MonotonicInstant)
        -> ConnectionMachine.Action
    {
        let deadlines = ConnectionDeadlines.default
        switch self {
        case .opened:
            return machine.opened()
        case .peerClosed:
            return machine.inputEnded(.peerClosed)
        case .framingError:
            return machine.inputEnded(.framingError)
        case .closedByHandler:
            return machine.closeRequested(
                .closedByHandler(code: 7),
                now: now,
                deadlines: deadlines
            )
        case .serverStopping:
            return machine.closeRequested(.serverStopping, now: now, deadlines: deadlines)
        case .finishedWithOutbound, .finishedWithoutOutbound:
            let hasOutbound = self == .finishedWithOutbound
            return machine.finished(hasOutbound: hasOutbound, now: now, deadlines: deadlines)
        case .outboundEmptied:
            return machine.outboundEmptied(now: now, deadlines: deadlines)
        case .outboundStuck:
            machine.outboundStuck(now: now, deadlines: deadlines)
            return .none
        case .outboundMoved:
            machine.outboundMoved()
            return .none
        case .peerEnded:
            return machine.peerEnded()
        case .peerReset:
            return machine.aborted(.peerReset)
        case .timedOutEarly:
            return machine.timedOut(now: now)
        case .timedOut:
            return machine.timedOut(now: machine.nextDeadline ?? now)
        }
    }
}

extension ConnectionDeadlines {
    static let `default` = ConnectionDeadlines()
}

/// What each input does in each phase: the phase that follows, `-` if it stays, or a trap.
/// *Flushed* is lingering, or closed if the peer's FIN was seen; *due* is closed if there is a
/// deadline.
private let table = """
    input                   | opening open       inputEnded finished lingering closed
    opened                  | open    trap       trap       trap     trap      -
    peerClosed              | closed  inputEnded -          -        closed    -
    framingError            | closed  inputEnded -          -        -         -
    closedByHandler         | closed  inputEnded -          -        -         -
    serverStopping          | closed  inputEnded -          -        -         -
    finishedWithOutbound    | trap    trap       finished   trap     trap      -
    finishedWithoutOutbound | trap    trap       flushed    trap     trap      -
    outboundEmptied         | -       -          -          flushed  -         -
    outboundStuck           | trap    -          -          -        trap      -
    outboundMoved           | -       -          -          -        -         -
    peerEnded               | trap    trap       -          -        closed    -
    peerReset               | closed  closed     closed     closed   closed    -
    timedOutEarly           | -       -          -          -        -         -
    timedOut                | due     due        due        due      due       -
    """

/// The table's cell for each phase and input, in the order of their cases.
let cells: [[Substring]] = {
    let rows = table.split(separator: "\n").map { $0.split { " |".contains($0) } }
    let phases = ConnectionPhase.allCases.map { "\($0)" }
    let inputs = Input.allCases.map { $0.rawValue[...] }
    precondition(rows[0].dropFirst().elementsEqual(phases.map { $0[...] }), "other columns")
    precondition(rows.dropFirst().map { $0[0] } == inputs, "other rows")
    return phases.indices.map { phase in rows.dropFirst().map { $0[phase + 1] } }
}()

/// A search through all sequences of inputs up to a length, for one that breaks a promise.
struct ConnectionMachineSearch {
    private(set) var sequenceCount = 0
    /// The first sequence found, and what is wrong with it.
    private(set) var violation: String?
    private let cells: [[Cell]]
    private var path: [Input] = []

    private enum Cell: Equatable {
        case trap, stays, moves(ConnectionPhase), flushed, due

        init(_ text: Substring) {
            switch text {
            case "trap": self = .trap
            case "-": self = .stays
            case "flushed": self = .flushed
            case "due": self = .due
            default:
                let phase = ConnectionPhase.allCases.first { "\($0)" == text }
                guard let phase else { preconditionFailure("the table says \(text)") }
                self = .moves(phase)
            }
        }
    }

    init() {
        cells = LinnetConnectionsTests.cells.map { $0.map(Cell.init) }
    }

    mutating func run(maxLength: Int) {
        extend(Life(), remaining: maxLength)
    }

    private mutating func extend(_ life: Life, remaining: Int) {
        guard remaining > 0, violation == nil else { return }
        let column = cells[Int(life.machine.phase.rawValue)]
        for (cell, input) in zip(column, Input.allCases) where cell != .trap {
            var next = life
            path.append(input)
            sequenceCount += 1
            let complaint =
                next.live(input, expecting: expected(cell, of: life)) ?? next.complaintOfItsEnd()
            if let complaint, violation == nil {
                violation = "\(path.map(\.rawValue).joined(separator: ", ")): \(complaint)"
            }
            // What one input leaves as it is in a closed connection, more leave so too.
            if life.machine.phase != .closed { extend(next, remaining: remaining - 1) }
            path.removeLast()
        }
    }

    private func expected(_ cell: Cell, of life: Life) -> ConnectionPhase {
        let phase = life.machine.phase
        return switch cell {
        case .trap, .stays: phase
        case .moves(let next): next
        case .flushed: life.peerHasEnded ? .closed : .lingering
        case .due: life.machine.nextDeadline == nil ? phase : .closed
        }
    }
}
