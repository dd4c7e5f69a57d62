// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// The header of a packet: 24 bytes, little-endian, packed. Specs/protocol.md 2.1.
///
/// The checksum is not a member: it is checked before the other fields are believed, and computed
/// when they are written.
@frozen
public struct PacketHeader: BitwiseCopyable, Hashable, Sendable {
    /// Number of the packet in its direction.
    public var seq: UInt64
    /// The protocol's own number; its first byte on the wire is the least significant.
    public var magic: UInt32
    /// Length of the whole packet in bytes: header, payload, trailer.
    public var size: UInt32
    /// Version of the protocol.
    public var version: UInt16
    public var flags: PacketFlags

    /// Bytes of a header.
    @inlinable public static var byteCount: Int { 24 }

    /// "LNNT" on the wire.
    @inlinable public static var defaultMagic: UInt32 { 0x544E_4E4C }

    @inlinable
    public init(
        magic: UInt32 = PacketHeader.defaultMagic,
        version: UInt16 = 1,
        flags: PacketFlags = [],
        size: UInt32,
        seq: UInt64
    ) {
        self.magic = magic
        self.version = version
        self.flags = flags
        self.size = size
        self.seq = seq
    }

    /// The smallest size that the flags allow.
    @inlinable
    public var minSize: UInt32 {
        UInt32(truncatingIfNeeded: Self.byteCount + flags.trailerByteCount)
    }

    /// Where the payload stands within the packet. `size` has been checked against ``minSize``.
    @inlinable
    package var payloadRange: Range<Int> {
        unsafe Range(
            uncheckedBounds: (Self.byteCount, Int(size) &- flags.trailerByteCount)
        )
    }
}

/// The fields of a packet, and where each begins.
@frozen
public enum PacketField: String, Sendable, CaseIterable {
    case magic, version, flags, size, seq, checksum, header, payload, trailer

    @inlinable package static var magicOffset: Int { 0 }
    @inlinable package static var versionOffset: Int { 4 }
    @inlinable package static var flagsOffset: Int { 6 }
    @inlinable package static var sizeOffset: Int { 8 }
    @inlinable package static var seqOffset: Int { 12 }
    @inlinable package static var checksumOffset: Int { 20 }
}

extension PacketHeader {
    /// Reads the fields of a header as they stand, without judging them.
    ///
    /// The caller has proved that `bytes` holds 24 bytes.
    @unsafe
    @inlinable
    package init(uncheckedFrom bytes: RawSpan) {
        // SAFETY: the caller proves the length.
        unsafe self.init(
            magic: bytes.loadLittleEndian(uncheckedAt: PacketField.magicOffset),
            version: bytes.loadLittleEndian(uncheckedAt: PacketField.versionOffset),
            flags: PacketFlags(
                rawValue: bytes.loadLittleEndian(uncheckedAt: PacketField.flagsOffset)
            ),
            size: bytes.loadLittleEndian(uncheckedAt: PacketField.sizeOffset),
            seq: bytes.loadLittleEndian(uncheckedAt: PacketField.seqOffset)
        )
    }

    /// Writes the header, checksum last. Specs/protocol.md 7.1.
    ///
    /// The caller has proved that `bytes` has room for 24 bytes.
    @unsafe
    @inlinable
    package func store(uncheckedInto bytes: inout MutableRawSpan) {
        // SAFETY: the caller proves the length.
        unsafe bytes.storeLittleEndian(magic, uncheckedAt: PacketField.magicOffset)
        unsafe bytes.storeLittleEndian(version, uncheckedAt: PacketField.versionOffset)
        unsafe bytes.storeLittleEndian(flags.rawValue, uncheckedAt: PacketField.flagsOffset)
        unsafe bytes.storeLittleEndian(size, uncheckedAt: PacketField.sizeOffset)
        unsafe bytes.storeLittleEndian(seq, uncheckedAt: PacketField.seqOffset)
        let checksum = unsafe Checksum.header(unchecked: bytes.bytes)
        unsafe bytes.storeLittleEndian(checksum, uncheckedAt: PacketField.checksumOffset)
    }
}
