// SPDX-License-Identifier: Apache-2.0

import LinnetConnections
import Testing

struct MonotonicInstantTests {
    private static let longest = Duration(attoseconds: .max)
    private static let shortest = Duration(attoseconds: .min)

    @Test(
        arguments: [
            (0, .zero, 0), (5, .nanoseconds(3), 8), (5, .nanoseconds(-8), -3),
            (0, .seconds(1), 1_000_000_000), (1, Duration(attoseconds: 999_999_999), 1),
            (.max - 1, .nanoseconds(1), .max), (.max - 1, .nanoseconds(2), .max),
            (.min + 1, .nanoseconds(-1), .min), (.min + 1, .nanoseconds(-2), .min),
            (.min, longest, .max), (.max, shortest, .min), (.max, .zero, .max),
        ] as [(Int64, Duration, Int64)]
    )
    func `an instant advances, and saturates`(start: Int64, duration: Duration, end: Int64) {
        let instant = MonotonicInstant(nanoseconds: start)
        #expect(instant.advanced(by: duration).nanoseconds == end)
    }

    @Test(
        arguments: [
            (0, 0, .zero), (1, 3, .nanoseconds(2)), (3, 1, .nanoseconds(-2)),
            (.min, .max, .nanoseconds(Int64.max) + .nanoseconds(Int64.max) + .nanoseconds(1)),
            (.max, .min, .nanoseconds(Int64.min) - .nanoseconds(Int64.max)),
        ] as [(Int64, Int64, Duration)]
    )
    func `the duration between instants is exact`(start: Int64, end: Int64, duration: Duration) {
        let other = MonotonicInstant(nanoseconds: end)
        #expect(MonotonicInstant(nanoseconds: start).duration(to: other) == duration)
    }

    @Test func `instants are ordered, and the distant future is last`() {
        let instants = [.min, -1, 0, 1, .max].map(MonotonicInstant.init(nanoseconds:))
        #expect(instants == instants.shuffled().sorted())
        #expect(instants.last == .distantFuture)
    }

    @Test func `the clock goes on and never back`() {
        let start = MonotonicInstant.now()
        var last = start
        while last == start {
            last = .now()
        }
        #expect(start < last)
        #expect(last <= .now())
    }

    @Test func `an instant is eight bytes`() {
        #expect(MemoryLayout<MonotonicInstant>.size == 8)
    }
}
