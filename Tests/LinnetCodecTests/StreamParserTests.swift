// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

/// Memory, pauses and ends of the stream parser; what it delivers is tested beside the framing.
@Suite struct StreamParserTests {
    private static func pool(_ counts: [Int], reserve: Int = 0) throws -> PacketPool {
        let sizes = [64, 512, 4_096, 65_536]
        return try PacketPool(
            PacketPool.Configuration(
                blockClasses: zip(sizes, counts).map {
                    .init(blockByteCount: $0, blockCount: $1, reserveCount: min(reserve, $1))
                },
                maxMagazineCount: 1
            )
        )
    }

    private static let framing = PacketFraming(limits: PacketLimits(maxPacketByteCount: 60_000))

    private static func magazine(_ pool: PacketPool) throws -> PacketPool.Magazine {
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        return magazine
    }

    @Test func `memory follows what arrived, not what a header announces`() throws {
        let pool = try Self.pool([4, 4, 4, 4])
        let magazine = try Self.magazine(pool)
        var parser = StreamParser(Self.framing, pool: pool)
        let stream = NaiveEncoder(payload: [UInt8](repeating: 3, count: 50_000)).bytes
        for (offset, byte) in stream.enumerated() {
            _ = try parser.feed(Self.framing, [byte].rawSpan, from: magazine) { _ in .next }
            let arrived = offset + 1
            guard arrived < stream.count else { break }
            // The block has room for what arrived; one class less would not have had.
            let allowed = [64, 512, 4_096, 65_536].first { $0 >= arrived } ?? 0
            let (pending, held) = (parser.pendingByteCount, parser.heldByteCount)
            #expect(pending == arrived && held == allowed)
        }
        let (pending, held) = (parser.pendingByteCount, parser.heldByteCount)
        #expect(held == 0 && pending == 0)
        #expect(pool.statistics.allSatisfy { $0.inUseCount == 0 })
        #expect(pool.statistics.map(\.highWaterCount) == [1, 1, 1, 1])
    }

    @Test func `a small tail behind a large packet goes back to a small block`() throws {
        let pool = try Self.pool([4, 4, 4, 4])
        let magazine = try Self.magazine(pool)
        var parser = StreamParser(Self.framing, pool: pool)
        let large = NaiveEncoder(payload: [UInt8](repeating: 3, count: 5_000)).bytes
        let next = NaiveEncoder(payload: [1, 2, 3], seq: 1).bytes
        let stream = large + next.prefix(10)
        let fedByteCount = try parser.feed(Self.framing, stream.rawSpan, from: magazine) { _ in
            .next
        }
        #expect(fedByteCount == stream.count)
        let (pending, held) = (parser.pendingByteCount, parser.heldByteCount)
        #expect(pending == 10 && held == 64)
    }

    @Test func `a parser without a block takes nothing and loses nothing`() throws {
        let pool = try Self.pool([1, 1, 1, 1])
        let magazine = try Self.magazine(pool)
        var starving = StreamParser(Self.framing, pool: pool)
        let blocker = PacketLease(copying: [1].rawSpan, in: pool)
        let bytes = NaiveEncoder(payload: [1, 2, 3]).bytes
        let fedByteCount = try starving.feed(Self.framing, bytes.rawSpan, from: magazine) { _ in
            .next
        }
        #expect(fedByteCount == 0)
        _ = consume blocker
        var payloads: [[UInt8]] = []
        let taken = try starving.feed(Self.framing, bytes.rawSpan, from: magazine) { packet in
            payloads.append([UInt8](packet.payload))
            return .next
        }
        #expect(taken == bytes.count && payloads == [[1, 2, 3]])
    }

    @Test func `a connection that holds nothing finds a block when the others are hungry`() throws {
        let pool = try Self.pool([4, 4, 4, 4], reserve: 1)
        let magazine = try Self.magazine(pool)
        var held: [Block] = []
        while let block = magazine.acquire(classIndex: 0) { held.append(block) }
        var parser = StreamParser(Self.framing, pool: pool)
        let bytes = NaiveEncoder(payload: [1]).bytes
        let fedByteCount = try parser.feed(Self.framing, bytes.rawSpan, from: magazine) { _ in .next
        }
        #expect(fedByteCount == bytes.count)
        for block in held { magazine.release(block) }
    }

