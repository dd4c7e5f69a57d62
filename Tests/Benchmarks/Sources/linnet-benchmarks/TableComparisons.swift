// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetConnections
import LinnetTestSupport
import Synchronization

/// The connection table beside a dictionary under a lock: look-ups by one thread, alone and while
/// another opens, changes and closes connections without end.
func tableComparisons() -> [Comparison] {
    [false, true].flatMap { isChurning in
        let suffix = isChurning ? ", while another thread churns" : ""
        return [
            lookUps("table: does the name exist\(suffix)", isChurning) { world, id in
                world.table.contains(id) ? 1 : 0
            } base: { world, id in
                world.locked { $0[id] == nil ? 0 : 1 }
            },
            lookUps("table: facts of one moment\(suffix)", isChurning) { world, id in
                world.table.facts(of: id)?.receivedByteCount ?? 0
            } base: { world, id in
                world.locked { $0[id]?.receivedByteCount ?? 0 }
            },
        ]
    }
}

private let connectionCount = 1_024

private func lookUps(
    _ name: String,
    _ isChurning: Bool,
    ours: @escaping @Sendable (borrowing World, ConnectionID) -> UInt64,
    base: @escaping @Sendable (borrowing World, ConnectionID) -> UInt64
) -> Comparison {
    let world = World()
    let lookUpCount = 1_000_000
    func run(_ lookUp: @escaping @Sendable (borrowing World, ConnectionID) -> UInt64) {
        world.isDone.store(false, ordering: .relaxed)
        withThreads(isChurning ? 2 : 1) { thread in
            if thread == 1 { return world.churn() }
            var sum: UInt64 = 0
            for index in 0..<lookUpCount {
                sum &+= lookUp(world, world.ids[index % connectionCount])
            }
            precondition(sum > 0, "nothing was found")
            world.isDone.store(true, ordering: .releasing)
        }
    }
    return Comparison(
        name,
        operations: lookUpCount,
        ours: { run(ours) },
        // Under churn the mutex is slower by so much that it would take minutes.
        baseName: isChurning ? "" : "mutex and dictionary",
        base: isChurning ? nil : { run(base) }
    )
}

/// Connections that stay, and room for some that come and go.
private final class World: @unchecked Sendable {
    // Sendable: the dictionary is used under the lock, the rest is constant or atomic.
    let table: ConnectionTable
    let ids: [ConnectionID]
    let isDone = Atomic(false)
    private let lock = NSLock()
    private var dictionary: [ConnectionID: ConnectionFacts] = [:]

    init() {
        guard let table = try? ConnectionTable(reactorCount: 1, maxConnectionCount: 2_048) else {
            preconditionFailure("the table cannot be mapped")
        }
        self.table = table
        let start = MonotonicInstant(nanoseconds: 1)
        ids = (0..<connectionCount).compactMap { _ in
            table.reserve(reactorIndex: 0, peer: .unknown, workerIndex: 0, now: start)
        }
        for id in ids {
            table.update(id) { $0.noteReceived(byteCount: 1, frameCount: 1, now: start) }
            dictionary[id] = table.facts(of: id)
        }
    }

    func locked(_ body: (inout [ConnectionID: ConnectionFacts]) -> UInt64) -> UInt64 {
        lock.withLock { body(&dictionary) }
    }

    /// Opens a connection, changes 64 others, closes it, again and again.
    func churn() {
        let now = MonotonicInstant(nanoseconds: 2)
        var index = 0
        while !isDone.load(ordering: .acquiring) {
            guard
                let id = table.reserve(reactorIndex: 0, peer: .unknown, workerIndex: 0, now: now)
            else { continue }
            let facts = table.facts(of: id)
            _ = locked { dictionary in
                dictionary[id] = facts
                return 0
            }
            for _ in 0..<64 {
                index = (index + 1) % connectionCount
                table.update(ids[index]) { $0.noteReceived(byteCount: 64, frameCount: 1, now: now) }
            }
            _ = locked { dictionary in
                dictionary[id] = nil
                return 0
            }
            table.release(id)
        }
    }
}
