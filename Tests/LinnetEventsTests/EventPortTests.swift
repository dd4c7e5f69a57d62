// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import Testing

@Suite struct EventPortTests {
    private let id = ConnectionID(generation: 3, reactorIndex: 2, slotIndex: 1)

    @Test(arguments: [false, true])
    func `a queued frame says where it stands, and holds its block`(prefersOwnBlock: Bool) throws {
        let reader = try OneBlock()
        let queue = try EventQueue<Event>(capacity: 2, reserveCount: 0)
        var consumer = queue.makeConsumer()
        var port = EventPort(to: queue)
        let result = reader.push(
            [5, 6, 7],
            at: 40,
            prefersOwnBlock: prefersOwnBlock,
            from: id,
            to: &port
        )
        #expect(result == .queued)
        #expect(!reader.isUnique)
        let popped = consumer.pop()
        let event = try #require(popped)
        #expect(event.kind == .frame && event.id == id)
        #expect(event.block == reader.block && event.offset == 40 && event.byteCount == 3)
        #expect(event.prefersOwnBlock == prefersOwnBlock)
        #expect(event.metadata.load(as: PacketHeader.self) == OneBlock.header)
        reader.releaseOnce()
        #expect(reader.isUnique)
        reader.releaseOnce()
        #expect(reader.inUseCount == 0)
    }

    @Test func `a frame that finds no room holds nothing`() throws {
        let reader = try OneBlock()
        let queue = try EventQueue<Event>(capacity: 2, reserveCount: 1)
        var port = EventPort(to: queue)
        #expect(port.push(.opened(id)) == .queued)
        #expect(reader.push([5], from: id, to: &port) == .full)
        #expect(reader.isUnique)
        #expect(queue.count == 1)
    }

    @Test func `a frame for a worker that has ended holds nothing`() throws {
        let reader = try OneBlock()
        let queue = try EventQueue<Event>(capacity: 2, reserveCount: 0)
        queue.makeConsumer().close { _ in }
        var port = EventPort(to: queue)
        #expect(reader.push([5], from: id, to: &port) == .closed)
        #expect(reader.isUnique)
    }

    @Test func `references for many frames are taken at once, and what is left is given back`()
        throws
    {
        let reader = try OneBlock()
        let queue = try EventQueue<Event>(capacity: 4, reserveCount: 1)
        var consumer = queue.makeConsumer()
        var port = EventPort(to: queue)
        reader.pool.memory.retain(reader.block, count: 5)
        var heldCount = 5
        for number in 0..<5 as Range<UInt8> {
            let result = reader.push([number], from: id, to: &port, holdingReference: true)
            #expect(result == (number < 3 ? .queued : .full))
            if result == .queued { heldCount -= 1 }
        }
        reader.pool.memory.release(reader.block, count: heldCount)
        port.flush()
        var eventCount = 0
        while let event = consumer.pop() {
            #expect(event.block == reader.block && !reader.isUnique)
            reader.releaseOnce()
            eventCount += 1
        }
        #expect(eventCount == 3 && reader.isUnique)
        reader.releaseOnce()
        #expect(reader.inUseCount == 0)
    }

    @Test func `the begin of a connection is data, its end is control`() throws {
        let queue = try EventQueue<Event>(capacity: 4, reserveCount: 3)
        var port = EventPort(to: queue)
        #expect(port.push(.opened(id)) == .queued)
        #expect(port.push(.opened(id)) == .full)
        #expect(port.push(.inputEnded(id, .peerClosed)) == .queued)
        #expect(port.push(.closed(id, .peerReset)) == .queued)
        #expect(port.push(.stop) == .queued)
        #expect(port.push(.stopping) == .full)
    }

    @Test func `a frame of other memory than the pool's traps`() async {
        await #expect(processExitsWith: trap) {
            var port = EventPort(to: try EventQueue<Event>(capacity: 2, reserveCount: 0))
            let bytes: [UInt8] = [1]
            let view = PacketView(payload: bytes.rawSpan, metadata: OneBlock.header, home: nil)
            _ = port.push(view, from: ConnectionID(rawValue: 1))
        }
    }
}

#if DEBUG
    /// What a port does to the words of its queue, as the interleaver reports it of a run that is
    /// said to have failed.
    @Suite struct EventPortInterleavingTests {
        private static let id = ConnectionID(rawValue: 1)

        @Test func `a sleeping worker is woken once for each batch, behind all of it`() {
            let schedule = schedule(eventCount: 3) { port in
                var port = port
                for _ in 0..<3 { _ = port.push(.stop) }
                port.flush()
                port.flush()
            }
            #expect(schedule.count { $0.contains(": wake ") } == 1)
            // A push writes three times: tail, cell and stamp; then the flush exchanges.
            let before = schedule.prefix { !$0.contains(": wake ") }
            #expect(before.count { $0.hasPrefix("thread 1: write") } == 3 * 3 + 1)
        }

        @Test func `a batch in which nothing was queued wakes nobody`() {
            let schedule = schedule(eventCount: 0) { port in
                var port = port
                port.flush()
            }
            #expect(schedule == [])
        }

        /// The steps of the first order: the worker runs until it sleeps, or ends at once if it
        /// is to get no events.
        private func schedule(
            eventCount: Int,
            _ body: @escaping @Sendable (EventPort) -> Void
        ) -> [String] {
            let report = Interleaver().explore(
                make: { try? EventQueue<Event>(capacity: 4, reserveCount: 0) },
                threads: [
                    { queue in
                        guard eventCount > 0, var consumer = queue?.makeConsumer() else { return }
                        var count = 0
                        while count < eventCount {
                            consumer.waitForItems()
                            count += consumer.drain(maxCount: eventCount) { _ in }
                        }
                    },
                    { queue in
                        if let queue { body(EventPort(to: queue)) }
                        Interleaver.fail("the schedule is wanted")
                    },
                ],
                check: { _ in nil }
            )
            return report.failure?.schedule ?? ["there is no schedule"]
        }
    }
#endif

/// A reactor's block, with a frame in it.
private struct OneBlock {
    static let header = PacketHeader(size: 27, seq: 9)

    let pool: PacketPool
    let block: Block

    init() throws {
        pool = try PacketPool()
        guard let block = pool.acquire(classIndex: 0) else { throw Errno.noMemory }
        self.block = block
    }

    var isUnique: Bool { pool.memory.isUnique(block) }
    var inUseCount: Int { pool.statistics[0].inUseCount }

    func releaseOnce() { pool.memory.release(block) }

    func push(
        _ payload: [UInt8],
        at offset: Int = 0,
        prefersOwnBlock: Bool = false,
        from id: ConnectionID,
        to port: inout EventPort,
        holdingReference: Bool = false
    ) -> PushResult {
        let home = FrameHome(
            memory: pool.memory,
            block: block,
            offset: offset,
            prefersOwnBlock: prefersOwnBlock
        )
        let view = PacketView(payload: payload.rawSpan, metadata: Self.header, home: home)
        return port.push(view, from: id, holdingReference: holdingReference)
    }
}
