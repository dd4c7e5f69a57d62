// SPDX-License-Identifier: Apache-2.0

package import Foundation
package import LinnetCodec

/// What the bytes of one direction of a connection are: a list of findings that covers every byte
/// once.
///
/// A receiver stops at the first error (Specs/protocol.md 6.1). An analysis goes on, so that one
/// look shows all that is wrong. Pure: the same bytes and framing give the same analysis. O(bytes),
/// but for hints, which look a second time at a packet in error.
package struct CaptureAnalysis: Sendable {
    /// What stands next in the capture.
    package enum Finding: Hashable, Sendable {
        case packet(PacketFinding)
        /// Bytes that belong to no packet, behind one whose header could not be believed.
        case skipped(Range<Int>)
    }

    package let bytes: Data
    package let framing: PacketFraming
    package let findings: [Finding]

    /// - Parameter bytes: a capture that begins at index 0.
    package init(of bytes: Data, framing: PacketFraming = PacketFraming()) {
        precondition(bytes.startIndex == 0, "offsets count from the capture's first byte")
        var walk = CaptureWalk(bytes: bytes, framing: framing)
        walk.run()
        self.bytes = bytes
        self.framing = framing
        findings = walk.findings
    }

    /// All packets, right and wrong, in order.
    package var packets: [PacketFinding] {
        findings.compactMap { if case .packet(let packet) = $0 { packet } else { nil } }
    }

    /// All ranges that belong to no packet, in order.
    package var skippedRanges: [Range<Int>] {
        findings.compactMap { if case .skipped(let range) = $0 { range } else { nil } }
    }

    package var counts: CaptureCounts { CaptureCounts(of: findings) }

    /// The error at which a receiver stops.
    package var firstError: PacketFinding? {
        packets.first { $0.error != nil }
    }
}

/// One packet of a capture, or what should have been one.
package struct PacketFinding: Hashable, Sendable {
    /// 1 for the first of the capture; packets in error count.
    package var number: Int
    /// Bytes of the capture that are this packet's; empty if the header cannot be believed.
    package var range: Range<Int>
    /// The header, if its magic and its checksum are right.
    package var header: PacketHeader?
    /// The first check that failed.
    package var error: PacketError?
    /// What may have caused the error, and what to do.
    package var hint: String?
    /// Where the analysis took the packet's `seq` as the new count: the number that should have
    /// come.
    package var expectedSeq: UInt64?

    /// Offset of the packet's first byte in the capture.
    package var offset: Int { range.lowerBound }

    /// `ok`, or the name of the error.
    package var verdict: String { error?.code.rawValue ?? "ok" }

    /// Where the payload stands in the capture, as far as it is there; `nil` if `size` has no room
    /// for it.
    package var payloadRange: Range<Int>? {
        guard let header, header.size >= header.minSize else { return nil }
        return absolute(header.payloadRange)
    }

    /// Where the trailer stands in the capture, as far as it is there; `nil` if there is none.
    package var trailerRange: Range<Int>? {
        guard
            let header, header.size >= header.minSize, header.flags.contains(.payloadChecksum)
        else { return nil }
        return absolute(header.payloadRange.upperBound..<Int(header.size))
    }

    private func absolute(_ part: Range<Int>) -> Range<Int> {
        (part.lowerBound + offset..<part.upperBound + offset).clamped(to: range)
    }
}
