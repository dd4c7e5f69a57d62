// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetCodec
import LinnetTestSupport
import Testing
import linnetctl

@Suite("Up to the first error an analysis is what a receiver sees")
struct AgreementTests {
    @Test("it agrees with each case of the specification", arguments: try SpecCase.all())
    func specCases(_ spec: SpecCase) throws {
        let capture = try Data(hexadecimal: Data(spec.stream.utf8))
        let analysis = CaptureAnalysis(of: capture, framing: spec.framing)
        let right = analysis.packets.prefix { $0.error == nil }
        #expect(right.map { $0.header?.seq } == spec.packets.map(\.seq))
        #expect(
            right.map { capture[$0.payloadRange ?? 0..<0].hexadecimal() }
                == spec.packets.map(\.payload)
        )
        let error = analysis.firstError?.error
        #expect(error?.code.rawValue == spec.error?.name)
        #expect(error?.byteOffset == spec.error?.offset)
        #expect(error?.section == spec.error?.section)
    }

    @Test("it agrees with a naive decoder, and covers each byte once", arguments: 0..<500)
    func damagedStreams(seed: Int) {
        var mutator = StreamMutator(seed: UInt64(seed))
        let stream = mutator.stream() + mutator.stream()
        let outcome = NaiveDecoder().decode(stream)
        let analysis = CaptureAnalysis(of: Data(stream))
        let right = analysis.packets.prefix { $0.error == nil }
        #expect(right.map { $0.header?.seq } == outcome.packets.map(\.seq))
        #expect(analysis.firstError?.verdict == outcome.error?.name)
        var offset = 0
        for finding in analysis.findings {
            let range =
                switch finding {
                case .packet(let packet): packet.range
                case .skipped(let range): range
                }
            #expect(range.lowerBound == offset)
            offset = range.upperBound
        }
        #expect(offset == stream.count)
        #expect(!TextReport(analysis).text.isEmpty)
    }
}

/// A case of Specs/cases/packets.json.
struct SpecCase: Decodable, Sendable, CustomTestStringConvertible {
    struct Settings: Decodable {
        let magic: String?
        let versions: [UInt16]?
        let maxPacketByteCount: Int?
        let sequence: String?
    }

    struct Packet: Decodable {
        let seq: UInt64
        let payload: String
    }

    struct Failure: Decodable {
        let name: String
        let offset: Int
        let section: String
    }

    let id: String
    let settings: Settings
    let stream: String
    let packets: [Packet]
    let error: Failure?

    var testDescription: String { id }

    var framing: PacketFraming {
        let magic = settings.magic.flatMap { UInt32($0.dropFirst(2), radix: 16) }
        let versions = settings.versions ?? [1, 1]
        return PacketFraming(
            magic: magic ?? PacketHeader.defaultMagic,
            limits: PacketLimits(
                versions: versions[0]...versions[1],
                maxPacketByteCount: settings.maxPacketByteCount ?? 1_048_576,
                sequencePolicy: settings.sequence == "ignore" ? .ignore : .strict
            )
        )
    }

    static func all() throws -> [SpecCase] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "../Specs/cases/packets.json")
        return try JSONDecoder().decode([SpecCase].self, from: Data(contentsOf: file))
    }
}
