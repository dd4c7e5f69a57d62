// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetMessages
import LinnetTestSupport
import Testing

@Suite
struct MessageLeaseTests {
    private static func pool() throws -> PacketPool {
        try PacketPool(
            PacketPool.Configuration(blockClasses: [
                PacketPool.BlockClass(blockByteCount: 512, blockCount: 2, reserveCount: 0)
            ])
        )
    }

    private static func packet(_ bytes: [UInt8], in pool: PacketPool) throws -> PacketLease {
        guard let packet = PacketLease(copying: bytes.rawSpan, in: pool) else {
            throw Errno.noMemory
        }
        return packet
    }

    private static func heldBlockCount(_ pool: PacketPool) -> Int {
        pool.statistics.reduce(0) { $0 + $1.inUseCount }
    }

    @Test
    func `a message is kept until the last who holds it lets it go`() throws {
        let pool = try Self.pool()
        let bytes = try Fixed.sample.encoded()
        do {
            let lease = try MessageLease<Fixed>(verifying: Self.packet(bytes, in: pool))
            let other = lease
            #expect(lease.value == .sample)
            #expect(other.view.a == Fixed.sample.a)
            let kept = lease.bytes.byteOffsets.map { lease.bytes.loadLittleEndian(at: $0) as UInt8 }
            #expect(kept == bytes)
            #expect(Self.heldBlockCount(pool) == 1)
        }
        #expect(Self.heldBlockCount(pool) == 0)
    }

    @Test
    func `the packet of a message outlives it`() throws {
        let pool = try Self.pool()
        let bytes = try Fixed.sample.encoded()
        let packet = try MessageLease<Fixed>(verifying: Self.packet(bytes, in: pool)).packetLease()
        #expect(Self.heldBlockCount(pool) == 1)
        let again = try MessageLease<Fixed>(verifying: packet)
        #expect(again.value == .sample)
    }

    @Test
    func `what is not valid is not kept`() throws {
        let pool = try Self.pool()
        var bytes = try Fixed.sample.encoded()
        bytes.removeLast()
        #expect(throws: MessageError.self) {
            try MessageLease<Fixed>(verifying: Self.packet(bytes, in: pool))
        }
        #expect(throws: MessageError.self) {
            try MessageLease<Fixed>(verifying: Self.packet([], in: pool))
        }
        #expect(Self.heldBlockCount(pool) == 0)
    }
}
