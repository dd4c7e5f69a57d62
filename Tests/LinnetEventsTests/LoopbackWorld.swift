// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetBytes
import LinnetConnections
import LinnetEvents
import Synchronization

/// What the threads of a server without sockets share: reactors whose input is invented from a
/// seed, and workers.
final class LoopbackWorld: Sendable {
    let pool: PacketPool
    let table: ConnectionTable
    let commands: [EventQueue<Command>]
    let verdict = Verdict()
    /// Reactors whose connections have all ended.
    let doneCount = Atomic(0)
    let workersHaveEnded = Atomic(false)

    init(reactorCount: Int, commandCapacity: Int) throws {
        pool = try PacketPool.small(blockCount: 4_096)
        table = try ConnectionTable(reactorCount: reactorCount, maxConnectionCount: 16)
        var commands: [EventQueue<Command>] = []
        for _ in 0..<reactorCount {
            commands.append(try EventQueue(capacity: commandCapacity, reserveCount: 8))
        }
        self.commands = commands
    }

    var blocksInUseCount: Int { pool.statistics[0].inUseCount }
}

/// What went wrong, and how much was done, from all threads.
final class Verdict: @unchecked Sendable {
    // Sendable: all of it is used under the lock, one that the thread sanitizer understands.
    private let lock = NSLock()
    private var faults: [String] = []
    private var counts: [String: Int] = [:]

    func fault(_ text: @autoclosure () -> String) {
        lock.withLock { if faults.count < 20 { faults.append(text()) } }
    }

    func count(_ what: String, _ amount: Int = 1) {
        lock.withLock { counts[what, default: 0] += amount }
    }

    var allFaults: [String] { lock.withLock { faults } }
    func total(_ what: String) -> Int { lock.withLock { counts[what, default: 0] } }
}

/// What a reply says: whom it is for, and which it is.
struct Reply {
    let target: ConnectionID
    let number: UInt64

    static let byteCount = 16

    func lease(from magazine: borrowing PacketPool.Magazine) -> PacketLease? {
        magazine.lease(byteCount: Self.byteCount) {
            $0.storeLittleEndian(target.rawValue, at: 0)
            $0.storeLittleEndian(number, at: 8)
        }
    }

    init(target: ConnectionID, number: UInt64) {
        self.target = target
        self.number = number
    }

    init(_ bytes: RawSpan) {
        target = ConnectionID(rawValue: bytes.loadLittleEndian(at: 0))
        number = bytes.loadLittleEndian(at: 8)
    }
}
