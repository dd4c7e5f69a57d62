// SPDX-License-Identifier: Apache-2.0

import Foundation
import Linnet
import LinnetTestSupport
import Testing

struct ClientTests {
    @Test(arguments: Place.all)
    func `a packet goes and comes back`(place: Place) async throws {
        let server = try EchoServer(place)
        let client = try await Client.connect(to: server.endpoint, within: .seconds(60))
        let flags: PacketFlags = [.payloadChecksum, .application(2)]
        let result = client.send(copying: [1, 2, 3].rawSpan, flags: flags)
        #expect(result == .queued)
        let packet = try await client.receivePacket()
        let bytes = packet.payload.withBytes { [UInt8]($0) }
        let header = packet.header
        #expect(bytes == [1, 2, 3])
        #expect(header.flags == flags && header.seq == 0)
        // What came goes out again, without a copy.
        let again = client.send(packet.payload)
        #expect(again == .queued)
        let second = try await client.receive().withBytes { [UInt8]($0) }
        #expect(second == [1, 2, 3])
        let tooLong = [UInt8](repeating: 0, count: 1_048_576)
        let refused = client.send(copying: tooLong.rawSpan)
        #expect(refused == .refused)
        await client.close()
        let late = client.send(copying: [1].rawSpan)
        #expect(late == .closed)
    }

    @Test(arguments: Place.all)
    func `ten thousand packets in flight come back in order`(place: Place) async throws {
        let server = try EchoServer(place)
        let client = try await Client.connect(to: server.endpoint)
        let count = 10_000
        async let sent = sendNumbers(client, 0..<count)
        try await expectNumbers(client, 0..<count)
        let results = try await sent
        #expect(results == count)
        await client.close()
    }

    @Test func `several tasks send, each in its order`() async throws {
        let server = try EchoServer(Place.all[0])
        let client = try await Client.connect(to: server.endpoint)
        let taskCount = 4
        let count = 500
        try await withThrowingTaskGroup { group in
            for task in 0..<taskCount {
                group.addTask {
                    _ = try await sendNumbers(client, task * count..<(task + 1) * count)
                }
            }
            var next = (0..<taskCount).map { $0 * count }
            for _ in 0..<taskCount * count {
                let number = try await receiveNumber(client)
                #expect(number == next[number / count])
                next[number / count] += 1
            }
            try await group.waitForAll()
        }
    }

    @Test func `the server's end comes behind its packets, and again and again`() async throws {
        let server = try EchoServer(Place.all[2])
        let client = try await Client.connect(to: server.endpoint)
        _ = try await sendNumbers(client, 0..<50)
        _ = client.send(copying: [255].rawSpan)
        try await expectNumbers(client, 0..<50)
        for _ in 0..<2 {
            let error = await failure { _ = try await client.receive() }
            #expect(error as? ClientError == .closed(.peerClosed))
        }
        let result = client.send(copying: [1].rawSpan)
        #expect(result == .closed)
        await client.close()
    }

    @Test func `a peer that breaks, or sends what is no packet, is the reason`() async throws {
        let peer = try QuietPeer(at: .tcp(host: "127.0.0.1", port: 0))
        let first = try await Client.connect(to: peer.endpoint)
        await peer.accept()?.reset()
        let reset = await failure { _ = try await first.receive() }
        #expect(reset as? ClientError == .closed(.peerReset))

        let second = try await Client.connect(to: peer.endpoint)
        let connection = await peer.accept()
        connection?.send(Array("HTTP/1.1 400 Bad Request".utf8))
        let wrong = await failure { _ = try await second.receive() }
        #expect(wrong as? ClientError == .closed(.framingError))
        #expect(second.statistics.rejectionCounts.values.reduce(0, +) == 1)
    }

    @Test func `behind a close comes what was there, then the end`() async throws {
        let server = try EchoServer(Place.all[1])
        let client = try await Client.connect(to: server.endpoint)
        _ = try await sendNumbers(client, 0..<10)
        await waitUntil("10 answers") { client.mailbox.inboxCount == 10 }
        async let first: Void = client.close()
        async let second: Void = client.close()
        _ = await (first, second)
        #expect(server.server.connections?.count == 0)
        try await expectNumbers(client, 0..<10)
        let error = await failure { _ = try await client.receive() }
        #expect(error as? ClientError == .closed(.closedByApplication(code: 0)))
    }

    @Test func `a close writes what was sent before it`() async throws {
        let peer = try QuietPeer(at: .tcp(host: "127.0.0.1", port: 0))
        let client = try await Client.connect(to: peer.endpoint)
        let payload = [UInt8](repeating: 7, count: 10_000)
        for _ in 0..<20 {
            let result = client.send(copying: payload.rawSpan)
            #expect(result == .queued)
        }
        async let closed: Void = client.close()
        let byteCount = await peer.accept()?.byteCountUntilEnd()
        #expect(byteCount == 20 * 10_024)
        await closed
    }

    @Test func `a receive that is cancelled loses no packet`() async throws {
        let server = try EchoServer(Place.all[0])
        let client = try await Client.connect(to: server.endpoint)
        for number in 0..<200 {
            let receiver = Task { try await receiveNumber(client) }
            if number % 2 == 0 { await Task.yield() }
            async let sent = sendNumbers(client, number..<number + 1)
            receiver.cancel()
            _ = try await sent
            // Either it had the packet already, or the packet is there still.
            switch await receiver.result {
            case .success(let found): #expect(found == number)
            case .failure(let error):
                #expect(error is CancellationError)
                try await expectNumbers(client, number..<number + 1)
            }
        }
    }

    @Test func `the last reference that goes away closes`() async throws {
        let server = try EchoServer(Place.all[0])
        do {
            let client = try await Client.connect(to: server.endpoint)
            _ = client.send(copying: [1].rawSpan)
            #expect(server.server.statistics.acceptedConnectionCount <= 1)
        }
        await waitUntil("the server has it") { server.server.statistics.receivedFrameCount == 1 }
        await waitUntil("the end") { server.server.connections?.count == 0 }
        #expect(server.server.statistics.endCounts == ["the peer closed the connection": 1])
    }

    @Test func `to connect where nobody is throws, and leaves no thread behind`() async throws {
        let endpoint = Endpoint.unix(path: makeSocketPath())
        let error = await failure { _ = try await Client.connect(to: endpoint) }
        #expect(error is TransportError)
    }
}
