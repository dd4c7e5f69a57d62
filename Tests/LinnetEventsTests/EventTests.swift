// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec
import LinnetConnections
import LinnetEvents
import LinnetTestSupport
import Testing

@Suite struct EventTests {
    @Test func `events and commands fit into cells`() {
        #expect(MemoryLayout<Event>.size <= 56)
        #expect(MemoryLayout<Command>.size <= 56)
        #expect(MemoryLayout<Event>.alignment <= 8)
        #expect(MemoryLayout<Command>.alignment <= 8)
    }

    static let reasons: [CloseReason] = [
        .peerClosed, .truncated, .framingError, .peerReset, .closedByHandler(code: 0),
        .closedByHandler(code: .max), .closedByApplication(code: 7), .serverStopping, .idleTimeout,
        .frameTimeout, .openingTimeout, .writeTimeout, .serverStopped,
        .connectFailed(.noMemory), .readFailed(Errno(rawValue: -1)),
        .writeFailed(Errno(rawValue: .max)),
    ]

    @Test(arguments: reasons)
    func `an event that ends a connection says whose and why`(reason: CloseReason) {
        let id = ConnectionID(generation: 3, reactorIndex: 2, slotIndex: 1)
        let ended = Event.inputEnded(id, reason)
        #expect(ended.kind == .inputEnded && ended.id == id && ended.reason == reason)
        let closed = Event.closed(id, reason)
        #expect(closed.kind == .closed && closed.id == id && closed.reason == reason)
    }

    @Test(arguments: [nil, 0, 31] as [Int?])
    func `an end of the input has the failure that it is, and its reason`(failureIndex: Int?) {
        let id = ConnectionID(rawValue: 1)
        let ended = Event.inputEnded(id, .framingError, failure: failureIndex)
        #expect(ended.failureIndex == failureIndex && ended.reason == .framingError)
    }

    @Test func `an event without a reason has none to give`() async {
        await #expect(processExitsWith: trap) {
            _ = Event.opened(ConnectionID(rawValue: 1)).reason
        }
    }

    @Test func `the events that are not of a frame hold no block`() {
        let id = ConnectionID(rawValue: 1)
        for event in [.opened(id), .closed(id, .peerReset), Event.stopping, .stop] {
            #expect(event.block == .none && event.byteCount == 0 && event.kind != .frame)
        }
    }

    /// The codes that applications choose travel through a command; `close` is how they get there.
    @Test(arguments: [0, 1, .max] as [UInt32])
    func `a command that closes says whose and why`(code: UInt32) throws {
        let table = try ConnectionTable(reactorCount: 1, maxConnectionCount: 1)
        let pool = try PacketPool()
        let commands = try EventQueue<Command>(capacity: 4, reserveCount: 0)
        guard let magazine = pool.makeMagazine() else { throw Errno.noMemory }
        var outbox = try Outbox(
            magazine: magazine,
            queues: [commands],
            table: table.memory,
            workerIndex: 0
        )
        let id = table.reserve(
            reactorIndex: 0,
            peer: .unknown,
            workerIndex: 0,
            now: MonotonicInstant(nanoseconds: 0)
        )
        let open = try #require(id)
        outbox.close(open, code: code)
        outbox.flush()
        var consumer = commands.makeConsumer()
        let popped = consumer.pop()
        let command = try #require(popped)
        #expect(command.kind == .close && command.id == open)
        #expect(command.reason == .closedByHandler(code: code))
    }
}

@Suite struct CommandTests {
    private let id = ConnectionID(generation: 3, reactorIndex: 2, slotIndex: 1)

    @Test func `each command says what it is for and whose it is`() {
        let send = Command.send(id, .none, 5..<9, flags: 0x8002)
        #expect(send.kind == .send && send.id == id && send.flags == 0x8002)
        #expect(send.offset == 5 && send.byteCount == 4)
        let close = Command.close(id, .closedByApplication(code: .max))
        #expect(close.kind == .close && close.id == id)
        #expect(close.reason == .closedByApplication(code: .max))
        let credit = Command.credit(id, frameCount: 7, byteCount: 8)
        #expect(credit.kind == .credit && credit.frameCount == 7 && credit.byteCount == 8)
        #expect(Command.finished(id).kind == .finished && Command.finished(id).id == id)
        #expect(Command.pause(id).kind == .pause && Command.pause(id).id == id)
        #expect(Command.resume(id).kind == .resume && Command.resume(id).id == id)
        #expect(Command.drain.kind == .drain && Command.end.kind == .end)
    }

    @Test(arguments: [0, 1, 1_023, .max] as [CInt], [false, true])
    func `a command that adopts carries a descriptor`(descriptor: CInt, isConnecting: Bool) {
        let command = Command.adopt(id, descriptor: descriptor, isConnecting: isConnecting)
        #expect(command.kind == .adopt && command.id == id)
        #expect(command.descriptor == descriptor && command.isConnecting == isConnecting)
    }

    @Test func `a command has only what belongs to it`() async {
        await #expect(processExitsWith: trap) { _ = Command.drain.descriptor }
        await #expect(processExitsWith: trap) { _ = Command.end.isConnecting }
        await #expect(processExitsWith: trap) {
            let id = ConnectionID(rawValue: 1)
            _ = Command.adopt(id, descriptor: 1, isConnecting: false).reason
        }
    }
}

@Suite struct RawMetadataTests {
    @Test(arguments: [0, 1, 23, 24, 1_048_576, .max] as [UInt32])
    func `a packet's header comes out as it went in`(size: UInt32) {
        let header = PacketHeader(
            magic: 0x0102_0304,
            version: 0xFFFE,
            flags: PacketFlags(rawValue: 0x8001),
            size: size,
            seq: 0xF0E1_D2C3_B4A5_9687
        )
        #expect(RawMetadata(header).load(as: PacketHeader.self) == header)
    }

    @Test func `nothing comes out as nothing`() {
        #expect(RawMetadata(()).load(as: Void.self) == ())
        #expect(RawMetadata().load(as: UInt64.self) == 0)
    }

    @Test func `metadata of any size comes out as it went in`() {
        expectRoundTrip([0xA1] as [1 of UInt8])
        expectRoundTrip([1, 2, 3] as [3 of UInt8])
        expectRoundTrip([1, 2, 3, 4, 5, 6, 7] as [7 of UInt8])
        expectRoundTrip([1, 2, 3, 4, 5, 6, 7, 8, 9] as [9 of UInt8])
        expectRoundTrip(.init { UInt8($0 * 3) } as [23 of UInt8])
        expectRoundTrip(.init { UInt8(255 - $0) } as [24 of UInt8])
    }

    private func expectRoundTrip<let count: Int>(_ bytes: [count of UInt8]) {
        let loaded = RawMetadata(bytes).load(as: [count of UInt8].self)
        #expect(bytes.indices.allSatisfy { loaded[$0] == bytes[$0] }, "\(count) bytes")
    }

    @Test func `metadata has at most 24 bytes`() async {
        await #expect(processExitsWith: trap) {
            _ = RawMetadata([25 of UInt8](repeating: 0))
        }
    }
}
