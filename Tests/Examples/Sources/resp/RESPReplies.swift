// SPDX-License-Identifier: Apache-2.0

import Linnet

/// The answers of RESP, each one frame that is written where it leaves from: the framing adds
/// nothing to a payload that is sent.
///
/// A peer counts answers, so where one finds no room the connection has to end: the peer has not
/// read the megabytes before it. Each function returns whether the answer goes its way.
extension Outbox {
    /// Longer values are not copied, but leave from where they stand.
    private static var maxCopiedByteCount: Int { 1_024 }
    /// `$`, a number and a line end.
    private static var maxHeadByteCount: Int { 23 }

    /// An answer that is always the same.
    @discardableResult
    mutating func reply(_ text: StaticString, to id: ConnectionID) -> Bool {
        let result = send(atMost: text.utf8CodeUnitCount, to: id) { $0.append(text: text) }
        return endUnlessQueued(result, id)
    }

    @discardableResult
    mutating func reply(integer: Int, to id: ConnectionID) -> Bool {
        let result = send(atMost: Self.maxHeadByteCount, to: id) { output in
            output.append(UInt8(ascii: ":"))
            output.append(decimal: integer)
            output.append(text: "\r\n")
        }
        return endUnlessQueued(result, id)
    }

    /// A bulk string, copied.
    @discardableResult
    mutating func reply(bulk bytes: RawSpan, to id: ConnectionID) -> Bool {
        let count = bytes.byteCount
        let result = send(atMost: Self.maxHeadByteCount + count + 2, to: id) { output in
            output.append(UInt8(ascii: "$"))
            output.append(decimal: count)
            output.append(text: "\r\n")
            output.append(copying: bytes)
            output.append(text: "\r\n")
        }
        return endUnlessQueued(result, id)
    }

    /// A bulk string; a long one is not copied.
    @discardableResult
    mutating func reply(bulk value: borrowing PacketLease, to id: ConnectionID) -> Bool {
        let count = value.byteCount
        guard count > Self.maxCopiedByteCount else {
            return value.withBytes { reply(bulk: $0, to: id) }
        }
        let head = send(atMost: Self.maxHeadByteCount, to: id) { output in
            output.append(UInt8(ascii: "$"))
            output.append(decimal: count)
            output.append(text: "\r\n")
        }
        return endUnlessQueued(head, id) && endUnlessQueued(send(value.shared(), to: id), id)
            && reply("\r\n", to: id)
    }

    private mutating func endUnlessQueued(_ result: SendResult, _ id: ConnectionID) -> Bool {
        if result != .queued { close(id) }
        return result == .queued
    }
}
