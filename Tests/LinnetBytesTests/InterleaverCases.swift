// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import LinnetBytes
    import Synchronization

    /// Words that the threads of a case share, and notes that they take of what happened.
    final class Words: Sendable {
        let a = AtomicWord(0)
        let b = AtomicWord(0)
        /// 1 while a thread sleeps, or is about to.
        let sleeping = AtomicWord(0)
        private let noted = Mutex<[UInt64]>([])

        var values: [UInt64] { [a.load(.relaxed), b.load(.relaxed), sleeping.load(.relaxed)] }
        var notes: [UInt64] { noted.withLock { $0 } }

        /// Not announced: no step of its own.
        func note(_ value: UInt64) { noted.withLock { $0.append(value) } }

        func withWord(_ index: Int, _ body: (borrowing AtomicWord) -> Void) {
            switch index {
            case 0: body(a)
            case 1: body(b)
            default: body(sleeping)
            }
        }

        /// Waits until `a` has come to `itemCount`, asleep while there is nothing new.
        func consume(_ itemCount: UInt64) {
            var seen: UInt64 = 0
            while seen < itemCount {
                let count = a.load(.acquiring)
                if count > seen {
                    seen = count
                    continue
                }
                _ = sleeping.exchange(1, .acquiringAndReleasing)
                if a.load(.acquiring) == seen { sleeping.wait(while: 1) }
                sleeping.store(0, .relaxed)
            }
        }
    }

    /// Counts `a` up and wakes who sleeps.
    let publish: @Sendable (Words) -> Void = { words in
        _ = words.a.wrappingAdd(1, .releasing)
        if words.sleeping.exchange(0, .acquiringAndReleasing) == 1 { words.sleeping.wakeOne() }
    }

    let incrementInTwoSteps: @Sendable (Words) -> Void = { words in
        let value = words.a.load(.relaxed)
        words.a.store(value + 1, .relaxed)
    }

    /// A stack of the nodes 1, 2 and 3. Without versions a node that was taken and put back in
    /// between looks like one that was never away.
    final class Stack: Sendable {
        private let head = AtomicWord(1)
        private let nextOfFirst = AtomicWord(2)
        private let nextOfSecond = AtomicWord(3)
        private let nextOfThird = AtomicWord(0)
        private let held = Mutex<[UInt64]>([])
        /// What each change adds to the head, whose lower half is the node.
        private let versionStep: UInt64

        init(versionStep: UInt64) { self.versionStep = versionStep }

        func pop() -> UInt64 {
            while true {
                let head = head.load(.acquiring)
                let node = head & 0xFFFF_FFFF
                guard node > 0 else { return 0 }
                let next = withNext(of: node) { $0.load(.relaxed) }
                if replaceHead(head, by: next) { return node }
            }
        }

        func push(_ node: UInt64) {
            while true {
                let head = head.load(.relaxed)
                withNext(of: node) { $0.store(head & 0xFFFF_FFFF, .relaxed) }
                if replaceHead(head, by: node) { return }
            }
        }

        private func replaceHead(_ old: UInt64, by node: UInt64) -> Bool {
            let version = (old & ~0xFFFF_FFFF) + versionStep
            return head.compareExchange(
                expected: old,
                desired: version | node,
                .acquiringAndReleasing
            ).exchanged
        }

        private func withNext<Result>(
            of node: UInt64,
            _ body: (borrowing AtomicWord) -> Result
        ) -> Result {
            switch node {
            case 1: body(nextOfFirst)
            case 2: body(nextOfSecond)
            default: body(nextOfThird)
            }
        }

        /// Notes who is no longer on the stack.
        func hold(_ node: UInt64) { held.withLock { $0.append(node) } }

        /// Whether each node is either on the stack or held, and once.
        var isWhole: Bool {
            var nodes = held.withLock { $0 }
            var node = head.load(.relaxed) & 0xFFFF_FFFF
            while node > 0, nodes.count < 4 {
                nodes.append(node)
                node = withNext(of: node) { $0.load(.relaxed) }
            }
            return nodes.sorted() == [1, 2, 3]
        }
    }
#endif
