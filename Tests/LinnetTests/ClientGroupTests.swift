// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Linnet
import LinnetBytes
import LinnetTestSupport
import Testing

struct ClientGroupTests {
    @Test(arguments: Place.all)
    func `packets go and come back in order`(place: Place) async throws {
        let server = try EchoServer(place)
        let record = Record()
        var configuration = ClientConfiguration()
        configuration.execution = place.execution
        let group = try ClientGroup.start(configuration) { _ in Recorder(record: record) }
        let id = try await group.connect(to: server.endpoint, within: .seconds(60))
        #expect(record.hasOpened(id) || place.execution != .inline)
        for number in 0..<100 as Range<UInt8> {
            let result = group.sender.send(copying: [number, 1].rawSpan, to: id)
            #expect(result == .queued)
        }
        await waitUntil("100 answers") { record.packets(of: id).count == 100 }
        #expect(record.packets(of: id) == (0..<100).map { [UInt8($0), 1] })
        group.stop()
        #expect(record.reason(of: id) == .serverStopping)
        #expect(group.connections.count == 0)
        #expect(group.statistics.receivedFrameCount == 100)
    }

    @Test func `connections are spread over reactors and workers`() async throws {
        let server = try EchoServer(Place.all[0])
        let record = Record()
        var configuration = ClientConfiguration()
        configuration.reactorCount = 3
        configuration.execution = .workers(2)
        let group = try ClientGroup.start(configuration) { _ in Recorder(record: record) }
        var ids: [ConnectionID] = []
        for _ in 0..<6 { ids.append(try await group.connect(to: server.endpoint)) }
        #expect(ids.map(\.reactorIndex) == [0, 1, 2, 0, 1, 2])
        for id in ids { _ = group.sender.send(copying: [1].rawSpan, to: id) }
        await waitUntil("6 answers") { ids.allSatisfy { record.packets(of: $0) == [[1]] } }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a thread that may block connects too`() async throws {
        let server = try EchoServer(Place.all[1])
        let group = try ClientGroup.start { _ in Recorder(record: Record()) }
        let endpoint = server.endpoint
        let id = await withCheckedContinuation { continuation in
            Thread {
                continuation.resume(returning: try? group.connectBlocking(to: endpoint))
            }.start()
        }
        #expect(id.map { group.connections.contains($0) } == true)
    }

    @Test func `the server's end is told with its reason`() async throws {
        let server = try EchoServer(Place.all[0])
        let record = Record()
        let group = try ClientGroup.start { _ in Recorder(record: record) }
        let first = try await group.connect(to: server.endpoint)
        _ = group.sender.send(copying: [255].rawSpan, to: first)
        await waitUntil("the end") { record.reason(of: first) != nil }
        #expect(record.reason(of: first) == .peerClosed)
        let second = try await group.connect(to: server.endpoint)
        group.sender.close(second, code: 3)
        await waitUntil("our end") { record.reason(of: second) != nil }
        #expect(record.reason(of: second) == .closedByApplication(code: 3))
        let result = group.sender.send(copying: [1].rawSpan, to: second)
        #expect(result == .closed)
        await waitUntil("no connection") { group.connections.count == 0 }
    }
}

/// What keeps a connection from being made.
struct ConnectingTests {
    @Test(arguments: [false, true])
    func `where nobody listens is an error`(isUnix: Bool) async throws {
        var endpoint = Endpoint.unix(path: makeSocketPath())
        if !isUnix {
            let peer = try QuietPeer(at: .tcp(host: "127.0.0.1", port: 0))
            endpoint = peer.endpoint
        }
        let group = try ClientGroup.start { _ in Recorder(record: Record()) }
        let error = await failure { _ = try await group.connect(to: endpoint) }
        guard case .failed(.connect, endpoint, let number) = error as? TransportError else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(number.rawValue == (isUnix ? ENOENT : ECONNREFUSED))
        #expect((error as? TransportError)?.description.contains("start the server") == true)
        await waitUntil("the slot is free") { group.connections.count == 0 }
    }

