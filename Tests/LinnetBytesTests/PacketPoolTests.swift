// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import Testing

@Suite struct PacketPoolTests {
    typealias BlockClass = PacketPool.BlockClass

    static func pool(
        count: Int,
        reserve: Int = 0,
        byteCount: Int = 512,
        magazines: Int = 2
    ) throws -> PacketPool {
        let blockClass = BlockClass(
            blockByteCount: byteCount,
            blockCount: count,
            reserveCount: reserve
        )
        return try PacketPool(
            PacketPool.Configuration(blockClasses: [blockClass], maxMagazineCount: magazines)
        )
    }

    static func magazine(_ pool: PacketPool) throws -> PacketPool.Magazine {
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        return magazine
    }

    static func block(_ magazine: borrowing PacketPool.Magazine) throws -> Block {
        guard let block = magazine.acquire(holding: 1) else { throw Errno.noMemory }
        return block
    }

    @Test func `the default pool maps, and says its worst case`() throws {
        let pool = try PacketPool()
        let blocks = pool.configuration.blockClasses.reduce(0) {
            $0 + $1.blockByteCount * $1.blockCount
        }
        #expect(pool.maxByteCount > blocks)
        #expect(pool.maxByteCount < blocks + blocks / 20)
        #expect(pool.statistics.map(\.inUseCount) == [0, 0, 0, 0])
    }

    @Test func `the smallest class that holds the bytes is found`() throws {
        let pool = try PacketPool()
        #expect(pool.classIndex(holding: 0) == 0)
        #expect(pool.classIndex(holding: 512) == 0)
        #expect(pool.classIndex(holding: 513) == 1)
        #expect(pool.classIndex(holding: 65_536) == 2)
        #expect(pool.classIndex(holding: 1_048_576) == 3)
        #expect(pool.classIndex(holding: 1_048_577) == nil)
    }

    @Test(arguments: [1, 2, 7, 64, 300])
    func `exactly the blocks of the class can be out, each once`(count: Int) throws {
        let pool = try Self.pool(count: count)
        let magazine = try Self.magazine(pool)
        var held: [Block] = []
        while let block = magazine.acquire(holding: 512) { held.append(block) }
        #expect(held.count == count)
        #expect(Set(held.map(\.index)).count == count)
        #expect(pool.statistics[0].inUseCount == count)
        #expect(pool.statistics[0].highWaterCount == count)
        #expect(pool.statistics[0].exhaustedCount == 1)
        for block in held { magazine.release(block) }
        #expect(pool.statistics[0].inUseCount == 0)
        #expect(pool.statistics[0].highWaterCount == count)
    }

    @Test func `blocks do not overlap`() throws {
        let pool = try Self.pool(count: 40, byteCount: 64)
        let magazine = try Self.magazine(pool)
        var held: [Block] = []
        while let block = magazine.acquire(holding: 64) {
            // SAFETY: the block is held.
            unsafe pool.memory.bytes(of: block).initializeMemory(
                as: UInt8.self,
                repeating: UInt8(held.count)
            )
            held.append(block)
        }
        for (number, block) in held.enumerated() {
            let bytes = unsafe Array(pool.memory.bytes(of: block))
            #expect(bytes == Array(repeating: UInt8(number), count: 64))
            magazine.release(block)
        }
    }

    @Test func `the reserve is only for connections that hold nothing`() throws {
        let pool = try Self.pool(count: 10, reserve: 3)
        let magazine = try Self.magazine(pool)
        var general: [Block] = []
        while let block = magazine.acquire(holding: 1) { general.append(block) }
        #expect(general.count == 7)
        let reserved = (0..<3).compactMap { _ in magazine.acquire(holding: 1, mayUseReserve: true) }
        #expect(reserved.count == 3)
        let beyondReserve = magazine.acquire(holding: 1, mayUseReserve: true)
        #expect(beyondReserve == nil)
        for block in reserved { magazine.release(block) }
        let beyondGeneral = magazine.acquire(holding: 1)
        #expect(beyondGeneral == nil, "a returned block of the reserve stays in it")
        for block in general { magazine.release(block) }
        #expect(pool.statistics[0].inUseCount == 0)
    }

    @Test func `a block released without the magazine comes home`() throws {
        let pool = try Self.pool(count: 4)
        let magazine = try Self.magazine(pool)
        for _ in 0..<20 {
            let held = (0..<4).compactMap { _ in magazine.acquire(holding: 1) }
            #expect(held.count == 4)
            for block in held { pool.memory.release(block) }
        }
    }

    @Test func `blocks that wait for a sleeping thread are taken by another`() throws {
        let pool = try Self.pool(count: 4)
        let sleeping = try Self.magazine(pool)
        let busy = try Self.magazine(pool)
        let held = (0..<4).compactMap { _ in sleeping.acquire(holding: 1) }
        for block in held { pool.memory.release(block) }
        let taken = (0..<4).compactMap { _ in busy.acquire(holding: 1) }
        #expect(taken.count == 4)
        for block in taken { busy.release(block) }
        _ = consume sleeping
    }

    @Test func `a thread without a magazine takes from the depot and from what came back`() throws {
        let pool = try Self.pool(count: 6, reserve: 1)
        let magazine = try Self.magazine(pool)
        let fromMagazine = (0..<3).compactMap { _ in magazine.acquire(holding: 1) }
        for block in fromMagazine { pool.memory.release(block) }
        var held: [Block] = []
        while let block = pool.acquire(classIndex: 0) { held.append(block) }
        #expect(held.count == 5)
        let reserved = pool.acquire(classIndex: 0, mayUseReserve: true)
        #expect(reserved != nil)
        #expect(pool.statistics[0].inUseCount == 6)
        #expect(pool.statistics[0].exhaustedCount == 1)
        for block in held + [reserved].compactMap({ $0 }) { pool.memory.release(block) }
        #expect(pool.statistics[0].inUseCount == 0)
    }

