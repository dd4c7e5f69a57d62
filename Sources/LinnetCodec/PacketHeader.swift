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
        // SAFETY: the size is at least that of header and trailer.
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

/// A header as it stands on the wire: three words that hold all fields, of which the last is cut in
/// two by the checksum. One load or store each, and no more bytes are touched.
@frozen
@usableFromInline
package struct PacketHeaderWords: BitwiseCopyable, Sendable {
    /// magic, version, flags
    @usableFromInline
    package var first: UInt64
    /// size, lower half of seq
    @usableFromInline
    package var second: UInt64
    /// upper half of seq
    @usableFromInline
    package var third: UInt32

    @inlinable
    package init(_ header: PacketHeader) {
        first =
            UInt64(header.magic) | UInt64(header.version) << 32
            | UInt64(header.flags.rawValue) << 48
        second = UInt64(header.size) | header.seq << 32
        third = UInt32(truncatingIfNeeded: header.seq >> 32)
    }

    /// Traps unless `bytes` holds 24 bytes.
    init(_ bytes: RawSpan) {
        precondition(bytes.byteCount >= PacketHeader.byteCount, "a header has 24 bytes")
        // SAFETY: the length was checked.
        unsafe self.init(uncheckedFrom: bytes)
    }

    /// The caller has proved that `bytes` holds 24 bytes.
    @unsafe
    @inlinable
    package init(uncheckedFrom bytes: RawSpan) {
        // SAFETY: the caller proves the length.
        unsafe first = bytes.loadLittleEndian(uncheckedAt: PacketField.magicOffset)
        unsafe second = bytes.loadLittleEndian(uncheckedAt: PacketField.sizeOffset)
        unsafe third = bytes.loadLittleEndian(uncheckedAt: PacketField.seqOffset + 4)
    }

    /// The fields, not judged.
    @inlinable
    package var header: PacketHeader {
        PacketHeader(
            magic: UInt32(truncatingIfNeeded: first),
            version: UInt16(truncatingIfNeeded: first >> 32),
            flags: PacketFlags(rawValue: UInt16(truncatingIfNeeded: first >> 48)),
            size: UInt32(truncatingIfNeeded: second),
            seq: second >> 32 | UInt64(third) << 32
        )
    }
}

extension PacketHeader {
    /// The fields of the header at the front of `bytes`, not judged. Traps unless it holds 24
    /// bytes.
    package init(fieldsOf bytes: RawSpan) {
        self = PacketHeaderWords(bytes).header
    }

    /// Writes the header with its checksum. Specs/protocol.md 7.1.
    ///
    /// The caller has proved that `bytes` has room for 24 bytes from `offset` on.
    @unsafe
    @inlinable
    @inline(__always)
    package func store(uncheckedInto bytes: inout MutableRawSpan, at offset: Int) {
        let words = PacketHeaderWords(self)
        let last = UInt64(words.third) | UInt64(Checksum.header(words)) << 32
        // SAFETY: the caller proves the length.
        unsafe bytes.storeLittleEndian(words.first, uncheckedAt: offset)
        unsafe bytes.storeLittleEndian(words.second, uncheckedAt: offset &+ PacketField.sizeOffset)
        unsafe bytes.storeLittleEndian(last, uncheckedAt: offset &+ PacketField.seqOffset &+ 4)
    }
}