    @Test func `a tail that no block can take stays where it stands and is found again`() throws {
        let pool = try Self.pool([1, 2, 1, 1])
        let magazine = try Self.magazine(pool)
        var parser = StreamParser(Self.framing, pool: pool)
        let bytes = NaiveEncoder(payload: [1, 2, 3]).bytes
        guard
            let small = magazine.acquire(classIndex: 0),
            let reading = magazine.acquire(classIndex: 1)
        else { throw Errno.noMemory }
        // SAFETY: the block is held, 512 bytes long.
        let memory = unsafe pool.memory.bytes(of: reading)
        unsafe memory.copyBytes(from: bytes[..<20])
        _ = try parser.parse(Self.framing, in: 0..<20, of: reading, from: magazine) { _ in .next }
        var (pending, held) = (parser.pendingByteCount, parser.heldByteCount)
        #expect(pending == 20 && held == 512)
        guard case .anyBlock(20) = parser.readSpace(from: magazine) else {
            Issue.record("the tail is to be put in front of the next bytes")
            return
        }
        unsafe memory[20...].copyBytes(from: bytes[20...])
        var count = 0
        let isPaused = try parser.parse(Self.framing, in: 20..<27, of: reading, from: magazine) {
            count += $0.payload.byteCount
            return .next
        }
        (pending, held) = (parser.pendingByteCount, parser.heldByteCount)
        #expect(count == 3 && !isPaused && pending == 0 && held == 0)
        magazine.release(reading)
        magazine.release(small)
        #expect(pool.statistics.allSatisfy { $0.inUseCount == 0 })
    }

    @Test func `a full block that cannot be exchanged for a larger one waits, and goes on`() throws
    {
        let pool = try Self.pool([1, 1, 1, 1])
        let magazine = try Self.magazine(pool)
        var parser = StreamParser(Self.framing, pool: pool)
        let bytes = NaiveEncoder(payload: [UInt8](repeating: 4, count: 200)).bytes
        guard let larger = magazine.acquire(classIndex: 1) else { throw Errno.noMemory }
        var payloadByteCount = 0
        let body = { (packet: borrowing PacketView) -> FrameVerdict in
            payloadByteCount += packet.payload.byteCount
            return .next
        }
        let first = try parser.feed(Self.framing, bytes.rawSpan, from: magazine, body)
        let rest = bytes.rawSpan.extracting(first..<bytes.count)
        let second = try parser.feed(Self.framing, rest, from: magazine, body)
        #expect(first == 64 && second == 0 && payloadByteCount == 0)
        magazine.release(larger)
        let third = try parser.feed(Self.framing, rest, from: magazine, body)
        #expect(first + third == bytes.count && payloadByteCount == 200)
    }

    @Test func `a small tail stays in a large block while there is no small one`() throws {
        let pool = try Self.pool([1, 1, 1, 1])
        let magazine = try Self.magazine(pool)
        var parser = StreamParser(Self.framing, pool: pool)
        let large = NaiveEncoder(payload: [UInt8](repeating: 4, count: 176)).bytes
        let stream = large + NaiveEncoder(payload: [1], seq: 1).bytes.prefix(10)
        let begin = stream.rawSpan.extracting(0..<100)
        _ = try parser.feed(Self.framing, begin, from: magazine) { _ in .next }
        guard let small = magazine.acquire(classIndex: 0) else { throw Errno.noMemory }
        let rest = stream.rawSpan.extracting(100..<stream.count)
        let fedByteCount = try parser.feed(Self.framing, rest, from: magazine) { _ in .next }
        let (pending, held) = (parser.pendingByteCount, parser.heldByteCount)
        #expect(fedByteCount == 110 && pending == 10 && held == 512)
        magazine.release(small)
    }

