// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetMessages
import LinnetSchema

/// Tables of the schema with every feature, and what is tried on them.
struct EverythingTable {
    let table: SchemaTable
    /// Of the file that it imports.
    let common: SchemaTable

    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Specs/cases/schema")

    /// As of all versions.
    static let shared = EverythingTable(asOf: .max)

    /// What a reader of that version knows.
    init(asOf version: UInt16) {
        table = Self.table("everything.linnet", version)
        common = Self.table("common.linnet", version)
    }

    func message(_ name: String) -> TableMessage? {
        table.message(named: name) ?? common.message(named: name)
    }

    static func schema(_ name: String) -> Schema {
        let path = folder.appending(path: name).path
        let result = SchemaCompiler.compile(path) { path in
            FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        }
        guard let schema = result.schema else {
            preconditionFailure(result.rendered(result.diagnostics))
        }
        return schema
    }

    private static func table(_ name: String, _ version: UInt16) -> SchemaTable {
        SchemaTable(TableEmitter(schema(name).asOf(version: version)).text)
    }

    /// The test vectors (Specs/schema.md §8).
    static func vectors() throws -> [MessageVector] {
        let data = try Data(contentsOf: folder.appending(path: "vectors.json"))
        return try JSONDecoder().decode([MessageVector].self, from: data)
    }
}

/// A case of Specs/cases/schema/vectors.json.
struct MessageVector: Decodable {
    struct Failure: Decodable {
        var cause: String
        var offset: Int
        var path: String
    }

    var id: String
    var message: String
    var hex: String?
    var json: String?
    var error: Failure?
    /// Version of the reader's schema.
    var reader: UInt16?
    /// JSON to be written, and the version of the peer.
    var input: String?
    var `for`: UInt16?
    /// What was read is not what would be written.
    var readOnly: Bool?
}
