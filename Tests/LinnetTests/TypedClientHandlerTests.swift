// SPDX-License-Identifier: Apache-2.0

import Linnet
import LinnetTestSupport
import Testing

/// Servers that break the protocol, or off.
struct TypedClientHandlerTests {
    /// What a server sends to who asked `Lookup`, and what is said of it.
    struct Offence: Sendable, CustomTestStringConvertible {
        var payload: [UInt8]
        var kind: ProtocolError.Kind
        var message: UInt16
        var testDescription: String { "\(kind) \(payload)" }

        static let all: [Offence] = [
            Offence(payload: [], kind: .invalidMessage, message: 0),
            Offence(payload: [5], kind: .invalidMessage, message: 0),
            Offence(payload: [99, 0, 1, 0], kind: .unknownMessage, message: 99),
            Offence(payload: [4, 0, 1, 0], kind: .wrongSide, message: 4),
        ]
    }

    @Test(arguments: Offence.all)
    func `a server that sends what the protocol forbids is left, and every wait ends`(
        offence: Offence
    ) async throws {
        let peer = try QuietPeer(at: .tcp(host: "127.0.0.1", port: 0))
        let client = try await PricesClient.connect(to: peer.endpoint)
        let connection = await peer.accept()
        let request = Task { try await client.lookup(lookup(1)) }
        let receiver = Task { try await client.next() }
        await waitUntil("it asks") { client.openRequestCount == 1 }
        connection?.send(pricesPacket(offence.payload, seq: 0))
        let first = await failure { _ = try await request.value }
        let second = await failure { _ = try await receiver.value }
        for error in [first, second] {
            #expect(protocolError(error)?.kind == offence.kind)
            #expect(protocolError(error)?.message == offence.message)
        }
        await client.close()
    }

    @Test func `a reply that nobody asked for is an error`() async throws {
        let peer = try QuietPeer(at: .tcp(host: "127.0.0.1", port: 0))
        let client = try await PricesClient.connect(to: peer.endpoint)
        let connection = await peer.accept()
        connection?.send(pricesPacket(try instrument(1).encoded(), seq: 0))
        let error = await failure { _ = try await client.next() }
        let expected = ProtocolError.unexpectedReply(Instrument.number)
        #expect(error as? ClientError == .closed(.closedByHandler(code: expected.code)))
        await client.close()
    }

    @Test(arguments: [Instrument.number, UnknownInstrument.number, Quote.number])
    func `a message that is not valid is thrown to who waited, and the server left`(
        number: UInt16
    ) async throws {
        let peer = try QuietPeer(at: .tcp(host: "127.0.0.1", port: 0))
        let client = try await PricesClient.connect(to: peer.endpoint)
        let connection = await peer.accept()
        let waiter = Task {
            if number == Quote.number {
                _ = try await client.next()
            } else {
                _ = try await client.lookup(lookup(1))
            }
        }
        if number != Quote.number {
            await waitUntil("it asks") { client.openRequestCount == 1 }
        }
        connection?.send(pricesPacket([UInt8(number), 0, 0, 0, 0, 0, 0, 0], seq: 0))
        let error = await failure { _ = try await waiter.value }
        let expected = ProtocolError.invalidMessage(number, MessageError(.version, offset: 2))
        #expect((error as? ProtocolError)?.kind == expected.kind)
        #expect((error as? ProtocolError)?.message == number)
        let late = await failure { _ = try await client.lookup(lookup(1)) }
        #expect(late as? ClientError == .closed(.closedByApplication(code: expected.code)))
        await client.close()
    }

    @Test func `a server that dies ends every wait`() async throws {
        let peer = try QuietPeer(at: .tcp(host: "127.0.0.1", port: 0))
        let client = try await PricesClient.connect(to: peer.endpoint)
        let requests = (0..<20).map { number in
            Task { try await client.lookup(lookup(UInt32(number))) }
        }
        await waitUntil("all ask") { client.openRequestCount == 20 }
        await peer.accept()?.reset()
        for request in requests {
            let error = await failure { _ = try await request.value }
            #expect(error as? ClientError == .closed(.peerReset))
        }
        await client.close()
    }

    @Test func `a client that closes ends every wait`() async throws {
        let peer = try QuietPeer(at: .tcp(host: "127.0.0.1", port: 0))
        var configuration = ClientConfiguration.oneConnection
        configuration.deadlines = ConnectionDeadlines(drain: .milliseconds(100))
        let client = try await PricesClient.connect(
            to: peer.endpoint,
            configuration: configuration
        )
        let connection = await peer.accept()
        let request = Task { try await client.lookup(lookup(1)) }
        let receiver = Task { try await client.next() }
        await waitUntil("it asks") { client.openRequestCount == 1 }
        await client.close()
        let first = await failure { _ = try await request.value }
        #expect(first as? ClientError == .closed(.closedByApplication(code: 0)))
        let second = await failure { _ = try await receiver.value }
        #expect(second as? ClientError == .closed(.closedByApplication(code: 0)))
        _ = consume connection
    }
}

/// What a wait's error says of the protocol.
private func protocolError(
    _ error: (any Error)?
) -> (kind: ProtocolError.Kind, message: UInt16)? {
    guard case .closed(let reason)? = error as? ClientError else { return nil }
    return reason.protocolError
}
