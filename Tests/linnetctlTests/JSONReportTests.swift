// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetCodec
import LinnetTestSupport
import Testing
import linnetctl

@Suite("The JSON of an analysis")
struct JSONReportTests {
    /// What a program reads: the names are the interface.
    private struct Report: Decodable {
        struct Packet: Decodable {
            let number, offset: Int
            let verdict: String
            let version, flags: UInt16
            let flagNames: [String]
            let size: UInt32
            let seq: UInt64
            let expectedSeq: UInt64?
            let payload: String
            let payloadChecksum: UInt32?
        }

        struct Failure: Decodable {
            let number, offset, packetOffset: Int
            let name, field, section, explanation, hint: String
        }

        struct Skipped: Decodable, Equatable {
            let offset, byteCount: Int
        }

        struct Summary: Decodable, Equatable {
            let byteCount, packetCount, errorCount, skippedByteCount: Int
            let errorCountByName: [String: Int]
        }

        let packets: [Packet]
        let errors: [Failure]
        let skipped: [Skipped]
        let summary: Summary

        init(of bytes: Data, framing: PacketFraming = PacketFraming()) throws {
            let text = try JSONReport(CaptureAnalysis(of: bytes, framing: framing)).text()
            self = try JSONDecoder().decode(Report.self, from: Data(text.utf8))
        }
    }

    @Test("a packet has all of its fields")
    func packet() throws {
        let encoder = NaiveEncoder(payload: Array("hello".utf8), flags: 0x1002)
        let report = try Report(of: Data(encoder.bytes))
        let packet = try #require(report.packets.first)
        #expect(packet.number == 1 && packet.offset == 0 && packet.verdict == "ok")
        #expect(packet.version == 1 && packet.size == 33 && packet.flags == 0x1002)
        #expect(packet.flagNames == ["payloadChecksum", "application0"])
        #expect(packet.payload == "68656c6c6f")
        #expect(packet.payloadChecksum == 0x3610_A686)
        #expect(packet.expectedSeq == nil)
        #expect(report.errors.isEmpty && report.skipped.isEmpty)
    }

    @Test("all 64 bits of a number are there")
    func number() throws {
        let ignoring = PacketFraming(limits: PacketLimits(sequencePolicy: .ignore))
        let report = try Report(of: packets(UInt64.max), framing: ignoring)
        #expect(report.packets.map(\.seq) == [UInt64.max])
    }

    @Test("each error has its name, place, section and words", arguments: PacketError.Code.allCases)
    func error(code: PacketError.Code) throws {
        let analysis = CaptureAnalysis(of: packets(0) + wrongPacket(code))
        let expected = try #require(analysis.firstError?.error)
        let found = try #require(Report(of: packets(0) + wrongPacket(code)).errors.first)
        #expect(found.name == code.rawValue && found.field == expected.field.rawValue)
        #expect(found.offset == 28 + expected.byteOffset && found.packetOffset == 28)
        #expect(found.section == expected.section && found.explanation == expected.explanation)
        #expect(found.hint == analysis.firstError?.hint)
    }

    @Test("skipped bytes and sums are there")
    func summary() throws {
        let report = try Report(of: packets(0) + Data("garbage".utf8) + packets(2, 3, 3))
        #expect(report.skipped == [Report.Skipped(offset: 28, byteCount: 7)])
        #expect(report.packets.map(\.verdict) == ["ok", "ok", "ok", "bad-sequence"])
        #expect(report.packets.map(\.number) == [1, 3, 4, 5])
        #expect(report.packets[1].expectedSeq == 1)
        #expect(
            report.summary
                == Report.Summary(
                    byteCount: 119,
                    packetCount: 3,
                    errorCount: 2,
                    skippedByteCount: 7,
                    errorCountByName: ["bad-magic": 1, "bad-sequence": 1]
                )
        )
    }
}
