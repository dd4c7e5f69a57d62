// SPDX-License-Identifier: Apache-2.0

public import LinnetCodec
public import LinnetConnections
public import LinnetMessages

// Messages come into being where they leave from: nothing is copied between a builder and the bytes
// that the kernel gets.

extension Outbox {
    /// Builds a message and sends it as one packet, in place. O(bytes), allocates nothing.
    ///
    /// ```swift
    /// _ = try outbox.send(Quote.self, to: id) { quote in
    ///     quote.instrument = 7
    ///     return quote.done()
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - type: the message.
    ///   - id: who gets it.
    ///   - maxByteCount: the room that the builder gets; by default what the bounds of the message
    ///     permit and a packet holds. It must be free while the message is built: who knows that a
    ///     message is much shorter than its bounds says so.
    ///   - flags: of the packet's header.
    ///   - body: is called at most once, and not if there is no room.
    /// - Throws: the first thing that could not be written; then nothing is sent.
    /// - Returns: as ``send(atMost:to:flags:_:)``.
    @inlinable
    @inline(__always)
    public mutating func send<M: Message>(
        _ type: M.Type,
        to id: ConnectionID,
        atMost maxByteCount: Int = M.maxByteCount,
        flags: UInt16 = 0,
        _ body: (consuming MessageBuilder<M, M.Start>) -> Sealed<M>
    ) throws(BuildError) -> SendResult {
        var failure: BuildError?
        let result = sendIfAccepted(
            atMost: messageRoom(maxByteCount, flags: flags),
            to: id,
            flags: flags
        ) { output in
            do throws(BuildError) {
                try M.build(into: &output, body)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        return result
    }

    /// Sends a message as one packet. O(bytes), allocates nothing.
    ///
    /// - Parameters:
    ///   - message: what is sent.
    ///   - id: who gets it.
    ///   - version: of the schema that the peer knows: fields that came later are left out.
    ///   - flags: of the packet's header.
    /// - Throws: the first thing that could not be written; then nothing is sent.
    /// - Returns: as ``send(atMost:to:flags:_:)``.
    @inlinable
    public mutating func send<M: Message>(
        _ message: M,
        to id: ConnectionID,
        version: UInt16 = M.version,
        flags: UInt16 = 0
    ) throws(BuildError) -> SendResult {
        var failure: BuildError?
        let result = sendIfAccepted(
            atMost: messageRoom(M.maxByteCount, flags: flags),
            to: id,
            flags: flags
        ) { output in
            do throws(BuildError) {
                try message.encode(into: &output, version: version)
                return true
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        return result
    }

    /// No more than a packet holds.
    @inlinable
    @inline(__always)
    func messageRoom(_ maxByteCount: Int, flags: UInt16) -> Int {
        min(maxByteCount, sendLimits.maxPayloadByteCount - sendLimits.backByteCount(flags: flags))
    }
}
