// SPDX-License-Identifier: Apache-2.0

import LinnetBytes
import LinnetCodec

let framing = PacketFraming(limits: PacketLimits(maxPacketByteCount: 65_536))

/// Two packets, written in place.
func write() throws -> [UInt8] {
    var memory = [UInt8](repeating: 0, count: 256)
    var elements = memory.mutableSpan
    var writer = PacketWriter(into: elements.mutableBytes, framing: framing)
    try writer.append(payloadByteCount: 8, flags: .payloadChecksum) { payload in
        payload.storeLittleEndian(1_234_567 as UInt64, at: 0)
    }
    try writer.append(payloadByteCount: 0) { _ in }
    let byteCount = writer.byteCount
    return Array(memory.prefix(byteCount))
}

/// Reads packets, however they were cut on their way: here byte by byte.
func read(_ bytes: [UInt8]) throws {
    let pool = try PacketPool()  // mapped once; nothing is allocated for packets later
    guard let magazine = pool.makeMagazine() else { return }
    var parser = StreamParser(framing, pool: pool)
    for byte in bytes {
        _ = try parser.feed(framing, [byte].span.bytes, from: magazine) { packet in
            print("packet \(packet.header.seq): \(packet.payload.byteCount) bytes of payload")
            return .next  // packet.lease() would keep the payload beyond this call
        }
    }
}

var bytes = try write()
try read(bytes)
bytes[9] ^= 4
do { try read(bytes) } catch { print("damaged: \(error)") }
