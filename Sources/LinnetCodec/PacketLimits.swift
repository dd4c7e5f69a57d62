// SPDX-License-Identifier: Apache-2.0

/// What a peer accepts. Specs/protocol.md 3.
@frozen
public struct PacketLimits: Hashable, Sendable {
    /// How packets are numbered. Specs/protocol.md 5.
    @frozen
    public enum SequencePolicy: String, Hashable, Sendable, CaseIterable {
        /// The first packet is number 0, each later one has the next number.
        case strict
        /// Any number is accepted.
        case ignore
    }

    /// Versions that are accepted; 1 to 1 by default, the version of level 0.
    public let versions: ClosedRange<UInt16>
    /// Longest packet in bytes, header and trailer included; 1,048,576 by default: large enough for
    /// bulk data, small enough that a thousand peers in the middle of one fit into 1 GiB.
    public let maxPacketByteCount: Int
    /// `strict` by default: on a stream transport any other number means lost or forged bytes.
    public let sequencePolicy: SequencePolicy

    /// - Parameter maxPacketByteCount: 28 to 4,294,967,295.
    public init(
        versions: ClosedRange<UInt16> = 1...1,
        maxPacketByteCount: Int = 1_048_576,
        sequencePolicy: SequencePolicy = .strict
    ) {
        precondition(
            (28...Int(UInt32.max)).contains(maxPacketByteCount),
            "the longest packet has 28 to 4,294,967,295 bytes"
        )
        self.versions = versions
        self.maxPacketByteCount = maxPacketByteCount
        self.sequencePolicy = sequencePolicy
    }
}
