// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

/// A checked packet where it stands: header and payload. Specs/protocol.md 4.1.4.
public typealias PacketView = FrameView<PacketFraming>

extension FrameView where F == PacketFraming {
    /// The header; all of it was checked.
    @inlinable public var header: PacketHeader { metadata }

    /// Checks one whole packet at the front of `bytes`. Bytes behind it are left alone.
    ///
    /// - Parameters:
    ///   - bytes: any memory, any alignment.
    ///   - state: the direction's; by default that of its first packet. It moves to the next
    ///     packet.
    /// - Throws: the first check of section 4.1 that fails; `truncated` if the packet is not all
    ///   there.
    @_lifetime(copy bytes)
    public init(
        checking bytes: RawSpan,
        framing: PacketFraming = PacketFraming(),
        state: inout PacketFraming.State
    ) throws(PacketError) {
        if case .frame(_, let payload, let header) = try framing.nextFrame(in: bytes, state: &state)
        {
            self.init(payload: bytes.extracting(payload), metadata: header, home: nil)
            return
        }
        throw framing.failure(atEndBehind: bytes, state: state)
            ?? PacketError(code: .truncated, byteOffset: 0, found: 0, expected: 24)
    }

    /// Checks one whole packet, the first of its direction.
    @_lifetime(copy bytes)
    public init(
        checking bytes: RawSpan,
        framing: PacketFraming = PacketFraming()
    ) throws(PacketError) {
        var state = framing.initialState
        try self.init(checking: bytes, framing: framing, state: &state)
    }
}