    @Test func `a host that does not exist is an error`() async throws {
        let group = try ClientGroup.start { _ in Recorder(record: Record()) }
        let endpoint = Endpoint.tcp(host: String(repeating: "a", count: 64), port: 1)
        let error = await failure { _ = try await group.connect(to: endpoint) }
        guard case .cannotResolve(endpoint, _) = error as? TransportError else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [false, true])
    func `where nobody answers it ends at the deadline`(isUnix: Bool) async throws {
        let place: Endpoint =
            isUnix ? .unix(path: makeSocketPath()) : .tcp(host: "127.0.0.1", port: 0)
        let peer = try QuietPeer(at: place, backlog: 0)
        let endpoint = peer.endpoint
        let record = Record()
        let group = try ClientGroup.start { _ in Recorder(record: record) }
        // Backlog 0 has room for one.
        let first = try await group.connect(to: endpoint)
        let error = await failure {
            _ = try await group.connect(to: endpoint, within: .milliseconds(100))
        }
        let number = isUnix ? EAGAIN : ETIMEDOUT
        #expect(
            error as? TransportError
                == .failed(.connect, endpoint, Errno(rawValue: number))
        )
        await waitUntil("the slot is free") { group.connections.count == 1 }
        #expect(group.connections.contains(first))
        #expect(record.openedCount == 1)
    }

    @Test func `a Unix socket whose backlog is full is tried again`() async throws {
        let peer = try QuietPeer(at: .unix(path: makeSocketPath()), backlog: 0)
        let endpoint = peer.endpoint
        let group = try ClientGroup.start { _ in Recorder(record: Record()) }
        _ = try await group.connect(to: endpoint)
        async let second = group.connect(to: endpoint)
        let connection = await peer.accept()
        let isAccepted = connection != nil
        #expect(isAccepted)
        let id = try await second
        #expect(group.connections.contains(id))
    }

    @Test(arguments: [false, true])
    func `cancellation ends it`(isUnix: Bool) async throws {
        let place: Endpoint =
            isUnix ? .unix(path: makeSocketPath()) : .tcp(host: "127.0.0.1", port: 0)
        let peer = try QuietPeer(at: place, backlog: 0)
        let endpoint = peer.endpoint
        let group = try ClientGroup.start { _ in Recorder(record: Record()) }
        _ = try await group.connect(to: endpoint)
        let attempt = Task { try await group.connect(to: endpoint) }
        if !isUnix { await waitUntil("an attempt") { group.connections.count == 2 } }
        attempt.cancel()
        let error = await failure { _ = try await attempt.value }
        #expect(error is CancellationError)
        await waitUntil("the slot is free") { group.connections.count == 1 }
    }

    @Test func `a stop ends it, and none can be begun behind that`() async throws {
        let peer = try QuietPeer(at: .tcp(host: "127.0.0.1", port: 0), backlog: 0)
        let endpoint = peer.endpoint
        let record = Record()
        let group = try ClientGroup.start { _ in Recorder(record: record) }
        let first = try await group.connect(to: endpoint)
        let attempt = Task { try await group.connect(to: endpoint) }
        await waitUntil("an attempt") { group.connections.count == 2 }
        group.stop(within: .zero)
        let error = await failure { _ = try await attempt.value }
        #expect(error as? ClientError == .stopped)
        let next = await failure { _ = try await group.connect(to: endpoint) }
        #expect(next as? ClientError == .stopped)
        #expect(record.reason(of: first) == .serverStopping)
        #expect(record.openedCount == 1 && record.closedCount == 1)
        #expect(group.connections.count == 0)
    }

    @Test func `a full group says so, and has room when a connection ends`() async throws {
        let server = try EchoServer(Place.all[0])
        var configuration = ClientConfiguration()
        configuration.maxConnectionCount = 2
        let group = try ClientGroup.start(configuration) { _ in Recorder(record: Record()) }
        let first = try await group.connect(to: server.endpoint)
        _ = try await group.connect(to: server.endpoint)
        let error = await failure { _ = try await group.connect(to: server.endpoint) }
        #expect(error as? ClientError == .tooManyConnections(limit: 2))
        group.sender.close(first)
        await waitUntil("room") { group.connections.count == 1 }
        _ = try await group.connect(to: server.endpoint)
    }

    @Test func `a connection that opens when nobody waits any more is closed`() async throws {
        let server = try EchoServer(Place.all[0])
        let record = Record()
        let group = try ClientGroup.start { _ in Recorder(record: record) }
        var ids: Set<ConnectionID> = []
        for number in 0..<300 {
            let limit = Duration.microseconds(number * 3)
            do {
                ids.insert(try await group.connect(to: server.endpoint, within: limit))
            } catch {
                #expect(error is TransportError, "\(error)")
            }
        }
        await waitUntil("the late ones are closed") { group.connections.count == ids.count }
        #expect(ids.allSatisfy { group.connections.contains($0) && record.hasOpened($0) })
        await waitUntil("each end is told") {
            record.closedCount == record.openedCount - ids.count
        }
        group.stop(within: .seconds(60))
        #expect(record.closedCount == record.openedCount)
    }

    @Test func `connections that come and go leave nothing behind`() async {
        await #expect(processExitsWith: .success) {
            let server = try EchoServer(Place.all[0])
            let record = Record()
            let group = try ClientGroup.start { _ in Recorder(record: record) }
            func comeAndGo(_ count: Int) async throws {
                for _ in 0..<count {
                    let id = try await group.connect(to: server.endpoint)
                    _ = group.sender.send(copying: [1, 2, 3].rawSpan, to: id)
                    await waitUntil("an answer") { !record.packets(of: id).isEmpty }
                    group.sender.close(id)
                }
                await waitUntil("all are gone") {
                    group.connections.count == 0 && server.server.connections?.count == 0
                }
            }
            try await openSystemDescriptors()
            try await comeAndGo(10)
            let blockCounts = group.sender.pool.statistics.map(\.inUseCount)
            let before = descriptorCount()
            try await comeAndGo(1_000)
            await waitUntil("descriptors are closed") { descriptorCount() <= before }
            #expect(group.sender.pool.statistics.map(\.inUseCount) == blockCounts)
            #expect(record.closedCount == 1_010)
            #expect(group.statistics.closedConnectionCount == 1_010)
        }
    }

    @Test func `a group that nobody refers to ends, and closes all it has opened`() async {
        await #expect(processExitsWith: .success) {
            let server = try EchoServer(Place.all[1])
            func startAndDrop() async throws -> Record {
                let record = Record()
                let group = try ClientGroup.start { _ in Recorder(record: record) }
                _ = try await group.connect(to: server.endpoint)
                return record
            }
            try await openSystemDescriptors()
            let record = try await startAndDrop()
            await waitUntil("the end") {
                record.closedCount == 1 && server.server.connections?.count == 0
            }
            let before = descriptorCount()
            var records: [Record] = []
            for _ in 0..<5 { records.append(try await startAndDrop()) }
            await waitUntil("the ends") { descriptorCount() <= before }
            #expect(records.allSatisfy { $0.closedCount == 1 })
        }
    }
}

/// The first task that waits for a time makes the runtime open descriptors of its own.
private func openSystemDescriptors() async throws {
    let peer = try QuietPeer(at: .unix(path: makeSocketPath()), backlog: 0)
    let endpoint = peer.endpoint
    let group = try ClientGroup.start { _ in Recorder(record: Record()) }
    _ = try await group.connect(to: endpoint)
    let error = await failure {
        _ = try await group.connect(to: endpoint, within: .milliseconds(20))
    }
    #expect(error is TransportError)
    group.stop(within: .zero)
}

/// Descriptors of this process.
private func descriptorCount() -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? -1
}
