// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetCodec
import LinnetTestSupport
import Testing
import linnetctl

@Suite("The text of an analysis")
struct TextReportTests {
    @Test("a right packet is shown field by field")
    func rightPacket() {
        let packet = NaiveEncoder(payload: Array("hello".utf8), flags: 0x1002)
        let text = TextReport(CaptureAnalysis(of: Data(packet.bytes))).text
        #expect(text == rightPacketText)
    }

    @Test("each error comes with its sentence, its section and a hint", arguments: allErrors)
    func eachError(code: PacketError.Code) throws {
        let analysis = CaptureAnalysis(of: packets(0) + wrongPacket(code))
        let error = try #require(analysis.firstError?.error)
        let lines = TextReport(analysis).text.split(separator: "\n")
        let sentence = "! \(code.rawValue): \(error.explanation)"
        #expect(lines.contains("\(sentence) (Specs/protocol.md \(error.section))"))
        let headings = lines.filter { $0.hasPrefix("packet 2  offset 28  ") }
        #expect(headings.count == 1 && headings[0].hasSuffix("  \(code.rawValue)"))
        #expect(lines.contains { $0.hasPrefix("  hint: ") })
    }

    @Test("a wrong field is marked, with what was expected")
    func wrongField() {
        let text = TextReport(CaptureAnalysis(of: packets(0, 2) + wrongPacket(.badMagic))).text
        #expect(text.contains("! 00000028  02 00 00 00 00 00 00 00  seq       2, expected 1\n"))
        #expect(text.contains("magic     0x20544547 \"GET \", expected 0x544E4E4C \"LNNT\"\n"))
        let damaged = TextReport(CaptureAnalysis(of: wrongPacket(.badHeaderChecksum, seq: 0))).text
        #expect(damaged.contains("checksum  wrong: found 0x00000001, computed 0x"))
    }

    @Test("only at the first error a receiver closes the connection")
    func firstError() {
        let text = TextReport(CaptureAnalysis(of: packets(0, 2, 4))).text
        #expect(text.components(separatedBy: "closes the connection").count == 2)
        #expect(text.contains("Numbering goes on from seq 4."))
        #expect(text.contains("2 errors. A receiver stops at the first, in packet 2 at offset 28."))
    }

    @Test("skipped bytes are counted and shown from their beginning")
    func skipped() {
        let bytes = packets(0) + Data(repeating: 0x2E, count: 40) + packets(2)
        let text = TextReport(CaptureAnalysis(of: bytes), maxPayloadByteCount: 16).text
        #expect(text.contains("40 bytes skipped  offset 28  to the next right header\n"))
        #expect(text.contains("  24 bytes more; --payload-bytes 40 shows all\n"))
        #expect(text.contains("note: numbering goes on from seq 2; 1 was expected"))
        #expect(text.contains("skipped                                    40\n"))
    }

    @Test("a payload is cut where the limit says", arguments: [(0, 0), (16, 1), (17, 2), (99, 2)])
    func payloadLimit(limit: Int, lineCount: Int) {
        let packet = NaiveEncoder(payload: Array(repeating: 0x61, count: 20))
        let analysis = CaptureAnalysis(of: Data(packet.bytes))
        let text = TextReport(analysis, maxPayloadByteCount: limit).text
        #expect(text.components(separatedBy: "|a").count == lineCount + 1)
        #expect(text.contains("--payload-bytes 20") == (1..<20).contains(limit))
        #expect(text.contains("payload   20 bytes"))
    }

    @Test("what is cut off is marked, what is there is not")
    func truncated() {
        let packet = NaiveEncoder(payload: Array("hello".utf8), flags: 2).bytes
        let inTrailer = TextReport(CaptureAnalysis(of: Data(packet.dropLast(3)))).text
        #expect(inTrailer.contains("  00000018                           payload   5 bytes\n"))
        #expect(inTrailer.contains("! 0000001d  86                       trailer   only 1 of 4"))
        let inHeader = TextReport(CaptureAnalysis(of: Data(packet.prefix(13)))).text
        #expect(inHeader.contains("! 0000000c  00                       seq       only 1 of 8"))
        #expect(inHeader.contains("checksum") == false)
    }

    @Test("colours are there if they are wanted")
    func colours() {
        let analysis = CaptureAnalysis(of: packets(0))
        let style = TextStyle(isColored: true)
        #expect(TextReport(analysis, style: style).text.contains("\u{1B}[32mok\u{1B}[0m"))
        #expect(TextReport(analysis).text.contains("\u{1B}") == false)
    }
}

private let allErrors = PacketError.Code.allCases

private let rightPacketText = """
    packet 1  offset 0  size 33  seq 0  ok
      00000000  4c 4e 4e 54              magic     0x544E4E4C "LNNT"
      00000004  01 00                    version   1
      00000006  02 10                    flags     0x1002 payloadChecksum, application0
      00000008  21 00 00 00              size      33 = 24 header + 5 payload + 4 trailer
      0000000c  00 00 00 00 00 00 00 00  seq       0
      00000014  ad 9d 1a b4              checksum  0xB41A9DAD ok
      00000018                           payload   5 bytes
      00000018  68 65 6c 6c 6f                                    |hello|
      0000001d  86 a6 10 36              trailer   0x3610A686 ok

    summary                 packets         bytes
    ok                            1            33
    total                         1            33
    No errors.

    """
