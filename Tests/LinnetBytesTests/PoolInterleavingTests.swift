// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import LinnetBytes
    import LinnetTestSupport
    import Synchronization
    import Testing

    /// What threads do to a pool's blocks in all orders of their steps, and to faulty copies.
    @Suite(.serialized) struct PoolInterleavingTests {
        @Test(arguments: [PoolStore.Way.depot, .magazine], PoolCase.allCases)
        func `a block has one holder and none is lost, in all orders`(
            way: PoolStore.Way,
            test: PoolCase
        ) {
            let report = test.run { PoolStore(way) }
            print(report.summary("pool, \(way), \(test)"))
            #expect(report.failure == nil, "\(report)")
            #expect(report.isExhaustive)
        }

        @Test func `a stack that is full and the depot pass blocks to each other`() {
            let report = Interleaver().explore(
                make: { Holders(of: PoolStore(.depot, blockCount: 4), holdCounts: [0, 0, 0, 1]) },
                threads: [
                    { $0.useStack() },
                    { holders in
                        let first = holders.take()
                        _ = holders.take()
                        if let first { holders.giveBack(first) }
                    },
                ],
                check: { $0.faultAtTheEnd() }
            )
            print(report.summary("pool, stack"))
            #expect(report.failure == nil, "\(report)")
            #expect(report.isExhaustive)
        }

        /// So what the mistakes change is right without them; and so are the stores of the release
        /// build.
        @Test(
            arguments: [
                (.depot, .asInDebugBuilds), (.depot, .asInReleaseBuilds),
                (.returnedList, .asInDebugBuilds), (.returnedList, .asInReleaseBuilds),
            ] as [(TwinStore.Kind, TwinStore.Counting)],
            PoolCase.allCases
        )
        func `the twin of the pool without a mistake is right in all orders`(
            twin: (kind: TwinStore.Kind, counting: TwinStore.Counting),
            test: PoolCase
        ) {
            let report = test.run { TwinStore(twin.kind, counting: twin.counting) }
            print(report.summary("pool's twin, \(twin.kind), \(twin.counting), \(test)"))
            #expect(report.failure == nil, "\(report)")
            #expect(report.isExhaustive)
        }

        private static let plants: [(TwinStore.Kind, TwinStore.Mistake, PoolCase)] = [
            (.depot, .countsNoTag, .takeAgain),
            (.returnedList, .takesOneOfList, .takeAgain),
            (.returnedList, .takesListInTwoSteps, .takeAgain),
            (.returnedList, .takesListInTwoSteps, .takeWhatReturns),
            (.depot, .pushesInTwoSteps, .takeWhatReturns),
            (.returnedList, .pushesInTwoSteps, .takeWhatReturns),
            (.depot, .dropsInTwoSteps, .shared),
            (.depot, .asksAfterDrop, .shared),
            (.returnedList, .asksAfterDrop, .shared),
            (.depot, .pushesBeforeDrop, .crowd),
        ]

        @Test(arguments: plants)
        func `a mistake in the twin of the pool is found`(
            kind: TwinStore.Kind,
            mistake: TwinStore.Mistake,
            test: PoolCase
        ) {
            let report = test.run { TwinStore(kind, mistake) }
            print(report.summary("pool's twin, \(kind), \(mistake), \(test)"))
            #expect(report.failure != nil, "\(report)")
        }

        @Test func `each mistake is planted`() {
            #expect(Set(Self.plants.map(\.1)) == Set(TwinStore.Mistake.allCases))
        }
    }

    /// What the threads do to a store of two blocks.
    enum PoolCase: CaseIterable {
        /// One takes a block while another takes both and gives back the first: then the list
        /// begins as before, and goes on otherwise.
        case takeAgain
        /// Two give back, one takes.
        case takeWhatReturns
        /// Two hold the same block and give it back, one takes.
        case shared
        /// Three take and give back, with at most two pre-emptions: all orders take minutes.
        case crowd

        func run<Store: BlockStore>(_ make: @escaping @Sendable () -> Store) -> Interleaver.Report {
            switch self {
            case .takeAgain: takeAgain(make)
            case .takeWhatReturns: takeWhatReturns(make)
            case .shared: shared(make)
            case .crowd: crowd(make)
            }
        }

        private func takeAgain<Store: BlockStore>(
            _ make: @escaping @Sendable () -> Store
        ) -> Interleaver.Report {
            Interleaver().explore(
                make: { Holders(of: make(), holdCounts: [0, 0]) },
                threads: [
                    { _ = $0.take() },
                    { holders in
                        let first = holders.take()
                        _ = holders.take()
                        if let first { holders.giveBack(first) }
                    },
                ],
                check: { $0.faultAtTheEnd() }
            )
        }

        private func takeWhatReturns<Store: BlockStore>(
            _ make: @escaping @Sendable () -> Store
        ) -> Interleaver.Report {
            Interleaver().explore(
                make: { Holders(of: make(), holdCounts: [1, 1]) },
                threads: [{ $0.giveBack(0) }, { $0.giveBack(1) }, { _ = $0.take() }],
                check: { $0.faultAtTheEnd() }
            )
        }

        private func shared<Store: BlockStore>(
            _ make: @escaping @Sendable () -> Store
        ) -> Interleaver.Report {
            Interleaver().explore(
                make: { Holders(of: make(), holdCounts: [2, 1]) },
                threads: [{ $0.giveBack(0) }, { $0.giveBack(0) }, { _ = $0.take() }],
                check: { $0.faultAtTheEnd() }
            )
        }

        private func crowd<Store: BlockStore>(
            _ make: @escaping @Sendable () -> Store
        ) -> Interleaver.Report {
            let useOnce: @Sendable (Holders<Store>) -> Void = { holders in
                if let number = holders.take() { holders.giveBack(number) }
            }
            return Interleaver(maxPreemptionCount: 2).explore(
                make: { Holders(of: make(), holdCounts: [0, 0]) },
                threads: [useOnce, useOnce, useOnce],
                check: { $0.faultAtTheEnd() }
            )
        }
    }

    /// Who holds what, beside the store: nothing of it is a step.
    private final class Holders<Store: BlockStore>: Sendable {
        private let store: Store
        private let counts: Mutex<[Int]>

        /// A store whose blocks were all used before, of which those with a count are out.
        init(of store: Store, holdCounts: [Int]) {
            self.store = store
            counts = Mutex(holdCounts)
            for _ in holdCounts { _ = store.take() }
            for (number, count) in holdCounts.enumerated().reversed() {
                if count == 0 { store.giveBack(number) }
                for _ in 1..<max(count, 1) { store.retain(number) }
            }
        }

        func take() -> Int? {
            let number = store.take()
            if let number { hold(number) }
            return number
        }

        func giveBack(_ number: Int) {
            letGo(number)
            store.giveBack(number)
        }

        private func hold(_ number: Int) {
            let count = counts.withLock { counts in
                counts[number] += 1
                return counts[number]
            }
            if count > 1 { Interleaver.fail("block \(number) has two holders") }
        }

        private func letGo(_ number: Int) { counts.withLock { $0[number] -= 1 } }

        /// Whether each block is either held or here, and once.
        func faultAtTheEnd() -> String? {
            let held = counts.withLock { counts in counts.indices.filter { counts[$0] > 0 } }
            let blockCount = counts.withLock { $0.count }
            let here = (0...blockCount).compactMap { _ in store.take() }
            guard (held + here).sorted() == Array(0..<blockCount) else {
                return "blocks \(held) are held, \(here) are here"
            }
            for number in held + here { store.giveBack(number) }
            return nil
        }
    }

    extension Holders<PoolStore> {
        /// Has two blocks of a magazine whose stack holds one, so that the depot gets the other.
        func useStack() {
            store.withMagazine { magazine in
                let blocks = [magazine.acquire(classIndex: 0), magazine.acquire(classIndex: 0)]
                for case let block? in blocks { hold(block.index.number) }
                for case let block? in blocks {
                    letGo(block.index.number)
                    magazine.release(block)
                }
            }
        }
    }
#endif
