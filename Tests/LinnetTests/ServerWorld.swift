// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linnet
import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import LinnetTransports
import Logging
import Testing

/// How a server of a test runs.
struct Setup: Sendable, Hashable, CustomTestStringConvertible {
    var execution: Execution
    var isUnix = false
    var reactorCount = 1
    var balance = Balance.reusePort

    var testDescription: String {
        let place = isUnix ? "unix" : "tcp"
        return "\(place) \(execution) \(reactorCount) \(balance.rawValue)"
    }

    /// TCP and Unix, inline and workers.
    static let plain = [Execution.inline, .workers(1)].flatMap {
        [Setup(execution: $0), Setup(execution: $0, isUnix: true)]
    }

    static let executions = [Setup(execution: .inline), Setup(execution: .workers(1))]

    func makeEndpoint() -> Endpoint {
        guard isUnix else { return .tcp(host: "127.0.0.1", port: 0) }
        return .unix(path: NSTemporaryDirectory() + "linnet-\(UUID().uuidString.prefix(13))")
    }
}

/// What handlers were called with, of all threads; it finds calls that break a promise.
final class ServerRecord: @unchecked Sendable {
    // Sendable: all is read and written under the lock.
    private let lock = NSLock()
    private var stages: [ConnectionID: Stage] = [:]
    private var reasonList: [CloseReason] = []
    private var findingList: [String] = []
    private var frames = 0
    private var stops = 0
    private var lastID = ConnectionID(rawValue: 0)

    private enum Stage { case open, closed }

    private func locked<Result>(_ body: () -> Result) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return body()
    }

    func opened(_ id: ConnectionID) {
        locked {
            if stages[id] != nil { findingList.append("\(id) opened twice") }
            stages[id] = .open
            lastID = id
        }
    }

    func received(from id: ConnectionID) {
        locked {
            if stages[id] != .open { findingList.append("\(id): a frame outside of its life") }
            frames += 1
        }
    }

    func closed(_ id: ConnectionID, _ reason: CloseReason) {
        locked {
            if stages[id] != .open { findingList.append("\(id) closed outside of its life") }
            stages[id] = .closed
            reasonList.append(reason)
        }
    }

    func stopping() { locked { stops += 1 } }

    var frameCount: Int { locked { frames } }
    var openedCount: Int { locked { stages.count } }
    var reasons: [CloseReason] { locked { reasonList } }
    var findings: [String] { locked { findingList } }
    var stoppingCount: Int { locked { stops } }
    var openIDs: [ConnectionID] { locked { stages.filter { $0.value == .open }.map(\.key) } }
    /// The connection that was opened last.
    var newest: ConnectionID { locked { lastID } }
}

/// Holds a handler until a test lets it go on.
final class Gate: @unchecked Sendable {
    // Sendable: the condition orders all.
    private let condition = NSCondition()
    private var isOpen = false
    private var waiting = 0

    func open() {
        condition.lock()
        isOpen = true
        condition.broadcast()
        condition.unlock()
    }

    func pass() {
        condition.lock()
        waiting += 1
        while !isOpen { condition.wait() }
        waiting -= 1
        condition.unlock()
    }

    var waitingCount: Int {
        condition.lock()
        defer { condition.unlock() }
        return waiting
    }
}

/// Answers each packet with its payload and its application's bits, and does what those ask for.
struct EchoHandler: Handler {
    /// Closes the connection behind the answer; the code is the payload's length.
    static let closeFlag: UInt16 = 1 << 12
    /// Waits at the gate before the answer.
    static let waitFlag: UInt16 = 1 << 13
    /// Gives no answer.
    static let silentFlag: UInt16 = 1 << 14

    let record: ServerRecord
    let gate: Gate
    /// Whether the application's bits mean something.
    var obeysFlags = true

    mutating func opened(_ id: ConnectionID, outbox: inout Outbox) {
        record.opened(id)
    }

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        record.received(from: id)
        let flags = packet.header.flags.rawValue
        let orders = obeysFlags ? flags : 0
        if orders & Self.waitFlag != 0 { gate.pass() }
        if orders & Self.silentFlag == 0 {
            _ = outbox.send(packet.lease(), to: id, flags: flags & 0xF002)
        }
        if orders & Self.closeFlag != 0 {
            outbox.close(id, code: UInt32(packet.payload.byteCount))
        }
    }

    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        record.closed(id, reason)
    }

    mutating func stopping(outbox: inout Outbox) {
        record.stopping()
    }
}

/// A server that runs, and what its handlers were called with.
struct ServerWorld: Sendable {
    let server: Server
    let endpoint: Endpoint
    let record: ServerRecord
    let gate: Gate

    func peer() throws -> RawPeer { try RawPeer(endpoint) }

    /// Workers learn of an abort after the connection is gone.
    func waitUntilEmpty() -> Bool {
        waitUntil {
            server.statistics.openConnectionCount == 0
                && record.reasons.count == record.openedCount
        }
    }

    var heldBlockCount: Int {
        server.sender?.pool.statistics.reduce(0) { $0 + $1.inUseCount } ?? 0
    }
}

/// Runs a server around `body`, stops it, and checks that nothing is left behind and that no
/// promise was broken.
func withServer<Result>(
    _ setup: Setup,
    framing: PacketFraming = PacketFraming(),
    obeysFlags: Bool = true,
    stopLimit: Duration = .seconds(200),
    _ change: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (ServerWorld) throws -> Result
) throws -> Result {
    try withServer(
        setup,
        framing,
        stopLimit: stopLimit,
        change,
        handler: { EchoHandler(record: $0, gate: $1, obeysFlags: obeysFlags) },
        body
    )
}

/// The same for any wire and its handler.
func withServer<H: Handler & SendableMetatype, Result>(
    _ setup: Setup,
    _ framing: H.F,
    stopLimit: Duration = .seconds(200),
    _ change: (inout ServerConfiguration) -> Void = { _ in },
    handler makeHandler: @escaping @Sendable (ServerRecord, Gate) -> H,
    _ body: (ServerWorld) throws -> Result
) throws -> Result {
    var configuration = ServerConfiguration(
        endpoints: [setup.makeEndpoint()],
        execution: setup.execution
    )
    configuration.reactorCount = setup.reactorCount
    configuration.balance = setup.balance
    configuration.maxConnectionCount = 1_024
    configuration.logger.logLevel = .critical
    change(&configuration)
    let server = Server(configuration)
    let (record, gate) = (ServerRecord(), Gate())
    try server.start(framing: framing) { _ in makeHandler(record, gate) }
    let endpoint = try #require(server.endpoints.first)
    let world = ServerWorld(server: server, endpoint: endpoint, record: record, gate: gate)
    defer {
        gate.open()
        server.stop(within: stopLimit)
        #expect(record.findings == [])
        #expect(record.reasons.count == record.openedCount, "each is closed once")
        let connectionCount = server.connections?.count
        #expect(connectionCount == 0)
        #expect(world.heldBlockCount == 0, "blocks are left behind")
    }
    return try body(world)
}

extension NaiveOutcome {
    /// What a peer must have received of an echo: payloads and the bits that it copies.
    func expectEchoes(
        of sent: [NaivePacket],
        _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(error == nil, comment, sourceLocation: sourceLocation)
        #expect(packets.count == sent.count, comment, sourceLocation: sourceLocation)
        let isEcho = zip(packets, sent).allSatisfy {
            $0.payload == $1.payload && $0.flags == $1.flags & 0xF002
        }
        #expect(isEcho, comment, sourceLocation: sourceLocation)
    }
}
