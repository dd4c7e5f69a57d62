// SPDX-License-Identifier: Apache-2.0

import LinnetEvents
import Testing

struct HTTP1StatusTests {
    @Test func `a status is its code`() {
        #expect(HTTP1Status("404 Gone fishing") == .notFound)
        #expect(HTTP1Status("404 Not Found") != .ok)
        #expect(Set([.ok, HTTP1Status("200 Fine"), .created]).count == 2)
        #expect(HTTP1Status("599 I").code == 599)
    }

    @Test func `a status that is none traps`() async {
        await #expect(processExitsWith: trap) { _ = HTTP1Status("199 Early") }
        await #expect(processExitsWith: trap) { _ = HTTP1Status("600 Late") }
        await #expect(processExitsWith: trap) { _ = HTTP1Status("20x OK") }
        await #expect(processExitsWith: trap) { _ = HTTP1Status("2000 OK") }
        await #expect(processExitsWith: trap) { _ = HTTP1Status("200") }
        await #expect(processExitsWith: trap) { _ = HTTP1Status("200 a\r\nb: c") }
        await #expect(processExitsWith: trap) {
            _ = HTTP1Status("200 0123456789012345678901234567890123456789012345678901234567890")
        }
    }
}
