// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import LinnetBytes
    import LinnetConnections

    /// A table with one slot: the real one, or a copy that may have a mistake.
    protocol OneSlotTable: Sendable {
        func reserve(_ mark: UInt64) -> ConnectionID?
        func update(_ id: ConnectionID, _ mark: UInt64)
        func release(_ id: ConnectionID)
        func contains(_ id: ConnectionID) -> Bool
        func look(at id: ConnectionID) -> Look?
        /// What an iteration finds.
        func lookAround() -> Look?
        func stage(of id: ConnectionID) -> HandlingStage
        func setStage(_ stage: HandlingStage, of id: ConnectionID)
        /// Whether the slot can be taken, once.
        func isFree() -> Bool
    }

    /// All that a reader was told of a connection.
    struct Look: Hashable {
        var id: ConnectionID
        var words: [UInt64]
    }

    struct RealTable: OneSlotTable {
        private let table: ConnectionTable

        init() {
            guard let table = try? ConnectionTable(reactorCount: 1, maxConnectionCount: 1) else {
                preconditionFailure("the system has no memory for a table of one slot")
            }
            self.table = table
        }

        func reserve(_ mark: UInt64) -> ConnectionID? {
            table.reserve(
                reactorIndex: 0,
                peer: .ipv6(mark, mark, port: UInt16(mark)),
                workerIndex: Int(mark),
                now: MonotonicInstant(nanoseconds: Int64(mark))
            )
        }

        func update(_ id: ConnectionID, _ mark: UInt64) {
            let now = MonotonicInstant(nanoseconds: Int64(mark))
            table.update(id) { $0.noteReceived(byteCount: Int(mark), frameCount: 1, now: now) }
        }

        func release(_ id: ConnectionID) { table.release(id) }
        func contains(_ id: ConnectionID) -> Bool { table.contains(id) }
        func look(at id: ConnectionID) -> Look? { table.facts(of: id).map(Look.init) }

        func lookAround() -> Look? {
            var look: Look?
            table.forEach { look = Look($0) }
            return look
        }

        func stage(of id: ConnectionID) -> HandlingStage { table.memory.handlingStage(of: id) }
        func setStage(_ stage: HandlingStage, of id: ConnectionID) {
            table.memory.setHandlingStage(stage, of: id)
        }

        func isFree() -> Bool {
            table.count == 0 && reserve(0) != nil && reserve(0) == nil && table.count == 1
        }
    }

    extension Look {
        fileprivate init(_ facts: ConnectionFacts) {
            let peer = facts.peer.words
            id = facts.id
            words = [
                peer.0, peer.1, peer.2, UInt64(facts.workerIndex), UInt64(facts.phase.rawValue),
                facts.receivedByteCount, facts.receivedFrameCount, facts.sentByteCount,
                facts.sentFrameCount, UInt64(facts.lastActivity.nanoseconds),
                UInt64(facts.inFlightFrameCount), UInt64(facts.inFlightByteCount),
            ]
        }
    }

    /// The algorithm of the table once more, with two facts, and with one mistake if it is told so.
    final class TwinTable: OneSlotTable {
        enum Mistake: CaseIterable {
            /// A reader does not look at the stamp again.
            case looksOnce
            /// A reader that comes in the middle of a change does not wait for its end.
            case looksIntoChange
            /// A change is not marked at its beginning.
            case changesUnmarked
            /// The stamp says that a change is over before the last fact is written.
            case endsEarly
            /// The generation is left out of the comparison with a name.
            case ignoresGeneration
            /// The slot is free before its name is dead.
            case freesFirst
            /// The slot is taken by a load and a store.
            case takesInTwoSteps
            /// The stage is set by a load and a store.
            case setsStageInTwoSteps
            /// The stage of an older connection overwrites that of a newer.
            case setsOlderStage
            /// The stage of another connection is taken for none, without a second look.
            case looksAtStageOnce
        }

        private let mistake: Mistake?
        private let stamp = AtomicWord(0)
        private let first = AtomicWord(0)
        private let second = AtomicWord(0)
        private let handling = AtomicWord(0)
        /// 1 while nobody has the slot.
        private let free = AtomicWord(1)

        init(_ mistake: Mistake? = nil) { self.mistake = mistake }

        func reserve(_ mark: UInt64) -> ConnectionID? {
            if mistake == .takesInTwoSteps {
                guard free.load(.acquiring) == 1 else { return nil }
                free.store(0, .relaxed)
            } else {
                let taken = free.compareExchange(expected: 1, desired: 0, .acquiring)
                guard taken.exchanged else { return nil }
            }
            let generation = stamp.load(.relaxed) >> 32 + 1
            change(mark, generation: generation)
            return Self.name(generation)
        }

        func update(_ id: ConnectionID, _ mark: UInt64) {
            change(mark, generation: UInt64(id.generation))
        }

        private func change(_ mark: UInt64, generation: UInt64) {
            let version = UInt64(UInt32(truncatingIfNeeded: stamp.load(.relaxed)))
            let end = generation << 32 | (version + 2)
            if mistake != .changesUnmarked { stamp.store(end - 1, .releasing) }
            first.store(mark, .releasing)
            if mistake == .endsEarly { stamp.store(end, .releasing) }
            second.store(mark, .releasing)
            if mistake != .endsEarly { stamp.store(end, .releasing) }
        }

        func release(_ id: ConnectionID) {
            if mistake == .freesFirst { free.store(1, .releasing) }
            stamp.store(stamp.load(.relaxed) + 1 << 32 + 2, .releasing)
            if mistake != .freesFirst { free.store(1, .releasing) }
        }

        func contains(_ id: ConnectionID) -> Bool { matches(stamp.load(.acquiring), id) }

        private func matches(_ stamp: UInt64, _ id: ConnectionID?) -> Bool {
            guard let id, mistake != .ignoresGeneration else { return stamp >> 32 & 1 == 1 }
            return stamp >> 32 == UInt64(id.generation)
        }

        func look(at id: ConnectionID) -> Look? { look(id) }
        func lookAround() -> Look? { look(nil) }

        private func look(_ id: ConnectionID?) -> Look? {
            while true {
                let before = stamp.load(.acquiring)
                guard before >> 32 & 1 == 1, matches(before, id) else { return nil }
                if before & 1 == 0 || mistake == .looksIntoChange {
                    let words = [first.load(.acquiring), second.load(.acquiring)]
                    if mistake == .looksOnce || stamp.load(.acquiring) == before {
                        return Look(id: id ?? Self.name(before >> 32), words: words)
                    }
                }
                announceRetry()
            }
        }

        func stage(of id: ConnectionID) -> HandlingStage {
            guard contains(id) else { return .closed }
            let word = handling.load(.acquiring)
            if word >> 32 == UInt64(id.generation) {
                return HandlingStage(rawValue: UInt32(truncatingIfNeeded: word)) ?? .handling
            }
            return mistake == .looksAtStageOnce || contains(id) ? .handling : .closed
        }

        func setStage(_ stage: HandlingStage, of id: ConnectionID) {
            let word = UInt64(id.generation) << 32 | UInt64(stage.rawValue)
            var seen = handling.load(.relaxed)
            while seen >> 32 <= UInt64(id.generation) || mistake == .setsOlderStage {
                if mistake == .setsStageInTwoSteps { return handling.store(word, .releasing) }
                let (exchanged, original) = handling.compareExchange(
                    expected: seen,
                    desired: word,
                    .releasing
                )
                if exchanged { return }
                seen = original
            }
        }

        func isFree() -> Bool { reserve(0) != nil && reserve(0) == nil }

        private static func name(_ generation: UInt64) -> ConnectionID {
            ConnectionID(
                generation: UInt32(truncatingIfNeeded: generation),
                reactorIndex: 0,
                slotIndex: 0
            )
        }
    }
#endif
