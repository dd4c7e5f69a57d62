// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

/// Every flip, size, flag and truncation, in every segmentation and at every alignment, against the
/// naive decoder.
@Suite struct PacketFramingTests {
    private static let valid = NaiveEncoder(payload: Array("hello".utf8), flags: 2).bytes
    private static let maxPacketByteCount = 48

    /// Whole, byte by byte, cut everywhere; fed, read in place, paused.
    private func expectAgreement(
        _ stream: [UInt8],
        _ driver: PacketDriver,
        _ comment: Comment
    ) throws {
        let expected = NaiveDecoder(driver.framing).decode(stream)
        for way in PacketDriver.Way.allCases {
            #expect(try driver.outcome(of: stream, way: way) == expected, comment)
            let everywhere = Array(1..<max(stream.count, 1))
            #expect(try driver.outcome(of: stream, cuts: everywhere, way: way) == expected, comment)
        }
        for cut in 1..<max(stream.count, 2) where cut < stream.count {
            #expect(try driver.outcome(of: stream, cuts: [cut]) == expected, comment)
        }
    }

    @Test(arguments: 0..<24)
    func `every bit of the header is protected`(offset: Int) throws {
        let driver = try PacketDriver()
        for bit in 0..<8 {
            var stream = Self.valid
            stream[offset] ^= 1 << bit
            let outcome = try driver.outcome(of: stream)
            let name = offset < 4 ? "bad-magic" : "bad-header-checksum"
            #expect(outcome.error?.name == name && outcome.packets.isEmpty)
            try expectAgreement(stream, driver, "byte \(offset) bit \(bit)")
        }
    }

    @Test func `every bit of payload and trailer is protected by the trailer`() throws {
        let driver = try PacketDriver()
        for offset in 24..<Self.valid.count {
            for bit in 0..<8 {
                var stream = Self.valid
                stream[offset] ^= 1 << bit
                #expect(try driver.outcome(of: stream).error?.name == "bad-payload-checksum")
                try expectAgreement(stream, driver, "byte \(offset) bit \(bit)")
            }
        }
    }

    @Test(arguments: [0, 2] as [UInt16])
    func `every size from 0 to 64 and around the limits gives its error`(flags: UInt16) throws {
        let limits = PacketLimits(maxPacketByteCount: Self.maxPacketByteCount)
        let driver = try PacketDriver(PacketFraming(limits: limits))
        let atLimits: [UInt32] = [
            1_048_575, 1_048_576, 1_048_577, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFE7, 0xFFFF_FFFF,
        ]
        for size in Array(0...64) + atLimits {
            var packet = NaiveEncoder(payload: Array(repeating: 7, count: 16), flags: flags)
            packet.size = size
            let stream = packet.bytes
            let minimum = flags == 2 ? 28 : 24
            let expected: String? =
                if size < minimum {
                    "size-too-small"
                } else if size > Self.maxPacketByteCount {
                    "size-too-large"
                } else if size > stream.count {
                    "truncated"
                } else {
                    nil
                }
            let outcome = try driver.outcome(of: stream)
            if let expected { #expect(outcome.error?.name == expected, "size \(size)") }
            try expectAgreement(stream, driver, "size \(size)")
        }
    }

    @Test(arguments: [1_048_575, 1_048_576, 1_048_577, 1_048_600] as [UInt32])
    func `the default limit is exact`(size: UInt32) throws {
        let driver = try PacketDriver()
        let payload = [UInt8](repeating: 0x5A, count: Int(size) - 24)
        let stream = NaiveEncoder(payload: payload).bytes
        let outcome = try driver.outcome(of: stream, cuts: [10, 24, 30, 70_000])
        #expect(outcome.packets.count == (size <= 1_048_576 ? 1 : 0))
        #expect(outcome.error?.name == (size <= 1_048_576 ? nil : "size-too-large"))
        #expect(outcome == NaiveDecoder().decode(stream))
    }

    @Test(arguments: 0..<16)
    func `every flag is known or an error`(bit: UInt16) throws {
        let driver = try PacketDriver()
        let stream = NaiveEncoder(payload: [1, 2, 3], flags: 1 << bit).bytes
        let outcome = try driver.outcome(of: stream)
        let isKnown = [0, 1, 12, 13, 14, 15].contains(bit)
        #expect(outcome.error?.name == (isKnown ? nil : "unsupported-flag"))
        try expectAgreement(stream, driver, "bit \(bit)")
    }

    @Test func `every truncation says how much arrived`() throws {
        let driver = try PacketDriver()
        for byteCount in 0...Self.valid.count {
            let stream = Array(Self.valid[..<byteCount])
            let error = try driver.outcome(of: stream).error
            switch byteCount {
            case 0, Self.valid.count: #expect(error == nil)
            case ..<24: #expect(error == NaiveError("truncated", "header", byteCount))
            default: #expect(error == NaiveError("truncated", "payload", byteCount))
            }
            try expectAgreement(stream, driver, "\(byteCount) bytes")
        }
    }

    @Test func `any number of packets in one segment is taken in order`() throws {
        let driver = try PacketDriver()
        var stream: [UInt8] = []
        for seq in 0..<1_000 as Range<UInt64> {
            let payload = [UInt8](repeating: UInt8(truncatingIfNeeded: seq), count: Int(seq) % 50)
            stream += NaiveEncoder(payload: payload, flags: seq % 3 == 0 ? 2 : 0, seq: seq).bytes
        }
        let expected = NaiveDecoder().decode(stream)
        #expect(expected.packets.count == 1_000 && expected.error == nil)
        for way in PacketDriver.Way.allCases {
            #expect(try driver.outcome(of: stream, way: way) == expected)
            let cuts = Array(stride(from: 1, to: stream.count, by: 997))
            #expect(try driver.outcome(of: stream, cuts: cuts, way: way) == expected)
        }
    }

    @Test(arguments: 0..<16)
    func `alignment does not matter`(alignment: Int) throws {
        let storage = [UInt8](repeating: 0xFF, count: alignment) + Self.valid
        let view = try PacketView(
            checking: storage.rawSpan.extracting(alignment..<storage.count)
        )
        #expect([UInt8](view.payload) == Array("hello".utf8))
        var damaged = storage
        damaged[alignment + 25] ^= 1
        var error: PacketError?
        do throws(PacketError) {
            _ = try PacketView(checking: damaged.rawSpan.extracting(alignment..<damaged.count))
        } catch let found {
            error = found
        }
        #expect(error?.code == .badPayloadChecksum)
    }

    @Test func `seq wraps from the largest number to 0`() throws {
        let framing = PacketFraming()
        var state = PacketFraming.State(nextSeq: UInt64.max)
        for seq in [UInt64.max, 0, 1] {
            let bytes = NaiveEncoder(seq: seq).bytes
            let view = try PacketView(checking: bytes.rawSpan, framing: framing, state: &state)
            #expect(view.header.seq == seq)
        }
    }
}
