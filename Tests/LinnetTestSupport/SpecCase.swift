// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A case of Specs/cases/packets.json.
public struct SpecCase: Decodable, Sendable {
    public struct Settings: Decodable, Sendable {
        public var magic: String?
        public var versions: [UInt16]?
        public var maxPacketByteCount: Int?
        public var sequence: String?
    }

    public struct Packet: Decodable, Sendable {
        public var version: UInt16
        public var flags: UInt16
        public var size: UInt32
        public var seq: UInt64
        public var payload: String
    }

    public struct Failure: Decodable, Sendable {
        public var name: String
        public var field: String
        public var offset: Int
        public var section: String
        public var after: Int?
    }

    public var id: String
    public var section: String
    public var settings: Settings
    public var stream: String
    public var packets: [Packet]
    public var error: Failure?

    public static let all: [SpecCase] = load()

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

    public var bytes: [UInt8] {
        guard let bytes = [UInt8](hexadecimal: stream) else {
            preconditionFailure("\(id): the stream is not hexadecimal")
        }
        return bytes
    }

    /// What must come of it.
    public var outcome: NaiveOutcome {
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

extension SpecCase: CustomStringConvertible {
    public var description: String { id }
}
