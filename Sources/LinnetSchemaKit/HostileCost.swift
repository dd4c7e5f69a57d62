// SPDX-License-Identifier: Apache-2.0

internal import LinnetMessages

/// What the worst of many hostile messages of about one size costs to verify: as full of
/// entries, ends
/// and long texts as the bounds permit, whole and damaged at their end, where it shows last.
public struct HostileCost: Sendable, Hashable {
    public var byteCount: Int
    public var nanoseconds: Double
    /// What kind of message was the worst.
    public var kind: String

    public var nanosecondsPerByte: Double { nanoseconds / Double(byteCount) }

    /// The worst of each size, from 256 bytes up, each four times the one before.
    static func measure(_ subject: KitSubject, maxByteCount: Int) -> [HostileCost] {
        var costs: [HostileCost] = []
        var size = 256
        while size <= max(256, min(maxByteCount, subject.message.maxByteCount * 4)) {
            var worst: HostileCost?
            for (bytes, kind) in messages(subject, byteCount: size) {
                // Messages that do not reach the size belong to a smaller one.
                guard bytes.count * 8 >= size || size == 256, !bytes.isEmpty else { continue }
                let cost = HostileCost(
                    byteCount: bytes.count,
                    nanoseconds: least(subject, bytes),
                    kind: kind
                )
                if cost.nanosecondsPerByte > worst?.nanosecondsPerByte ?? 0 { worst = cost }
            }
            if let worst { costs.append(worst) }
            size *= 4
        }
        return costs
    }

    /// The least of a few measurements: what disturbs them only adds.
    private static func least(_ subject: KitSubject, _ bytes: [UInt8]) -> Double {
        let count = max(1, 20_000 / bytes.count)
        return (0..<5).map { _ in subject.verify([bytes], count) / Double(count) }.min() ?? 0
    }

    private static func messages(
        _ subject: KitSubject,
        byteCount: Int
    ) -> [(bytes: [UInt8], kind: String)] {
        var samples = MessageSamples(seed: UInt64(byteCount))
        var messages: [(bytes: [UInt8], kind: String)] = []
        for style in MessageSamples.Style.allCases {
            for _ in 0..<3 {
                let bytes = samples.message(
                    subject.message,
                    version: subject.version,
                    style: style,
                    maxByteCount: byteCount
                )
                messages.append((bytes, "\(style)"))
                var damaged = bytes
                damaged[damaged.count - 1] ^= 0xFF
                messages.append((damaged, "\(style), last byte changed"))
                messages.append((bytes + [0], "\(style), a byte too long"))
                // The last byte that is not zero is that of a count, an end or a text.
                if let index = bytes.lastIndex(where: { $0 != 0 }), index >= 8 {
                    var damaged = bytes
                    damaged[index] ^= 0x80
                    messages.append((damaged, "\(style), a late byte changed"))
                }
            }
        }
        return messages
    }
}
