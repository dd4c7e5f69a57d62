// SPDX-License-Identifier: Apache-2.0

package import Foundation
internal import LinnetBytes

/// The payloads of a load: each differs from the others, and who knows its number and its time
/// knows every byte of it.
///
/// The first eight bytes are the number of the packet in its connection, the next eight the time in
/// nanoseconds, as much of both as finds room; a fixed pattern follows.
package struct LoadPayload: Sendable {
    /// As it goes out, with the last stamps.
    package private(set) var bytes: Data

    private static let stampByteCount = 16

    package init(byteCount: Int) {
        bytes = Data((0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ 7) })
    }

    /// What is wrong with a reply.
    package enum Fault: String, CaseIterable, Sendable {
        case wrongLength = "replies of another length"
        case wrongOrder = "replies out of order"
        case wrongBytes = "replies with other bytes"
    }

    package mutating func stamp(number: UInt64, time: UInt64) {
        put(number, at: 0)
        put(time, at: 8)
    }

    private mutating func put(_ stamp: UInt64, at offset: Int) {
        var raw = bytes.mutableBytes
        if raw.byteCount >= offset + 8 { return raw.storeLittleEndian(stamp, at: offset) }
        for index in offset..<max(offset, raw.byteCount) {
            let byte = UInt8(truncatingIfNeeded: stamp >> UInt64((index - offset) * 8))
            raw.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
        }
    }

    /// What is wrong with the reply to the packet that had these stamps; `nil` if all of it came
    /// back. O(bytes).
    package func fault(in reply: RawSpan, number: UInt64, time: UInt64) -> Fault? {
        guard reply.byteCount == bytes.count else { return .wrongLength }
        let numberIsRight = holds(number, at: 0, reply)
        if numberIsRight, holds(time, at: 8, reply), patternIsRight(in: reply) { return nil }
        // Another packet's reply is right but for its stamps.
        return !numberIsRight && patternIsRight(in: reply) ? .wrongOrder : .wrongBytes
    }

    private func holds(_ stamp: UInt64, at offset: Int, _ reply: RawSpan) -> Bool {
        if reply.byteCount >= offset + 8 {
            return reply.loadLittleEndian(at: offset, as: UInt64.self) == stamp
        }
        for index in offset..<max(offset, reply.byteCount) {
            let byte = UInt8(truncatingIfNeeded: stamp >> UInt64((index - offset) * 8))
            guard reply.loadLittleEndian(at: index, as: UInt8.self) == byte else { return false }
        }
        return true
    }

    private func patternIsRight(in reply: RawSpan) -> Bool {
        let own = bytes.bytes
        var offset = min(Self.stampByteCount, own.byteCount)
        while offset + 8 <= own.byteCount {
            let word: UInt64 = own.loadLittleEndian(at: offset)
            guard reply.loadLittleEndian(at: offset, as: UInt64.self) == word else { return false }
            offset += 8
        }
        while offset < own.byteCount {
            let byte: UInt8 = own.loadLittleEndian(at: offset)
            guard reply.loadLittleEndian(at: offset, as: UInt8.self) == byte else { return false }
            offset += 1
        }
        return true
    }
}
