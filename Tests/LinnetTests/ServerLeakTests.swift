// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Linnet
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import LinnetTransports
import Testing

/// Thousands of connections, which end in all ways, leave nothing behind.
@Suite(.serialized) struct ServerLeakTests {
    /// 100,000 when `LINNET_CONNECTS` says so.
    private static let connectCount =
        ProcessInfo.processInfo.environment["LINNET_CONNECTS"].flatMap { Int($0) } ?? 20_000

    @Test(arguments: Setup.plain)
    func `connects and closes leave no descriptor, slot or block behind`(setup: Setup) throws {
        let count = Self.connectCount / Setup.plain.count
        let deadlines = ConnectionDeadlines(linger: .milliseconds(50))
        try withServer(setup, { $0.deadlines = deadlines }) { world in
            let threadCount = 4
            withThreads(threadCount) { thread in
                var random = SeededRandom(seed: UInt64(thread))
                do {
                    for _ in 0..<count / threadCount { try come(world, &random) }
                } catch {
                    Issue.record("\(error)")
                }
            }
            // Who came and went at once may wait to be accepted.
            let allCame = waitUntil { world.server.statistics.acceptedConnectionCount >= count }
            #expect(allCame)
            let isEmpty = world.waitUntilEmpty()
            #expect(isEmpty)
            let slotCount = world.server.connections?.count
            #expect(slotCount == 0)
            #expect(world.record.openedCount <= world.server.statistics.acceptedConnectionCount)
            #expect(world.server.statistics.acceptedConnectionCount >= count)
            // What is left are the blocks that a reactor keeps for itself.
            let isHome = waitUntil { world.heldBlockCount <= 3 }
            #expect(isHome, "\(world.heldBlockCount) blocks")
            // Sockets of this server: the listener, and nothing that it accepted.
            let isClosed = waitUntil { openSockets(of: world.endpoint) <= 1 }
            #expect(isClosed, "\(openSockets(of: world.endpoint)) sockets")
        }
    }

    /// Connects, says something perhaps, and leaves in one of many ways.
    private func come(_ world: ServerWorld, _ random: inout SeededRandom) throws {
        let peer = try world.peer()
        let payload = [UInt8](repeating: 1, count: Int.random(in: 0...600, using: &random))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: peer.close()
        case 1: peer.reset()
        case 2:
            peer.send(payload: payload)
            peer.finish()
            #expect(peer.receiveToEnd().bytes.count == payload.count + 24)
        case 3:
            peer.send(payload: payload)
            peer.reset()
        case 4:
            peer.send(payload: payload, flags: EchoHandler.closeFlag)
            #expect(peer.receiveToEnd().end == .finished)
        case 5:
            peer.send(Array(peer.next(payload).dropLast()))
            peer.close()
        case 6:
            peer.send([UInt8](repeating: 9, count: 30))
            #expect(peer.receiveToEnd().bytes == [])
        default:
            peer.send(payload: payload)
            #expect(peer.receive(payload.count + 24).count == payload.count + 24)
            peer.close()
        }
    }
}

/// How many sockets of this process stand at an endpoint.
private func openSockets(of endpoint: Endpoint) -> Int {
    let descriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return descriptors.compactMap { CInt($0) }.count { localEndpoint(of: $0) == endpoint }
}

private func localEndpoint(of descriptor: CInt) -> Endpoint? {
    var storage = sockaddr_storage()
    var byteCount = socklen_t(MemoryLayout<sockaddr_storage>.size)
    // SAFETY: the kernel writes an address that is no longer than the storage, which is then read
    // as what its family says.
    return unsafe withUnsafeMutablePointer(to: &storage) { storage in
        let address = unsafe UnsafeMutableRawPointer(storage).assumingMemoryBound(to: sockaddr.self)
        guard unsafe getsockname(descriptor, address, &byteCount) == 0 else { return nil }
        let family = unsafe CInt(address.pointee.sa_family)
        if family == AF_INET {
            let port = unsafe UnsafeRawPointer(storage).load(
                fromByteOffset: 2,
                as: UInt16.self
            ).byteSwapped
            return .tcp(host: "127.0.0.1", port: port)
        }
        guard family == AF_UNIX, byteCount > 2 else { return nil }
        let path = unsafe String(
            cString: UnsafeRawPointer(storage).advanced(by: 2).assumingMemoryBound(to: CChar.self)
        )
        return .unix(path: path)
    }
}
