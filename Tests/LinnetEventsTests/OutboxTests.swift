// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import Testing

/// What a handler's side asks for, and where it waits when a reactor has no room.
struct OutboxTests {
    @Test func `what finds no room stays, in order, and goes out with a later batch`() throws {
        var desk = try Desk(queueCapacity: 4)
        for number in 0..<6 as Range<UInt8> {
            let result = try desk.send(number)
            #expect(result == .queued)
        }
        desk.outbox.flush()
        #expect(desk.take() == ["send 0", "send 1", "send 2"], "one cell is kept from data")
        #expect(desk.outbox.isEmpty == false)
        let result = try desk.send(6)
        #expect(result == .queued)
        desk.outbox.flush()
        #expect(desk.take() == ["send 3", "send 4", "send 5"])
        desk.outbox.flush()
        #expect(desk.take() == ["send 6"])
        #expect(desk.outbox.isEmpty == true)
        #expect(desk.blocksInUseCount == 0)
    }

    @Test func `what is written in place goes out as long as it is, and the next stands behind it`()
        throws
    {
        let limits = SendLimits(
            maxPayloadByteCount: 40,
            frontByteCount: 3,
            backFlags: .max,
            backByteCount: 2
        )
        var desk = try Desk(queueCapacity: 8, sendLimits: limits)
        var results: [SendResult] = []
        for number in 1...3 as ClosedRange<UInt8> {
            results.append(
                desk.outbox.send(atMost: 38, to: desk.id) { output in
                    let room = output.freeCapacity
                    #expect(room == 38)
                    output.append(number)
                    if number == 2 { for _ in 0..<4 { output.append(9) } }
                }
            )
        }
        results.append(
            desk.outbox.send(atMost: 0, to: desk.id) { output in
                let isFull = output.isFull
                #expect(isFull)
            }
        )
        #expect(results == [.queued, .queued, .queued, .queued])
        desk.outbox.flush()
        // A page of 64 bytes has room for one of these; shortened, the next begins 6 or 10 behind.
        #expect(desk.takeRanges() == ["3+1", "9+5", "19+1", "25+0"])
        #expect(desk.blocksInUseCount == 1, "the page")
    }

    @Test func `nothing is written that is not sent`() throws {
        var desk = try Desk(queueCapacity: 4, sendLimits: SendLimits(maxPayloadByteCount: 40))
        var callCount = 0
        let tooLong = desk.outbox.send(atMost: 41, to: desk.id) { _ in callCount += 1 }
        #expect(tooLong == .refused)
        let gone = ConnectionID(generation: 99, reactorIndex: 0, slotIndex: 3)
        let stale = desk.outbox.send(atMost: 40, to: gone) { _ in callCount += 1 }
        #expect(stale == .closed && callCount == 0)
        var blocks: [Block] = []
        while let lease = desk.lease() { blocks.append(lease.intoBlock()) }
        let dry = desk.outbox.send(atMost: 40, to: desk.id) { _ in callCount += 1 }
        #expect(dry == .full && callCount == 0)
        for block in blocks { desk.memory.release(block) }
    }

    @Test func `an end finds room in a reactor's queue that is full of sends`() throws {
        var desk = try Desk(queueCapacity: 4)
        for number in 0..<3 as Range<UInt8> {
            let result = try desk.send(number)
            #expect(result == .queued)
        }
        _ = desk.outbox.close(desk.id, code: 1)
        desk.outbox.flush()
        #expect(desk.outbox.isEmpty == true)
        #expect(desk.take().count == 4)
    }

    @Test func `sends are refused while there is room for ends and credits`() throws {
        var desk = try Desk(queueCapacity: 4)
        var queuedCount = 0
        while queuedCount < 32, try desk.send(0) == .queued { queuedCount += 1 }
        #expect(queuedCount == 32 && desk.outbox.hasRoomForEvent == true)
        while try desk.send(0) == .queued { queuedCount += 1 }
        #expect(desk.outbox.hasRoomForEvent == false, "half of 64 is taken")
        #expect(queuedCount == 48 + 3, "three quarters of 64, and what the queue took of them")
        let refused = try desk.send(0)
        #expect(refused == .full)
        #expect(desk.blocksInUseCount == 51, "what was refused was given back")
        // Closes go further, but leave room for what the next event needs.
        var others: [ConnectionID] = []
        for _ in 0..<14 { others.append(try desk.connect(workerIndex: 1)) }
        var results: [SendResult] = []
        for other in others { results.append(desk.outbox.close(other)) }
        #expect(results.count { $0 == .queued } == 12)
        #expect(results.last == .full)
        // The connection of the call is closed all the same.
        desk.outbox.begin(desk.id)
        let own = desk.outbox.close(desk.id)
        #expect(own == .queued)
    }

