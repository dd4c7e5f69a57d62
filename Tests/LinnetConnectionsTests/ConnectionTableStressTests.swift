// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetConnections
import LinnetTestSupport
import Synchronization
import Testing

/// Readers against owners whose connections come and go; run under the thread sanitizer too.
///
/// It takes a second, or as many as the environment variable LINNET_CHURN_SECONDS says.
struct ConnectionTableStressTests {
    /// All facts of a connection follow from two numbers, so a look that mixes moments or
    /// connections is seen.
    @Test func `each look finds one moment of one connection, whatever comes and goes`() throws {
        let variable = ProcessInfo.processInfo.environment["LINNET_CHURN_SECONDS"]
        let churn = try Churn(for: .seconds(variable.flatMap { Int($0) } ?? 1))
        withThreads(5) { thread in
            switch thread {
            case 0, 1: churn.own(reactorIndex: thread)
            case 2: churn.reserveForOthers()
            default: churn.look(seed: UInt64(thread))
            }
        }
        let snapshotCount = churn.snapshotCount.load(ordering: .relaxed)
        let lifeCount = churn.lifeCount.load(ordering: .relaxed)
        print("snapshots: \(snapshotCount) of \(lifeCount) connections")
        #expect(churn.faultCount.load(ordering: .relaxed) == 0, "they are printed above")
        #expect(churn.table.count == 0)
        for reactorIndex in 0..<Churn.reactorCount {
            for _ in 0..<Churn.slotCount {
                _ = try ConnectionTableTests.reserve(churn.table, reactorIndex: reactorIndex)
            }
        }
    }
}

/// What the threads share.
private final class Churn: Sendable {
    static let reactorCount = 2
    static let slotCount = 8

    let table: ConnectionTable
    let faultCount = Atomic(0)
    let snapshotCount = Atomic(0)
    let lifeCount = Atomic(0)
    private let end: MonotonicInstant
    /// One for each reactor that stays, which is the first that it has.
    private let stayingIDs: [ConnectionID]
    /// The name on its way to a reactor, or 0.
    private let handedOver: [2 of Atomic<UInt64>] = .init { _ in Atomic(0) }
    private let runningReserverCount = Atomic(1)
    private let runningOwnerCount = Atomic(2)

    init(for duration: Duration) throws {
        let table = try ConnectionTable(
            reactorCount: Self.reactorCount,
            maxConnectionCount: Self.slotCount
        )
        self.table = table
        end = .now().advanced(by: duration)
        stayingIDs = try (0..<Self.reactorCount).map { reactorIndex in
            let moment = Moment(serial: UInt32(reactorIndex), updateCount: 0)
            return try #require(moment.reserve(in: table, reactorIndex: reactorIndex))
        }
    }

    private func fail(_ message: String) {
        let count = faultCount.add(1, ordering: .relaxed).newValue
        if count <= 10 { print("fault: \(message)") }
    }

    /// A reactor: takes, changes and ends its connections.
    func own(reactorIndex: Int) {
        var random = SeededRandom(seed: UInt64(reactorIndex) + 1)
        var ids = [stayingIDs[reactorIndex]]
        var goneIDs: [ConnectionID] = []
        var serial = UInt32(reactorIndex)
        while runningReserverCount.load(ordering: .acquiring) > 0 {
            let id = ids.randomElement(using: &random) ?? ids[0]
            switch random.next() % 8 {
            case 0:
                serial += 3
                let moment = Moment(serial: serial, updateCount: 0)
                moment.reserve(in: table, reactorIndex: reactorIndex).map { ids.append($0) }
            case 1:
                let name = handedOver[reactorIndex].exchange(0, ordering: .acquiring)
                if name > 0 { ids.append(ConnectionID(rawValue: name)) }
            case 2 where id != ids[0]:
                end(id, stageComesLate: random.oneIn(2))
                ids.removeAll { $0 == id }
                goneIDs = goneIDs.suffix(31) + [id]
            case 3:
                table.memory.setHandlingStage(.closing, of: id)
            default:
                update(id)
            }
            goneIDs.randomElement(using: &random).map(expectGone)
        }
        let name = handedOver[reactorIndex].exchange(0, ordering: .acquiring)
        if name > 0 { ids.append(ConnectionID(rawValue: name)) }
        runningOwnerCount.subtract(1, ordering: .releasing)
        ids.forEach(table.release)
    }

    private func update(_ id: ConnectionID) {
        guard var moment = table.facts(of: id).flatMap(Moment.init) else {
            return fail("the owner does not see its connection \(id) as it left it")
        }
        moment.update(id, in: table)
        guard table.facts(of: id).flatMap(Moment.init) == moment else {
            return fail("the owner does not see what it has just written of \(id)")
        }
    }

    private func end(_ id: ConnectionID, stageComesLate: Bool) {
        if !stageComesLate { table.memory.setHandlingStage(.closed, of: id) }
        table.release(id)
        if stageComesLate { table.memory.setHandlingStage(.closed, of: id) }
        lifeCount.add(1, ordering: .relaxed)
    }

    private func expectGone(_ id: ConnectionID) {
        if table.contains(id) || table.facts(of: id) != nil
            || table.memory.workerIndex(of: id) != nil
            || table.memory.handlingStage(of: id) != .closed
        {
            fail("\(id) was released, and is here")
        }
    }

