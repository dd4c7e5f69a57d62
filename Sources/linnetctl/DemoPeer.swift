// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Linnet

/// A peer that sends packets by hand, and compares what comes back.
///
/// Thread: one at a time.
struct DemoPeer: ~Copyable {
    private let socket: StreamSocket
    private let framing: PacketFraming
    private var nextSeq: UInt64 = 0

    /// What came back was not what should have.
    struct Surprise: Error, CustomStringConvertible {
        let description: String
    }

    /// Longer than anything here takes.
    private static let patience = Duration.seconds(5)

    init(to endpoint: Endpoint, framing: PacketFraming) throws(TransportError) {
        socket = try StreamSocket(to: endpoint, before: MonotonicInstant.now() + Self.patience)
        self.framing = framing
    }

    /// Sends a packet and waits for its echo, which is the same packet byte for byte.
    mutating func exchange(_ payload: Data) throws {
        let deadline = MonotonicInstant.now() + Self.patience
        let packet = try Data(packetWith: payload, seq: nextSeq, framing: framing)
        nextSeq += 1
        try socket.send(packet, before: deadline)
        var received = Data()
        while received.count < packet.count {
            let bytes = try socket.receive(before: deadline)
            guard !bytes.isEmpty else { throw Surprise(description: "an end instead of an echo") }
            received += bytes
        }
        guard received == packet else { throw Surprise(description: "an echo that differs") }
    }

    /// Sends valid packets and a damaged one.
    ///
    /// - Returns: what is wrong, unless the valid ones were answered and nothing else came before
    ///   the end.
    mutating func send(_ stream: DamagedStream) throws -> String? {
        let deadline = MonotonicInstant.now() + Self.patience
        try socket.send(try stream.bytes(), before: deadline)
        if stream.code == .truncated { socket.endSending() }
        var expected = Data()
        for (index, payload) in stream.payloads.enumerated() {
            expected += try Data(packetWith: payload, seq: UInt64(index), framing: framing)
        }
        let received = try receiveAll(before: deadline)
        guard received != expected else { return nil }
        let bytes = "\(received.count) bytes instead of \(expected.count)"
        return "\(stream.code.rawValue): the packets before it were not answered (\(bytes))"
    }

    /// Sends a request, and behind it a message that the protocol does not allow.
    ///
    /// - Returns: what is wrong, unless the request was answered and nothing else came before the
    ///   end.
    mutating func send(_ message: DamagedMessage) throws -> String? {
        let deadline = MonotonicInstant.now() + Self.patience
        let (request, reply) = try DamagedMessage.request()
        let packets =
            try Data(packetWith: request, seq: 0, framing: framing)
            + Data(packetWith: message.payload(), seq: 1, framing: framing)
        try socket.send(packets, before: deadline)
        let expected = try Data(packetWith: reply, seq: 0, framing: framing)
        let received = try receiveAll(before: deadline)
        guard received != expected else { return nil }
        let bytes = "\(received.count) bytes instead of \(expected.count)"
        return "\(message.rawValue): the request before it was not answered (\(bytes))"
    }

    private func receiveAll(before deadline: MonotonicInstant) throws -> Data {
        var received = Data()
        while true {
            let bytes = try socket.receive(before: deadline)
            if bytes.isEmpty { return received }
            received += bytes
        }
    }

    /// Waits for the FIN of the other side, and ends too.
    ///
    /// - Returns: whether it came, and nothing before it.
    func waitForEnd() -> Bool {
        let bytes = try? socket.receive(before: MonotonicInstant.now() + Self.patience)
        socket.endSending()
        return bytes?.isEmpty == true
    }

    /// A peer that a collection can hold.
    final class Box {
        private var peer: DemoPeer

        init(to endpoint: Endpoint, framing: PacketFraming) throws(TransportError) {
            peer = try DemoPeer(to: endpoint, framing: framing)
        }

        func exchange(_ payload: Data) throws { try peer.exchange(payload) }
        func waitForEnd() -> Bool { peer.waitForEnd() }
    }
}
