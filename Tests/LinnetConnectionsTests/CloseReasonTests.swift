// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetConnections
import Testing

struct CloseReasonTests {
    private static let reasons: [(CloseReason, UInt64, Bool)] = [
        (.peerClosed, 1, true),
        (.truncated, 2, true),
        (.framingError, 3, true),
        (.peerReset, 4, false),
        (.closedByHandler(code: 0), 5, true),
        (.closedByHandler(code: .max), 0xFFFF_FFFF_0000_0005, true),
        (.closedByApplication(code: 1), 0x1_0000_0006, true),
        (.serverStopping, 7, true),
        (.idleTimeout, 8, true),
        (.frameTimeout, 9, true),
        (.openingTimeout, 10, false),
        (.writeTimeout, 11, false),
        (.serverStopped, 12, false),
        (.connectFailed(Errno(rawValue: 111)), 111 << 32 | 13, false),
        (.readFailed(Errno(rawValue: 5)), 5 << 32 | 14, false),
        (.writeFailed(Errno(rawValue: -1)), 0xFFFF_FFFF_0000_000F, false),
    ]

    @Test(arguments: reasons)
    func `a reason is a word and back`(reason: CloseReason, word: UInt64, isGraceful: Bool) {
        #expect(reason.rawValue == word)
        #expect(CloseReason(rawValue: word) == reason)
        #expect(reason.isGraceful == isGraceful)
    }

    @Test(
        arguments: [
            0, 16, 255, 0x101, 0x8000_0001, 0x1_0000_0001, 0x1_0000_000C, .max, 1 << 63,
        ] as [UInt64]
    )
    func `a word that is no reason is recognised`(word: UInt64) {
        #expect(CloseReason(rawValue: word) == nil)
    }

    @Test func `no two reasons print alike`() {
        let texts = Set(Self.reasons.map { "\($0.0)" })
        #expect(texts.count == Self.reasons.count)
    }

    @Test func `a reason says what the application or the system said`() {
        let reason = CloseReason.closedByHandler(code: 7)
        #expect("\(reason)" == "the handler closed the connection (code 7)")
        let error = Errno(rawValue: 111)
        #expect("\(CloseReason.connectFailed(error))" == "connecting failed: \(error)")
    }

    @Test func `a reason, and the absence of one, fits into a word`() {
        #expect(MemoryLayout<CloseReason?>.stride <= 8)
    }
}