    /// A thread that opens connections and hands them to the reactors.
    func reserveForOthers() {
        var random = SeededRandom(seed: 3)
        var serial: UInt32 = 2
        while MonotonicInstant.now() < end || lifeCount.load(ordering: .relaxed) < 1_000 {
            let reactorIndex = Int.random(in: 0..<Self.reactorCount, using: &random)
            var moment = Moment(serial: serial, updateCount: 0)
            guard let id = moment.reserve(in: table, reactorIndex: reactorIndex) else {
                sched_yield()
                continue
            }
            serial += 3
            moment.update(id, in: table)
            while !handedOver[reactorIndex].compareExchange(
                expected: 0,
                desired: id.rawValue,
                ordering: .releasing
            ).exchanged {
                sched_yield()
            }
        }
        runningReserverCount.subtract(1, ordering: .releasing)
    }

    /// A reader: visits all, and looks again at those that it has seen.
    func look(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var memory = Array(
            repeating: Sighting(),
            count: Self.reactorCount * Self.slotCount
        )
        var count = 0
        while runningOwnerCount.load(ordering: .acquiring) == Self.reactorCount {
            var ids: [ConnectionID] = []
            table.forEach { facts in
                ids.append(facts.id)
                note(facts, &memory)
            }
            count += ids.count
            if runningReserverCount.load(ordering: .acquiring) > 0 { expectInOrder(ids) }
            for _ in 0..<64 {
                guard let id = ids.randomElement(using: &random) else { break }
                lookAgain(id, &memory)
                count += 1
            }
        }
        snapshotCount.add(count, ordering: .relaxed)
    }

    private func expectInOrder(_ ids: [ConnectionID]) {
        let places = ids.map { $0.reactorIndex * Self.slotCount + $0.slotIndex }
        if places != Set(places).sorted() { fail("places were visited twice or in disorder") }
        if !stayingIDs.allSatisfy(ids.contains) { fail("one that stays was not visited") }
    }

    private func lookAgain(_ id: ConnectionID, _ memory: inout [Sighting]) {
        if let facts = table.facts(of: id) {
            if facts.id != id { fail("the facts of \(id) are those of \(facts.id)") }
            note(facts, &memory)
        } else {
            expectGone(id)
        }
        let place = id.reactorIndex * Self.slotCount + id.slotIndex
        guard memory[place].generation == id.generation else { return }
        let worker = table.memory.workerIndex(of: id)
        if let worker, worker != memory[place].moment?.workerIndex {
            fail("worker \(worker) has \(id)")
        }
        let stage = table.memory.handlingStage(of: id).rawValue
        if stage < memory[place].stage { fail("the stage of \(id) has gone back to \(stage)") }
        memory[place].stage = stage
    }

    /// What a reader sees of a slot never goes back.
    private func note(_ facts: ConnectionFacts, _ memory: inout [Sighting]) {
        guard let moment = Moment(facts) else { return fail("facts do not fit together: \(facts)") }
        let place = facts.id.reactorIndex * Self.slotCount + facts.id.slotIndex
        let last = memory[place]
        if last.generation == facts.id.generation, let seen = last.moment {
            if moment.serial != seen.serial { fail("two connections have the name \(facts.id)") }
            if moment.updateCount < seen.updateCount { fail("\(facts.id) has become younger") }
            memory[place].moment = moment
        } else {
            if facts.id.generation < last.generation { fail("the old \(facts.id) is back") }
            memory[place] = Sighting(generation: facts.id.generation, moment: moment)
        }
    }
}

/// What a reader last saw of a slot.
private struct Sighting {
    var generation: UInt32 = 0
    var moment: Moment?
    var stage: UInt32 = 0
}

/// Which connection, and how often it was updated: from this follow all facts but the name.
private struct Moment: Equatable {
    let serial: UInt32
    var updateCount: UInt64

    var workerIndex: Int { Int(UInt16(truncatingIfNeeded: serial)) }
    private var peer: PeerAddress {
        let wide = UInt64(serial) &* 0x9E37_79B9_7F4A_7C15
        return .ipv6(
            wide,
            ~wide,
            port: UInt16(truncatingIfNeeded: wide),
            scope: UInt32(truncatingIfNeeded: wide >> 32)
        )
    }
    private var lastActivity: MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(serial) << 31 | Int64(updateCount))
    }
    private var phase: ConnectionPhase { ConnectionPhase.allCases[Int(updateCount % 6)] }
    private var inFlight: (frameCount: Int, byteCount: Int) {
        (Int(updateCount % 1_009), Int(updateCount % 7_919))
    }
}

extension Moment {
    func reserve(in table: ConnectionTable, reactorIndex: Int) -> ConnectionID? {
        table.reserve(
            reactorIndex: reactorIndex,
            peer: peer,
            workerIndex: workerIndex,
            now: lastActivity
        )
    }

    mutating func update(_ id: ConnectionID, in table: ConnectionTable) {
        updateCount += 1
        table.update(id) { slot in
            slot.noteReceived(byteCount: 5, frameCount: 1, now: lastActivity)
            slot.noteSent(byteCount: 7, frameCount: 3, now: lastActivity)
            slot.setInFlight(frameCount: inFlight.frameCount, byteCount: inFlight.byteCount)
            slot.phase = phase
        }
    }

    /// `nil` if the facts are of no one moment.
    init?(_ facts: ConnectionFacts) {
        let number = facts.lastActivity.nanoseconds
        serial = UInt32(truncatingIfNeeded: number >> 31)
        updateCount = UInt64(number & 0x7FFF_FFFF)
        guard facts.peer == peer, facts.phase == phase, facts.workerIndex == workerIndex,
            facts.receivedByteCount == 5 * updateCount, facts.receivedFrameCount == updateCount,
            facts.sentByteCount == 7 * updateCount, facts.sentFrameCount == 3 * updateCount,
            facts.inFlightFrameCount == UInt32(inFlight.frameCount),
            facts.inFlightByteCount == UInt32(inFlight.byteCount)
        else { return nil }
    }
}
