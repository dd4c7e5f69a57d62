// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// The framing of Linnet's own packets. Specs/protocol.md 2 to 5.
@frozen
public struct PacketFraming: Framing, Hashable {
    public typealias Metadata = PacketHeader
    public typealias Failure = PacketError

    /// The protocol that is spoken.
    public let magic: UInt32
    /// Of the packets that are written.
    public let version: UInt16
    public let limits: PacketLimits

    /// - Parameter version: of the packets that are written; by default the newest that the limits
    ///   allow.
    public init(
        magic: UInt32 = PacketHeader.defaultMagic,
        limits: PacketLimits = PacketLimits(),
        version: UInt16? = nil
    ) {
        self.magic = magic
        self.limits = limits
        self.version = version ?? limits.versions.upperBound
    }

    /// What one direction remembers: the number that comes next, and the version it speaks.
    @frozen
    public struct State: BitwiseCopyable, Hashable, Sendable {
        public var nextSeq: UInt64
        public var version: UInt16
        public var hasVersion: Bool

        /// The state of a direction that has delivered nothing yet.
        ///
        /// - Parameter nextSeq: other than 0 only for tools and tests that begin in the middle.
        public init(nextSeq: UInt64 = 0) {
            self.nextSeq = nextSeq
            self.version = 0
            self.hasVersion = false
        }
    }

    @inlinable public var initialState: State { State() }
    @inlinable public var maxFrameByteCount: Int { limits.maxPacketByteCount }

    /// The checks of Specs/protocol.md 4.1, in its order. O(1) but for the payload's checksum, if
    /// the packet has one; no allocation.
    @inlinable
    public func nextFrame(
        in bytes: RawSpan,
        state: inout State
    ) throws(PacketError) -> FrameStep<PacketHeader> {
        guard bytes.byteCount >= PacketHeader.byteCount else {
            try checkMagic(ofPartialHeader: bytes)
            return .incomplete
        }
        // SAFETY: the header's 24 bytes are there.
        let words = unsafe PacketHeaderWords(uncheckedFrom: bytes)
        let found: UInt32 = unsafe bytes.loadLittleEndian(uncheckedAt: PacketField.checksumOffset)
        let checksum = Checksum.header(words)
        let header = words.header
        guard
            header.magic == magic, found == checksum, accepts(header, state)
        else {
            throw firstError(in: header, checksum: found, computed: checksum, state: state)
        }
        let byteCount = Int(header.size)
        guard bytes.byteCount >= byteCount else { return .incomplete }
        let payload = header.payloadRange
        if header.flags.contains(.payloadChecksum) {
            try checkTrailer(of: bytes, payload: payload)
        }
        state.nextSeq = header.seq &+ 1
        state.version = header.version
        state.hasVersion = true
        return .frame(byteCount: byteCount, payload: payload, metadata: header)
    }

    /// Packets with `detach` do. Specs/protocol.md 2.6.
    @inlinable
    public func prefersOwnBlock(_ header: PacketHeader) -> Bool {
        header.flags.contains(.detach)
    }

    /// Steps 2 and 9 of the checks: the direction ended.
    public func failure(atEndBehind bytes: RawSpan, state: State) -> PacketError? {
        guard !bytes.isEmpty else { return nil }
        var expected = UInt64(PacketHeader.byteCount)
        if bytes.byteCount >= PacketHeader.byteCount {
            expected = UInt64(bytes.loadLittleEndian(at: PacketField.sizeOffset, as: UInt32.self))
        }
        return PacketError(
            code: .truncated,
            byteOffset: bytes.byteCount,
            found: UInt64(bytes.byteCount),
            expected: expected
        )
    }
}

extension PacketFraming {
    /// Steps 4 to 8 in one condition, for the packets that are right.
    @inlinable
    package func accepts(_ header: PacketHeader, _ state: State) -> Bool {
        limits.versions.contains(header.version)
            && (!state.hasVersion || header.version == state.version)
            && header.flags.isSubset(of: .level0)
            && header.size >= header.minSize
            && Int(header.size) <= limits.maxPacketByteCount
            && (header.seq == state.nextSeq || limits.sequencePolicy == .ignore)
    }

    /// Step 1, as soon as the four bytes are there.
    @usableFromInline
    package func checkMagic(ofPartialHeader bytes: RawSpan) throws(PacketError) {
        guard bytes.byteCount >= 4 else { return }
        let found: UInt32 = bytes.loadLittleEndian(at: PacketField.magicOffset)
        guard found == magic else { throw magicError(found) }
    }

    /// Step 10. The whole packet is there.
    @usableFromInline
    package func checkTrailer(of bytes: RawSpan, payload: Range<Int>) throws(PacketError) {
        let found: UInt32 = bytes.loadLittleEndian(at: payload.upperBound)
        let expected = Checksum.crc32(bytes.extracting(payload))
        guard found == expected else {
            throw PacketError(
                code: .badPayloadChecksum,
                byteOffset: payload.upperBound,
                found: UInt64(found),
                expected: UInt64(expected)
            )
        }
    }

    private func magicError(_ found: UInt32) -> PacketError {
        PacketError(
            code: .badMagic,
            byteOffset: PacketField.magicOffset,
            found: UInt64(found),
            expected: UInt64(magic)
        )
    }

    /// Which of the steps 1 to 8 a header fails first: one of them it does.
    @usableFromInline
    package func firstError(
        in header: PacketHeader,
        checksum: UInt32,
        computed: UInt32,
        state: State
    ) -> PacketError {
        if header.magic != magic { return magicError(header.magic) }
        if checksum != computed {
            return PacketError(
                code: .badHeaderChecksum,
                byteOffset: PacketField.checksumOffset,
                found: UInt64(checksum),
                expected: UInt64(computed)
            )
        }
        let isOfDirection = !state.hasVersion || header.version == state.version
        if !limits.versions.contains(header.version) || !isOfDirection {
            let expected = state.hasVersion ? state.version : limits.versions.upperBound
            return PacketError(
                code: .unsupportedVersion,
                byteOffset: PacketField.versionOffset,
                found: UInt64(header.version),
                expected: UInt64(expected)
            )
        }
        if !header.flags.isSubset(of: .level0) {
            return PacketError(
                code: .unsupportedFlag,
                byteOffset: PacketField.flagsOffset,
                found: UInt64(header.flags.rawValue),
                expected: UInt64(PacketFlags.level0.rawValue)
            )
        }
        return sizeOrSequenceError(in: header, state: state)
    }

    private func sizeOrSequenceError(in header: PacketHeader, state: State) -> PacketError {
        if header.size < header.minSize {
            return PacketError(
                code: .sizeTooSmall,
                byteOffset: PacketField.sizeOffset,
                found: UInt64(header.size),
                expected: UInt64(header.minSize)
            )
        }
        if Int(header.size) > limits.maxPacketByteCount {
            return PacketError(
                code: .sizeTooLarge,
                byteOffset: PacketField.sizeOffset,
                found: UInt64(header.size),
                expected: UInt64(limits.maxPacketByteCount)
            )
        }
        return PacketError(
            code: .badSequence,
            byteOffset: PacketField.seqOffset,
            found: header.seq,
            expected: state.nextSeq
        )
    }
}