    @Test func `a block whose lender has let it go is the tail's own`() throws {
        let pool = try Self.pool([1, 1, 1, 1])
        let magazine = try Self.magazine(pool)
        var parser = StreamParser(Self.framing, pool: pool)
        let bytes = NaiveEncoder(payload: [UInt8](repeating: 4, count: 20_000)).bytes
        guard let reading = magazine.acquire(classIndex: 3) else { throw Errno.noMemory }
        // SAFETY: the block is held, 65,536 bytes long.
        unsafe pool.memory.bytes(of: reading).copyBytes(from: bytes[..<5_000])
        let range = 0..<5_000
        _ = try parser.parse(Self.framing, in: range, of: reading, from: magazine) { _ in .next }
        guard case .stalled = parser.readSpace(from: magazine) else {
            Issue.record("the block is not the tail's alone")
            return
        }
        magazine.release(reading)
        guard case .behindTail(let room) = parser.readSpace(from: magazine) else {
            Issue.record("the block is the tail's alone")
            return
        }
        #expect(room.count == 65_536 - 5_000)
    }

    @Test func `leased payloads stay as they are while the stream goes on`() throws {
        let pool = try Self.pool([64, 64, 8, 4])
        let magazine = try Self.magazine(pool)
        var parser = StreamParser(Self.framing, pool: pool)
        var kept = Kept()
        var random = SeededRandom(seed: 11)
        var stream: [UInt8] = []
        for seq in 0..<60 as Range<UInt64> {
            let payload = [UInt8](repeating: UInt8(seq), count: Int(random.next() % 90))
            stream += NaiveEncoder(payload: payload, seq: seq).bytes
        }
        var start = 0
        while start < stream.count {
            let end = min(stream.count, start + 1 + Int(random.next() % 200))
            let segment = Array(stream[start..<end])
            let taken = try parser.feed(Self.framing, segment.rawSpan, from: magazine) { packet in
                if packet.header.seq % 3 == 0 { kept.append(packet.lease(), packet.header.seq) }
                return .next
            }
            #expect(taken > 0)
            start += taken
        }
        let (count, areUnchanged) = (kept.count, kept.areUnchanged)
        #expect(count == 20 && areUnchanged)
        kept.drop()
        #expect(pool.statistics.allSatisfy { $0.inUseCount == 0 })
    }

    @Test func `a parser is small, since each connection has one`() {
        #expect(MemoryLayout<StreamParser<PacketFraming>>.size <= 48)
    }

    @Test func `a direction is over after its first error`() throws {
        let pool = try Self.pool([4, 4, 4, 4])
        let magazine = try Self.magazine(pool)
        var parser = StreamParser(Self.framing, pool: pool)
        #expect(throws: PacketError.self) {
            _ = try parser.feed(Self.framing, Array("GET /".utf8).rawSpan, from: magazine) { _ in
                .next
            }
        }
        let (isOver, failure) = (parser.isOver, parser.finish(Self.framing))
        #expect(isOver && failure == nil, "the error was reported already")
        #expect(pool.statistics.allSatisfy { $0.inUseCount == 0 })
    }

    @Test func `a dropped parser gives its block back`() throws {
        let pool = try Self.pool([4, 4, 4, 4])
        let magazine = try Self.magazine(pool)
        do {
            var parser = StreamParser(Self.framing, pool: pool)
            let bytes = NaiveEncoder().bytes
            _ = try parser.feed(Self.framing, bytes.rawSpan.extracting(0..<9), from: magazine) {
                _ in .next
            }
            #expect(pool.statistics[0].inUseCount == 1)
        }
        #expect(pool.statistics[0].inUseCount == 0)
    }

    @Test func `a pool too small for the longest frame traps at the start`() async {
        await #expect(processExitsWith: trap) {
            let pool = try StreamParserTests.pool([4, 4, 4, 4])
            _ = StreamParser(PacketFraming(), pool: pool)
        }
    }
}

/// Leases of payloads that repeat one byte: the packet's number.
private struct Kept: ~Copyable {
    private var leases: [64 of PacketLease?] = .init { _ in nil }
    private var marks: [UInt8] = []

    var count: Int { marks.count }

    mutating func append(_ lease: consuming PacketLease, _ seq: UInt64) {
        leases[marks.count] = consume lease
        marks.append(UInt8(seq))
    }

    var areUnchanged: Bool {
        for (index, mark) in marks.enumerated() {
            switch leases[index] {
            case .some(let lease):
                guard lease.withBytes({ [UInt8]($0).allSatisfy { $0 == mark } }) else {
                    return false
                }
            case .none: return false
            }
        }
        return true
    }

    mutating func drop() {
        for index in 0..<64 { leases[index] = nil }
    }
}
