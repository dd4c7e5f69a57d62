// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetTestSupport
import Testing

struct AtomicWordTests {
    @Test func `a word holds what was stored last`() {
        let word = AtomicWord(7)
        #expect(word.load(.relaxed) == 7 && word.load(.acquiring) == 7)
        word.store(.max, .relaxed)
        #expect(word.load(.relaxed) == .max)
        word.store(0, .releasing)
        #expect(word.load(.acquiring) == 0)
    }

    @Test(
        arguments: [.relaxed, .acquiring, .releasing, .acquiringAndReleasing]
            as [AtomicWord.UpdateOrdering]
    )
    func `an update returns the value before`(ordering: AtomicWord.UpdateOrdering) {
        let word = AtomicWord(1)
        #expect(word.exchange(2, ordering) == 1)
        #expect(word.wrappingAdd(3, ordering) == 2)
        #expect(word.compareExchange(expected: 5, desired: 6, ordering) == (true, 5))
        #expect(word.compareExchange(expected: 5, desired: 7, ordering) == (false, 6))
        #expect(word.load(.relaxed) == 6)
    }

    @Test func `an addition wraps around`() {
        let word = AtomicWord(.max)
        #expect(word.wrappingAdd(2, .relaxed) == .max)
        #expect(word.wrappingAdd(0 &- 2, .relaxed) == 1)
        #expect(word.load(.relaxed) == .max)
    }

    @Test func `a word takes eight bytes`() {
        #expect(MemoryLayout<AtomicWord>.size == 8 && MemoryLayout<AtomicWord>.alignment == 8)
    }

    @Test func `nobody sleeps on a word whose lower half holds something else`() {
        AtomicWord(1).wait(while: 0)
        AtomicWord(0).wait(while: 1)
        AtomicWord(1 << 32 | 2).wait(while: 1)
    }

    @Test func `a sleep ends when its time is over, and only the lower half is looked at`() {
        let word = AtomicWord(1 << 32 | 5)
        let start = ContinuousClock.now
        // It may end early, too.
        while start.duration(to: .now) < .milliseconds(20) {
            word.wait(while: 5, atMost: .milliseconds(5))
        }
        #expect(word.load(.relaxed) == 1 << 32 | 5)
    }

    @Test func `a wake-up ends a sleep`() {
        let turn = Turn()
        withThreads(2) { thread in
            for _ in 0..<100 {
                while turn.word.load(.acquiring) != thread {
                    turn.word.wait(while: 1 - UInt32(thread))
                }
                turn.word.store(1 - UInt64(thread), .releasing)
                turn.word.wakeOne()
            }
        }
        #expect(turn.word.load(.relaxed) == 0)
    }

    @Test func `a wake-up without a sleeper does nothing`() {
        let word = AtomicWord(3)
        word.wakeOne()
        #expect(word.load(.relaxed) == 3)
    }
}

/// Which of two threads goes on.
private final class Turn: Sendable {
    let word = AtomicWord(0)
}