    @Test func `another worker's connection can be closed, and its frames count`() throws {
        var desk = try Desk(queueCapacity: 16)
        let other = try desk.connect(workerIndex: 1)
        let result = desk.outbox.close(other, code: 5)
        #expect(result == .queued)
        #expect(desk.table.memory.handlingStage(of: other) == .handling)
        let own = desk.outbox.close(desk.id, code: 6)
        #expect(own == .queued)
        #expect(desk.table.memory.handlingStage(of: desk.id) == .closing)
        desk.outbox.flush()
        #expect(
            desk.take() == [
                "close the application closed the connection (code 5)",
                "close the handler closed the connection (code 6)",
            ]
        )
    }

    @Test func `commands to a reactor that has ended are dropped and given back`() throws {
        var desk = try Desk(queueCapacity: 16)
        let result = try desk.send(1)
        #expect(result == .queued)
        desk.endReactor()
        desk.outbox.flush()
        #expect(desk.outbox.isEmpty == true)
        #expect(desk.blocksInUseCount == 0)
    }

    @Test func `a reactor that runs handlers takes its commands without a queue, in order`()
        throws
    {
        var desk = try Desk(queueCapacity: 4, isInline: true)
        for number in 0..<20 as Range<UInt8> { _ = try desk.send(number) }
        desk.outbox.flush()
        #expect(desk.take().isEmpty, "flush leaves them")
        var sendCount = 0
        while let command = desk.outbox.takeNext() {
            #expect(command.kind == (sendCount < 20 ? .send : .close))
            guard command.kind == .send else { continue }
            desk.memory.release(command.block)
            sendCount += 1
            // What obeying one asks for comes behind the others.
            if sendCount == 5 { _ = desk.outbox.close(desk.id) }
        }
        #expect(sendCount == 20)
        #expect(desk.outbox.isEmpty == true)
        #expect(desk.blocksInUseCount == 0)
    }

    @Test func `obeying closes finds room for what comes of them, however full it was`() throws {
        var desk = try Desk(queueCapacity: 4, isInline: true)
        var results: [SendResult] = []
        var last = desk.id
        for _ in 0..<15 {
            last = try desk.connect(workerIndex: 1)
            results.append(desk.outbox.close(last))
        }
        while results.last == .queued {
            results.append(desk.outbox.close(last, code: 1))
        }
        #expect(results.count > 55)
        var finishedCount = 0
        while let command = desk.outbox.takeNext() {
            guard command.kind == .close else { continue }
            desk.outbox.begin(command.id)
            desk.outbox.finish()
            finishedCount += 1
        }
        #expect(finishedCount == results.count - 1)
        #expect(desk.outbox.isEmpty == true)
    }

    @Test func `a connection that has as much to write as it may is answered full`() throws {
        var desk = try Desk(queueCapacity: 16)
        desk.table.update(desk.id) { $0.outboundIsFull = true }
        let refused = try desk.send(1)
        #expect(refused == .full)
        desk.table.update(desk.id) { $0.outboundIsFull = false }
        let result = try desk.send(1)
        #expect(result == .queued)
    }

    @Test(arguments: [false, true])
    func `an outbox that is dropped gives back what waits in it`(isInline: Bool) throws {
        var desk = try Desk(queueCapacity: 4, isInline: isInline)
        // Around the end of the ring, too.
        for number in 0..<40 as Range<UInt8> { _ = try desk.send(number) }
        for _ in 0..<12 {
            desk.outbox.flush()
            _ = desk.take()
            for _ in 0..<2 {
                if let command = desk.outbox.takeNext() { desk.memory.release(command.block) }
            }
        }
        for number in 0..<30 as Range<UInt8> { _ = try desk.send(number) }
        _ = desk.outbox.close(desk.id)
        let pool = desk.pool
        #expect(desk.blocksInUseCount == (isInline ? 46 : 34))
        _ = consume desk
        #expect(pool.statistics[0].inUseCount == 0)
    }

    @Test func `what the framing cannot write is refused and given back`() throws {
        let limits = SendLimits(
            maxPayloadByteCount: 1,
            allowedFlags: 0b11,
            backFlags: 0b10,
            backByteCount: 1
        )
        var desk = try Desk(queueCapacity: 4, sendLimits: limits)
        var results: [SendResult] = []
        for flags in [0, 0b01, 0b10, 0b100] as [UInt16] {
            results.append(try desk.send(0, flags: flags))
        }
        #expect(results == [.queued, .queued, .refused, .refused])
        results = [
            desk.outbox.send(copying: [1].rawSpan, to: desk.id, flags: 0b01),
            desk.outbox.send(copying: [1, 2].rawSpan, to: desk.id),
            desk.outbox.send(copying: RawSpan(), to: desk.id, flags: 0b10),
        ]
        #expect(results == [.queued, .refused, .queued])
        #expect(desk.blocksInUseCount == 3, "two leases and the page of the copies")
        desk.table.memory.setHandlingStage(.closed, of: desk.id)
        let late = try desk.send(0, flags: 0b100)
        #expect(late == .closed, "whatever was sent")
    }

    @Test(arguments: [1, 3])
    func `a broadcast is one command and one reference for each reactor`(reactorCount: Int) throws {
        var desk = try Desk(queueCapacity: 4, reactorCount: reactorCount)
        let results = [
            try desk.broadcast(7, flags: 0x1000, except: desk.id),
            try desk.broadcast(8, except: nil),
        ]
        #expect(results == [.queued, .queued])
        #expect(desk.blocksInUseCount == 2, "all reactors share the bytes")
        desk.outbox.flush()
        for reactorIndex in 0..<reactorCount {
            #expect(desk.take(reactorIndex) == ["broadcast 7 but 0.0#1", "broadcast 8 but 0.0#0"])
        }
        #expect(desk.blocksInUseCount == 0)
    }

    @Test func `a broadcast for which one reactor has no room goes to nobody`() throws {
        var desk = try Desk(queueCapacity: 4, reactorCount: 2)
        while try desk.send(0) == .queued {}
        let before = desk.blocksInUseCount
        let refused = try desk.broadcast(1, except: nil)
        #expect(refused == .full)
        #expect(desk.blocksInUseCount == before)
        #expect(desk.take(1).isEmpty)
        desk.outbox.flush()
        #expect(desk.take(1).isEmpty)
    }

    @Test func `broadcasts that nobody takes are given back, and so are those that wait`() throws {
        var desk = try Desk(queueCapacity: 4, reactorCount: 2)
        for number in 0..<6 as Range<UInt8> {
            let result = try desk.broadcast(number, except: nil)
            #expect(result == .queued)
        }
        desk.endReactor()
        desk.outbox.flush()
        #expect(desk.blocksInUseCount == 6, "the other reactor has its references")
        let pool = desk.pool
        _ = desk.take(1)
        _ = consume desk
        #expect(pool.statistics[0].inUseCount == 0)
    }

    @Test func `what the framing cannot write is not broadcast`() throws {
        let limits = SendLimits(maxPayloadByteCount: 1, allowedFlags: 0b1)
        var desk = try Desk(queueCapacity: 4, sendLimits: limits)
        let results = [
            try desk.broadcast(0, flags: 0b10, except: nil),
            try desk.broadcast(0, flags: 0b1, except: nil),
        ]
        #expect(results == [.refused, .queued])
        #expect(desk.blocksInUseCount == 1)
    }

    @Test func `a payload of other memory is copied, if there is a block`() throws {
        var desk = try Desk(queueCapacity: 8)
        let result = desk.outbox.send(copying: [77, 78].rawSpan, to: desk.id)
        #expect(result == .queued)
        let tooLong = [UInt8](repeating: 0, count: 65)
        let long = desk.outbox.send(copying: tooLong.rawSpan, to: desk.id)
        #expect(long == .refused, "no block has 65 bytes: to wait for one were in vain")
        desk.outbox.flush()
        #expect(desk.take() == ["send 77"])
        #expect(desk.blocksInUseCount == 0)
        var leases: [HeldLease] = []
        while let lease = desk.lease() { leases.append(HeldLease(lease)) }
        let exhausted = desk.outbox.send(copying: [1].rawSpan, to: desk.id)
        #expect(exhausted == .full)
        leases = []
        let again = desk.outbox.send(copying: [1].rawSpan, to: desk.id)
        #expect(again == .queued)
    }

    @Test func `a connection is paused and resumed in the order of the calls`() throws {
        var desk = try Desk(queueCapacity: 8)
        let results = [
            desk.outbox.pause(desk.id), desk.outbox.resume(desk.id), desk.outbox.pause(desk.id),
        ]
        #expect(results == [.queued, .queued, .queued])
        desk.outbox.flush()
        #expect(desk.take() == ["pause", "resume", "pause"])
        desk.table.memory.setHandlingStage(.closed, of: desk.id)
        let late = [desk.outbox.pause(desk.id), desk.outbox.resume(desk.id)]
        #expect(late == [.closed, .closed])
    }

    @Test func `pauses leave the room that ends and credits need`() throws {
        var desk = try Desk(queueCapacity: 4, isInline: true)
        var queuedCount = 0
        while desk.outbox.pause(desk.id) == .queued { queuedCount += 1 }
        #expect(queuedCount == 60)
        let resumed = desk.outbox.resume(desk.id)
        #expect(resumed == .full)
        desk.outbox.begin(desk.id)
        let closed = desk.outbox.close(desk.id)
        #expect(closed == .queued)
    }
}

/// A lease that an array can hold.
private final class HeldLease {
    private let lease: PacketLease

    init(_ lease: consuming PacketLease) {
        self.lease = lease
    }
}

/// A reactor's end of its queue that an array can hold.
final class ReactorEnd {
    var consumer: EventQueue<Command>.Consumer?

    init(of queue: EventQueue<Command>) {
        consumer = queue.makeConsumer()
    }
}
