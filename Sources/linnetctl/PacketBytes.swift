// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import LinnetCodec

extension Data {
    /// The bytes of one packet, of the newest version that the framing allows.
    package init(
        packetWith payload: Data,
        flags: PacketFlags = [],
        seq: UInt64 = 0,
        framing: PacketFraming = PacketFraming()
    ) throws(PacketWriterError) {
        let byteCount = PacketHeader.byteCount + payload.count + flags.trailerByteCount
        self.init(count: byteCount)
        var writer = PacketWriter(
            into: mutableBytes,
            framing: framing,
            startingAt: seq
        )
        try writer.append(payload.bytes, flags: flags)
    }
}

extension PacketWriterError {
    /// What is wrong, in a sentence, and what to do.
    package var advice: String {
        switch self {
        case .tooLarge(let packetByteCount, let maxPacketByteCount):
            """
            The packet would have \(packetByteCount) bytes, but at most \(maxPacketByteCount) are \
            allowed (Specs/protocol.md 3.4). Split the payload, or raise --max-packet if the \
            receiver accepts as much.
            """
        case .noRoom(let packetByteCount, let freeByteCount):
            """
            The packet needs \(packetByteCount) bytes, but there is room for \(freeByteCount). \
            Split the payload.
            """
        case .unsupportedFlags(let flags):
            """
            Level 0 has no use for these flags: \(flags) (Specs/protocol.md 2.4). Leave them out; \
            bits for your own use are application0 to application3.
            """
        }
    }
}
