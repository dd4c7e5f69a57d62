// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

struct HTTP1HeaderTests {
    private func canSend(_ name: String) -> Bool {
        let name = Array(name.utf8)
        return HTTP1Header.canSend(name: name.rawSpan)
    }

    @Test func `a name is a token`() {
        #expect(canSend("Allow") && canSend("x-!#$%&'*+.^_`|~09") && canSend("A"))
        for name in ["", "a b", "a:", "a\r", "a\n", "\u{E9}", "a\u{0}", "a(b)", "a/", "a\u{7F}"] {
            #expect(!canSend(name), "\(name)")
        }
    }

    @Test func `what says how long the response or the connection is must not be sent`() {
        for name in ["Content-Length", "transfer-encoding", "CONNECTION"] {
            #expect(!canSend(name))
        }
        #expect(canSend("Content-Lengths") && canSend("Content-Type"))
    }

    @Test func `a value has no controls but tabs`() {
        for byte in UInt8.min...UInt8.max {
            let isRight = byte == 9 || byte >= 32 && byte != 127
            #expect(HTTP1Header.canSend(byteOfValue: byte) == isRight, "\(byte)")
        }
    }
}
