// SPDX-License-Identifier: Apache-2.0

internal import LinnetBytes

/// Writes packets one behind the other into memory that the caller has, such as an outbound block.
///
/// Nothing is allocated and nothing is copied but the payload. A packet that does not fit is
/// refused with an error and leaves no trace. Numbers: each packet gets the next `seq`, counted
/// from the one given. A packet whose number is not known yet can be numbered later with
/// ``number(packetIn:seq:)``.
public struct PacketWriter: ~Copyable, ~Escapable {
    @usableFromInline
    package var memory: MutableRawSpan
    private let magic: UInt32
    private let maxPacketByteCount: Int
    private let version: UInt16
    /// Bytes written so far, from the front of the memory.
    public private(set) var byteCount = 0
    /// Number of the next packet.
    public private(set) var nextSeq: UInt64

    /// - Parameters:
    ///   - memory: where to write, from its first byte on.
    ///   - framing: magic and limits; the receiver's limits must not be lower.
    ///   - version: that of the framing, by default.
    ///   - seq: number of the first packet.
    @_lifetime(copy memory)
    public init(
        into memory: consuming MutableRawSpan,
        framing: PacketFraming = PacketFraming(),
        version: UInt16? = nil,
        startingAt seq: UInt64 = 0
    ) {
        self.memory = memory
        self.magic = framing.magic
        self.maxPacketByteCount = framing.limits.maxPacketByteCount
        self.version = version ?? framing.version
        self.nextSeq = seq
    }

    /// Appends a packet with a copy of `payload`.
    ///
    /// - Throws: ``PacketWriterError``; nothing was written then, and no number was used.
    @_lifetime(self: copy self)
    public mutating func append(
        _ payload: RawSpan,
        flags: PacketFlags = []
    ) throws(PacketWriterError) {
        let packetByteCount = try checkedByteCount(
            payloadByteCount: payload.byteCount,
            flags: flags
        )
        let start = byteCount &+ PacketHeader.byteCount
        // SAFETY: the packet was found to fit behind what is written.
        unsafe payload.withUnsafeBytes { source in
            unsafe memory.withUnsafeMutableBytes { destination in
                unsafe UnsafeMutableRawBufferPointer(rebasing: destination[start...])
                    .copyMemory(from: source)
            }
        }
        finish(packetByteCount: packetByteCount, flags: flags)
    }

    /// Appends a packet whose payload is written in place by `fill`.
    ///
    /// - Parameters:
    ///   - payloadByteCount: the length of the payload. `fill` gets a span of just that length,
    ///     whose old bytes are not cleared: it must write all of it.
    /// - Throws: ``PacketWriterError``; nothing was written then, and no number was used.
    @inlinable
    @_lifetime(self: copy self)
    public mutating func append(
        payloadByteCount: Int,
        flags: PacketFlags = [],
        fill: (inout MutableRawSpan) -> Void
    ) throws(PacketWriterError) {
        let packetByteCount = try checkedByteCount(payloadByteCount: payloadByteCount, flags: flags)
        let start = byteCount &+ PacketHeader.byteCount
        // SAFETY: the packet was found to fit behind what is written.
        var payload = unsafe memory._mutatingExtracting(
            unchecked: Range(uncheckedBounds: (start, start &+ payloadByteCount))
        )
        fill(&payload)
        complete(packetByteCount: packetByteCount, flags: flags)
    }

    /// What the packet's `size` will be, if it may be written.
    ///
    /// Mutating only in form: a borrowed writer would be copied for the call, in pieces that the
    /// processor cannot forward from store to load (measured: 10 ns).
    @usableFromInline
    @_lifetime(self: copy self)
    package mutating func checkedByteCount(
        payloadByteCount: Int,
        flags: PacketFlags
    ) throws(PacketWriterError) -> Int {
        precondition(payloadByteCount >= 0, "a payload has no negative length")
        guard flags.isSubset(of: .level0) else {
            throw .unsupportedFlags(flags.subtracting(.level0))
        }
        let (packetByteCount, overflows) = payloadByteCount.addingReportingOverflow(
            PacketHeader.byteCount + flags.trailerByteCount
        )
        guard !overflows, packetByteCount <= maxPacketByteCount else {
            throw .tooLarge(
                packetByteCount: overflows ? Int.max : packetByteCount,
                maxPacketByteCount: maxPacketByteCount
            )
        }
        let freeByteCount = memory.byteCount - byteCount
        guard packetByteCount <= freeByteCount else {
            throw .noRoom(packetByteCount: packetByteCount, freeByteCount: freeByteCount)
        }
        return packetByteCount
    }

    /// Trailer, header, and the step to the next packet. The packet was found to fit.
    @usableFromInline
    @_lifetime(self: copy self)
    package mutating func complete(packetByteCount: Int, flags: PacketFlags) {
        finish(packetByteCount: packetByteCount, flags: flags)
    }

    /// Inlined where packets are copied in: the call cost a tenth of a small packet (measured).
    @inline(__always)
    @_lifetime(self: copy self)
    private mutating func finish(packetByteCount: Int, flags: PacketFlags) {
        let header = PacketHeader(
            magic: magic,
            version: version,
            flags: flags,
            size: UInt32(truncatingIfNeeded: packetByteCount),
            seq: nextSeq
        )
        if flags.contains(.payloadChecksum) { writeTrailer(of: header) }
        // SAFETY: the packet was found to fit behind what is written.
        unsafe header.store(uncheckedInto: &memory, at: byteCount)
        byteCount &+= packetByteCount
        nextSeq &+= 1
    }

    @inline(never)
    @_lifetime(self: copy self)
    private mutating func writeTrailer(of header: PacketHeader) {
        let payload = header.payloadRange
        let range = byteCount + payload.lowerBound..<byteCount + payload.upperBound
        let checksum = Checksum.crc32(memory.bytes.extracting(range))
        memory.storeLittleEndian(checksum, at: range.upperBound)
    }

    /// Gives a finished packet its number, and so its checksum.
    ///
    /// For senders that write packets before they know their order on the wire.
    /// Traps unless `bytes` begins with a header. O(1).
    public static func number(packetIn bytes: inout MutableRawSpan, seq: UInt64) {
        precondition(bytes.byteCount >= PacketHeader.byteCount, "a header has 24 bytes")
        bytes.storeLittleEndian(seq, at: PacketField.seqOffset)
        let checksum = Checksum.header(bytes.bytes)
        bytes.storeLittleEndian(checksum, at: PacketField.checksumOffset)
    }
}

/// Why a packet was not written.
public enum PacketWriterError: Error, Hashable, Sendable {
    /// The packet would be longer than the limits allow. Specs/protocol.md 3.4.
    case tooLarge(packetByteCount: Int, maxPacketByteCount: Int)
    /// The memory has not enough room left.
    case noRoom(packetByteCount: Int, freeByteCount: Int)
    /// These bits belong to a later level. Specs/protocol.md 2.4.
    case unsupportedFlags(PacketFlags)
}
