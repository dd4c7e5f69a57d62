// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetTestSupport
import Testing

struct LockedTests {
    @Test func `threads use the value one at a time`() {
        let counts = Locked([0, 0])
        withThreads(4) { _ in
            for _ in 0..<20_000 {
                counts.withLock { counts in
                    counts[0] += 1
                    counts[1] = counts[0]
                }
            }
        }
        let found = counts.withLock { $0 }
        #expect(found == [80_000, 80_000])
    }

    @Test func `who throws lets go`() {
        let locked = Locked(0)
        #expect(throws: CancellationError.self) {
            try locked.withLock { _ in throw CancellationError() }
        }
        let value = locked.withLock { $0 }
        #expect(value == 0)
    }
}