    @Test func `magazines are limited, and their places are used again`() throws {
        let pool = try Self.pool(count: 4, magazines: 1)
        do {
            let first = try Self.magazine(pool)
            if pool.makeMagazine() != nil { Issue.record("a second magazine") }
            first.release(try Self.block(first))
        }
        let second = try Self.magazine(pool)
        let held = (0..<4).compactMap { _ in second.acquire(holding: 1) }
        #expect(held.count == 4, "the first magazine's blocks went back")
        for block in held { second.release(block) }
    }

    @Test func `references are counted, and the last one gives the block back`() throws {
        let pool = try Self.pool(count: 1)
        let magazine = try Self.magazine(pool)
        let block = try Self.block(magazine)
        #expect(pool.memory.isUnique(block))
        pool.memory.retain(block, count: 5)
        #expect(!pool.memory.isUnique(block))
        pool.memory.release(block, count: 3)
        magazine.release(block, count: 2)
        let none = magazine.acquire(holding: 1)
        #expect(none == nil)
        #expect(pool.memory.isUnique(block))
        magazine.release(block)
        magazine.release(try Self.block(magazine))
    }

    @Test func `the newest free block is used first`() throws {
        let pool = try Self.pool(count: 256)
        let magazine = try Self.magazine(pool)
        let held = (0..<8).compactMap { _ in magazine.acquire(holding: 1) }
        for block in held { magazine.release(block) }
        let again = (0..<8).compactMap { _ in magazine.acquire(holding: 1) }
        #expect(again.map(\.index) == held.reversed().map(\.index))
        for block in again { magazine.release(block) }
    }
}

/// What a wrong program does to the pool: it ends, in release builds too.
@Suite struct PacketPoolMisuseTests {
    @Test func `a double release is caught`() async {
        await #expect(processExitsWith: trap) {
            let pool = try PacketPoolTests.pool(count: 4)
            let magazine = try PacketPoolTests.magazine(pool)
            guard let block = magazine.acquire(holding: 1) else { return }
            magazine.release(block)
            magazine.release(block)
        }
    }

    @Test func `a lease given to another pool's magazine is caught`() async {
        await #expect(processExitsWith: trap) {
            let own = try PacketPoolTests.pool(count: 4)
            let other = try PacketPoolTests.pool(count: 4)
            let magazine = try PacketPoolTests.magazine(other)
            guard let lease = PacketLease(copying: RawSpan(), in: own) else { return }
            magazine.release(lease)
        }
    }

    @Test func `a release of a block that has a new holder is caught`() async {
        await #expect(processExitsWith: trap) {
            let pool = try PacketPoolTests.pool(count: 1)
            let magazine = try PacketPoolTests.magazine(pool)
            guard let stale = magazine.acquire(holding: 1) else { return }
            magazine.release(stale)
            guard magazine.acquire(holding: 1) != nil else { return }
            pool.memory.release(stale)
        }
    }

    @Test func `more releases than references are caught`() async {
        await #expect(processExitsWith: trap) {
            let pool = try PacketPoolTests.pool(count: 1)
            guard let block = pool.acquire(classIndex: 0) else { return }
            pool.memory.release(block, count: 2)
        }
    }

    @Test func `a retain of a block that was given back is caught`() async {
        await #expect(processExitsWith: trap) {
            let pool = try PacketPoolTests.pool(count: 1)
            guard let block = pool.acquire(classIndex: 0) else { return }
            pool.memory.release(block)
            pool.memory.retain(block)
        }
    }

    #if DEBUG
        @Test func `in debug builds a look into a block that was given back is caught`() async {
            await #expect(processExitsWith: trap) {
                let pool = try PacketPoolTests.pool(count: 1)
                guard let block = pool.acquire(classIndex: 0) else { return }
                pool.memory.release(block)
                // SAFETY: none; this is the use that is tested.
                _ = unsafe pool.memory.bytes(of: block).count
            }
        }

        @Test func `in debug builds an access behind the last block is a fault`() async {
            await #expect(processExitsWith: .failure) {
                let pool = try PacketPoolTests.pool(count: 8, byteCount: 512)
                var last: Block?
                while let block = pool.acquire(classIndex: 0) { last = block }
                guard let last else { return }
                // SAFETY: none; this is the fault that is tested.
                let bytes = unsafe pool.memory.bytes(of: last)
                unsafe bytes.baseAddress?.storeBytes(of: 1, toByteOffset: 512, as: UInt8.self)
            }
        }
    #endif

    @Test(arguments: [
        [PacketPool.BlockClass](),
        [.init(blockByteCount: 100, blockCount: 1, reserveCount: 0)],
        [.init(blockByteCount: 0, blockCount: 1, reserveCount: 0)],
        [.init(blockByteCount: 64, blockCount: 0, reserveCount: 0)],
        [.init(blockByteCount: 64, blockCount: 1, reserveCount: 2)],
        [
            .init(blockByteCount: 128, blockCount: 1, reserveCount: 0),
            .init(blockByteCount: 64, blockCount: 1, reserveCount: 0),
        ],
    ])
    func `a configuration that breaks its rules traps`(classes: [PacketPool.BlockClass]) async {
        let numbers = classes.map { [$0.blockByteCount, $0.blockCount, $0.reserveCount] }
        await #expect(processExitsWith: trap) { [numbers = numbers as [[Int]]] in
            let classes = numbers.map {
                PacketPool.BlockClass(
                    blockByteCount: $0[0],
                    blockCount: $0[1],
                    reserveCount: $0[2]
                )
            }
            _ = try PacketPool(.init(blockClasses: classes))
        }
    }
}
