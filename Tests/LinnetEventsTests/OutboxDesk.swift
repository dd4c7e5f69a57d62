// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import Testing

/// An outbox, and the reactors that it goes to; most tests have one.
struct Desk: ~Copyable {
    let table: ConnectionTable
    let id: ConnectionID
    var outbox: Outbox
    private let magazine: PacketPool.Magazine
    private let ends: [ReactorEnd]

    init(
        queueCapacity: Int,
        isInline: Bool = false,
        reactorCount: Int = 1,
        sendLimits: SendLimits = .unlimited,
        blockByteCount: Int = 64,
        blockCount: Int = 64
    ) throws {
        let pool = try PacketPool.small(blockCount: blockCount, blockByteCount: blockByteCount)
        let table = try ConnectionTable(reactorCount: reactorCount, maxConnectionCount: 16)
        var queues: [EventQueue<Command>] = []
        for _ in 0..<reactorCount {
            queues.append(try EventQueue(capacity: queueCapacity, reserveCount: 1))
        }
        let magazine = try pool.magazine()
        let outbox = try Outbox(
            magazine: try pool.magazine(),
            queues: queues,
            table: table.memory,
            sendLimits: sendLimits,
            workerIndex: 0,
            ownReactorIndex: isInline ? 0 : nil,
            capacity: 64
        )
        id = try table.connect(workerIndex: 0)
        self.table = table
        self.magazine = magazine
        self.outbox = outbox
        ends = queues.map { ReactorEnd(of: $0) }
    }

    var pool: PacketPool { magazine.pool }
    var memory: PoolMemory { magazine.memory }
    var blocksInUseCount: Int { magazine.pool.statistics[0].inUseCount }

    func connect(workerIndex: Int) throws -> ConnectionID {
        try table.connect(workerIndex: workerIndex)
    }

    func lease() -> PacketLease? {
        magazine.lease(byteCount: 0) { _ in }
    }

    mutating func send(_ number: UInt8, flags: UInt16 = 0) throws -> SendResult {
        let lease = magazine.lease(byteCount: 1) { $0.storeBytes(of: number, as: UInt8.self) }
        guard let lease else { throw Exhausted() }
        return outbox.send(lease, to: id, flags: flags)
    }

    mutating func broadcast(
        _ number: UInt8,
        flags: UInt16 = 0,
        except id: ConnectionID?
    ) throws -> SendResult {
        let lease = magazine.lease(byteCount: 1) { $0.storeBytes(of: number, as: UInt8.self) }
        guard let lease else { throw Exhausted() }
        return outbox.broadcast(lease, flags: flags, except: id)
    }

    /// What a reactor finds, and the payloads given back.
    mutating func take(_ reactorIndex: Int = 0) -> [String] {
        var found: [String] = []
        while let command = ends[reactorIndex].consumer?.pop() { found.append(words(for: command)) }
        ends[reactorIndex].consumer?.publish()
        return found
    }

    private func words(for command: Command) -> String {
        switch command.kind {
        case .send, .sendInPlace, .broadcast:
            // SAFETY: the command holds the block.
            let bytes = unsafe magazine.memory.bytes(of: command.block)
            let number = unsafe bytes[Int(command.offset)]
            magazine.release(command.block)
            return command.kind != .broadcast
                ? "send \(number)" : "broadcast \(number) but \(command.exceptedID)"
        case .close: return "close \(command.reason)"
        default: return "\(command.kind)"
        }
    }

    /// Where the payloads stand that a reactor finds, which are given back: offset and length.
    mutating func takeRanges() -> [String] {
        var found: [String] = []
        while let command = ends[0].consumer?.pop() {
            found.append("\(command.offset)+\(command.byteCount)")
            magazine.release(command.block)
        }
        ends[0].consumer?.publish()
        return found
    }

    /// The bytes of all payloads that a reactor finds, which are given back, with `|` between them,
    /// and `close` where it finds that.
    mutating func takeText() -> String {
        var found: [String] = []
        while let command = ends[0].consumer?.pop() {
            guard command.holdsBlock else {
                found.append("\(command.kind)")
                continue
            }
            // SAFETY: the command holds the block.
            let bytes = unsafe magazine.memory.bytes(of: command.block)
            let start = Int(command.offset)
            let payload = unsafe bytes[start..<start + Int(command.byteCount)]
            found.append(unsafe String(decoding: payload, as: UTF8.self))
            magazine.release(command.block)
        }
        ends[0].consumer?.publish()
        return found.joined(separator: "|")
    }

    mutating func endReactor() {
        ends[0].consumer.take()?.close { _ in }
    }
}
