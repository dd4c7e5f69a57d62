// SPDX-License-Identifier: Apache-2.0

import FuzzKit
import LinnetBytes
import LinnetCodec

/// A packet that is to be written. Six bytes of input: flags that level 0 knows, seldom one that it
/// does not know, the payload's length, the scale of that, its content, and the manner.
struct Order {
    let flags: PacketFlags
    let payloadByteCount: Int
    let isNumberedAgain: Bool
    private let firstByte: UInt8
    private let isFilledInPlace: Bool

    private static let maxCopiedByteCount = 5_000

    init(takenFrom input: inout FuzzInput) {
        let known = UInt16(input.takeByte())
        let unknown = UInt16(input.takeByte())
        let unknownBit: UInt16 = unknown < 224 ? 0 : 1 << (2 + unknown % 10)
        flags = PacketFlags(rawValue: known & 3 | (known >> 2) << 12 | unknownBit)
        let length = Int(input.takeByte())
        let scale = Int(input.takeByte())
        payloadByteCount =
            switch scale {
            case 0..<192: length
            case 192..<208: length + 256 * (scale - 191)
            case 208..<224: 1_048_576 - 24 + (scale - 216)
            case 224..<240: Int(UInt32.max) - 24 + (scale - 232)
            default: Int.max - 24 + (scale - 240)
            }
        firstByte = input.takeByte()
        let manner = input.takeByte()
        isNumberedAgain = manner & 2 != 0
        // A payload that is copied has to exist.
        isFilledInPlace = manner & 1 != 0 || payloadByteCount > Self.maxCopiedByteCount
    }

    var payload: [UInt8] {
        (0..<payloadByteCount).map(payloadByte(at:))
    }

    private func payloadByte(at index: Int) -> UInt8 {
        firstByte &+ UInt8(truncatingIfNeeded: index &* 7)
    }

    /// Appends the packet.
    /// - Returns: what it was refused with, or `nil`.
    func write(to writer: inout PacketWriter) -> PacketWriterError? {
        do throws(PacketWriterError) {
            if isFilledInPlace {
                try writer.append(payloadByteCount: payloadByteCount, flags: flags) { room in
                    expectEqual(room.byteCount, payloadByteCount, "the room of a payload")
                    for index in 0..<payloadByteCount {
                        room.storeLittleEndian(payloadByte(at: index), at: index)
                    }
                }
            } else {
                let placed = PlacedBytes(payload, in: .heap)
                try writer.append(placed.bytes, flags: flags)
            }
            return nil
        } catch {
            return error
        }
    }
}
