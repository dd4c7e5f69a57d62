// SPDX-License-Identifier: Apache-2.0

// One packet at the front of the bytes, in place, and the checksums of whatever the bytes are.
//
// Input: a byte of settings, a byte that says where checksums are cut, then the bytes under test.

import FuzzKit
import LinnetBytes
import LinnetCodec
import LinnetTestSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzHeader(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // SAFETY: libFuzzer passes `count` bytes at `start` that stay until this returns.
    var input = unsafe FuzzInput(start: start, count: count)
    let settings = PacketSettings(input.takeByte())
    let cut = Int(input.takeByte())
    let bytes = settings.prepared(input.takeRest())
    for place in PlacedBytes.Place.allCases {
        let placed = PlacedBytes(bytes, in: place)
        checkChecksums(of: placed.bytes, bytes, cut: min(cut, bytes.count))
        checkFirstPacket(of: placed.bytes, bytes, settings)
    }
    return 0
}

private func checkFirstPacket(of span: RawSpan, _ bytes: [UInt8], _ settings: PacketSettings) {
    var state = settings.framing.initialState
    var found = NaiveOutcome()
    do throws(PacketError) {
        let view = try PacketView(checking: span, framing: settings.framing, state: &state)
        found.packets = [seen(NaivePacket(view))]
        let first = try PacketView(checking: span, framing: settings.framing)
        expectEqual(NaivePacket(first), NaivePacket(view), "the first packet, without a state")
        blackHole(view.header.flags.description)
    } catch {
        found.error = NaiveError(error)
        let name = error.code.rawValue + ": "
        expect(error.description.hasPrefix(name), "'\(error)' does not begin with '\(name)'")
    }
    expectEqual(found, firstOutcome(of: bytes, settings.naive), "the first packet")
    if let packet = found.packets.first {
        expectEqual(state.nextSeq, packet.seq &+ 1, "the number of the packet behind it")
        expectEqual(state.version, packet.version, "the version of the direction")
        expect(state.hasVersion, "the first packet fixes the version")
        let own = Array(bytes.prefix(Int(packet.size)))
        expectEqual(encoded(packet, settings.framing), own, "the packet, written again")
    }
}

/// The packet as the oracles see it.
private func seen(_ packet: NaivePacket) -> NaivePacket {
    var packet = packet
    if canaryIsPlanted, packet.flags & 0x4000 != 0 { packet.seq &+= 1 }
    return packet
}

/// What the naive decoder says of the front of the bytes: one packet, or one error.
private func firstOutcome(of bytes: [UInt8], _ naive: NaiveDecoder) -> NaiveOutcome {
    let all = naive.decode(bytes)
    if let packet = all.packets.first { return NaiveOutcome(packets: [packet]) }
    // No byte at all is a clean end of a direction, but no packet.
    return NaiveOutcome(error: all.error ?? NaiveError("truncated", "header", 0))
}

private func encoded(_ packet: NaivePacket, _ framing: PacketFraming) -> [UInt8] {
    let payload = PlacedBytes(packet.payload, in: .heap)
    var room = PlacedBytes(Array(repeating: 0xA5, count: Int(packet.size)), in: .heap)
    do throws(PacketWriterError) {
        var writer = PacketWriter(
            into: room.mutableBytes,
            framing: framing,
            version: packet.version,
            startingAt: packet.seq
        )
        try writer.append(payload.bytes, flags: PacketFlags(rawValue: packet.flags))
    } catch {
        fatalError("oracle: a packet that was read cannot be written: \(error)")
    }
    return [UInt8](room.bytes)
}

/// The kernels against one bit at a time: whole, in two parts, at an odd address, and of a header.
private func checkChecksums(of span: RawSpan, _ bytes: [UInt8], cut: Int) {
    let front = Checksum.crc32(span.extracting(..<cut))
    let behind = span.extracting(cut...)
    expectEqual(front, NaiveDecoder.crc32(Array(bytes[..<cut])), "CRC-32 of \(cut) bytes")
    let rest = NaiveDecoder.crc32(Array(bytes[cut...]))
    expectEqual(Checksum.crc32(behind), rest, "CRC-32 behind \(cut) bytes")
    let whole = NaiveDecoder.crc32(bytes)
    expectEqual(Checksum.crc32(span), whole, "CRC-32 of all bytes")
    expectEqual(Checksum.crc32(behind, continuing: front), whole, "CRC-32 continued at \(cut)")
    if behind.byteCount >= PacketHeader.byteCount {
        let zeroed = bytes[cut..<cut + 20] + [0, 0, 0, 0]
        let checksum = NaiveDecoder.crc32(Array(zeroed))
        expectEqual(Checksum.header(behind), checksum, "the checksum of a header at \(cut)")
    }
}
