// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

@Suite struct FrameViewTests {
    @Test func `a lease of a frame keeps its payload and nothing else`() throws {
        let pool = try PacketPool()
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        let framing = PacketFraming()
        var parser = StreamParser(framing, pool: pool)
        let bytes = NaiveEncoder(payload: [5, 6, 7], flags: 2).bytes
        var lease: PacketLease?
        _ = try parser.feed(framing, bytes.rawSpan, from: magazine) { packet in
            lease = packet.lease()
            return .next
        }
        switch lease {
        case .some(let lease): #expect([UInt8](lease.bytes) == [5, 6, 7])
        case .none: Issue.record("there is no lease")
        }
        #expect(pool.statistics[0].inUseCount == 1)
        lease = nil
        #expect(pool.statistics[0].inUseCount == 0)
    }

    @Test(arguments: [0, 1] as [UInt16])
    func `a detached payload gets a block of its own`(flags: UInt16) throws {
        let pool = try PacketPool()
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        guard let block = magazine.acquire(holding: 65_536) else { throw Errno.noMemory }
        let framing = PacketFraming()
        var parser = StreamParser(framing, pool: pool)
        let bytes = NaiveEncoder(payload: [5, 6, 7], flags: flags).bytes
        // SAFETY: the block is held and large enough.
        unsafe pool.memory.bytes(of: block).copyBytes(from: bytes)
        var lease: PacketLease?
        let range = 0..<bytes.count
        _ = try parser.parse(framing, in: range, of: block, from: magazine) { packet in
            lease = packet.lease()
            return .next
        }
        #expect(pool.memory.isUnique(block) == (flags == 1))
        let byteCount = lease?.byteCount
        #expect(byteCount == 3)
        magazine.release(block)
        #expect(pool.statistics.map(\.inUseCount) == (flags == 1 ? [1, 0, 0, 0] : [0, 0, 1, 0]))
        lease = nil
        #expect(pool.statistics.allSatisfy { $0.inUseCount == 0 })
    }

    @Test func `a view of other memory has nothing to keep, and says so`() async {
        await #expect(processExitsWith: trap) {
            let bytes = NaiveEncoder().bytes
            _ = try PacketView(checking: bytes.rawSpan).lease()
        }
    }
}
