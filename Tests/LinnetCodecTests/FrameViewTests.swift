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

    @Test func `a view of other memory has nothing to keep, and says so`() async {
        await #expect(processExitsWith: .failure) {
            let bytes = NaiveEncoder().bytes
            _ = try PacketView(checking: bytes.rawSpan).lease()
        }
    }
}
