// SPDX-License-Identifier: Apache-2.0

import LinnetEvents
import Testing

struct HTTP1StatusTests {
    @Test func `a status is its code`() {
        #expect(HTTP1Status(code: 404, reason: "Gone fishing") == .notFound)
        #expect(HTTP1Status(code: 404, reason: "Not Found") != .ok)
        #expect(Set([.ok, HTTP1Status(code: 200, reason: "Fine"), .created]).count == 2)
    }

    @Test func `a status that is none, and a reason that is no words, trap`() async {
        await #expect(processExitsWith: trap) { _ = HTTP1Status(code: 199, reason: "Early") }
        await #expect(processExitsWith: trap) { _ = HTTP1Status(code: 600, reason: "Late") }
        await #expect(processExitsWith: trap) { _ = HTTP1Status(code: 200, reason: "a\r\nb: c") }
        await #expect(processExitsWith: trap) { _ = HTTP1Status(code: 200, reason: "") }
        await #expect(processExitsWith: trap) {
            _ = HTTP1Status(
                code: 200,
                reason: "01234567890123456789012345678901234567890123456789012345678901234"
            )
        }
    }
}
