// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetConnections
public import LinnetEvents
public import LinnetMessages

// Messages for connections from any thread.

extension ConnectionSender {
    /// Sends a message as one packet: see ``send(_:to:flags:)``. O(bytes).
    ///
    /// - Parameters:
    ///   - message: what is sent.
    ///   - id: who gets it.
    ///   - version: of the schema that the peer knows: fields that came later are left out.
    ///   - flags: of the packet's header.
    /// - Throws: the first thing that could not be written; then nothing is sent.
    /// - Returns: `.full` also if the pool has no block for it.
    @inlinable
    public func send<M: Message>(
        _ message: M,
        to id: ConnectionID,
        version: UInt16 = M.version,
        flags: UInt16 = 0
    ) throws(BuildError) -> SendResult {
        let packet = try packet(of: M.self, flags: flags) { output throws(BuildError) in
            try message.encode(into: &output, version: version)
        }
        guard let packet else { return .full }
        return send(packet, to: id, flags: flags)
    }

    /// Builds a message and sends it as one packet: see ``send(_:to:flags:)``. O(bytes).
    ///
    /// - Parameters:
    ///   - type: the message.
    ///   - id: who gets it.
    ///   - flags: of the packet's header.
    ///   - body: is called at most once, and not if the pool has no block.
    /// - Throws: the first thing that could not be written; then nothing is sent.
    /// - Returns: `.full` also if the pool has no block for it.
    @inlinable
    public func send<M: Message>(
        _ type: M.Type,
        to id: ConnectionID,
        flags: UInt16 = 0,
        _ body: (consuming MessageBuilder<M, M.Start>) -> Sealed<M>
    ) throws(BuildError) -> SendResult {
        let packet = try packet(of: type, flags: flags) { output throws(BuildError) in
            try M.build(into: &output, body)
        }
        guard let packet else { return .full }
        return send(packet, to: id, flags: flags)
    }

    /// The payload of a packet; `nil` if the pool has no block for it.
    @inlinable
    func packet<M: Message>(
        of type: M.Type,
        flags: UInt16 = 0,
        _ write: (inout OutputRawSpan) throws(BuildError) -> Void
    ) throws(BuildError) -> PacketLease? {
        var failure: BuildError?
        let room = min(M.maxByteCount, maxPayloadByteCount(flags: flags))
        let packet = PacketLease(atMost: room, in: pool) { output in
            do throws(BuildError) {
                try write(&output)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return packet
    }
}

extension Client {
    /// The payload of a packet; `nil` if the pool has no block for it.
    @inlinable
    func packet<M: Message>(of message: M) throws(BuildError) -> PacketLease? {
        try sender.packet(of: M.self) { output throws(BuildError) in
            try message.encode(into: &output)
        }
    }

    @inlinable
    func packet<M: Message>(
        of type: M.Type,
        _ body: (consuming MessageBuilder<M, M.Start>) -> Sealed<M>
    ) throws(BuildError) -> PacketLease? {
        try sender.packet(of: type) { output throws(BuildError) in
            try M.build(into: &output, body)
        }
    }
}
