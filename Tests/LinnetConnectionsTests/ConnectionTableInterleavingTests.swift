// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import LinnetBytes
    import LinnetConnections
    import LinnetTestSupport
    import Testing

    /// The table's operations in all orders of their steps, and what becomes of mistakes in them.
    @Suite(.serialized) struct ConnectionTableInterleavingTests {
        @Test(arguments: TableCase.allCases)
        func `the table is right in all orders`(test: TableCase) {
            let report = test.run { RealTable() }
            print(report.summary("table, \(test)"))
            #expect(report.failure == nil, "\(report)")
            #expect(report.isExhaustive)
        }

        /// So what the mistakes change is right without them.
        @Test(arguments: TableCase.allCases)
        func `the twin of the table without a mistake is right in all orders`(test: TableCase) {
            let report = test.run { TwinTable() }
            print(report.summary("table's twin, \(test)"))
            #expect(report.failure == nil, "\(report)")
            #expect(report.isExhaustive)
        }

        private static let plants: [(TwinTable.Mistake, TableCase)] = [
            (.looksOnce, .lookAtChange), (.looksOnce, .lookAtOldName), (.looksOnce, .lookAround),
            (.looksIntoChange, .lookAround), (.changesUnmarked, .lookAtChange),
            (.endsEarly, .lookAtChange), (.ignoresGeneration, .lookAtOldName),
            (.freesFirst, .lastSlot), (.takesInTwoSteps, .lastSlot),
            (.setsStageInTwoSteps, .stages), (.setsOlderStage, .stages),
            (.looksAtStageOnce, .stageOfOldName),
        ]

        @Test(arguments: plants)
        func `a mistake in the twin of the table is found`(
            mistake: TwinTable.Mistake,
            test: TableCase
        ) {
            let report = test.run { TwinTable(mistake) }
            print(report.summary("table's twin, \(mistake), \(test)"))
            #expect(report.failure != nil, "\(report)")
        }

        @Test func `each mistake is planted`() {
            #expect(Set(Self.plants.map(\.0)) == Set(TwinTable.Mistake.allCases))
        }
    }

    /// What the threads do to a table of one slot.
    enum TableCase: CaseIterable {
        /// A change against a look at the connection.
        case lookAtChange
        /// The slot gets another connection, against a look at the old name.
        case lookAtOldName
        /// The slot gets another connection, against an iteration.
        case lookAround
        /// Two take the slot, see that they have it, and free it.
        case lastSlot
        /// Workers of an old and of a new connection set their stages.
        case stages
        /// A worker looks how far it has come, while its connection goes and another comes.
        case stageOfOldName

        func run<Table: OneSlotTable>(_ make: @escaping @Sendable () -> Table) -> Interleaver.Report
        {
            switch self {
            case .lookAtChange: Lives.lookAtChange(make)
            case .lookAtOldName: Lives.lookAtOldName(make)
            case .lookAround: Lives.lookAround(make)
            case .lastSlot: Lives.lastSlot(make)
            case .stages: Lives.stages(make)
            case .stageOfOldName: Lives.stageOfOldName(make)
            }
        }
    }

    private typealias Maker<Table> = @Sendable () -> Table

    private enum Lives {
        /// The first connection of a slot, and the second.
        static let old = ConnectionID(generation: 1, reactorIndex: 0, slotIndex: 0)
        static let new = ConnectionID(generation: 3, reactorIndex: 0, slotIndex: 0)

        /// The changes of one slot, one after the other.
        static let steps: [@Sendable (any OneSlotTable) -> Void] = [
            { _ = $0.reserve(1) },
            { $0.update(old, 2) },
            { $0.release(old) },
            { _ = $0.reserve(3) },
            { $0.update(new, 4) },
        ]

        /// What is to be seen before the first step and after each.
        static func moments(_ table: some OneSlotTable) -> [Look?] {
            [nil]
                + steps.map { step in
                    step(table)
                    return table.lookAround()
                }
        }

        static func prepared<Table: OneSlotTable>(
            _ make: @escaping Maker<Table>,
            stepCount: Int
        ) -> Maker<Table> {
            {
                let table = make()
                for step in steps.prefix(stepCount) { step(table) }
                return table
            }
        }

        static func lookAtChange<Table: OneSlotTable>(
            _ make: @escaping Maker<Table>
        ) -> Interleaver.Report {
            let legal = moments(make())[1...2]
            return Interleaver().explore(
                make: prepared(make, stepCount: 1),
                threads: [
                    { $0.update(old, 2) },
                    { table in
                        let look = table.look(at: old)
                        if !legal.contains(look) { Interleaver.fail("mixed: \(look as Any)") }
                    },
                ],
                check: { $0.lookAround() == legal.last ? nil : "the change was lost" }
            )
        }

        static func lookAtOldName<Table: OneSlotTable>(
            _ make: @escaping Maker<Table>
        ) -> Interleaver.Report {
            let legal = moments(make())[2...3]
            let last = moments(make()).last
            return Interleaver().explore(
                make: prepared(make, stepCount: 2),
                threads: [
                    { table in for step in steps[2...] { step(table) } },
                    { table in
                        let look = table.look(at: old)
                        if !legal.contains(look) { Interleaver.fail("mixed: \(look as Any)") }
                        if look == nil, table.contains(old) { Interleaver.fail("it is back") }
                    },
                ],
                check: { table in
                    if table.contains(old) || table.look(at: old) != nil { return "never gone" }
                    return table.lookAround() == last ? nil : "the change was lost"
                }
            )
        }

        static func lookAround<Table: OneSlotTable>(
            _ make: @escaping Maker<Table>
        ) -> Interleaver.Report {
            let legal = moments(make())
            return Interleaver().explore(
                make: prepared(make, stepCount: 2),
                threads: [
                    { table in for step in steps[2...3] { step(table) } },
                    { table in
                        let look = table.lookAround()
                        if !legal[2...4].contains(look) {
                            Interleaver.fail("mixed: \(look as Any)")
                        }
                    },
                ],
                check: { $0.lookAround() == legal[4] ? nil : "the change was lost" }
            )
        }

        static func lastSlot<Table: OneSlotTable>(
            _ make: @escaping Maker<Table>
        ) -> Interleaver.Report {
            let useOnce: @Sendable (Table, UInt64) -> Void = { table, mark in
                guard let id = table.reserve(mark) else { return }
                if !table.contains(id) { Interleaver.fail("\(id) is dead while it is held") }
                table.release(id)
                if table.contains(id) { Interleaver.fail("\(id) lives after its end") }
            }
            return Interleaver().explore(
                make: make,
                threads: [{ useOnce($0, 1) }, { useOnce($0, 2) }],
                check: { $0.isFree() ? nil : "the slot is lost" }
            )
        }

        static func stages<Table: OneSlotTable>(
            _ make: @escaping Maker<Table>
        ) -> Interleaver.Report {
            Interleaver().explore(
                make: prepared(make, stepCount: 4),
                threads: [
                    { $0.setStage(.closed, of: old) },
                    { table in
                        table.setStage(.closing, of: new)
                        if table.stage(of: new) != .closing { Interleaver.fail("overwritten") }
                    },
                    { table in
                        if table.stage(of: new) == .closed { Interleaver.fail("another's stage") }
                        if table.stage(of: old) != .closed { Interleaver.fail("it is back") }
                    },
                ],
                check: { $0.stage(of: new) == .closing ? nil : "overwritten" }
            )
        }

        static func stageOfOldName<Table: OneSlotTable>(
            _ make: @escaping Maker<Table>
        ) -> Interleaver.Report {
            Interleaver().explore(
                make: prepared(make, stepCount: 1),
                threads: [
                    { table in
                        for step in steps[2...3] { step(table) }
                        table.setStage(.closing, of: new)
                    },
                    { table in
                        table.setStage(.closing, of: old)
                        if table.stage(of: old) == .handling { Interleaver.fail("it went back") }
                    },
                ],
                check: { $0.stage(of: new) == .closing ? nil : "overwritten" }
            )
        }
    }
#endif
