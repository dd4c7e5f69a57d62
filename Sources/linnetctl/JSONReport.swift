// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import LinnetBytes
internal import LinnetCodec

/// An analysis as one JSON object for programs. The names of its members are stable.
///
/// Offsets are from the capture's first byte. `seq` and `expectedSeq` are integers of 64 bits: a
/// reader that makes floating-point numbers of them loses digits. `packets` has those whose header
/// is right, whatever their verdict; `errors` has all that are wrong. A number joins the two.
package struct JSONReport: Encodable {
    private let packets: [Packet]
    private let errors: [Failure]
    private let skipped: [Skipped]
    private let summary: Summary

    package init(_ analysis: CaptureAnalysis) {
        packets = analysis.packets.compactMap { Packet($0, in: analysis) }
        errors = analysis.packets.compactMap(Failure.init)
        skipped = analysis.skippedRanges.map { Skipped(offset: $0.lowerBound, byteCount: $0.count) }
        summary = Summary(analysis)
    }

    /// The object as text, members in alphabetical order.
    package func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension JSONReport {
    private struct Packet: Encodable {
        let number: Int
        let offset: Int
        let verdict: String
        let version: UInt16
        let flags: UInt16
        let flagNames: [String]
        let size: UInt32
        let seq: UInt64
        /// There if the analysis went on counting from `seq` though another number was expected.
        let expectedSeq: UInt64?
        /// Hexadecimal; as much of it as is there.
        let payload: String
        /// What the trailer says, if all of it is there.
        let payloadChecksum: UInt32?

        init?(_ packet: PacketFinding, in analysis: CaptureAnalysis) {
            guard let header = packet.header else { return nil }
            number = packet.number
            offset = packet.offset
            verdict = packet.verdict
            version = header.version
            flags = header.flags.rawValue
            flagNames = header.flags.names
            size = header.size
            seq = header.seq
            expectedSeq = packet.expectedSeq
            payload = analysis.bytes[packet.payloadRange ?? 0..<0].hexadecimal()
            payloadChecksum = packet.trailerRange.flatMap { trailer in
                guard trailer.count == 4 else { return nil }
                return analysis.bytes.bytes.loadLittleEndian(at: trailer.lowerBound)
            }
        }
    }

    private struct Failure: Encodable {
        let number: Int
        let name: String
        let field: String
        /// Of the field.
        let offset: Int
        let packetOffset: Int
        /// Of Specs/protocol.md.
        let section: String
        let explanation: String
        let hint: String?

        init?(_ packet: PacketFinding) {
            guard let error = packet.error else { return nil }
            number = packet.number
            name = error.code.rawValue
            field = error.field.rawValue
            offset = packet.offset + error.byteOffset
            packetOffset = packet.offset
            section = error.section
            explanation = error.explanation
            hint = packet.hint
        }
    }

    private struct Skipped: Encodable {
        let offset: Int
        let byteCount: Int
    }

    private struct Summary: Encodable {
        let byteCount: Int
        /// Packets that are right.
        let packetCount: Int
        let errorCount: Int
        /// Only names that occur.
        let errorCountByName: [String: Int]
        let skippedByteCount: Int

        init(_ analysis: CaptureAnalysis) {
            let counts = analysis.counts
            byteCount = analysis.bytes.count
            packetCount = counts.ok.packetCount
            errorCount = counts.all.packetCount - counts.ok.packetCount
            skippedByteCount = counts.skippedByteCount
            errorCountByName = Dictionary(
                uniqueKeysWithValues: counts.errors.map { ($0.rawValue, $1.packetCount) }
            )
        }
    }
}
