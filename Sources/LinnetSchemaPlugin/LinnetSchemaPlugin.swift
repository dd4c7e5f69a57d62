// SPDX-License-Identifier: Apache-2.0

// LinnetSchemaPlugin makes Swift of the `.linnet` files of a target whenever one of them changed,
// and fails the build where a schema is wrong or breaks the `schema.lock` beside it. It promises
// that an unchanged target runs nothing. It imports PackagePlugin, and Foundation for URLs.

import Foundation
import PackagePlugin

@main
struct LinnetSchemaPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        guard let target = target as? any SourceModuleTarget else { return [] }
        let urls = target.sourceFiles.map(\.url)
        let schemas = urls.filter { $0.pathExtension == "linnet" }
            .sorted { $0.path() < $1.path() }
        let locks = urls.filter { $0.lastPathComponent == "schema.lock" }
        try checkNames(schemas, locks, beside: urls)
        let tool = try context.tool(named: "linnet-schema").url
        let lockArguments = locks.first.map { ["--lock", $0.path(percentEncoded: false)] } ?? []
        return schemas.map { schema in
            let output = context.pluginWorkDirectoryURL.appending(path: schema.swiftName)
            return .buildCommand(
                displayName: "Generating \(schema.swiftName) from \(schema.lastPathComponent)",
                executable: tool,
                arguments: ["generate", "--output"]
                    + [context.pluginWorkDirectoryURL.path(percentEncoded: false)]
                    + lockArguments + [schema.path(percentEncoded: false)],
                // That the lock's other files are there is checked with each of them.
                inputFiles: Set(schemas + imports(of: schemas) + locks)
                    .sorted { $0.path() < $1.path() },
                outputFiles: [output]
            )
        }
    }

    /// Files that are imported, directly or indirectly, also from elsewhere. What only looks like
    /// an import is one more input, if there is such a file.
    private func imports(of schemas: [URL]) -> [URL] {
        var found: [URL] = []
        var rest = schemas
        while let schema = rest.popLast() {
            let text = (try? String(contentsOf: schema, encoding: .utf8)) ?? ""
            let parts = text.split(separator: "\"", omittingEmptySubsequences: false)
            for (before, name) in zip(parts, parts.dropFirst())
            where before.trimmingCharacters(in: .whitespacesAndNewlines).hasSuffix("import") {
                let url = schema.deletingLastPathComponent().appending(path: name).standardized
                let path = url.path(percentEncoded: false)
                let isThere = FileManager.default.fileExists(atPath: path)
                guard isThere, !name.isEmpty, !found.contains(url) else { continue }
                found.append(url)
                rest.append(url)
            }
        }
        return found
    }

    private func checkNames(_ schemas: [URL], _ locks: [URL], beside files: [URL]) throws {
        var names = Set(files.map(\.lastPathComponent))
        for schema in schemas where !names.insert(schema.swiftName).inserted {
            let path = schema.path(percentEncoded: false)
            throw PluginFailure(
                "\(path):1:1: error: the target has another \(schema.swiftName): rename this file"
            )
        }
        if locks.count > 1 {
            let path = locks[1].path(percentEncoded: false)
            throw PluginFailure("\(path):1:1: error: the target has another schema.lock: keep one")
        }
    }
}

private struct PluginFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension URL {
    /// `trading.swift` of `trading.linnet`.
    fileprivate var swiftName: String {
        deletingPathExtension().lastPathComponent + ".swift"
    }
}
