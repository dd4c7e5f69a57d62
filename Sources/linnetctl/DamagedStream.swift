// SPDX-License-Identifier: Apache-2.0

package import Foundation
internal import LinnetBytes
package import LinnetCodec

/// Packets of which the last is damaged: one for each name of Specs/protocol.md 4.2.
package struct DamagedStream: Sendable {
    package let code: PacketError.Code
    package let framing: PacketFraming
    /// Packets before the damaged one, which are to be answered.
    package let validPacketCount: Int

    package init(
        _ code: PacketError.Code,
        framing: PacketFraming = PacketFraming(),
        validPacketCount: Int = 5
    ) {
        self.code = code
        self.framing = framing
        self.validPacketCount = validPacketCount
    }

    /// The payloads of the valid packets.
    package var payloads: [Data] {
        (0..<validPacketCount).map { Data("valid packet \($0) before \(code.rawValue)".utf8) }
    }

    /// What goes out. Nothing follows it, so that a truncated packet stays that.
    package func bytes() throws(PacketWriterError) -> Data {
        var stream = Data()
        for (index, payload) in payloads.enumerated() {
            stream += try Data(packetWith: payload, seq: UInt64(index), framing: framing)
        }
        return stream + (try damagedPacket())
    }

    private func damagedPacket() throws(PacketWriterError) -> Data {
        let payload = Data("damaged".utf8)
        var packet = try Data(
            packetWith: payload,
            flags: .payloadChecksum,
            seq: UInt64(validPacketCount),
            framing: framing
        )
        switch code {
        case .badMagic: packet[0] ^= 0x20
        case .badHeaderChecksum: packet[14] ^= 0x04
        case .unsupportedVersion: reseal(&packet) { $0[4] = 99 }
        case .unsupportedFlag: reseal(&packet) { $0[7] |= 0x02 }
        case .sizeTooSmall: reseal(&packet) { $0[8] = 27 }
        case .sizeTooLarge: reseal(&packet) { $0[11] = 0x7F }
        case .badSequence: reseal(&packet) { $0[12] &+= 1 }
        case .truncated: packet = packet.prefix(packet.count - 3)
        case .badPayloadChecksum: packet[PacketHeader.byteCount] ^= 0x01
        }
        return packet
    }

    /// Changes a header whose checksum is to be right all the same.
    private func reseal(_ packet: inout Data, _ change: (inout Data) -> Void) {
        change(&packet)
        let checksum = Checksum.header(packet.bytes.extracting(0..<PacketHeader.byteCount))
        var header = packet.mutableBytes
        header.storeLittleEndian(checksum, at: PacketField.checksumOffset)
    }
}
