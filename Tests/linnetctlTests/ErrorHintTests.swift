// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetCodec
import LinnetTestSupport
import Testing
import linnetctl

@Suite("A hint says what may have caused an error")
struct ErrorHintTests {
    @Test(
        "strangers are known by their first bytes",
        arguments: [
            (Array("GET / HTTP/1.1\r\n".utf8), "HTTP request"),
            (Array("HTTP/1.1 400 Bad Request\r\n".utf8), "HTTP response"),
            ([0x16, 0x03, 0x01, 0x02, 0x00, 0x01], "ClientHello"),
            (Array("SSH-2.0-OpenSSH\r\n".utf8), "SSH"),
            ([0xD4, 0xC3, 0xB2, 0xA1], "Wireshark"),
            ([0, 0, 0, 0, 0, 0, 0, 0], "zero"),
            (Array("4c4e4e5401000000!".utf8), "--input hex"),
            (Array("what is this?".utf8), "--magic"),
        ]
    )
    func strangers(bytes: [UInt8], word: String) {
        #expect(hint(bytes).contains(word))
    }

    @Test("a magic in reverse order tells of a big-endian sender")
    func swappedMagic() {
        #expect(hint([0x54, 0x4E, 0x4E, 0x4C]).contains("big-endian"))
    }

    @Test("a right header with another magic is a packet of another protocol")
    func otherMagic() {
        var packet = NaiveEncoder()
        packet.magic = 0x3150_4B43
        #expect(hint(packet.bytes).contains("--magic 0x31504B43"))
    }

    @Test("a bit that was turned over is named", arguments: [(8, 3, "size"), (20, 7, "checksum")])
    func damagedBit(byte: Int, bit: Int, field: String) {
        var bytes = NaiveEncoder(payload: [1, 2, 3]).bytes
        bytes[byte] ^= 1 << UInt8(bit)
        #expect(hint(bytes).contains("bit \(bit) of byte \(byte), in \(field)"))
    }

    @Test("mistakes with the header's checksum are recognised")
    func headerChecksums() {
        var packet = NaiveEncoder()
        let right = Array(packet.bytes.suffix(4))
        packet.checksum = 0
        #expect(hint(packet.bytes).contains("It is zero"))
        packet.checksum = NaiveDecoder.crc32(Array(packet.bytes.prefix(20)))
        #expect(hint(packet.bytes).contains("first 20 bytes"))
        #expect(hint(packet.bytes.dropLast(4) + right.reversed()).contains("big-endian"))
        #expect(hint(packet.bytes.dropLast(4) + right.map { ~$0 }).contains("final XOR"))
    }

    @Test("mistakes with the trailer are recognised")
    func trailers() {
        var packet = NaiveEncoder(payload: Array("hello".utf8), flags: 2)
        packet.trailer = NaiveDecoder.crc32(Array(packet.bytes.dropLast(4)))
        #expect(hint(packet.bytes).contains("of header and payload"))
        packet.trailer = 0
        #expect(hint(packet.bytes).contains("It is zero"))
        packet.trailer = 1
        #expect(hint(packet.bytes).contains("damaged"))
    }

    @Test(
        "numbers that do not follow are missing or repeated",
        arguments: [
            ([0, 2], "Packet 1 is missing."), ([0, 5], "Packets 1 to 4 are missing, 4 in all."),
            ([0, 1, 1], "repeated"), ([0, 1, 0], "Number 0 came before"),
            ([3], "--sequence ignore"), ([UInt64.max], "came before"),
        ]
    )
    func numbers(seqs: [UInt64], words: String) {
        #expect(hint(seqs.flatMap { NaiveEncoder(seq: $0).bytes }).contains(words))
    }

    @Test("a truncated packet misses a number of bytes")
    func truncated() {
        let packet = NaiveEncoder(payload: [1, 2, 3]).bytes
        #expect(hint(packet.dropLast(1)).contains("1 byte is missing"))
        #expect(hint(packet.prefix(20)).contains("4 bytes are missing"))
        #expect(hint(packet.prefix(2)).contains("22 bytes are missing"))
        #expect(hint([1, 2]).contains("do not begin the magic"))
    }

    @Test("sizes, versions and flags come with advice")
    func advice() {
        var packet = NaiveEncoder(payload: [1])
        packet.size = 1
        #expect(hint(packet.bytes).contains("length of the payload alone"))
        packet.size = UInt32(25).byteSwapped
        #expect(hint(packet.bytes).contains("it is 25"))
        packet.size = 1_048_577
        #expect(hint(packet.bytes).contains("--max-packet"))
        #expect(hint(NaiveEncoder(version: 9).bytes).contains("--versions"))
        #expect(hint(NaiveEncoder(flags: 4).bytes).contains("sets compressed"))
    }

    @Test("a version that changes within a direction is told apart from one that is not accepted")
    func changedVersion() {
        let framing = PacketFraming(limits: PacketLimits(versions: 1...3))
        let bytes = NaiveEncoder(version: 2).bytes + NaiveEncoder(seq: 1, version: 3).bytes
        let analysis = CaptureAnalysis(of: Data(bytes), framing: framing)
        #expect(analysis.firstError?.hint?.contains("here that was 2") == true)
    }

    /// The hint at the first error.
    private func hint(_ bytes: some Sequence<UInt8>) -> String {
        CaptureAnalysis(of: Data(bytes)).firstError?.hint ?? ""
    }
}
