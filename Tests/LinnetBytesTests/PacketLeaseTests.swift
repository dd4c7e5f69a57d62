// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetTestSupport
import Testing

@Suite struct PacketLeaseTests {
    private static func array(_ lease: borrowing PacketLease) -> [UInt8] {
        [UInt8](lease.bytes)
    }

    private static func require(_ lease: consuming PacketLease?) throws -> PacketLease {
        guard let lease else { throw Errno.noMemory }
        return lease
    }

    private static func isRefused(_ bytes: [UInt8], by pool: PacketPool) -> Bool {
        switch PacketLease(copying: bytes.rawSpan, in: pool) {
        case .some: false
        case .none: true
        }
    }

    @Test func `a lease keeps a copy of the bytes`() throws {
        let pool = try PacketPoolTests.pool(count: 1)
        do {
            let lease = try Self.require(PacketLease(copying: [1, 2, 3].rawSpan, in: pool))
            #expect(lease.byteCount == 3)
            #expect(Self.array(lease) == [1, 2, 3])
            #expect(Self.isRefused([9], by: pool), "the only block is out")
        }
        #expect(!Self.isRefused([9], by: pool), "it came back")
    }

    @Test func `an empty lease is possible`() throws {
        let pool = try PacketPoolTests.pool(count: 1)
        let lease = try Self.require(PacketLease(copying: RawSpan(), in: pool))
        #expect(lease.byteCount == 0 && lease.bytes.isEmpty)
    }

    @Test func `bytes that no class holds are refused`() throws {
        let pool = try PacketPoolTests.pool(count: 1)
        #expect(!Self.isRefused([UInt8](repeating: 0, count: 512), by: pool))
        #expect(Self.isRefused([UInt8](repeating: 0, count: 513), by: pool))
    }

    @Test func `a lease that is written moves to the smallest block that holds it`() throws {
        let pool = try PacketPool(
            PacketPool.Configuration(blockClasses: [
                PacketPool.BlockClass(blockByteCount: 512, blockCount: 1, reserveCount: 0),
                PacketPool.BlockClass(blockByteCount: 4_096, blockCount: 1, reserveCount: 0),
            ])
        )
        func write(_ byteCount: Int, atMost maxByteCount: Int) throws -> PacketLease {
            let lease = PacketLease(atMost: maxByteCount, in: pool) { output in
                #expect(output.freeCapacity == maxByteCount)
                for index in 0..<byteCount {
                    output.append(UInt8(truncatingIfNeeded: index))
                }
            }
            return try Self.require(lease)
        }
        func inUse() -> [Int] { pool.statistics.map(\.inUseCount) }
        do {
            let short = try write(512, atMost: 4_096)
            #expect(Self.array(short) == (0..<512).map { UInt8(truncatingIfNeeded: $0) })
            #expect(inUse() == [1, 0])
            // The small block is out: it stays where it is.
            let second = try write(0, atMost: 513)
            #expect(second.byteCount == 0)
            #expect(inUse() == [1, 1])
            var isWritten = false
            let third = PacketLease(atMost: 1, in: pool) { _ in isWritten = true }
            let isRefused = third == nil
            #expect(isRefused && !isWritten)
        }
        #expect(inUse() == [0, 0])
        do {
            let long = try write(513, atMost: 4_096)
            #expect(long.byteCount == 513)
            #expect(inUse() == [0, 1])
        }
    }

    @Test func `a magazine's lease keeps a copy of the bytes`() throws {
        let pool = try PacketPoolTests.pool(count: 1)
        let magazine = try PacketPoolTests.magazine(pool)
        for bytes in [[1, 2, 3], [], [UInt8](repeating: 7, count: 512)] as [[UInt8]] {
            let lease = try Self.require(magazine.lease(copying: bytes.rawSpan))
            let kept = Self.array(lease)
            #expect(kept == bytes)
            magazine.release(lease)
        }
        let refused = magazine.lease(copying: [UInt8](repeating: 0, count: 513).rawSpan) == nil
        #expect(refused, "no class holds them")
    }

    @Test func `a magazine's lease is written in place and released to its stack`() throws {
        let pool = try PacketPoolTests.pool(count: 2)
        let magazine = try PacketPoolTests.magazine(pool)
        for round in 0..<10 {
            let lease = magazine.lease(byteCount: 5) { span in
                #expect(span.byteCount == 5)
                for offset in 0..<5 {
                    span.storeLittleEndian(UInt8(round + offset), at: offset)
                }
            }
            let expected = (0..<5).map { UInt8(round + $0) }
            let kept = try Self.require(lease)
            let bytes = Self.array(kept)
            #expect(bytes == expected)
            magazine.release(kept)
        }
        #expect(pool.statistics[0].highWaterCount == 1)
    }

    @Test func `a magazine's lease is as long as what was written`() throws {
        let pool = try PacketPoolTests.pool(count: 1)
        let magazine = try PacketPoolTests.magazine(pool)
        for count in [0, 3, 512] {
            let written = magazine.lease(atMost: 512) { output in
                let room = output.freeCapacity
                #expect(room == 512)
                for _ in 0..<count { output.append(9) }
            }
            let lease = try Self.require(written)
            #expect(Self.array(lease) == [UInt8](repeating: 9, count: count))
            let isRefused =
                switch magazine.lease(atMost: 1, { _ in Issue.record("there is no block") }) {
                case .some: false
                case .none: true
                }
            #expect(isRefused)
        }
    }

    @Test func `shared leases hold the block until the last is gone`() throws {
        let pool = try PacketPoolTests.pool(count: 1)
        let first = try Self.require(PacketLease(copying: [7].rawSpan, in: pool))
        let second = first.shared()
        _ = consume first
        let bytes = Self.array(second)
        #expect(bytes == [7])
        #expect(pool.statistics[0].inUseCount == 1)
        _ = consume second
        #expect(pool.statistics[0].inUseCount == 0)
    }

    @Test func `a lease outlives its pool`() throws {
        let lease: PacketLease
        do {
            let pool = try PacketPoolTests.pool(count: 3)
            lease = try Self.require(PacketLease(copying: [5, 6].rawSpan, in: pool))
        }
        #expect(Self.array(lease) == [5, 6])
    }
}
