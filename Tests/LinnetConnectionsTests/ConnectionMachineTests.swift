// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetConnections
import Testing

struct ConnectionMachineTests {
    private let start = MonotonicInstant.start
    private let deadlines = ConnectionDeadlines(
        opening: .seconds(10),
        write: .seconds(30),
        linger: .seconds(2),
        drain: .seconds(25)
    )
    private var machine: ConnectionMachine

    init() {
        machine = ConnectionMachine(now: start, deadlines: deadlines)
    }

    private func after(_ seconds: Int) -> MonotonicInstant { start + .seconds(seconds) }

    // MARK: Graceful ends

    @Test mutating func `a peer that ends is answered, and nothing is waited for after that`() {
        #expect(machine.opened() == .beginReading)
        #expect(machine.inputEnded(.peerClosed) == .postInputEnded(.peerClosed))
        #expect(finished(hasOutbound: true, 1) == .none)
        #expect(emptied(2) == .shutDownAndRelease)
        #expect(machine.phase == .closed)
        #expect(machine.reason == .peerClosed)
    }

    @Test mutating func `after a framing error we linger until the peer ends too`() {
        #expect(machine.opened() == .beginReading)
        #expect(machine.inputEnded(.framingError) == .postInputEnded(.framingError))
        #expect(machine.nextDeadline == nil)
        #expect(finished(hasOutbound: true, 1) == .none)
        #expect(machine.nextDeadline == after(31))
        #expect(emptied(2) == .shutDown)
        #expect(machine.nextDeadline == after(4))
        #expect(machine.peerEnded() == .release)
        #expect(machine.nextDeadline == nil)
    }

    @Test mutating func `we linger no longer than the linger deadline`() {
        #expect(machine.opened() == .beginReading)
        #expect(request(.closedByHandler(code: 3), 1) == .postInputEnded(.closedByHandler(code: 3)))
        #expect(finished(hasOutbound: false, 2) == .shutDown)
        #expect(machine.timedOut(now: after(3)) == .none)
        #expect(machine.timedOut(now: after(4)) == .release)
        #expect(machine.reason == .closedByHandler(code: 3))
    }

    @Test mutating func `a FIN behind the end of input makes lingering needless`() {
        #expect(machine.opened() == .beginReading)
        #expect(request(.closedByApplication(code: 0), 1) != .none)
        #expect(machine.peerEnded() == .none)
        #expect(finished(hasOutbound: false, 2) == .shutDownAndRelease)
    }

    @Test mutating func `frames come until input ends, sends until the handler has finished`() {
        #expect(!machine.mayRead && !machine.acceptsSends)
        #expect(machine.opened() == .beginReading)
        #expect(machine.mayRead && machine.acceptsSends)
        #expect(machine.inputEnded(.truncated) == .postInputEnded(.truncated))
        #expect(!machine.mayRead && machine.acceptsSends)
        #expect(finished(hasOutbound: true, 1) == .none)
        #expect(!machine.mayRead && !machine.acceptsSends)
    }

    // MARK: Abortive ends

    @Test mutating func `a reset releases at once and is told`() {
        #expect(machine.opened() == .beginReading)
        #expect(machine.aborted(.peerReset) == .releaseAndPostClosed(.peerReset))
        #expect(machine.aborted(.readFailed(Errno(rawValue: 5))) == .none)
        #expect(machine.reason == .peerReset)
    }

    @Test mutating func `a reset after the end of input releases at once and tells nothing new`() {
        #expect(machine.opened() == .beginReading)
        #expect(machine.inputEnded(.framingError) == .postInputEnded(.framingError))
        #expect(machine.aborted(.peerReset) == .release)
        #expect(finished(hasOutbound: true, 1) == .none)
        #expect(machine.reason == .framingError)
    }

    @Test mutating func `a connection that never opened is told to nobody`() {
        let error = CloseReason.connectFailed(Errno(rawValue: 111))
        #expect(machine.aborted(error) == .release)
        #expect(machine.reason == error)
        #expect(machine.opened() == .none)
    }

    @Test mutating func `a connection has until the opening deadline to open`() {
        #expect(machine.nextDeadline == after(10))
        #expect(machine.timedOut(now: after(9)) == .none)
        #expect(machine.timedOut(now: after(10)) == .release)
        #expect(machine.reason == .openingTimeout)
    }

    @Test mutating func `a peer that stops reading has until the write deadline`() {
        #expect(machine.opened() == .beginReading)
        #expect(machine.nextDeadline == nil)
        machine.outboundStuck(now: after(1), deadlines: deadlines)
        machine.outboundMoved()
        #expect(machine.nextDeadline == nil)
        machine.outboundStuck(now: after(5), deadlines: deadlines)
        machine.outboundStuck(now: after(6), deadlines: deadlines)
        #expect(machine.timedOut(now: after(35)) == .releaseAndPostClosed(.writeTimeout))
    }

