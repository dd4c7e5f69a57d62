// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import LinnetBytes
internal import LinnetCodec

/// What may have caused an error, and what to do: guesses, told as sentences for someone new to
/// Linnet.
struct ErrorHint {
    private let error: PacketError
    private let framing: PacketFraming
    /// Offset of the packet in the capture.
    private let offset: Int
    /// From the packet's first byte to the end of the capture.
    private let bytes: Data

    init(of error: PacketError, at offset: Int, in bytes: Data, framing: PacketFraming) {
        self.error = error
        self.framing = framing
        self.offset = offset
        self.bytes = bytes[offset...]
    }

    var text: String {
        switch error.code {
        case .badMagic:
            MagicHint(bytes: bytes, found: UInt32(error.found), magic: framing.magic).text
        case .badHeaderChecksum: checksum.headerText
        case .unsupportedVersion: version
        case .unsupportedFlag: flag
        case .sizeTooSmall: sizeTooSmall
        case .sizeTooLarge: sizeTooLarge
        case .badSequence: sequence
        case .truncated: truncated
        case .badPayloadChecksum:
            checksum.trailerText(payload: PacketHeader.byteCount..<error.byteOffset)
        }
    }

    private var checksum: ChecksumHint {
        ChecksumHint(found: UInt32(error.found), expected: UInt32(error.expected), bytes: bytes)
    }

    private var version: String {
        let range = framing.limits.versions
        if range.contains(UInt16(error.found)) {
            return """
                The first packet fixes the version of its direction; here that was \
                \(error.expected), and this packet changed it.
                """
        }
        return """
            Versions \(range.lowerBound) to \(range.upperBound) are accepted here; if the receiver \
            accepts \(error.found) as well, say so with --versions.
            """
    }

    private var flag: String {
        let unknown = PacketFlags(rawValue: UInt16(error.found)).subtracting(.level0)
        return """
            A sender of level 0 leaves bits 2 to 11 zero. One that sets \(unknown) speaks a later \
            level, or keeps data of its own there; the bits for that are 12 to 15.
            """
    }

    private var sizeTooSmall: String {
        let trailer = error.expected == 28 ? " and the trailer's 4" : ""
        return """
            size counts the whole packet, the header's 24 bytes\(trailer) included. Perhaps the \
            sender wrote the length of the payload alone.
            """
    }

    private var sizeTooLarge: String {
        let swapped = UInt32(error.found).byteSwapped
        if swapped <= error.expected {
            return """
                Read with its bytes in reverse order it is \(swapped): the sender writes \
                big-endian numbers, the protocol has little-endian ones (1.3).
                """
        }
        return """
            If the receiver allows packets as long, say so with --max-packet; otherwise the sender \
            must make more packets of less payload.
            """
    }

    private var sequence: String {
        let missingCount = error.found &- error.expected
        guard missingCount <= UInt64.max / 2 else {
            return """
                Number \(error.found) came before: the packet is repeated, or its sender counts \
                anew. A direction counts on from 0 as long as it lasts.
                """
        }
        let lastMissing = error.found &- 1
        let missing =
            missingCount == 1
            ? "Packet \(lastMissing) is missing."
            : "Packets \(error.expected) to \(lastMissing) are missing, \(missingCount) in all."
        guard offset == 0 else { return missing }
        return missing
            + " If the capture begins in the middle of a connection, use --sequence ignore."
    }

    private var truncated: String {
        let missingCount = error.expected - error.found
        let are = missingCount == 1 ? "1 byte is" : "\(missingCount) bytes are"
        guard error.field == .header else {
            return """
                \(are) missing. The connection was cut, the capture ends too early, or size is too \
                large.
                """
        }
        if bytes.count < 4, !littleEndianBytes(of: framing.magic).starts(with: bytes) {
            return "These bytes do not begin the magic either: they may be no packet at all."
        }
        return "\(are) missing. The connection was cut, or the capture ends too early."
    }
}

/// The bytes of a number as they stand on the wire.
func littleEndianBytes(of number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
}
