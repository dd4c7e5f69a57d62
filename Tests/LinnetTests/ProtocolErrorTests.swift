// SPDX-License-Identifier: Apache-2.0

import Linnet
import Testing

struct ProtocolErrorTests {
    static let all: [ProtocolError] = [
        .unknownMessage(0), .wrongSide(65_535), .unexpectedReply(7), .replyNotSent(3),
        .invalidMessage(258, MessageError(.range, path: "fills[3].price", offset: 40)),
        .replyNotBuilt(9, BuildError(.tooLong, path: "Instrument.name")),
    ]

    @Test(arguments: all)
    func `the code says what was wrong with which message`(error: ProtocolError) {
        for reason in [
            CloseReason.closedByHandler(code: error.code), .closedByApplication(code: error.code),
        ] {
            #expect(reason.protocolError?.kind == error.kind)
            #expect(reason.protocolError?.message == error.message)
        }
        #expect(error.description.contains("\(error.message)"))
    }

    @Test func `each kind has a number of its own`() {
        #expect(Set(Self.all.map(\.kind)) == Set(ProtocolError.Kind.allCases))
        #expect(Set(Self.all.map(\.code)).count == Self.all.count)
    }

    @Test func `other codes and other ends are no protocol error`() {
        let reasons: [CloseReason] = [
            .closedByHandler(code: 0), .closedByHandler(code: 0x0001_0007),
            .closedByHandler(code: 0xFF00_0007), .closedByApplication(code: .max), .peerClosed,
        ]
        for reason in reasons { #expect(reason.protocolError == nil) }
    }

    @Test func `an invalid message names field and offset`() {
        let text = Self.all[4].description
        #expect(text.contains("fills[3].price") && text.contains("byte 40"))
    }
}
