// SPDX-License-Identifier: Apache-2.0

internal import LinnetSchema

/// The Swift of a schema file.
struct GeneratedFile {
    let text: String

    init(_ schema: Schema, fileName: String) {
        text =
            "// \(fileName) \(schema.name)\npublic enum Dummy\(fileName.split(separator: ".")[0]) { public static let version = \(schema.version) }\n"
    }
}
