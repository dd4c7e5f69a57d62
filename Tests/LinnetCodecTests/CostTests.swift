// SPDX-License-Identifier: Apache-2.0

import CTestSupport
import LinnetBytes
import LinnetCodec
import LinnetTestSupport
import Testing

/// What the packet path must not do after it has started: allocate, and count references.
@Suite(.serialized, .enabled(if: linnet_counts_costs()))
struct CostTests {
    private struct Costs: Equatable {
        var allocationCount: UInt64
        var referenceCountOperations: UInt64

        static var now: Costs {
            Costs(
                allocationCount: linnet_allocation_count(),
                referenceCountOperations: linnet_reference_count_operations()
            )
        }
    }

    /// Runs `body` once to warm up, then 100 times, and says what the 100 times cost.
    @inline(never)
    private func costs(of body: () throws -> Void) rethrows -> Costs {
        try body()
        let before = Costs.now
        for _ in 0..<100 { try body() }
        let after = Costs.now
        return Costs(
            allocationCount: after.allocationCount - before.allocationCount,
            referenceCountOperations: after.referenceCountOperations
                - before.referenceCountOperations
        )
    }

    private static let none = Costs(allocationCount: 0, referenceCountOperations: 0)

    private func stream(packetCount: Int) -> [UInt8] {
        (0..<UInt64(packetCount)).flatMap { seq in
            NaiveEncoder(payload: Array(0..<40), flags: seq % 4 == 0 ? 2 : 0, seq: seq).bytes
        }
    }

    @Test func `the counters count`() {
        final class Object { var value = 0 }
        let object = Object()
        var objects: [Object] = []
        objects.reserveCapacity(200)
        let retained = costs { objects.append(object) }
        #expect(retained.referenceCountOperations >= 100 && retained.allocationCount == 0)
        var strings: [String] = []
        strings.reserveCapacity(200)
        let string = String(repeating: "too long to stand in its reference ", count: objects.count)
        let copied = costs { strings.append(string) }
        #expect(copied.referenceCountOperations >= 100 && copied.allocationCount == 0)
        let allocated = costs { objects = [Object()] }
        #expect(allocated.allocationCount >= 100 && objects.count == 1)
    }

    #if !DEBUG
        // Only the optimizer's work is judged: without it generics and option sets allocate.

        @Test func `packets read in place cost no allocation and no retain`() throws {
            let pool = try PacketPool()
            guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
            let framing = PacketFraming(limits: PacketLimits(sequencePolicy: .ignore))
            var parser = StreamParser(framing, pool: pool)
            let stream = stream(packetCount: 50)
            guard let block = magazine.acquire(holding: stream.count) else { throw Errno.noMemory }
            // SAFETY: the block is held and large enough.
            unsafe pool.memory.bytes(of: block).copyBytes(from: stream)
            var sum = 0
            let spent = try costs {
                _ = try parser.parse(framing, in: 0..<stream.count, of: block, from: magazine) {
                    packet in
                    sum &+= packet.payload.byteCount &+ Int(truncatingIfNeeded: packet.header.seq)
                    return .next
                }
            }
            #expect(sum == 101 * (50 * 40 + 49 * 25))
            #expect(spent == Self.none)
            magazine.release(block)
        }

        @Test func `packets that come in pieces cost no allocation and no retain`() throws {
            let pool = try PacketPool()
            guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
            let framing = PacketFraming(limits: PacketLimits(sequencePolicy: .ignore))
            var parser = StreamParser(framing, pool: pool)
            let stream = stream(packetCount: 12)
            var count = 0
            let spent = try costs {
                let bytes = stream.rawSpan
                var start = 0
                while start < bytes.byteCount {
                    let end = min(start + 37, bytes.byteCount)
                    let segment = bytes.extracting(start..<end)
                    start = end
                    _ = try parser.feed(framing, segment, from: magazine) { _ in
                        count += 1
                        return .next
                    }
                }
            }
            #expect(count == 101 * 12)
            #expect(spent == Self.none)
        }

