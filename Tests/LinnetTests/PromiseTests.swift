// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetConnections
import Testing

struct PromiseTests {
    private let never = MonotonicInstant.now() + .seconds(3_600)

    @Test func `the first value counts`() async {
        let promise = Promise<Int>()
        let isFirst = promise.keep(1)
        let isSecond = promise.keep(2)
        #expect(isFirst && !isSecond)
        let value = await promise.value(before: never, late: 3, cancelled: 4)
        #expect(value == 1)
    }

    @Test func `a value that comes later is waited for`() async {
        let promise = Promise<Int>()
        async let value = promise.value(before: never, late: 3, cancelled: 4)
        promise.keep(1)
        let found = await value
        #expect(found == 1)
    }

    @Test func `behind the deadline it is too late`() async {
        let promise = Promise<Int>()
        let past = MonotonicInstant.now()
        let value = await promise.value(before: past, late: 3, cancelled: 4)
        #expect(value == 3)
        let isFirst = promise.keep(1)
        #expect(!isFirst)
    }

    @Test func `who is cancelled waits no more`() async {
        let promise = Promise<Int>()
        let never = never
        let waiting = Task { await promise.value(before: never, late: 3, cancelled: 4) }
        waiting.cancel()
        let value = await waiting.value
        #expect(value == 4)
    }
}
