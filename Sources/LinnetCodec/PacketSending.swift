// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// The side of the framing that writes: for who has a payload in one place and puts header and
/// trailer in another, so that the payload is not copied. ``PacketWriter`` puts them together.
extension PacketFraming {
    /// What a sending direction remembers: the number that comes next. Specs/protocol.md 5.
    @frozen
    public struct SendState: BitwiseCopyable, Hashable, Sendable {
        public var nextSeq: UInt64

        /// - Parameter nextSeq: other than 0 only for tools and tests that begin in the middle.
        @inlinable
        public init(nextSeq: UInt64 = 0) {
            self.nextSeq = nextSeq
        }
    }

    @inlinable public var initialSendState: SendState { SendState() }
    @inlinable public var maxFrontByteCount: Int { PacketHeader.byteCount }
    @inlinable public var maxBackByteCount: Int { PacketFlags.payloadChecksum.trailerByteCount }

    /// The flags of level 0, and a packet within the limits. Specs/protocol.md 2.4 and 3.4.
    @inlinable public var sendLimits: SendLimits {
        SendLimits(
            maxPayloadByteCount: limits.maxPacketByteCount - PacketHeader.byteCount,
            allowedFlags: PacketFlags.level0.rawValue,
            frontByteCount: PacketHeader.byteCount,
            backFlags: PacketFlags.payloadChecksum.rawValue,
            backByteCount: PacketFlags.payloadChecksum.trailerByteCount
        )
    }

    /// Writes the header, and counts the packet. Specs/protocol.md 7.1. O(1), does not allocate.
    @inlinable
    public func writeFront(
        of payload: RawSpan,
        flags: UInt16,
        state: inout SendState,
        into front: inout MutableRawSpan
    ) -> Int {
        precondition(front.byteCount >= PacketHeader.byteCount, "a header has 24 bytes")
        assert(canSend(byteCount: payload.byteCount, flags: flags))
        let flags = PacketFlags(rawValue: flags)
        let packetByteCount = PacketHeader.byteCount &+ payload.byteCount &+ flags.trailerByteCount
        let header = PacketHeader(
            magic: magic,
            version: version,
            flags: flags,
            size: UInt32(truncatingIfNeeded: packetByteCount),
            seq: state.nextSeq
        )
        // SAFETY: there is room for the header, as was checked.
        unsafe header.store(uncheckedInto: &front, at: 0)
        state.nextSeq &+= 1
        return PacketHeader.byteCount
    }

    /// Writes the payload's checksum, if the flags announce it. O(payload) then, does not allocate.
    @inlinable
    public func writeBack(
        of payload: RawSpan,
        flags: UInt16,
        into back: inout MutableRawSpan
    ) -> Int {
        let trailerByteCount = PacketFlags(rawValue: flags).trailerByteCount
        if trailerByteCount > 0 { back.storeLittleEndian(Checksum.crc32(payload), at: 0) }
        return trailerByteCount
    }
}

extension PacketFraming {
    /// The stable names of Specs/protocol.md 4.2, in its order.
    public static var failureNames: [String] { PacketError.Code.allCases.map(\.rawValue) }

    public static func failureIndex(_ failure: PacketError) -> Int {
        PacketError.Code.allCases.firstIndex(of: failure.code) ?? 0
    }
}