    @Test mutating func `what is sent last has the whole write deadline, moving or not`() {
        #expect(machine.opened() == .beginReading)
        machine.outboundStuck(now: after(1), deadlines: deadlines)
        #expect(machine.inputEnded(.peerClosed) == .postInputEnded(.peerClosed))
        #expect(machine.nextDeadline == after(31))
        #expect(finished(hasOutbound: true, 20) == .none)
        machine.outboundMoved()
        machine.outboundStuck(now: after(21), deadlines: deadlines)
        #expect(machine.timedOut(now: after(50)) == .release)
    }

    // MARK: Stopping

    @Test mutating func `a server that stops waits for a slow handler until the drain deadline`() {
        #expect(machine.opened() == .beginReading)
        #expect(request(.serverStopping, 1) == .postInputEnded(.serverStopping))
        #expect(request(.serverStopping, 2) == .none)
        #expect(machine.nextDeadline == after(26))
        #expect(machine.timedOut(now: after(26)) == .release)
        #expect(machine.reason == .serverStopping)
    }

    @Test mutating func `the drain deadline counts for a connection that was ending already`() {
        #expect(machine.opened() == .beginReading)
        #expect(machine.inputEnded(.framingError) == .postInputEnded(.framingError))
        #expect(request(.serverStopping, 1) == .none)
        #expect(finished(hasOutbound: true, 20) == .none)
        #expect(machine.nextDeadline == after(26))
        #expect(emptied(21) == .shutDown)
        #expect(machine.nextDeadline == after(23))
        #expect(machine.reason == .framingError)
    }

    @Test mutating func `a deadline that is too long to be told is none`() {
        let patient = ConnectionDeadlines(opening: .seconds(Int64.max))
        machine = ConnectionMachine(now: start, deadlines: patient)
        #expect(machine.nextDeadline == nil)
        #expect(machine.timedOut(now: .distantFuture) == .none)
    }

    // MARK: All of it

    @Test func `no sequence of inputs breaks a promise`() {
        var search = ConnectionMachineSearch()
        search.run(maxLength: 7)
        #expect(search.violation == nil)
        #expect(search.sequenceCount == 2_319_158)
    }

    @Test func `a machine takes little of a connection's memory`() {
        #expect(MemoryLayout<ConnectionMachine>.stride <= 24)
    }

    @Test(arguments: trappingInputs)
    func `what only we can do wrong is caught`(phase: UInt8, input: String) async {
        await #expect(processExitsWith: trap) { [phase, input] in
            var machine = ConnectionMachine(in: try #require(ConnectionPhase(rawValue: phase)))
            _ = try #require(Input(rawValue: input)).apply(to: &machine, now: .start)
        }
    }

    @Test func `an end of the wrong kind is caught`() async {
        await #expect(processExitsWith: trap) {
            var machine = ConnectionMachine(in: .open)
            _ = machine.inputEnded(.peerReset)
        }
        await #expect(processExitsWith: trap) {
            var machine = ConnectionMachine(in: .open)
            _ = machine.closeRequested(.peerClosed, now: .start, deadlines: .default)
        }
        await #expect(processExitsWith: trap) {
            var machine = ConnectionMachine(in: .open)
            _ = machine.aborted(.serverStopping)
        }
        await #expect(processExitsWith: trap) {
            _ = ConnectionDeadlines(linger: .seconds(-1))
        }
    }
}

extension ConnectionMachineTests {
    private mutating func request(_ reason: CloseReason, _ seconds: Int)
        -> ConnectionMachine.Action
    {
        machine.closeRequested(reason, now: after(seconds), deadlines: deadlines)
    }

    private mutating func finished(hasOutbound: Bool, _ seconds: Int) -> ConnectionMachine.Action {
        machine.finished(hasOutbound: hasOutbound, now: after(seconds), deadlines: deadlines)
    }

    private mutating func emptied(_ seconds: Int) -> ConnectionMachine.Action {
        machine.outboundEmptied(now: after(seconds), deadlines: deadlines)
    }
}

/// The cells of the table that trap.
private let trappingInputs: [(UInt8, String)] = zip(ConnectionPhase.allCases, cells)
    .flatMap { phase, column in
        zip(Input.allCases, column).compactMap { input, cell in
            cell == "trap" ? (phase.rawValue, input.rawValue) : nil
        }
    }

extension ConnectionMachine {
    /// A machine that has come as far as that.
    fileprivate init(in phase: ConnectionPhase) {
        self.init(now: .start, deadlines: .default)
        let inputs: [Input] = [
            .opened, .framingError, .finishedWithOutbound, .outboundEmptied, .peerEnded,
        ]
        for input in inputs where self.phase < phase {
            _ = input.apply(to: &self, now: .start)
        }
    }
}
