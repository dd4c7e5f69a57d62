// SPDX-License-Identifier: Apache-2.0

import CTestSupport
import Linnet
import LinnetBytes
import LinnetTestSupport
import Testing

/// What waits to be received is bounded, and nothing is lost.
struct MailboxTests {
    @Test(arguments: [3, 64, 1_024])
    func `a receiver that waits holds the server back, and then gets all`(
        capacity: Int
    ) async throws {
        let server = try EchoServer(Place.all[1])
        var configuration = ClientConfiguration.oneConnection
        configuration.transport.maxOutboundByteCount = 65_536
        let client = try await Client.connect(
            to: server.endpoint,
            mailboxCapacity: capacity,
            configuration: configuration
        )
        // 5 MB: more than sockets, outbound and mailbox hold together.
        let count = 20_000
        let fullCount = AtomicWord(0)
        let sending = Task {
            let payload = [UInt8](repeating: 0, count: 256)
            for number in 0..<count {
                var payload = payload
                for index in 0..<4 {
                    payload[index] = UInt8(truncatingIfNeeded: number >> (8 * index))
                }
                while client.send(copying: payload.rawSpan) == .full {
                    _ = fullCount.wrappingAdd(1, .relaxed)
                    await Task.yield()
                }
            }
        }
        await waitUntil("the connection is paused") {
            client.mailbox.inboxCount >= max(1, capacity / 3)
        }
        let pausedCount = fullCount.load(.relaxed)
        await waitUntil("sending is held back") { fullCount.load(.relaxed) >= pausedCount + 100 }
        let oneReadCount = 65_536 / (256 + PacketHeader.byteCount) + 1
        let frameCount = client.statistics.receivedFrameCount
        #expect(frameCount >= max(1, capacity / 3))
        #expect(frameCount <= capacity / 3 + oneReadCount)
        var highest = 0
        for number in 0..<count {
            if number % 37 == 0 { await Task.yield() }
            highest = max(highest, client.mailbox.inboxCount)
            let found = try await receiveNumber(client)
            guard found == number else {
                Issue.record("\(found) came instead of \(number)")
                break
            }
        }
        #expect(highest <= capacity / 3 + oneReadCount)
        await sending.value
        await client.close()
    }

    @Test(arguments: [3, 30])
    func `pauses and their ends overtake each other, and nothing stands still`(
        capacity: Int
    ) async throws {
        let server = try EchoServer(Place.all[3])
        let client = try await Client.connect(to: server.endpoint, mailboxCapacity: capacity)
        var random = SeededRandom(seed: 7)
        let count = 5_000
        async let sent = sendNumbers(client, 0..<count)
        for number in 0..<count {
            let found = try await receiveNumber(client)
            guard found == number else {
                Issue.record("\(found) came instead of \(number)")
                break
            }
            for _ in 0..<random.next() % 4 { await Task.yield() }
        }
        let sentCount = try await sent
        #expect(sentCount == count)
    }

    @Test func `who hoards leases stalls this client alone, until it lets go`() async throws {
        let server = try EchoServer(Place.all[0])
        var configuration = ClientConfiguration.oneConnection
        configuration.pool.blockClasses = [
            PacketPool.BlockClass(blockByteCount: 512, blockCount: 64, reserveCount: 4),
            PacketPool.BlockClass(blockByteCount: 65_536, blockCount: 6, reserveCount: 1),
        ]
        let framing = PacketFraming(limits: PacketLimits(maxPacketByteCount: 65_536))
        let hoarder = try await Client.connect(
            to: server.endpoint,
            framing: framing,
            configuration: configuration
        )
        let count = 200
        async let sent = sendNumbers(hoarder, 0..<count, byteCount: 20_000)
        let hoard = Hoard()
        let hoarding = Task {
            while true { hoard.add(try await hoarder.receive()) }
        }
        await waitUntil("the hoarder stalls") {
            hoarder.pool.statistics[1].exhaustedCount >= 50
        }
        #expect(hoard.count < count)
        let other = try await Client.connect(to: server.endpoint)
        _ = try await sendNumbers(other, 0..<100)
        try await expectNumbers(other, 0..<100)
        hoarding.cancel()
        let end = await failure { _ = try await hoarding.value }
        #expect(end is CancellationError)
        let hoardedCount = hoard.count
        hoard.letGo()
        try await expectNumbers(hoarder, hoardedCount..<count)
        _ = try await sent
    }

    @Test(.enabled(if: linnet_counts_costs()))
    func `what a packet costs is room in an array`() throws {
        let pool = try PacketPool()
        guard let magazine = pool.makeMagazine() else {
            Issue.record("a new pool has magazines")
            return
        }
        let mailbox = Mailbox(capacity: 1_024)
        let header = PacketHeader(size: 32, seq: 0)
        let before = linnet_allocation_count()
        for _ in 0..<10_000 {
            guard let payload = magazine.lease(byteCount: 8, fill: { _ in }) else { return }
            _ = mailbox.put(Mailbox.Item(header, payload, in: magazine.memory))
        }
        let count = linnet_allocation_count() - before
        #expect(count < 30, "the array grew")
    }

    @Test func `two receives at a time are a mistake`() async {
        await #expect(processExitsWith: trap) {
            let server = try EchoServer(Place.all[0])
            let client = try await Client.connect(to: server.endpoint)
            async let first = client.receive().byteCount
            async let second = client.receive().byteCount
            _ = try await first + second
        }
    }

    @Test func `packets that nobody received are given back`() async throws {
        let server = try EchoServer(Place.all[1])
        let pool: PacketPool
        do {
            let client = try await Client.connect(to: server.endpoint)
            pool = client.pool
            _ = try await sendNumbers(client, 0..<100, byteCount: 2_000)
            await waitUntil("the answers") { client.mailbox.inboxCount == 100 }
        }
        await waitUntil("all blocks are home") {
            pool.statistics.allSatisfy { $0.inUseCount == 0 }
        }
    }
}

/// Leases that are kept.
private final class Hoard: @unchecked Sendable {
    // Sendable: the word counts places, each of which one thread fills, and one empties at the end.
    private let added = AtomicWord(0)
    private var first: Node?

    private final class Node {
        let lease: PacketLease
        let next: Node?

        init(_ lease: consuming PacketLease, _ next: Node?) {
            self.lease = lease
            self.next = next
        }
    }

    func add(_ lease: consuming PacketLease) {
        first = Node(lease, first)
        _ = added.wrappingAdd(1, .releasing)
    }

    var count: Int { Int(added.load(.acquiring)) }

    /// Behind the task that adds.
    func letGo() {
        while let node = first { first = node.next }
    }
}
