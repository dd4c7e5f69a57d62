// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

/// Where a reactor is told to read.
@Suite struct StreamTailTests {
    /// A reactor with one block of 64 KiB and a socket that always has more: how often it reads.
    private func readCount(of stream: [UInt8], packetCount: Int) throws -> Int {
        let pool = try PacketPool()
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        guard let block = magazine.acquire(holding: 65_536) else { throw Errno.noMemory }
        let framing = PacketFraming()
        var parser = StreamParser(framing, pool: pool)
        // SAFETY: the block is held until the end.
        let memory = unsafe pool.memory.bytes(of: block)
        var (start, readCount, deliveredCount) = (0, 0, 0)
        let body = { (packet: borrowing PacketView) -> FrameVerdict in
            deliveredCount += 1
            return .next
        }
        while start < stream.count {
            readCount += 1
            switch parser.readSpace(from: magazine) {
            case .stalled: throw Errno.noMemory
            case .anyBlock(let front):
                let count = min(stream.count - start, 65_536 - front)
                unsafe memory[front...].copyBytes(from: stream[start..<start + count])
                start += count
                let range = front..<front + count
                _ = try parser.parse(framing, in: range, of: block, from: magazine, body)
            case .behindTail(let room):
                let count = min(stream.count - start, room.count)
                unsafe room.copyBytes(from: stream[start..<start + count])
                start += count
                _ = try parser.parseTail(framing, adding: count, from: magazine, body)
            }
        }
        #expect(deliveredCount == packetCount)
        magazine.release(block)
        return readCount
    }

    @Test(arguments: [200, 1_000, 1_024, 4_000, 16_000])
    func `a packet that was cut does not make the reads behind it small`(payload: Int) throws {
        let packetCount = 2_097_152 / payload
        let bytes = [UInt8](repeating: 7, count: payload)
        var stream = [UInt8](repeating: 0, count: (payload + 24) * packetCount)
        try stream.withMutableRawSpan { span in
            var writer = PacketWriter(into: span._mutatingExtracting(0..<span.byteCount))
            for _ in 0..<packetCount { try writer.append(bytes.rawSpan) }
        }
        let least = (stream.count + 65_535) / 65_536
        #expect(try readCount(of: stream, packetCount: packetCount) <= least * 5 / 4 + 1)
    }

    @Test func `a large packet is read in a few large pieces`() throws {
        let stream = NaiveEncoder(payload: [UInt8](repeating: 1, count: 1_000_000)).bytes
        #expect(try readCount(of: stream, packetCount: 1) <= 4)
    }
}
