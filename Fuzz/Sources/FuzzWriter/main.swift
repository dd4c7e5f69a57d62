// SPDX-License-Identifier: Apache-2.0

// A sequence of packets, written: the bytes are those of the naive encoder, both decoders read them
// back, what is refused leaves no trace, and a packet can be numbered again.
//
// Input: a byte of settings, two of room, one of version (0: the default), eight of the first seq,
// then the packets (see Order).

import FuzzKit
import LinnetBytes
import LinnetCodec
import LinnetTestSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzWriter(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // SAFETY: libFuzzer passes `count` bytes at `start` that stay until this returns.
    var input = unsafe FuzzInput(start: start, count: count)
    let settings = PacketSettings(input.takeByte())
    let room = Int(input.takeNumber(UInt16.self)) % 2_048
    let ownVersion = input.takeByte()
    let version = ownVersion == 0 ? settings.naive.versions.upperBound : UInt16(ownVersion)
    let seq = input.takeNumber(UInt64.self)
    var orders: [Order] = []
    while !input.isEmpty { orders.append(Order(takenFrom: &input)) }
    let plan = Plan(orders, settings.framing, version: version, seq: seq, room: room)
    for place in PlacedBytes.Place.allCases {
        var memory = PlacedBytes(Array(repeating: Plan.oldByte, count: room), in: place)
        var writer = PacketWriter(
            into: memory.mutableBytes,
            framing: settings.framing,
            version: ownVersion == 0 ? nil : version,
            startingAt: seq
        )
        write(orders, plan, to: &writer)
        expectEqual([UInt8](memory.bytes), plan.bytes, "the bytes that were written")
        checkReading(memory.bytes, plan, settings, version: version, seq: seq)
        for (offset, seq) in plan.renumberings {
            var packets = memory.mutableBytes
            var packet = packets._mutatingExtracting(offset..<room)
            PacketWriter.number(packetIn: &packet, seq: seq)
        }
        expectEqual([UInt8](memory.bytes), plan.renumberedBytes, "numbered again")
    }
    return 0
}

private func write(_ orders: [Order], _ plan: Plan, to writer: inout PacketWriter) {
    for (order, step) in zip(orders, plan.steps) {
        let (byteCount, seq) = (writer.byteCount, writer.nextSeq)
        let refusal = order.write(to: &writer)
        switch step {
        case .written(let packetByteCount):
            expectEqual(refusal, nil, "the refusal of \(order)")
            expectEqual(writer.byteCount, byteCount + packetByteCount, "bytes after \(order)")
            expectEqual(writer.nextSeq, seq &+ 1, "the next seq after \(order)")
        case .refused(let expected):
            expectEqual(refusal, expected, "the refusal of \(order)")
            expectEqual(writer.byteCount, byteCount, "bytes after the refusal of \(order)")
            expectEqual(writer.nextSeq, seq, "the next seq after the refusal of \(order)")
        }
    }
}

/// Both decoders read what was written, under settings that accept it and under those of the input.
private func checkReading(
    _ room: RawSpan,
    _ plan: Plan,
    _ settings: PacketSettings,
    version: UInt16,
    seq: UInt64
) {
    let written = room.extracting(first: plan.packets.reduce(0) { $0 + Int($1.size) })
    let plain = [UInt8](written)
    let limits = PacketLimits(versions: version...version)
    let accepting = PacketFraming(magic: settings.framing.magic, limits: limits)
    let found = NaiveOutcome(decodingInPlace: written, framing: accepting, startingAt: seq)
    expectEqual(found, NaiveOutcome(packets: plan.packets), "read back")

    var naive = settings.naive
    naive.versions = version...version
    naive.isStrict = false
    let expected = seen(naive.decode(plain))
    expectEqual(expected, NaiveOutcome(packets: plan.packets), "read back by the naive decoder")

    let own = NaiveOutcome(decodingInPlace: written, framing: settings.framing)
    expectEqual(own, settings.naive.decode(plain), "read back under the settings of the input")
}

/// The outcome as the oracles see it.
private func seen(_ outcome: NaiveOutcome) -> NaiveOutcome {
    var outcome = outcome
    guard canaryIsPlanted else { return outcome }
    for index in outcome.packets.indices where outcome.packets[index].flags & 2 != 0 {
        guard outcome.packets[index].payload.count == 7 else { continue }
        outcome.packets[index].payload[6] ^= 1
    }
    return outcome
}
