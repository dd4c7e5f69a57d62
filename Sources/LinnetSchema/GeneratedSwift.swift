// SPDX-License-Identifier: Apache-2.0

/// All of the Swift that is made from a schema file, for the programs that write it.
public struct GeneratedSwift: Sendable {
    /// The name of the file: `trading.swift` for `trading.linnet`.
    public let fileName: String
    public let text: String
    /// Why the text does not compile: names that collide in Swift. Errors of the schema file.
    public let problems: [Diagnostic]

    /// O(schema).
    public init(_ file: SchemaSet.File) {
        let name = file.source.path.split(separator: "/").last.map(String.init) ?? ""
        fileName = (name.hasSuffix(".linnet") ? String(name.dropLast(7)) : name) + ".swift"
        let emitter = SwiftEmitter(file.schema, fileName: name)
        text = emitter.file()
        let place = SchemaPlaces(file.source.text).place(of: [])
        problems = emitter.problems.map { problem in
            Diagnostic(
                severity: .error,
                rule: "swift-name",
                message: problem,
                fix: nil,
                path: file.source.path,
                line: place.line,
                column: place.column
            )
        }
    }
}
