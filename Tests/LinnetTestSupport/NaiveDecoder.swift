// SPDX-License-Identifier: Apache-2.0

// LinnetTestSupport is what tests, fuzzers and benchmarks share: a second decoder that knows
// nothing of the first, hexadecimal text, seeded randomness, mutated streams, threads. It imports
// nothing of Linnet, so that it cannot repeat its mistakes. It is a product of the package only for
// the nested packages, Fuzz and Tests/Benchmarks.

/// What a packet carries, in plain arrays.
public struct NaivePacket: Equatable, Sendable {
    public var version: UInt16
    public var flags: UInt16
    public var size: UInt32
    public var seq: UInt64
    public var payload: [UInt8]

    public init(version: UInt16, flags: UInt16, size: UInt32, seq: UInt64, payload: [UInt8]) {
        self.version = version
        self.flags = flags
        self.size = size
        self.seq = seq
        self.payload = payload
    }
}

/// Why a direction ended in an error: Specs/protocol.md 4.2.
public struct NaiveError: Equatable, Sendable {
    public var name: String
    public var field: String
    public var offset: Int

    public init(_ name: String, _ field: String, _ offset: Int) {
        self.name = name
        self.field = field
        self.offset = offset
    }
}

/// What one direction of a connection came to.
public struct NaiveOutcome: Equatable, Sendable {
    public var packets: [NaivePacket]
    public var error: NaiveError?

    public init(packets: [NaivePacket] = [], error: NaiveError? = nil) {
        self.packets = packets
        self.error = error
    }
}

/// A second, naive decoder of Specs/protocol.md level 0: one array, one byte at a time, a checksum
/// one bit at a time. Slow on purpose; it shares no code with the decoder that it judges.
public struct NaiveDecoder: Sendable {
    public var magic: UInt32 = 0x544E_4E4C
    public var versions: ClosedRange<UInt16> = 1...1
    public var maxPacketByteCount = 1_048_576
    public var isStrict = true

    public init() {}

    /// Decodes a whole direction, which ends in FIN behind its last byte.
    public func decode(_ stream: [UInt8]) -> NaiveOutcome {
        var outcome = NaiveOutcome()
        var rest = stream
        var versionOfDirection: UInt16?
        while !rest.isEmpty {
            if let error = firstError(in: rest, outcome.packets, versionOfDirection) {
                outcome.error = error
                return outcome
            }
            let flags = UInt16(number(rest, at: 6, byteCount: 2))
            let size = Int(number(rest, at: 8, byteCount: 4))
            let payloadEnd = flags & 2 != 0 ? size - 4 : size
            let packet = NaivePacket(
                version: UInt16(number(rest, at: 4, byteCount: 2)),
                flags: flags,
                size: UInt32(size),
                seq: number(rest, at: 12, byteCount: 8),
                payload: Array(rest[24..<payloadEnd])
            )
            versionOfDirection = packet.version
            outcome.packets.append(packet)
            rest = Array(rest.dropFirst(size))
        }
        return outcome
    }

    private func firstError(
        in bytes: [UInt8],
        _ delivered: [NaivePacket],
        _ versionOfDirection: UInt16?
    ) -> NaiveError? {
        if bytes.count >= 4, number(bytes, at: 0, byteCount: 4) != UInt64(magic) {
            return NaiveError("bad-magic", "magic", 0)
        }
        if bytes.count < 24 {
            return NaiveError("truncated", "header", bytes.count)
        }
        let zeroed = Array(bytes[0..<20]) + [0, 0, 0, 0]
        if number(bytes, at: 20, byteCount: 4) != UInt64(Self.crc32(zeroed)) {
            return NaiveError("bad-header-checksum", "checksum", 20)
        }
        let version = UInt16(number(bytes, at: 4, byteCount: 2))
        if version < versions.lowerBound || version > versions.upperBound {
            return NaiveError("unsupported-version", "version", 4)
        }
        if let fixed = versionOfDirection, version != fixed {
            return NaiveError("unsupported-version", "version", 4)
        }
        let flags = number(bytes, at: 6, byteCount: 2)
        for bit in 2...11 where flags >> UInt64(bit) & 1 == 1 {
            return NaiveError("unsupported-flag", "flags", 6)
        }
        let size = number(bytes, at: 8, byteCount: 4)
        if size < (flags & 2 != 0 ? 28 : 24) { return NaiveError("size-too-small", "size", 8) }
        if size > UInt64(maxPacketByteCount) { return NaiveError("size-too-large", "size", 8) }
        let seq = number(bytes, at: 12, byteCount: 8)
        let expected = delivered.last.map { $0.seq == UInt64.max ? 0 : $0.seq + 1 } ?? 0
        if isStrict, seq != expected { return NaiveError("bad-sequence", "seq", 12) }
        if UInt64(bytes.count) < size { return NaiveError("truncated", "payload", bytes.count) }
        if flags & 2 != 0 {
            let end = Int(size) - 4
            if number(bytes, at: end, byteCount: 4) != UInt64(Self.crc32(Array(bytes[24..<end]))) {
                return NaiveError("bad-payload-checksum", "trailer", end)
            }
        }
        return nil
    }

    private func number(_ bytes: [UInt8], at offset: Int, byteCount: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<byteCount {
            value += UInt64(bytes[offset + index]) * Self.powerOf256(index)
        }
        return value
    }

    private static func powerOf256(_ exponent: Int) -> UInt64 {
        var power: UInt64 = 1
        for _ in 0..<exponent { power *= 256 }
        return power
    }

    /// CRC-32 one bit at a time.
    public static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 {
                let carry = remainder & 1 == 1
                remainder >>= 1
                if carry { remainder ^= 0xEDB8_8320 }
            }
        }
        return remainder ^ 0xFFFF_FFFF
    }
}

/// A naive encoder, for tests that need a packet with any field wrong.
public struct NaiveEncoder: Sendable {
    public var magic: UInt32 = 0x544E_4E4C
    public var version: UInt16 = 1
    public var flags: UInt16 = 0
    public var seq: UInt64 = 0
    public var payload: [UInt8] = []
    /// Overrides the right size, header checksum or trailer.
    public var size: UInt32?
    public var checksum: UInt32?
    public var trailer: UInt32?

    public init(
        payload: [UInt8] = [],
        flags: UInt16 = 0,
        seq: UInt64 = 0,
        version: UInt16 = 1
    ) {
        self.payload = payload
        self.flags = flags
        self.seq = seq
        self.version = version
    }

    public var bytes: [UInt8] {
        let end = flags & 2 != 0 ? number(trailer ?? NaiveDecoder.crc32(payload), 4) : []
        let whole = UInt32(24 + payload.count + end.count)
        let front =
            number(magic, 4) + number(version, 2) + number(flags, 2) + number(size ?? whole, 4)
            + number(seq, 8)
        let sum = checksum ?? NaiveDecoder.crc32(front + [0, 0, 0, 0])
        return front + number(sum, 4) + payload + end
    }

    private func number(_ value: some FixedWidthInteger, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
