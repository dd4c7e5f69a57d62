// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import Testing

@Suite struct ErrnoTests {
    @Test func `an error says the system's words and its number`() {
        #expect(Errno.noMemory.description == "Cannot allocate memory (12)")
        #expect(Errno(rawValue: 22).description == "Invalid argument (22)")
    }

    @Test func `an unknown number is still described`() {
        #expect(Errno(rawValue: 123_456).description.contains("123456"))
    }
}
