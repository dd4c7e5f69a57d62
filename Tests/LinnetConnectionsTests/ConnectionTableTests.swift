// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetBytes
import LinnetConnections
import Testing

struct ConnectionTableTests {
    static func table(reactorCount: Int = 1, maxConnectionCount: Int) throws -> ConnectionTable {
        try ConnectionTable(reactorCount: reactorCount, maxConnectionCount: maxConnectionCount)
    }

    /// Takes a slot, with a peer and a time that tell connections apart.
    static func reserve(
        _ table: ConnectionTable,
        reactorIndex: Int = 0,
        mark: UInt32 = 0,
        workerIndex: Int = 0
    ) throws -> ConnectionID {
        let id = table.reserve(
            reactorIndex: reactorIndex,
            peer: .ipv4(mark, port: 1),
            workerIndex: workerIndex,
            now: MonotonicInstant(nanoseconds: Int64(mark))
        )
        return try #require(id)
    }

    @Test func `a new connection is opening and has counted nothing`() throws {
        let table = try Self.table(reactorCount: 2, maxConnectionCount: 4)
        let peer = PeerAddress.ipv6(1, 2, port: 3, scope: 4)
        let id = try #require(
            table.reserve(
                reactorIndex: 1,
                peer: peer,
                workerIndex: 65_535,
                now: MonotonicInstant(nanoseconds: -5)
            )
        )
        #expect("\(id)" == "1.0#1")
        let facts = try #require(table.facts(of: id))
        #expect(facts.id == id && facts.peer == peer)
        #expect(facts.phase == .opening && facts.workerIndex == 65_535)
        #expect(facts.receivedByteCount == 0 && facts.receivedFrameCount == 0)
        #expect(facts.sentByteCount == 0 && facts.sentFrameCount == 0)
        #expect(facts.lastActivity == MonotonicInstant(nanoseconds: -5))
        #expect(facts.inFlightFrameCount == 0 && facts.inFlightByteCount == 0)
        #expect(table.contains(id))
        #expect(table.memory.workerIndex(of: id) == 65_535)
        #expect(table.memory.handlingStage(of: id) == .handling)
    }

    @Test func `an update adds to what was counted, and a phase leaves the worker alone`() throws {
        let table = try Self.table(maxConnectionCount: 1)
        let id = try Self.reserve(table, workerIndex: 300)
        for round in 1...3 {
            let now = MonotonicInstant(nanoseconds: Int64(round))
            table.update(id) { slot in
                slot.noteReceived(byteCount: 100, frameCount: 2, now: now)
                slot.noteSent(byteCount: 30, frameCount: 1, now: now.advanced(by: .nanoseconds(1)))
                slot.setInFlight(frameCount: round, byteCount: round * 10)
                slot.phase = .inputEnded
                #expect(slot.phase == .inputEnded)
            }
        }
        let facts = try #require(table.facts(of: id))
        #expect(facts.receivedByteCount == 300 && facts.receivedFrameCount == 6)
        #expect(facts.sentByteCount == 90 && facts.sentFrameCount == 3)
        #expect(facts.lastActivity == MonotonicInstant(nanoseconds: 4))
        #expect(facts.inFlightFrameCount == 3 && facts.inFlightByteCount == 30)
        #expect(facts.phase == .inputEnded && facts.workerIndex == 300)
    }

    @Test func `what is in flight is clamped to 32 bits`() throws {
        let table = try Self.table(maxConnectionCount: 1)
        let id = try Self.reserve(table)
        table.update(id) { $0.setInFlight(frameCount: -1, byteCount: 1 << 40) }
        let facts = try #require(table.facts(of: id))
        #expect(facts.inFlightFrameCount == 0 && facts.inFlightByteCount == .max)
    }

    @Test(arguments: [1, 2, 300])
    func `a reactor has so many connections and no more, each of another name`(
        count: Int
    ) throws {
        let table = try Self.table(reactorCount: 2, maxConnectionCount: count)
        var ids: Set<ConnectionID> = []
        for _ in 0..<count { ids.insert(try Self.reserve(table, reactorIndex: 1)) }
        #expect(ids.count == count && ids.allSatisfy(table.contains))
        let none = table.reserve(reactorIndex: 1, peer: .unknown, workerIndex: 0, now: .now())
        #expect(none == nil)
        #expect(table.count == count)
        #expect(table.count(ofReactor: 0) == 0 && table.count(ofReactor: 1) == count)

        ids.forEach(table.release)
        #expect(table.count == 0 && !ids.contains(where: table.contains))
        let again = try (0..<count).map { _ in try Self.reserve(table, reactorIndex: 1) }
        #expect(ids.isDisjoint(with: again) && Set(again).count == count)
    }

    @Test func `a stale name acts on nothing when its slot is used again`() throws {
        let table = try Self.table(maxConnectionCount: 1)
        let old = try Self.reserve(table, mark: 1, workerIndex: 1)
        table.memory.setHandlingStage(.closing, of: old)
        #expect(table.memory.handlingStage(of: old) == .closing)
        table.release(old)
        expectGone(old, in: table)

        let new = try Self.reserve(table, mark: 2, workerIndex: 2)
        #expect(new.slotIndex == old.slotIndex && new.generation == old.generation + 2)
        expectGone(old, in: table)
        #expect(table.memory.handlingStage(of: new) == .handling)
        #expect(table.facts(of: new)?.peer == .ipv4(2, port: 1))
        #expect(table.memory.workerIndex(of: new) == 2)

        table.memory.setHandlingStage(.closing, of: new)
        table.memory.setHandlingStage(.closed, of: old)
        #expect(table.memory.handlingStage(of: new) == .closing)
        expectGone(old, in: table)
    }

    /// A worker may learn late that a connection is gone, before the next one's has said anything.
    @Test func `a late stage of a connection that is gone is not that of the next`() throws {
        let table = try Self.table(maxConnectionCount: 1)
        let old = try Self.reserve(table)
        table.release(old)
        let new = try Self.reserve(table)
        table.memory.setHandlingStage(.closed, of: old)
        #expect(table.memory.handlingStage(of: new) == .handling)
        table.memory.setHandlingStage(.closing, of: new)
        #expect(table.memory.handlingStage(of: new) == .closing)
    }

    @Test func `names that never were are answered like those that are gone`() throws {
        let table = try Self.table(reactorCount: 2, maxConnectionCount: 3)
        let id = try Self.reserve(table)
        let all = ConnectionID(rawValue: .max)
        let names = [
            (0, 0, 0), (2, 0, 0), (3, 0, 0), (.max, 0, 0), (1, 0, 1), (0, 1, 0), (1, 1, 0),
            (1, 0, 3), (1, 2, 0), (1, 255, 0), (1, 0, 0xFF_FFFF),
        ].map { ConnectionID(generation: $0.0, reactorIndex: $0.1, slotIndex: $0.2) }
        for name in names + [all] {
            table.memory.setHandlingStage(.closed, of: name)
            expectGone(name, in: table)
        }
        #expect(table.contains(id))
    }

    private func expectGone(_ id: ConnectionID, in table: ConnectionTable) {
        #expect(!table.contains(id), "\(id)")
        #expect(table.facts(of: id) == nil, "\(id)")
        #expect(table.memory.workerIndex(of: id) == nil, "\(id)")
        #expect(table.memory.handlingStage(of: id) == .closed, "\(id)")
        table.forEach { #expect($0.id != id) }
    }

    @Test func `each connection is visited once, in the order of reactors and slots`() throws {
        let table = try Self.table(reactorCount: 3, maxConnectionCount: 4)
        var ids: [ConnectionID] = []
        for reactorIndex in [2, 0] {
            for mark in 0..<4 {
                let mark = UInt32(reactorIndex * 10 + mark)
                ids.append(try Self.reserve(table, reactorIndex: reactorIndex, mark: mark))
            }
        }
        table.release(ids[1])
        table.release(ids[4])
        var visited: [ConnectionFacts] = []
        table.forEach { visited.append($0) }
        #expect(visited.map(\.id) == [5, 6, 7, 0, 2, 3].map { ids[$0] })
        let marks: [UInt32] = [1, 2, 3, 20, 22, 23]
        #expect(visited.map(\.peer) == marks.map { .ipv4($0, port: 1) })
        #expect(visited == visited.compactMap { table.facts(of: $0.id) })
    }

    @Test func `an empty table has nothing to visit, and an error ends the visits`() throws {
        let table = try Self.table(reactorCount: 2, maxConnectionCount: 2)
        table.forEach { Issue.record("\($0.id)") }
        for reactorIndex in [0, 0, 1] { _ = try Self.reserve(table, reactorIndex: reactorIndex) }
        var visitCount = 0
        #expect(throws: Errno.noMemory) {
            try table.forEach { (_) throws(Errno) in
                visitCount += 1
                if visitCount == 2 { throw .noMemory }
            }
        }
        #expect(visitCount == 2)
    }

    @Test(arguments: [
        (1, 1), (1, 1_000), (3, 1_000), (255, 1_000_000), (1, ConnectionID.maxSlotCount),
    ])
    func `a connection takes 104 bytes`(reactorCount: Int, maxConnectionCount: Int) throws {
        let table = try Self.table(
            reactorCount: reactorCount,
            maxConnectionCount: maxConnectionCount
        )
        let byteCount = reactorCount * maxConnectionCount * 104
        let besides = reactorCount * (256 + MappedRegion.pageByteCount)
        #expect(table.maxByteCount > byteCount && table.maxByteCount <= byteCount + besides)
    }

    @Test func `the last slots of the largest table are like others`() throws {
        let table = try Self.table(
            reactorCount: ConnectionID.maxReactorCount,
            maxConnectionCount: 1_000
        )
        let ids = try (0..<1_000).map { index in
            try Self.reserve(table, reactorIndex: 255, mark: UInt32(index))
        }
        #expect(ids.last.map { "\($0)" } == "255.999#1")
        for (index, id) in ids.enumerated() {
            #expect(table.facts(of: id)?.peer == .ipv4(UInt32(index), port: 1))
        }
    }

    /// In a process of its own, where nobody else takes memory meanwhile.
    @Test func `memory is committed as it is used`() async {
        await #expect(processExitsWith: .success) {
            let before = try residentByteCount()
            let table = try ConnectionTableTests.table(
                reactorCount: 255,
                maxConnectionCount: 1_000_000
            )
            let ids = try (0..<255).map { reactorIndex in
                try ConnectionTableTests.reserve(table, reactorIndex: reactorIndex)
            }
            let grown = try residentByteCount() - before
            #expect(table.maxByteCount > 26_000_000_000)
            #expect(grown < 32 << 20, "\(grown) bytes")
            #expect(ids.allSatisfy(table.contains))
        }
    }
}

