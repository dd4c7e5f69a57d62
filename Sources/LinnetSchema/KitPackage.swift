// SPDX-License-Identifier: Apache-2.0

/// The files of a schema's safety kit: a package of its own, so that the sanitizer's flags never
/// reach
/// the user's. It has the messages of today and those of each older version as generated code,
/// and runs
/// them against each other. What it checks is in `LinnetSchemaKit`.
///
/// The same schemas give the same files. Golden messages are not among them.
public struct KitPackage: Sendable {
    /// The folder that it is written to, if nobody says another: `prices-kit`.
    public let name: String
    /// The contents of each file by its path in the folder.
    public let files: [String: String]
    /// Why there can be no kit: names that collide.
    public let problems: [String]

    /// - Parameters:
    ///   - files: the schemas and all that they import. The first gives the kit its name.
    ///   - linnet: where the package of Linnet is: a path, or a URL.
    public init(_ files: [SchemaSet.File], linnet: String) {
        let clean = files.map { file in
            let name = file.source.path.split(separator: "/").last.map(String.init) ?? ""
            return (fileName: name, schema: file.schema.withoutDeprecations)
        }
        let newest = clean.map(\.schema.version).max() ?? 1
        name = (files.first?.schema.name.last ?? "schema") + "-kit"
        var texts = KitTexts(name: name, newest: newest, linnet: linnet).files
        for version in 1...newest {
            let folder = "Sources/" + KitTexts.module(version, newest: newest)
            var messages: [String] = []
            for (fileName, schema) in clean {
                let schema = schema.asOf(version: version)
                let base = fileName.hasSuffix(".linnet") ? fileName.dropLast(7) : fileName[...]
                texts["\(folder)/\(base).swift"] =
                    SwiftEmitter(schema, fileName: fileName, messagesOnly: true).file()
                texts["\(folder)/\(base)Walk.swift"] = KitEmitter(schema).file()
                messages += schema.messages.map(\.name)
            }
            texts["\(folder)/KitMessages.swift"] =
                KitTexts.list(messages, version, isNewest: version == newest)
        }
        self.files = texts
        problems =
            Self.collisions(in: clean.map(\.schema))
            + clean.flatMap { SwiftEmitter($0.schema, fileName: $0.fileName).problems }
    }

    /// Names of types of a kit.
    private static let reservedTypes: Set = [
        "Kit", "KitMessages", "KitBenchmark", "KitBlock", "KitMessage", "KitUnion", "KitValue",
        "KitWalk", "LinnetSchemaKit", "Messages", "SchemaKit",
    ]

    private static func collisions(in schemas: [Schema]) -> [String] {
        var seen: Set<String> = []
        var problems: [String] = []
        for declaration in schemas.flatMap(\.declarations) {
            if case .constant = declaration { continue }
            if reservedTypes.contains(declaration.name) {
                problems.append("`\(declaration.name)` is the name of a type of the kit")
            }
            if !seen.insert(declaration.name).inserted {
                problems.append(
                    "`\(declaration.name)` is declared in two of the files: make a kit of each"
                )
            }
        }
        return problems
    }
}
