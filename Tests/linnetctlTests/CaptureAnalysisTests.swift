// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetCodec
import LinnetTestSupport
import Testing
import linnetctl

@Suite("A capture is analysed packet by packet")
struct CaptureAnalysisTests {
    @Test("a capture without a byte has no findings")
    func empty() {
        #expect(CaptureAnalysis(of: Data()).findings.isEmpty)
    }

    @Test("right packets are found where they stand")
    func rightPackets() {
        let analysis = CaptureAnalysis(of: packets(0, 1, 2))
        #expect(analysis.packets.map(\.verdict) == ["ok", "ok", "ok"])
        #expect(analysis.packets.map(\.range) == [0..<28, 28..<56, 56..<84])
        #expect(analysis.packets.map(\.payloadRange) == [24..<28, 52..<56, 80..<84])
        #expect(analysis.firstError == nil)
    }

    @Test("each error is found in its field, with a hint", arguments: PacketError.Code.allCases)
    func eachError(code: PacketError.Code) throws {
        // What follows a truncated packet would be taken for the bytes that it lacks.
        let rest = code == .truncated ? Data() : packets(2)
        let analysis = CaptureAnalysis(of: packets(0) + wrongPacket(code) + rest)
        let wrong = try #require(analysis.firstError)
        #expect(wrong.number == 2)
        #expect(wrong.offset == 28)
        #expect(wrong.error?.code == code)
        #expect(wrong.hint?.isEmpty == false)
    }

    @Test("behind each error the next packet is found", arguments: PacketError.Code.allCases)
    func resynchronisation(code: PacketError.Code) throws {
        let bytes = packets(0) + wrongPacket(code) + packets(2, 3)
        let last = try #require(CaptureAnalysis(of: bytes).packets.last)
        #expect(last.verdict == "ok")
        #expect(last.header?.seq == 3)
        #expect(last.range == bytes.count - 28..<bytes.count)
    }

    @Test("garbage between packets is skipped, and the numbers go on")
    func garbage() {
        let garbage = Data("trailing LNNT garbage".utf8)
        let analysis = CaptureAnalysis(of: packets(0) + garbage + packets(1))
        #expect(analysis.packets.map(\.verdict) == ["ok", "bad-magic", "ok"])
        #expect(analysis.skippedRanges == [28..<49])
        #expect(analysis.packets[2].expectedSeq == nil)
    }

    @Test("a number that was skipped is noted once, not reported as an error")
    func skippedNumber() {
        let bytes = packets(0) + wrongPacket(.badHeaderChecksum) + packets(2, 3)
        let analysis = CaptureAnalysis(of: bytes)
        #expect(analysis.packets.map(\.verdict) == ["ok", "bad-header-checksum", "ok", "ok"])
        #expect(analysis.packets.map(\.expectedSeq) == [nil, nil, 1, nil])
    }

    @Test("under the policy ignore no number is noted")
    func ignoredNumbers() {
        let framing = PacketFraming(limits: PacketLimits(sequencePolicy: .ignore))
        let bytes = packets(7) + wrongPacket(.badHeaderChecksum) + packets(2, 3)
        let analysis = CaptureAnalysis(of: bytes, framing: framing)
        #expect(analysis.packets.map(\.verdict) == ["ok", "bad-header-checksum", "ok", "ok"])
        #expect(analysis.packets.allSatisfy { $0.expectedSeq == nil })
    }

    @Test("two errors in one capture are both found")
    func twoErrors() {
        var analysis = CaptureAnalysis(of: packets(0, 2) + wrongPacket(.unsupportedFlag, seq: 3))
        #expect(analysis.packets.map(\.verdict) == ["ok", "bad-sequence", "unsupported-flag"])
        #expect(analysis.packets.map(\.range.lowerBound) == [0, 28, 56])
        analysis = CaptureAnalysis(of: packets(0, 0, 1) + Data([0x4C]))
        #expect(analysis.packets.map(\.verdict) == ["ok", "bad-sequence", "ok", "truncated"])
    }

    @Test("a packet that lost bytes ends where the next right header begins")
    func lostBytes() {
        var cut = NaiveEncoder(payload: Array(repeating: 7, count: 100), seq: 1)
        #expect(ends(of: packets(0) + Data(cut.bytes.prefix(60)) + packets(2)) == [28, 88, 116])
        cut.flags = 2
        let whole = packets(2, 3, 4, 5)
        #expect(ends(of: packets(0) + Data(cut.bytes.prefix(60)) + whole).prefix(2) == [28, 88])
    }

    @Test("a packet that lost bytes but has no trailer is suspected by the error behind it")
    func unnoticedLoss() throws {
        let analysis = CaptureAnalysis(of: packets(0) + wrongPacket(.truncated) + packets(2, 3))
        #expect(analysis.packets.map(\.verdict) == ["ok", "ok", "bad-magic", "ok"])
        let hint = try #require(analysis.firstError?.hint)
        #expect(hint.contains("A right header begins at offset 55, within packet 2"))
    }

    @Test("a packet whose payload holds a packet is whole if the next stands behind it")
    func nestedPacket() {
        var outer = NaiveEncoder(payload: Array(packets(0)))
        outer.flags = 2
        outer.trailer = 1
        let bytes = Data(outer.bytes) + packets(1)
        #expect(ends(of: bytes) == [56, bytes.count])
    }

    private func ends(of bytes: Data) -> [Int] {
        CaptureAnalysis(of: bytes).packets.map(\.range.upperBound)
    }
}

/// Right packets with these numbers, 28 bytes each.
func packets(_ seqs: UInt64...) -> Data {
    Data(seqs.flatMap { NaiveEncoder(payload: Array("abcd".utf8), seq: $0).bytes })
}

/// A packet with one error. What is `truncated` lacks its last bytes.
func wrongPacket(_ code: PacketError.Code, seq: UInt64 = 1) -> Data {
    var packet = NaiveEncoder(payload: Array("wrong".utf8), seq: seq)
    switch code {
    case .badMagic: packet.magic = 0x2054_4547
    case .badHeaderChecksum: packet.checksum = 1
    case .unsupportedVersion: packet.version = 2
    case .unsupportedFlag: packet.flags = 1 << 5
    case .sizeTooSmall: packet.size = 5
    case .sizeTooLarge: packet.size = 0x2000_0000
    case .badSequence: packet.seq = seq + 1
    case .truncated: return Data(packet.bytes.dropLast(2))
    case .badPayloadChecksum:
        packet.flags = 2
        packet.trailer = 1
    }
    return Data(packet.bytes)
}
