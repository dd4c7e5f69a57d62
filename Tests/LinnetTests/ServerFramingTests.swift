// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import Testing

/// The wires of others, over real sockets.
@Suite struct ServerFramingTests {
    /// A wire with the same settings for both sides.
    private struct Wire<F: Framing>: Sendable {
        let framing: F
        let naive: NaiveFraming
        /// Bytes at which the framing gives up, and what it counts them as.
        let bad: [UInt8]
        let badName: String
        /// What it counts an end within a frame as.
        let endName: String
    }

    private static let lines = Wire(
        framing: LineFraming(delimiter: .lf, maxLineByteCount: 2_000),
        naive: .line(delimiter: [0x0D, 0x0A], isLenient: true, maxByteCount: 2_000),
        bad: [UInt8](repeating: 0x41, count: 2_002),
        badName: "line-too-long",
        endName: "line-unterminated"
    )
    private static let blocks = Wire(
        framing: LengthPrefixedFraming(width: .four, maxPayloadByteCount: 2_000),
        naive: .length(width: 4, isBig: true, countsItself: false, maxByteCount: 2_000),
        bad: [0xFF, 0xFF, 0xFF, 0xFF],
        badName: "length-too-long",
        endName: "frame-truncated"
    )

    private struct Echo<F: Framing>: Handler {
        let record: ServerRecord

        mutating func opened(_ id: ConnectionID, outbox: inout Outbox) { record.opened(id) }

        mutating func received(
            _ frame: borrowing FrameView<F>,
            from id: ConnectionID,
            outbox: inout Outbox
        ) {
            record.received(from: id)
            _ = outbox.send(frame, to: id)
        }

        mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
            record.closed(id, reason)
        }
    }

    private func withEcho<F: Framing>(
        _ setup: Setup,
        _ framing: F,
        _ body: (ServerWorld) throws -> Void
    ) throws {
        try withServer(setup, framing, handler: { record, _ in Echo<F>(record: record) }, body)
    }

    // MARK: Frames

    @Test(arguments: Setup.plain)
    func `lines are answered byte by byte, many at a time, and before an error`(
        setup: Setup
    ) throws {
        try check(Self.lines, setup)
    }

    @Test(arguments: Setup.plain)
    func `prefixed payloads are answered byte by byte, many at a time, and before an error`(
        setup: Setup
    ) throws {
        try check(Self.blocks, setup)
    }

    private func check<F: Framing>(_ wire: Wire<F>, _ setup: Setup) throws {
        var random = SeededRandom(seed: 8)
        let sizes = [0, 1, 2_000, 0, 1_024, 1_025, 3] + (0..<300).map { $0 % 90 }
        // Letters: of a line that ends with CR a reader may take it for the delimiter's.
        let payloads = sizes.map { random.bytes(count: $0).map { $0 | 0x40 } }
        let stream = payloads.flatMap { wire.naive.encode($0) }
        let short = wire.naive.encode([0x41, 0x42, 0x43]) + wire.naive.encode([])
        try withEcho(setup, wire.framing) { world in
            let (all, allEnd) = try exchange(stream, with: world)
            #expect(wire.naive.decode(all) == NaiveFrames(payloads: payloads))
            #expect(allEnd == .finished)

            let slow = try world.peer()
            for byte in short { slow.send([byte]) }
            #expect(slow.receive(short.count) == short)
            slow.finish()
            #expect(slow.receiveToEnd().end == .finished)
            #expect(world.waitUntilEmpty())
            #expect(world.record.reasons == [.peerClosed, .peerClosed])

            // Without its FIN the error alone ends the direction.
            let wrong = try world.peer()
            wrong.send(stream + wire.bad)
            let (answers, end) = wrong.receiveToEnd()
            #expect(wire.naive.decode(answers) == NaiveFrames(payloads: payloads))
            #expect(end == .finished)
            wrong.close()
            #expect(world.waitUntilEmpty())
            #expect(world.record.reasons.last == .framingError)

            let (before, endWithin) = try exchange([0], with: world)
            #expect(before.isEmpty && endWithin == .finished)
            #expect(world.waitUntilEmpty())
            #expect(world.record.reasons.last == .truncated)
            let rejections = world.server.statistics.rejectionCounts
            #expect(rejections == [wire.badName: 1, wire.endName: 1])
        }
    }

    /// Sends all while it reads, then FIN.
    private func exchange(
        _ stream: [UInt8],
        with world: ServerWorld
    ) throws -> (bytes: [UInt8], end: RawPeer.End) {
        let peer = try world.peer()
        let result = Locked<(bytes: [UInt8], end: RawPeer.End)>(([], .silent))
        withThreads(2) { thread in
            if thread == 0 {
                peer.send(stream)
                peer.finish()
            } else {
                let received = peer.receiveToEnd()
                result.withLock { $0 = received }
            }
        }
        return result.withLock { $0 }
    }

    // MARK: Bytes

    @Test(arguments: Setup.plain, [100, 65_536])
    func `bytes come back as they were sent, however they are cut`(
        setup: Setup,
        max: Int
    ) throws {
        var random = SeededRandom(seed: 9)
        let stream = random.bytes(count: 1_500_000)
        try withEcho(setup, BytesFraming(maxFrameByteCount: max)) { world in
            let (bytes, end) = try exchange(stream, with: world)
            #expect(bytes == stream)
            #expect(end == .finished)
            let slow = try world.peer()
            for byte in stream[..<100] {
                slow.send([byte])
                #expect(slow.receive(1) == [byte])
            }
            slow.finish()
            #expect(slow.receiveToEnd().end == .finished)
            #expect(world.waitUntilEmpty())
            #expect(world.record.reasons == [.peerClosed, .peerClosed])
            #expect(world.server.statistics.rejectionCounts.isEmpty)
        }
    }

    /// Answers anything with nothing, with a copy and with a lease, all longer than a frame.
    private struct LongAnswers: Handler {
        typealias F = BytesFraming
        static let byteCount = 300_000
        let record: ServerRecord

        mutating func opened(_ id: ConnectionID, outbox: inout Outbox) { record.opened(id) }

        mutating func received(
            _ frame: borrowing FrameView<BytesFraming>,
            from id: ConnectionID,
            outbox: inout Outbox
        ) {
            var results = [outbox.send(copying: RawSpan(), to: id)]
            let copy = [UInt8](repeating: 1, count: Self.byteCount)
            results.append(outbox.send(copying: copy.rawSpan, to: id))
            let lease = outbox.magazine.lease(byteCount: Self.byteCount) {
                for index in 0..<Self.byteCount { $0.storeLittleEndian(2 as UInt8, at: index) }
            }
            guard let lease else { return }
            results.append(outbox.send(lease, to: id))
            results.append(outbox.send(copying: [3].rawSpan, to: id, flags: 1))
            let tooLong = [UInt8](repeating: 4, count: 1_048_577)
            results.append(outbox.send(copying: tooLong.rawSpan, to: id))
            outbox.close(id, code: results == Self.expected ? 1 : 2)
        }

        static let expected: [SendResult] = [.queued, .queued, .queued, .refused, .refused]

        mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
            record.closed(id, reason)
        }
    }

    @Test(arguments: Setup.executions)
    func `a server of bytes sends more than it reads at a time`(setup: Setup) throws {
        let framing = BytesFraming(maxFrameByteCount: 16)
        try withServer(setup, framing, handler: { record, _ in LongAnswers(record: record) }) {
            world in
            let peer = try world.peer()
            peer.send([1])
            let (bytes, end) = peer.receiveToEnd()
            let half = LongAnswers.byteCount
            #expect(bytes.count == 2 * half)
            #expect(bytes.prefix(half).allSatisfy { $0 == 1 })
            #expect(bytes.dropFirst(half).allSatisfy { $0 == 2 })
            #expect(end == .finished)
            peer.close()
            #expect(world.waitUntilEmpty())
            #expect(world.record.reasons == [.closedByHandler(code: 1)])
        }
    }

    @Test(arguments: Setup.executions)
    func `other threads learn that no block holds what they send`(setup: Setup) throws {
        try withEcho(setup, BytesFraming()) { world in
            let peer = try world.peer()
            #expect(waitUntil { world.record.openedCount == 1 })
            let sender = try #require(world.server.sender)
            let bytes = [UInt8](repeating: 5, count: 1_048_577)
            let id = world.record.newest
            #expect(sender.send(copying: bytes.rawSpan, to: id) == .refused)
            #expect(sender.send(copying: bytes.rawSpan.extracting(1...), to: id) == .queued)
            #expect(peer.receive(bytes.count - 1).count == bytes.count - 1)
            peer.finish()
            #expect(peer.receiveToEnd().end == .finished)
        }
    }
}
