// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import Testing

/// What a handler is told, and what reactors are told of it. One thread plays both sides.
struct HandlerRunnerTests {
    @Test func `a connection opens, its frames come in order, it is closed once and last`() throws {
        var stage = try Stage()
        let id = try stage.connect()
        stage.deliver(.opened(id))
        for number in 1...3 { stage.deliver(frame: UInt64(number), from: id) }
        stage.deliver(.inputEnded(id, .peerClosed))
        stage.runner.outbox.flush()
        #expect(
            stage.runner.handler.calls == [
                "opened 0.0#1", "received 1 from 0.0#1", "received 2 from 0.0#1",
                "received 3 from 0.0#1", "closed 0.0#1: the peer closed the connection",
            ]
        )
        #expect(stage.commands() == ["credit 0.0#1 3 24", "finished 0.0#1"])
    }

    @Test func `finished stands behind the last reply`() throws {
        var stage = try Stage()
        let id = try stage.connect()
        stage.runner.handler.react = { number, id, outbox in
            let reply = outbox.magazine.lease(byteCount: 1) {
                $0.storeBytes(of: UInt8(number), as: UInt8.self)
            }
            if let reply { #expect(outbox.send(reply, to: id, flags: 7) == .queued) }
        }
        stage.deliver(.opened(id))
        stage.deliver(frame: 1, from: id)
        stage.deliver(frame: 2, from: id)
        stage.deliver(.inputEnded(id, .truncated))
        stage.runner.outbox.flush()
        #expect(
            stage.commands() == [
                "send 0.0#1 1 7", "send 0.0#1 1 7", "credit 0.0#1 2 16", "finished 0.0#1",
            ]
        )
        stage.expectAllBlocksHome(exceptKept: 2)
    }

    @Test func `last words stand behind the replies, before the handler's own at the end`() throws {
        var stage = try Stage()
        let id = try stage.connect()
        stage.runner.handler.react = { number, id, outbox in
            #expect(outbox.send(copying: [1].rawSpan, to: id, flags: 7) == .queued)
        }
        stage.deliver(.opened(id))
        stage.deliver(frame: 1, from: id)
        stage.deliver(.inputEnded(id, .framingError, failure: 3))
        stage.runner.outbox.flush()
        #expect(
            stage.commands() == [
                "sendInPlace 0.0#1", "sendInPlace 0.0#1", "credit 0.0#1 1 8",
                "finished 0.0#1",
            ]
        )
        let other = try stage.connect()
        stage.deliver(.opened(other))
        stage.deliver(.inputEnded(other, .framingError, failure: 0))
        stage.runner.outbox.flush()
        #expect(stage.commands() == ["finished \(other)"], "a framing that has nothing to say")
    }

    @Test func `a connection that its handler has closed hears no last words`() throws {
        var stage = try Stage()
        let id = try stage.connect()
        stage.deliver(.opened(id))
        stage.runner.outbox.begin(id)
        _ = stage.runner.outbox.close(id)
        stage.deliver(.inputEnded(id, .framingError, failure: 3))
        stage.runner.outbox.flush()
        #expect(
            stage.commands() == [
                "close 0.0#1 the handler closed the connection (code 0)", "finished 0.0#1",
            ]
        )
    }

    @Test func `frames queued behind an abortive end are dropped, counted, and given back`() throws
    {
        var stage = try Stage()
        let id = try stage.connect()
        stage.deliver(.opened(id))
        stage.deliver(frame: 1, from: id)
        stage.table.release(id)
        stage.deliver(frame: 2, from: id)
        stage.deliver(.closed(id, .peerReset))
        #expect(
            stage.runner.handler.calls == [
                "opened 0.0#1", "received 1 from 0.0#1",
                "closed 0.0#1: the peer reset the connection",
            ]
        )
        #expect(stage.runner.handledFrameCount == 1)
        #expect(stage.runner.droppedFrameCount == 1)
        stage.expectAllBlocksHome(exceptKept: 1)
    }

    @Test func `a frame for a stale name does not reach the connection that has the slot now`()
        throws
    {
        var stage = try Stage()
        let old = try stage.connect()
        stage.deliver(.opened(old))
        stage.table.release(old)
        let new = try stage.connect()
        #expect(new.slotIndex == old.slotIndex && new != old)
        stage.deliver(frame: 1, from: old)
        stage.deliver(.closed(old, .peerReset))
        stage.deliver(.opened(new))
        stage.deliver(frame: 2, from: new)
        #expect(
            stage.runner.handler.calls == [
                "opened 0.0#1", "closed 0.0#1: the peer reset the connection", "opened 0.0#3",
                "received 2 from 0.0#3",
            ]
        )
        // Nor do sends and closes by the old name.
        let payload = try stage.magazine.payload()
        let result = stage.runner.outbox.send(payload, to: old)
        #expect(result == .closed)
        let closeResult = stage.runner.outbox.close(old)
        #expect(closeResult == .closed)
        stage.runner.outbox.flush()
        #expect(stage.commands() == ["credit 0.0#1 1 8", "credit 0.0#3 1 8"])
    }

    @Test func `frames behind the handler's own close are dropped until the end comes`() throws {
        var stage = try Stage()
        let id = try stage.connect()
        stage.runner.handler.react = { number, id, outbox in
            #expect(outbox.close(id, code: 42) == .queued)
            #expect(outbox.close(id, code: 43) == .queued, "the second close changes nothing")
        }
        stage.deliver(.opened(id))
        stage.deliver(frame: 1, from: id)
        stage.deliver(frame: 2, from: id)
        stage.runner.outbox.flush()
        #expect(
            stage.commands() == [
                "close 0.0#1 the handler closed the connection (code 42)", "credit 0.0#1 2 16",
            ]
        )
        stage.deliver(.inputEnded(id, .closedByHandler(code: 42)))
        #expect(
            stage.runner.handler.calls.dropFirst() == [
                "received 1 from 0.0#1",
                "closed 0.0#1: the handler closed the connection (code 42)",
            ]
        )
        #expect(stage.runner.droppedFrameCount == 1)
    }

    @Test func `what is sent from within closed, or later, is answered closed`() throws {
        var stage = try Stage()
        let id = try stage.connect()
        stage.runner.handler.sayGoodbye = { id, outbox in
            if let reply = outbox.magazine.lease(byteCount: 1, fill: { _ in }) {
                #expect(outbox.send(reply, to: id) == .closed)
            }
            #expect(outbox.close(id) == .closed)
        }
        stage.deliver(.opened(id))
        stage.deliver(.inputEnded(id, .peerClosed))
        #expect(stage.table.contains(id), "the reactor has not heard of it yet")
        let late = try stage.magazine.payload()
        let result = stage.runner.outbox.send(late, to: id)
        #expect(result == .closed)
        stage.runner.outbox.flush()
        #expect(stage.commands() == ["finished 0.0#1"])
        stage.expectAllBlocksHome(exceptKept: 0)
    }

    @Test func `credits of one connection in a row go back as one`() throws {
        var stage = try Stage()
        let ids = try [stage.connect(), stage.connect()]
        for id in [ids[0], ids[0], ids[1], ids[0]] { stage.deliver(frame: 1, from: id) }
        stage.runner.outbox.flush()
        #expect(stage.commands() == ["credit 0.0#1 2 16", "credit 0.1#1 1 8", "credit 0.0#1 1 8"])
    }

    @Test func `a lease outlives the call, and its bytes stay`() throws {
        var stage = try Stage()
        let id = try stage.connect()
        stage.deliver(frame: 0x0102_0304, from: id)
        let kept = try #require(stage.runner.handler.kept[0x0102_0304])
        let number: UInt64 = kept.lease.withBytes { $0.loadLittleEndian(at: 0) }
        #expect(number == 0x0102_0304)
    }

    @Test func `inline, the frame is handled where it was read, and no credit is spent`() throws {
        var stage = try Stage()
        let id = try stage.connect()
        stage.deliver(.opened(id))
        let magazine = stage.magazine.pool.makeMagazine()
        #expect(magazine?.withFrame(5) { stage.runner.receive($0, from: id) } == true)
        stage.table.release(id)
        stage.runner.outbox.endEvents()
        #expect(magazine?.withFrame(6) { stage.runner.receive($0, from: id) } == true)
        #expect(stage.runner.handler.calls == ["opened 0.0#1", "received 5 from 0.0#1"])
        #expect(stage.runner.droppedFrameCount == 1)
        stage.runner.outbox.flush()
        #expect(stage.commands().isEmpty)
    }

    @Test func `stopping is told, and stop ends the loop`() throws {
        var stage = try Stage()
        let goesOn = stage.runner.handle(.stopping)
        #expect(goesOn)
        let goesOnBehindStop = stage.runner.handle(.stop)
        #expect(!goesOnBehindStop)
        #expect(stage.runner.handler.calls == ["stopping"])
    }
}

