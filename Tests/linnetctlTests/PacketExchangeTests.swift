// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetCodec
import Testing
import linnetctl

@Suite("The reply to one packet")
struct PacketExchangeTests {
    private let reply: Data

    init() throws {
        reply = try Data(packetWith: Data("reply".utf8), flags: .payloadChecksum)
    }

    @Test("it is over with the last byte of the reply, however it is cut")
    func cut() {
        var exchange = PacketExchange(framing: PacketFraming())
        for byte in reply {
            #expect(!exchange.isOver)
            exchange.take(Data([byte]))
        }
        #expect(exchange.isOver)
        #expect(exchange.complaint == nil)
        #expect(exchange.analysis.firstError == nil)
    }

    @Test("an end before the reply is a complaint, at each length")
    func early() {
        for length in 0..<reply.count {
            var exchange = PacketExchange(framing: PacketFraming())
            if length > 0 { exchange.take(reply.prefix(length)) }
            exchange.take(Data())
            #expect(exchange.isOver)
            #expect(exchange.complaint?.contains(length == 0 ? "without" : "incomplete") == true)
        }
    }

    @Test("bytes that are no packet are a complaint as soon as they are that")
    func wrong() {
        var exchange = PacketExchange(framing: PacketFraming())
        exchange.take(Data("HTTP".utf8))
        #expect(exchange.isOver)
        #expect(exchange.complaint?.contains("not right") == true)
    }

    @Test("who waits for no reply waits for the end, and takes what comes")
    func noReply() {
        var exchange = PacketExchange(framing: PacketFraming(), waitsForReply: false)
        exchange.take(reply)
        #expect(!exchange.isOver)
        exchange.take(Data())
        #expect(exchange.isOver)
        #expect(exchange.complaint == nil)
    }
}
