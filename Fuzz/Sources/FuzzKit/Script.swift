// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// How a stream is fed and handled. Nine bytes of input choose it: one for the pool and whether to
/// stop half-way, four lengths of segments, and four bytes of verdicts. Both repeat.
public struct Script: Sendable {
    public enum Verdict: UInt8, Sendable {
        case next, nextAndLease, pause, refuse
    }

    /// Bytes of the segments that are fed.
    public let segmentByteCounts: [Int]
    /// What the handler says to one frame after the other.
    public let verdicts: [Verdict]
    /// The pool of the run.
    public let poolShape: PoolShape
    /// The parser is dropped after half of the stream, as when a connection is reset.
    public let isAbandoned: Bool

    public static let whole = Script(segmentByteCounts: [Int.max])
    public static let byteByByte = Script(segmentByteCounts: [1])

    private init(segmentByteCounts: [Int]) {
        self.segmentByteCounts = segmentByteCounts
        verdicts = [.next]
        poolShape = .roomy
        isAbandoned = false
    }

    public init(takenFrom input: inout FuzzInput) {
        let choice = input.takeByte()
        poolShape = PoolShape.allCases[Int(choice & 3)]
        isAbandoned = choice & 4 != 0
        segmentByteCounts = input.takeBytes(count: 4).map {
            $0 < 128 ? Int($0) + 1 : Int($0 - 127) * 16
        }
        verdicts = input.takeBytes(count: 4).flatMap { byte in
            [0, 2, 4, 6].compactMap { Verdict(rawValue: byte >> $0 & 3) }
        }
    }
}

/// Sizes and numbers of blocks. All are small; `roomy` is what suffices if nothing is leased.
public enum PoolShape: CaseIterable, Sendable {
    case roomy, oneBlockOfEach, reserves, oneClass

    /// A new pool, whose largest block just holds the longest frame.
    public func makePool(maxFrameByteCount: Int) -> PacketPool {
        let largest = (maxFrameByteCount + 63) / 64 * 64
        let (sizes, count, reserve) =
            switch self {
            case .roomy: ([512, 4_096], 1, 0)
            case .oneBlockOfEach: ([64, 128, 512], 1, 0)
            case .reserves: ([64, 256], 2, 1)
            case .oneClass: ([], 2, 0)
            }
        let configuration = PacketPool.Configuration(
            blockClasses: (sizes.filter { $0 < largest } + [largest]).map {
                PacketPool.BlockClass(blockByteCount: $0, blockCount: count, reserveCount: reserve)
            },
            maxMagazineCount: 1,
            hasGuardPages: true
        )
        guard let pool = try? PacketPool(configuration) else { fatalError("no memory for a pool") }
        return pool
    }
}