/// A runner, the table it looks at, and the queue of one reactor.
struct Stage: ~Copyable {
    let table: ConnectionTable
    let magazine: PacketPool.Magazine
    var runner: HandlerRunner<RecordingHandler>
    private var consumer: EventQueue<Command>.Consumer

    init() throws {
        let pool = try PacketPool.small(blockCount: 64)
        let table = try ConnectionTable(reactorCount: 1, maxConnectionCount: 16)
        let queue = try EventQueue<Command>(capacity: 64, reserveCount: 8)
        let magazine = try pool.magazine()
        let outbox = try Outbox(
            magazine: try pool.magazine(),
            queues: [queue],
            table: table.memory,
            workerIndex: 0,
            capacity: 64
        )
        self.table = table
        self.magazine = magazine
        consumer = queue.makeConsumer()
        runner = HandlerRunner(
            handler: RecordingHandler(),
            outbox: outbox,
            table: table.memory,
            pool: pool.memory
        )
    }

    func connect() throws -> ConnectionID {
        try table.connect()
    }

    mutating func deliver(_ event: Event) {
        let goesOn = runner.handle(event)
        #expect(goesOn)
    }

    /// Delivers a frame by a queue, as a reactor does to a worker.
    mutating func deliver(frame number: UInt64, from id: ConnectionID) {
        guard let queue = try? EventQueue<Event>(capacity: 2, reserveCount: 0) else { return }
        var port = EventPort(to: queue)
        let wasRead = magazine.withFrame(number) { frame in
            let result = port.push(frame, from: id)
            #expect(result == .queued)
        }
        #expect(wasRead)
        port.flush()
        var consumer = queue.makeConsumer()
        guard let event = consumer.pop() else { return }
        deliver(event)
    }

    /// What the reactor was told, and its payloads given back.
    mutating func commands() -> [String] {
        var told: [String] = []
        while let command = consumer.pop() {
            switch command.kind {
            case .send:
                told.append("send \(command.id) \(command.byteCount) \(command.flags)")
                magazine.release(command.block)
            case .close: told.append("close \(command.id) \(command.reason)")
            case .finished: told.append("finished \(command.id)")
            case .credit:
                told.append("credit \(command.id) \(command.frameCount) \(command.byteCount)")
            default: told.append("\(command.kind) \(command.id)")
            }
        }
        consumer.publish()
        return told
    }

    func expectAllBlocksHome(exceptKept count: Int) {
        #expect(magazine.pool.statistics[0].inUseCount == count)
    }
}
