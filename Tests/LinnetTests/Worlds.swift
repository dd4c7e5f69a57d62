// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linnet
import LinnetTestSupport
import Logging
import Testing

/// A server of both kinds of sockets in both execution modes.
struct Place: Sendable, CustomTestStringConvertible {
    var isUnix: Bool
    var execution: Execution

    static let all = [
        Place(isUnix: false, execution: .inline), Place(isUnix: true, execution: .inline),
        Place(isUnix: false, execution: .workers(1)), Place(isUnix: true, execution: .workers(2)),
    ]

    var testDescription: String { "\(isUnix ? "unix" : "tcp"), \(execution)" }

    func endpoint() -> Endpoint {
        isUnix ? .unix(path: makeSocketPath()) : .tcp(host: "127.0.0.1", port: 0)
    }
}

/// A path that no other test uses, short enough for a socket.
func makeSocketPath() -> String {
    NSTemporaryDirectory() + "linnet-\(UUID().uuidString.prefix(13))"
}

/// Answers each packet with itself. Who sends the byte 255 alone is closed instead.
struct Echo: Handler {
    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        if packet.payload.byteCount == 1, packet.payload.loadLittleEndian(at: 0) as UInt8 == 255 {
            outbox.close(id, code: 7)
            return
        }
        let flags = packet.header.flags.intersection([.payloadChecksum, .application])
        let result = outbox.send(packet.lease(), to: id, flags: flags.rawValue)
        if result != .queued { Issue.record("the echo was \(result)") }
    }
}

/// A server that echoes, for the time of a test.
final class EchoServer {
    let server: Server
    var endpoint: Endpoint { server.endpoints[0] }

    init(_ place: Place, configure: (inout ServerConfiguration) -> Void = { _ in }) throws {
        var configuration = ServerConfiguration(
            endpoints: [place.endpoint()],
            execution: place.execution
        )
        configuration.logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        configuration.maxConnectionCount = 256
        configure(&configuration)
        server = Server(configuration)
        try server.start { _ in Echo() }
    }

    func stop() {
        server.stop(within: .seconds(5))
    }

    deinit {
        stop()
    }
}

/// What a handler was called, in order.
final class Record: @unchecked Sendable {
    // Sendable: all of it is used under the lock.
    private let lock = NSLock()
    private var opened: [ConnectionID] = []
    private var received: [ConnectionID: [[UInt8]]] = [:]
    private var closed: [ConnectionID: CloseReason] = [:]

    func open(_ id: ConnectionID) { lock.withLock { opened.append(id) } }
    func receive(_ bytes: [UInt8], from id: ConnectionID) {
        lock.withLock { received[id, default: []].append(bytes) }
    }
    func close(_ id: ConnectionID, _ reason: CloseReason) {
        lock.withLock {
            if let first = closed[id] { Issue.record("closed twice: \(first), \(reason)") }
            closed[id] = reason
        }
    }

    var openedCount: Int { lock.withLock { opened.count } }
    var closedCount: Int { lock.withLock { closed.count } }
    func hasOpened(_ id: ConnectionID) -> Bool { lock.withLock { opened.contains(id) } }
    func packets(of id: ConnectionID) -> [[UInt8]] { lock.withLock { received[id] ?? [] } }
    func reason(of id: ConnectionID) -> CloseReason? { lock.withLock { closed[id] } }
}

/// A client's handler that records.
struct Recorder: Handler {
    let record: Record

    mutating func opened(_ id: ConnectionID, outbox: inout Outbox) { record.open(id) }

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        record.receive([UInt8](packet.payload), from: id)
    }

    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        record.close(id, reason)
    }
}

/// Waits for what another thread does. Fails after a long time.
///
/// - Returns: whether it came.
@discardableResult
func waitUntil(
    _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () -> Bool
) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(300)
    while !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("never: \(what)", sourceLocation: sourceLocation)
            return false
        }
        await Task.yield()
    }
    return true
}

/// What `body` throws.
func failure(_ body: () async throws -> Void) async -> (any Error)? {
    do {
        try await body()
        return nil
    } catch {
        return error
    }
}
