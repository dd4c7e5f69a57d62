// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes
internal import LinnetCodec
internal import LinnetConnections
internal import LinnetEvents
internal import LinnetMessages

/// Sorts what a server sends: replies to those who wait for them, events into the mailbox.
struct TypedClientHandler: Handler {
    let mailbox: Mailbox
    let requests: OpenRequests
    let events: [UInt16]
    let exchanges: [Exchange]

    mutating func opened(_ id: ConnectionID, outbox: inout Outbox) {
        mailbox.open(id)
        requests.open(id)
    }

    mutating func received(
        _ packet: borrowing PacketView,
        from id: ConnectionID,
        outbox: inout Outbox
    ) {
        guard packet.payload.byteCount >= 2 else {
            let error = MessageError(.truncated, offset: packet.payload.byteCount)
            return leave(id, .invalidMessage(0, error), &outbox)
        }
        let number: UInt16 = packet.payload.loadLittleEndian(at: 0)
        let item = Mailbox.Item(packet.header, packet.lease(), in: outbox.magazine.memory)
        if events.contains(number) {
            if mailbox.put(item) { outbox.pause(id) }
            return
        }
        mailbox.pass()
        switch requests.settle(number, item, isReply: { isReply(number, to: $0) }) {
        case .taken: break
        case .dropped: _ = item.intoPayload()
        case .unexpected:
            _ = item.intoPayload()
            leave(id, whatIsWrong(with: number), &outbox)
        }
    }

    mutating func closed(_ id: ConnectionID, reason: CloseReason, outbox: inout Outbox) {
        mailbox.end(id, reason)
        requests.end(id, reason)
    }

    private func isReply(_ number: UInt16, to request: UInt16) -> Bool {
        exchanges.contains { $0.request == request && $0.replies.contains(number) }
    }

    private func whatIsWrong(with number: UInt16) -> ProtocolError {
        if exchanges.contains(where: { $0.replies.contains(number) }) {
            return .unexpectedReply(number)
        }
        let isRequest = exchanges.contains { $0.request == number }
        return isRequest ? .wrongSide(number) : .unknownMessage(number)
    }

    private func leave(_ id: ConnectionID, _ error: ProtocolError, _ outbox: inout Outbox) {
        outbox.close(id, code: error.code)
    }
}
