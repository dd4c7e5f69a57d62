// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetConnections
import LinnetEvents
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
}

/// An outbox, and the one reactor that it goes to.
private struct Desk: ~Copyable {
    let table: ConnectionTable
    let id: ConnectionID
    var outbox: Outbox
    private let magazine: PacketPool.Magazine
    private var consumer: EventQueue<Command>.Consumer?

    init(queueCapacity: Int, isInline: Bool = false) throws {
        let pool = try PacketPool.small(blockCount: 64)
        let table = try ConnectionTable(reactorCount: 1, maxConnectionCount: 16)
        let queue = try EventQueue<Command>(capacity: queueCapacity, reserveCount: 1)
        let magazine = try pool.magazine()
        let outbox = try Outbox(
            magazine: try pool.magazine(),
            queues: [queue],
            table: table.memory,
            workerIndex: 0,
            ownReactorIndex: isInline ? 0 : nil,
            capacity: 64
        )
        id = try table.connect(workerIndex: 0)
        self.table = table
        self.magazine = magazine
        self.outbox = outbox
        consumer = queue.makeConsumer()
    }

    var memory: PoolMemory { magazine.memory }
    var blocksInUseCount: Int { magazine.pool.statistics[0].inUseCount }

    func connect(workerIndex: Int) throws -> ConnectionID {
        try table.connect(workerIndex: workerIndex)
    }

    mutating func send(_ number: UInt8) throws -> SendResult {
        let lease = magazine.lease(byteCount: 1) { $0.storeBytes(of: number, as: UInt8.self) }
        guard let lease else { throw Exhausted() }
        return outbox.send(lease, to: id)
    }

    /// What the reactor finds, and the payloads given back.
    mutating func take() -> [String] {
        var found: [String] = []
        while let command = consumer?.pop() {
            switch command.kind {
            case .send:
                // SAFETY: the command holds the block.
                let bytes = unsafe magazine.memory.bytes(of: command.block)
                found.append("send \(unsafe bytes[Int(command.offset)])")
                magazine.release(command.block)
            case .close: found.append("close \(command.reason)")
            default: found.append("\(command.kind)")
            }
        }
        consumer?.publish()
        return found
    }

    mutating func endReactor() {
        consumer.take()?.close { _ in }
    }
}
