// SPDX-License-Identifier: Apache-2.0

import LinnetCodec
import LinnetTestSupport

/// What a right writer makes of the orders, from the spec and the naive encoder alone.
struct Plan {
    /// What becomes of one order.
    enum Step {
        case written(byteCount: Int)
        case refused(PacketWriterError)
    }

    private(set) var steps: [Step] = []
    private(set) var packets: [NaivePacket] = []
    /// What stands in the room at the end: the packets, then what stood there before.
    private(set) var bytes: [UInt8] = []
    /// Packets that are then numbered again: where each begins, and its new number.
    private(set) var renumberings: [(offset: Int, seq: UInt64)] = []
    /// What stands in the room after that.
    private(set) var renumberedBytes: [UInt8] = []

    /// What every byte of the room is before.
    static let oldByte: UInt8 = 0xA5

    init(_ orders: [Order], _ framing: PacketFraming, version: UInt16, seq: UInt64, room: Int) {
        var packet = NaiveEncoder(seq: seq, version: version)
        packet.magic = framing.magic
        for order in orders {
            let freeByteCount = room - bytes.count
            if let refusal = Self.refusal(of: order, framing.limits, freeByteCount: freeByteCount) {
                steps.append(.refused(refusal))
                continue
            }
            packet.payload = order.payload
            packet.flags = order.flags.rawValue
            add(packet, isNumberedAgain: order.isNumberedAgain)
            packet.seq &+= 1
        }
        let untouched = Array(repeating: Self.oldByte, count: room - bytes.count)
        bytes += untouched
        renumberedBytes += untouched
    }

    private mutating func add(_ packet: NaiveEncoder, isNumberedAgain: Bool) {
        let own = packet.bytes
        steps.append(.written(byteCount: own.count))
        packets.append(
            NaivePacket(
                version: packet.version,
                flags: packet.flags,
                size: UInt32(own.count),
                seq: packet.seq,
                payload: packet.payload
            )
        )
        var renumbered = packet
        if isNumberedAgain {
            renumbered.seq ^= 0xFF00_0000_0000_00FF
            renumberings.append((bytes.count, renumbered.seq))
        }
        bytes += own
        renumberedBytes += renumbered.bytes
    }

    private static func refusal(
        of order: Order,
        _ limits: PacketLimits,
        freeByteCount: Int
    ) -> PacketWriterError? {
        let unsupported = order.flags.rawValue & 0x0FFC
        if unsupported != 0 { return .unsupportedFlags(PacketFlags(rawValue: unsupported)) }
        let extraByteCount = order.flags.rawValue & 2 != 0 ? 28 : 24
        let isBeyondInt = order.payloadByteCount > Int.max - extraByteCount
        let byteCount = isBeyondInt ? Int.max : order.payloadByteCount + extraByteCount
        let maxByteCount = limits.maxPacketByteCount
        if byteCount > maxByteCount {
            return .tooLarge(packetByteCount: byteCount, maxPacketByteCount: maxByteCount)
        }
        if byteCount > freeByteCount {
            return .noRoom(packetByteCount: byteCount, freeByteCount: freeByteCount)
        }
        return nil
    }
}
