// SPDX-License-Identifier: Apache-2.0

/// Streams for differential tests: most are nearly right, since those reach deepest.
public struct StreamMutator: Sendable {
    public var random: SeededRandom

    public init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// One direction: up to five packets, each with some field wrong once in a while; then perhaps
    /// damaged, cut, or followed by garbage.
    public mutating func stream() -> [UInt8] {
        if random.oneIn(32) { return random.bytes(count: Int.random(in: 0...80, using: &random)) }
        var bytes: [UInt8] = []
        for index in 0..<Int.random(in: 0...5, using: &random) {
            bytes += packet(seq: UInt64(index))
        }
        return damaged(bytes)
    }

    private mutating func packet(seq: UInt64) -> [UInt8] {
        var packet = NaiveEncoder(seq: seq)
        let payloadByteCount = random.oneIn(16) ? 700 : 40
        packet.payload = random.bytes(count: Int.random(in: 0...payloadByteCount, using: &random))
        if random.oneIn(2) {
            packet.flags = [1, 2, 3, 0x1000, 0xF003].randomElement(using: &random) ?? 0
        }
        guard random.oneIn(8) else { return packet.bytes }
        switch Int.random(in: 0..<7, using: &random) {
        case 0: packet.magic ^= 1 << UInt32.random(in: 0..<32, using: &random)
        case 1: packet.version = UInt16.random(in: 0...3, using: &random)
        case 2: packet.flags ^= 1 << UInt16.random(in: 0..<16, using: &random)
        case 3: packet.size = size()
        case 4: packet.seq = random.oneIn(2) ? seq &- 1 : random.next()
        case 5: packet.checksum = UInt32.random(in: 0...UInt32.max, using: &random)
        default: packet.trailer = UInt32.random(in: 0...UInt32.max, using: &random)
        }
        return packet.bytes
    }

    private mutating func size() -> UInt32 {
        switch Int.random(in: 0..<4, using: &random) {
        case 0: UInt32.random(in: 0...64, using: &random)
        case 1: UInt32.random(in: 1_048_570...1_048_580, using: &random)
        case 2: UInt32.max - UInt32.random(in: 0...30, using: &random)
        default: UInt32.random(in: 0...UInt32.max, using: &random)
        }
    }

    private mutating func damaged(_ stream: [UInt8]) -> [UInt8] {
        var bytes = stream
        if random.oneIn(6), !bytes.isEmpty {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                1 << UInt8.random(in: 0..<8, using: &random)
        }
        if random.oneIn(6) { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
        if random.oneIn(12) { bytes += random.bytes(count: Int.random(in: 1...40, using: &random)) }
        return bytes
    }
}