        @Test func `frames of other wires cost no allocation and no retain`() throws {
            let payload = [UInt8](repeating: 0x41, count: 40)
            try expectNoCosts(BytesFraming(maxFrameByteCount: 40), payload)
            for delimiter in [.lf, .crlf, .byte(0)] as [LineFraming.Delimiter] {
                try expectNoCosts(LineFraming(delimiter: delimiter), payload)
            }
            for width in LengthPrefixedFraming.Width.allCases {
                try expectNoCosts(LengthPrefixedFraming(width: width), payload)
            }
        }

        /// Reads frames in place and in pieces, and writes what stands around a payload.
        private func expectNoCosts<F: Framing>(_ framing: F, _ payload: [UInt8]) throws {
            let pool = try PacketPool()
            guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
            var parser = StreamParser(framing, pool: pool)
            let stream = [[UInt8]](repeating: framing.frame(of: payload), count: 50).flatMap(\.self)
            guard let block = magazine.acquire(holding: stream.count) else { throw Errno.noMemory }
            // SAFETY: the block is held and large enough.
            unsafe pool.memory.bytes(of: block).copyBytes(from: stream)
            var byteCount = 0
            let readingCosts = try costs {
                let range = 0..<stream.count
                _ = try parser.parse(framing, in: range, of: block, from: magazine) { frame in
                    byteCount += frame.payload.byteCount
                    return .next
                }
                var start = 0
                while start < stream.count {
                    let end = min(start + 37, stream.count)
                    let piece = stream.rawSpan.extracting(start..<end)
                    start += try parser.feed(framing, piece, from: magazine) { frame in
                        byteCount += frame.payload.byteCount
                        return .next
                    }
                }
            }
            #expect(byteCount == 101 * 2 * 50 * 40)
            #expect(readingCosts == Self.none)
            magazine.release(block)

            var room = [UInt8](repeating: 0, count: 16)
            var state = framing.initialSendState
            var written = 0
            let writingCosts = room.withMutableRawSpan { span in
                costs {
                    let bytes = payload.rawSpan
                    written += framing.writeFront(
                        of: bytes,
                        flags: 0,
                        state: &state,
                        into: &span
                    )
                    written += framing.writeBack(of: bytes, flags: 0, into: &span)
                }
            }
            #expect(written == 101 * (stream.count / 50 - 40))
            #expect(writingCosts == Self.none)
        }

        @Test func `leases cost no allocation and no retain`() throws {
            let pool = try PacketPool()
            guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
            var byteCount = 0
            let spent = costs {
                guard let lease = magazine.lease(byteCount: 100, fill: { _ in }) else { return }
                let shared = lease.shared()
                byteCount += shared.byteCount
                magazine.release(lease)
            }
            #expect(byteCount == 101 * 100)
            #expect(spent == Self.none)
        }

        @Test func `written packets cost no allocation and no retain`() throws {
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let payload = [UInt8](repeating: 5, count: 40)
            var written = 0
            let spent = try bytes.withMutableRawSpan { span in
                try costs {
                    var writer = PacketWriter(into: span._mutatingExtracting(0..<4_096))
                    for index in 0..<50 {
                        let flags: PacketFlags = index % 4 == 0 ? .payloadChecksum : []
                        try writer.append(payload.rawSpan, flags: flags)
                    }
                    written += writer.byteCount
                }
            }
            #expect(written == 101 * (50 * 64 + 13 * 4))
            #expect(spent == Self.none)
        }

        @Test func `what stands around a payload costs no allocation and no retain`() throws {
            let framing = PacketFraming()
            var state = framing.initialSendState
            var bytes = [UInt8](repeating: 0, count: 28)
            let payload = [UInt8](repeating: 5, count: 40)
            var written = 0
            let spent = bytes.withMutableRawSpan { span in
                costs {
                    for index in 0..<50 {
                        let flags: UInt16 = index % 4 == 0 ? 2 : 0
                        guard framing.canSend(byteCount: 40, flags: flags) else { return }
                        written += framing.writeFront(
                            of: payload.rawSpan,
                            flags: flags,
                            state: &state,
                            into: &span
                        )
                        written += framing.writeBack(
                            of: payload.rawSpan,
                            flags: flags,
                            into: &span
                        )
                    }
                }
            }
            #expect(written == 101 * (50 * 24 + 13 * 4))
            #expect(spent == Self.none)
        }
    #endif
}
