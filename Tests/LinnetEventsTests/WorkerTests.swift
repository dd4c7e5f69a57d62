// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import Testing

/// A worker's thread, beside the one that plays its reactors.
struct WorkerTests {
    /// Answers each frame with one byte.
    private struct EchoHandler: Handler {
        typealias F = NumberFraming
        let verdict: Verdict

        mutating func received(
            _ frame: borrowing FrameView<NumberFraming>,
            from id: ConnectionID,
            outbox: inout Outbox
        ) {
            verdict.count("frames")
            if let reply = try? outbox.magazine.payload(), outbox.send(reply, to: id) != .queued {
                verdict.count("refused")
            }
        }

        mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
            verdict.count("closed")
        }

        mutating func stopping(outbox: inout Outbox) {
            verdict.count("stopping")
        }
    }

    private func start(_ world: LoopbackWorld) throws -> Worker {
        var configuration = Worker.Configuration()
        configuration.outboxCapacity = 64
        return try Worker.start(
            index: 0,
            configuration: configuration,
            pool: world.pool,
            table: world.table,
            reactors: world.commands
        ) { _ in EchoHandler(verdict: world.verdict) }
    }

    /// Nobody looks at a clock: this ends only if each side is woken each time.
    @Test func `a sleeping worker and a sleeping reactor are woken for a single event`() throws {
        let world = try LoopbackWorld(reactorCount: 1, commandCapacity: 128)
        let worker = try start(world)
        let magazine = try world.pool.magazine()
        let id = try world.table.connect()
        var port = EventPort(to: worker.queue)
        var consumer = world.commands[0].makeConsumer()
        for number in 0..<200 as Range<UInt64> {
            _ = magazine.withFrame(number) { _ = port.push($0, from: id) }
            port.flush()
            var kinds: [Command.Kind] = []
            while kinds.count < 2 {
                consumer.waitForItems()
                while let command = consumer.pop() {
                    kinds.append(command.kind)
                    if command.kind == .send { magazine.release(command.block) }
                }
            }
            #expect(kinds == [.send, .credit])
        }
        // One command alone is enough to be woken for.
        #expect(port.push(.inputEnded(id, .peerClosed)) == .queued)
        port.flush()
        var last: Command?
        while last == nil {
            consumer.waitForItems()
            last = consumer.pop()
        }
        #expect(last?.kind == .finished)
        #expect(worker.stop() == .queued)
        worker.join()
        #expect(world.verdict.total("frames") == 200)
        #expect(world.blocksInUseCount == 0)
    }

    @Test func `what was pushed before stop is handled, what comes later is answered closed`()
        throws
    {
        let world = try LoopbackWorld(reactorCount: 1, commandCapacity: 128)
        let worker = try start(world)
        let magazine = try world.pool.magazine()
        let id = try world.table.connect()
        var port = EventPort(to: worker.queue)
        for number in 0..<10 as Range<UInt64> {
            _ = magazine.withFrame(number) { _ = port.push($0, from: id) }
        }
        #expect(port.push(.inputEnded(id, .serverStopping)) == .queued)
        port.flush()
        #expect(worker.beginStopping() == .queued)
        #expect(worker.stop() == .queued)
        worker.join()
        #expect(world.verdict.total("frames") == 10)
        #expect(world.verdict.total("closed") == 1)
        #expect(world.verdict.total("stopping") == 1)
        #expect(port.push(.opened(id)) == .closed)
        #expect(worker.stop() == .closed)
        _ = magazine.withFrame(11) { frame in
            let result = port.push(frame, from: id)
            #expect(result == .closed)
        }
        giveBackCommands(world)
        #expect(world.blocksInUseCount == 0)
    }

    /// Reactor 0 takes nothing: replies to it wait, up to half of the outbox. Reactor 1 is served.
    @Test func `a reactor that is slow to take commands does not hold up the others`() throws {
        let world = try LoopbackWorld(reactorCount: 2, commandCapacity: 16)
        let worker = try start(world)
        let magazine = try world.pool.magazine()
        let ids = try (0..<2).map { try world.table.connect(reactorIndex: $0) }
        var port = EventPort(to: worker.queue)
        // Of the queue's 16 cells sends may take 8; half of the outbox's 64 is left for the rest.
        for number in 0..<36 as Range<UInt64> {
            _ = magazine.withFrame(number) { _ = port.push($0, from: ids[0]) }
        }
        for number in 0..<4 as Range<UInt64> {
            _ = magazine.withFrame(number) { _ = port.push($0, from: ids[1]) }
        }
        port.flush()
        var consumer = world.commands[1].makeConsumer()
        var replyCount = 0
        while replyCount < 4 {
            consumer.waitForItems()
            while let command = consumer.pop() {
                guard command.kind == .send else { continue }
                magazine.release(command.block)
                replyCount += 1
            }
        }
        #expect(worker.stop() == .queued)
        giveBackCommands(world, until: worker)
        #expect(world.verdict.total("frames") == 40)
        #expect(world.verdict.total("refused") == 0)
        #expect(worker.statistics.handledFrameCount == 40)
        #expect(worker.statistics.droppedFrameCount == 0)
        #expect(world.blocksInUseCount == 0)
    }

    /// Plays reactor 0 until the worker has ended, if one is given.
    private func giveBackCommands(_ world: LoopbackWorld, until worker: Worker? = nil) {
        var consumer = world.commands[0].makeConsumer()
        let memory = world.pool.memory
        func giveBack(_ command: Command) {
            if command.kind == .send { memory.release(command.block) }
        }
        if let worker {
            while worker.queue.push(.opened(ConnectionID(rawValue: 0))) != .closed {
                _ = consumer.drain(maxCount: .max, giveBack)
                yieldProcessor()
            }
            consumer.close(giveBack)
            worker.join()
        } else {
            consumer.close(giveBack)
        }
    }
}
