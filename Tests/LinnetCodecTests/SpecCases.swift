// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetCodec
import LinnetTestSupport
import Testing

/// A case of Specs/cases/packets.json.
struct SpecCase: Decodable, Sendable, CustomTestStringConvertible {
    struct Settings: Decodable, Sendable {
        var magic: String?
        var versions: [UInt16]?
        var maxPacketByteCount: Int?
        var sequence: String?
    }

    struct Packet: Decodable, Sendable {
        var version: UInt16
        var flags: UInt16
        var size: UInt32
        var seq: UInt64
        var payload: String
    }

    struct Failure: Decodable, Sendable {
        var name: String
        var field: String
        var offset: Int
        var section: String
        var after: Int?
    }

    var id: String
    var section: String
    var settings: Settings
    var stream: String
    var packets: [Packet]
    var error: Failure?

    var testDescription: String { id }

    static let all: [SpecCase] = load()

    private static func load() -> [SpecCase] {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        do {
            let data = try Data(contentsOf: root.appending(path: "Specs/cases/packets.json"))
            return try JSONDecoder().decode([SpecCase].self, from: data)
        } catch {
            preconditionFailure("Specs/cases/packets.json cannot be read: \(error)")
        }
    }

    var bytes: [UInt8] {
        guard let bytes = [UInt8](hexadecimal: stream) else {
            preconditionFailure("\(id): the stream is not hexadecimal")
        }
        return bytes
    }

    var framing: PacketFraming {
        let magic = settings.magic.flatMap { UInt32($0.dropFirst(2), radix: 16) }
        let versions = settings.versions.map { $0[0]...$0[1] }
        return PacketFraming(
            magic: magic ?? PacketHeader.defaultMagic,
            limits: PacketLimits(
                versions: versions ?? 1...1,
                maxPacketByteCount: settings.maxPacketByteCount ?? 1_048_576,
                sequencePolicy: settings.sequence == "ignore" ? .ignore : .strict
            )
        )
    }

    /// What must come of it.
    var outcome: NaiveOutcome {
        NaiveOutcome(
            packets: packets.map {
                NaivePacket(
                    version: $0.version,
                    flags: $0.flags,
                    size: $0.size,
                    seq: $0.seq,
                    payload: [UInt8](hexadecimal: $0.payload) ?? []
                )
            },
            error: error.map { NaiveError($0.name, $0.field, $0.offset) }
        )
    }
}
