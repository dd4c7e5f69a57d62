// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import LinnetBytes
internal import LinnetCodec

/// What bytes may be that do not begin with the magic: other protocols, files, mistakes of a
/// sender.
struct MagicHint {
    /// From the wrong magic to the end of the capture, whose first byte has the index 0.
    let bytes: Data
    let found: UInt32
    /// The one that is configured.
    let magic: UInt32

    var text: String {
        if found == magic.byteSwapped {
            return """
                These are the bytes of the magic in reverse order: the sender writes big-endian \
                numbers, the protocol has little-endian ones (1.3).
                """
        }
        if isHeaderOfOtherProtocol {
            return """
                The header's checksum is right, so this is a packet, but of another protocol. To \
                read it use --magic 0x\(found.hexadecimal.uppercased()).
                """
        }
        if let stranger = Stranger.all.first(where: { bytes.starts(with: $0.beginning) }) {
            return stranger.meaning
        }
        return bytes.startIndex == 0
            ? "If the protocol has a magic of its own, name it with --magic."
            : """
            A packet begins at the byte behind the last one of the packet before (1.4): bytes were \
            lost or added before this offset, or the size of that packet is wrong.
            """
    }

    private var isHeaderOfOtherProtocol: Bool {
        let header = bytes.prefix(PacketHeader.byteCount)
        guard header.count == PacketHeader.byteCount, header.contains(where: { $0 != 0 }) else {
            return false
        }
        let offset = PacketField.checksumOffset
        return header.bytes.loadLittleEndian(at: offset) == Checksum.header(header.bytes)
    }
}