/// What a wrong program does to the table: it ends, in release builds too.
struct ConnectionTableMisuseTests {
    @Test func `an update of a connection that was released is caught`() async {
        await #expect(processExitsWith: trap) {
            let table = try ConnectionTableTests.table(maxConnectionCount: 2)
            let id = try ConnectionTableTests.reserve(table)
            table.release(id)
            table.update(id) { $0.setInFlight(frameCount: 0, byteCount: 0) }
        }
    }

    @Test func `a second release is caught, also when the slot has another connection`() async {
        for isReused in [false, true] {
            await #expect(processExitsWith: trap) { [isReused = isReused as Bool] in
                let table = try ConnectionTableTests.table(maxConnectionCount: 1)
                let id = try ConnectionTableTests.reserve(table)
                table.release(id)
                if isReused { _ = try ConnectionTableTests.reserve(table) }
                table.release(id)
            }
        }
    }

    @Test(arguments: [0, 2, 1 << 32 | 1 << 24, 1 << 32 | 2, .max] as [UInt64])
    func `an update of a name that never was is caught`(name: UInt64) async {
        await #expect(processExitsWith: trap) { [name = name as UInt64] in
            let table = try ConnectionTableTests.table(maxConnectionCount: 2)
            table.update(ConnectionID(rawValue: name)) { _ in }
        }
    }

    @Test(arguments: [
        (0, 1), (-1, 1), (ConnectionID.maxReactorCount + 1, 1), (1, 0), (1, -1),
        (1, ConnectionID.maxSlotCount + 1),
    ])
    func `a table that cannot be named traps`(reactorCount: Int, maxConnectionCount: Int) async {
        await #expect(processExitsWith: trap) {
            [reactorCount = reactorCount as Int, maxConnectionCount = maxConnectionCount as Int] in
            _ = try ConnectionTableTests.table(
                reactorCount: reactorCount,
                maxConnectionCount: maxConnectionCount
            )
        }
    }

    @Test(arguments: [-1, 1, .max])
    func `a reactor that does not exist traps`(reactorIndex: Int) async {
        await #expect(processExitsWith: trap) { [reactorIndex = reactorIndex as Int] in
            let table = try ConnectionTableTests.table(maxConnectionCount: 1)
            _ = table.count(ofReactor: reactorIndex)
        }
        await #expect(processExitsWith: trap) { [reactorIndex = reactorIndex as Int] in
            let table = try ConnectionTableTests.table(maxConnectionCount: 1)
            _ = try ConnectionTableTests.reserve(table, reactorIndex: reactorIndex)
        }
    }
}

/// Memory of this process that is not only address space: the second number of statm, in pages.
private func residentByteCount() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    let pageCount = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return try #require(pageCount) * MappedRegion.pageByteCount
}
