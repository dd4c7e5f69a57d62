// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import LinnetBytes
    import Synchronization

    /// Blocks that threads take and give back: those of a pool, or of a copy of its algorithms.
    protocol BlockStore: Sendable {
        func take() -> Int?
        /// Adds a reference to a block that the caller holds.
        func retain(_ number: Int)
        /// Drops a reference; the last gives the block back.
        func giveBack(_ number: Int)
    }

    /// A small pool.
    final class PoolStore: BlockStore {
        /// How threads take blocks.
        enum Way {
            /// From the depot, to which the blocks return then.
            case depot
            /// With a magazine if no other thread has it. Blocks return to its list.
            case magazine
        }

        private let pool: PacketPool
        private let way: Way
        /// The names of blocks that are out.
        private let names: Mutex<[Block]>

        init(_ way: Way, blockCount: Int = 2) {
            let configuration = PacketPool.Configuration(
                blockClasses: [.init(blockByteCount: 64, blockCount: blockCount, reserveCount: 0)],
                maxMagazineCount: 1,
                hasGuardPages: false
            )
            guard let pool = try? PacketPool(configuration) else {
                preconditionFailure("the system has no memory for a small pool")
            }
            self.pool = pool
            self.way = way
            names = Mutex(Array(repeating: .none, count: blockCount))
        }

        func take() -> Int? {
            guard let block = way == .depot ? pool.acquire(classIndex: 0) : takeWithMagazine()
            else { return nil }
            names.withLock { $0[block.index.number] = block }
            return block.index.number
        }

        private func takeWithMagazine() -> Block? {
            withMagazine { $0.acquire(classIndex: 0) } ?? pool.acquire(classIndex: 0)
        }

        /// `nil` if another thread has the one magazine.
        func withMagazine<Result>(
            _ body: (borrowing PacketPool.Magazine) -> Result?
        ) -> Result? {
            guard let magazine = pool.makeMagazine() else { return nil }
            return body(magazine)
        }

        func retain(_ number: Int) { pool.memory.retain(name(number)) }
        func giveBack(_ number: Int) { pool.memory.release(name(number)) }
        private func name(_ number: Int) -> Block { names.withLock { $0[number] } }
    }

    /// Two blocks: the lists and the count of references once more, with one mistake if it is
    /// told so.
    final class TwinStore: BlockStore {
        enum Kind {
            /// A stack from which single blocks are taken, its head with a tag: `IndexDepot`.
            case depot
            /// A list that is taken whole: `ReturnedList`.
            case returnedList
        }

        /// How references are dropped in release builds: no mistake.
        enum Counting { case asInDebugBuilds, asInReleaseBuilds }

        enum Mistake: CaseIterable {
            /// The head of the depot has no tag.
            case countsNoTag
            /// Single blocks are taken from the list, whose head has no tag.
            case takesOneOfList
            /// The list is taken by a load and a store.
            case takesListInTwoSteps
            /// A block is put on a list by a load and a store.
            case pushesInTwoSteps
            /// A reference is dropped by a load and a store.
            case dropsInTwoSteps
            /// Whether it was the last is asked after it was dropped.
            case asksAfterDrop
            /// The block is put back before its last reference is dropped.
            case pushesBeforeDrop
        }

        private let kind: Kind
        private let counting: Counting
        private let mistake: Mistake?
        /// A tag above the number + 1 of the first.
        private let head = AtomicWord(0)
        private let links: [2 of AtomicWord] = .init { _ in AtomicWord(0) }
        private let references: [2 of AtomicWord] = .init { _ in AtomicWord(0) }

        init(
            _ kind: Kind,
            counting: Counting = .asInDebugBuilds,
            _ mistake: Mistake? = nil
        ) {
            self.kind = kind
            self.counting = counting
            self.mistake = mistake
            for number in 0..<2 { push(number) }
        }

        func take() -> Int? {
            let number = kind == .depot || mistake == .takesOneOfList ? takeOne() : takeAll()
            if let number { references[number].store(1, .relaxed) }
            return number
        }

        private func takeOne() -> Int? {
            var seen = head.load(.acquiring)
            while true {
                let first = Int(UInt32(truncatingIfNeeded: seen))
                guard first > 0 else { return nil }
                let (exchanged, original) = head.compareExchange(
                    expected: seen,
                    desired: tag(after: seen) | links[first - 1].load(.relaxed),
                    .acquiring
                )
                if exchanged { return first - 1 }
                seen = original
            }
        }

        private func takeAll() -> Int? {
            guard head.load(.relaxed) > 0 else { return nil }
            var taken: UInt64
            if mistake == .takesListInTwoSteps {
                taken = head.load(.acquiring)
                head.store(0, .relaxed)
            } else {
                taken = head.exchange(0, .acquiring)
            }
            taken &= 0xFFFF_FFFF
            guard taken > 0 else { return nil }
            let rest = links[Int(taken) - 1].load(.relaxed)
            if rest > 0 { push(Int(rest) - 1) }
            return Int(taken) - 1
        }

        private func push(_ number: Int) {
            var seen = head.load(.relaxed)
            while true {
                links[number].store(seen & 0xFFFF_FFFF, .relaxed)
                let desired = tag(after: seen) | UInt64(number + 1)
                if mistake == .pushesInTwoSteps { return head.store(desired, .releasing) }
                let (exchanged, original) = head.compareExchange(
                    expected: seen,
                    desired: desired,
                    .releasing
                )
                if exchanged { return }
                seen = original
            }
        }

        private func tag(after seen: UInt64) -> UInt64 {
            kind == .returnedList || mistake == .countsNoTag ? 0 : (seen >> 32 + 1) << 32
        }

        func retain(_ number: Int) { _ = references[number].wrappingAdd(1, .relaxed) }

        func giveBack(_ number: Int) {
            if mistake == .pushesBeforeDrop, references[number].load(.acquiring) == 1 {
                push(number)
                references[number].store(0, .relaxed)
            } else if drop(number) {
                push(number)
            }
        }

        /// Returns whether it was the last reference.
        private func drop(_ number: Int) -> Bool {
            if mistake == .dropsInTwoSteps {
                let seen = references[number].load(.acquiring)
                references[number].store(seen &- 1, .releasing)
                return seen == 1
            }
            if counting == .asInReleaseBuilds, references[number].load(.acquiring) == 1 {
                references[number].store(0, .relaxed)
                return true
            }
            let old = references[number].wrappingAdd(0 &- 1, .acquiringAndReleasing)
            return mistake == .asksAfterDrop ? references[number].load(.relaxed) == 0 : old == 1
        }
    }
#endif
