// SPDX-License-Identifier: Apache-2.0

#if DEBUG
    import LinnetBytes
    import LinnetEvents
    import LinnetTestSupport

    /// The algorithm of `EventQueue` once more, of words, with one mistake at will: the interleaver
    /// must find each, and nothing if there is none. As everywhere under the interleaver,
    /// operations take effect in one order.
    final class FaultyQueue: TestedQueue {
        enum Mistake: String, CaseIterable, Sendable {
            /// The consumer does not look again after it has announced that it sleeps.
            case noRecheck
            /// A producer wakes before it publishes.
            case wakeBeforePublish
            /// A producer loads `sleeping` before it publishes: so a plain load may pass a store.
            case flagLoadedBeforePublish
            /// A producer loads `sleeping` and stores, for want of an exchange.
            case flagLoadedThenStored
            case stampBeforeItem
            case headBeforeRead
            /// A plain store claims a position.
            case tailLoadedThenStored
            /// A producer does not look how far the consumer has come.
            case limitWithoutHead
            /// A producer looks at `head` first, then at `tail`.
            case headBeforeTail
            /// `tail - head` is taken as unsigned, though `head` may have passed the older `tail`.
            case unsignedComparison
            /// Data may take all cells.
            case noReserve
            /// The consumer that closes takes what is published, not what is claimed.
            case closeWithoutWaiting
            /// The queue is closed by a load and a store.
            case closeByStore
        }

        fileprivate let mistake: Mistake?
        fileprivate let tail = AtomicWord(0)
        fileprivate let head = AtomicWord(0)
        fileprivate let sleeping = AtomicWord(0)
        private let cells: [Cell]
        private let reserveCount: Int

        fileprivate final class Cell: Sendable {
            let stamp = AtomicWord(0)
            let item = AtomicWord(0)
        }

        fileprivate static let closedBit: UInt64 = 1 << 63

        init(_ mistake: Mistake?, capacity: Int, reserveCount: Int) {
            self.mistake = mistake
            self.reserveCount = reserveCount
            cells = (0..<capacity).map { _ in Cell() }
        }

        fileprivate func cell(_ position: UInt64) -> Cell { cells[Int(position) % cells.count] }

        func push(_ item: UInt64, isControl: Bool) -> PushResult {
            let reserveCount = isControl || mistake == .noReserve ? 0 : reserveCount
            let limit = cells.count - reserveCount
            let early = mistake == .headBeforeTail ? head.load(.acquiring) : nil
            var position = tail.load(.acquiring)
            while true {
                guard position & Self.closedBit == 0 else { return .closed }
                guard hasRoom(at: position, limit: limit, head: early) else { return .full }
                guard let newer = claim(position) else { break }
                position = newer
            }
            let cell = cell(position)
            if mistake == .stampBeforeItem { cell.stamp.store(position + 1, .releasing) }
            cell.item.store(item, .relaxed)
            if mistake == .wakeBeforePublish { wake() }
            let wasAsleep = mistake == .flagLoadedBeforePublish && sleeping.load(.acquiring) == 1
            if mistake != .stampBeforeItem { cell.stamp.store(position + 1, .releasing) }
            if wasAsleep { wake() }
            return .queued
        }

        private func hasRoom(at position: UInt64, limit: Int, head early: UInt64?) -> Bool {
            guard mistake != .limitWithoutHead else { return true }
            let taken = position &- (early ?? head.load(.acquiring))
            return mistake == .unsignedComparison
                ? taken < UInt64(limit) : Int64(bitPattern: taken) < Int64(limit)
        }

        /// Claims the position, or returns the newer tail.
        private func claim(_ position: UInt64) -> UInt64? {
            if mistake == .tailLoadedThenStored {
                tail.store(position + 1, .releasing)
                return nil
            }
            let (exchanged, original) = tail.compareExchange(
                expected: position,
                desired: position + 1,
                .acquiringAndReleasing
            )
            return exchanged ? nil : original
        }

        /// Returns the first position that was not claimed.
        fileprivate func close() -> UInt64 {
            var end = tail.load(.relaxed)
            while true {
                if mistake == .closeByStore {
                    tail.store(end | Self.closedBit, .relaxed)
                    return end
                }
                let (exchanged, original) = tail.compareExchange(
                    expected: end,
                    desired: end | Self.closedBit,
                    .relaxed
                )
                if exchanged { return end }
                end = original
            }
        }

        func wakeConsumer() {
            switch mistake {
            case .wakeBeforePublish, .flagLoadedBeforePublish: break
            case .flagLoadedThenStored:
                guard sleeping.load(.acquiring) == 1 else { return }
                // No wake-up is lost by this alone; but it answers an announcement twice.
                if sleeping.exchange(0, .releasing) == 0 {
                    Interleaver.fail("two wake-ups, or one too late, for one announcement")
                }
                sleeping.wakeOne()
            default: wake()
            }
        }

        private func wake() {
            if sleeping.exchange(0, .acquiringAndReleasing) == 1 { sleeping.wakeOne() }
        }
    }

    extension FaultyQueue {
        struct Consumer: ~Copyable, TestedConsumer {
            let queue: FaultyQueue
            private var position: UInt64 = 0
            private var published: UInt64 = 0

            init(queue: FaultyQueue) {
                self.queue = queue
            }

            private var hasItem: Bool {
                queue.cell(position).stamp.load(.acquiring) == position + 1
            }

            mutating func pop() -> UInt64? {
                guard hasItem else { return nil }
                let cell = queue.cell(position)
                position += 1
                if queue.mistake == .headBeforeRead { publish() }
                return cell.item.load(.relaxed)
            }

            mutating func publish() {
                guard published != position else { return }
                published = position
                queue.head.store(position, .releasing)
            }

            mutating func waitForItems() {
                publish()
                guard !hasItem else { return }
                _ = queue.sleeping.exchange(1, .acquiringAndReleasing)
                if queue.mistake == .noRecheck || !hasItem {
                    queue.sleeping.wait(while: 1)
                }
                _ = queue.sleeping.exchange(0, .acquiringAndReleasing)
            }

            consuming func close(_ body: (UInt64) -> Void) {
                let end = queue.close()
                while position != end {
                    if let item = pop() {
                        body(item)
                    } else if queue.mistake == .closeWithoutWaiting {
                        break
                    } else {
                        announceRetry()
                    }
                }
                publish()
            }
        }
    }
#endif
