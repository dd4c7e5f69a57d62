// SPDX-License-Identifier: Apache-2.0

// LinnetSchemaCommand is `swift package linnet-schema`: it runs the tool over the `.linnet` files
// of the package's targets, for what writes to the source tree or belongs to no build. It promises
// to write `schema.lock` and, if asked to generate, Swift files beside the schemas; nothing else.
// It imports PackagePlugin, and Foundation to run the tool.

import Foundation
import PackagePlugin

@main
struct LinnetSchemaCommand: CommandPlugin {
    private static let usage = """
        USAGE: swift package linnet-schema COMMAND [--target NAME]...

          lock      accepts the schemas as they are: writes schema.lock
          check     says what is wrong, and what breaks or is not in schema.lock
          diff      says what differs from schema.lock
          generate  writes NAME.swift beside NAME.linnet; needless where LinnetSchemaPlugin is used
          kit       writes TARGET-kit, a package that tests, fuzzes and measures the messages
        """

    private static let commands: Set = ["lock", "check", "diff", "generate", "kit"]

    func performCommand(context: PluginContext, arguments: [String]) async throws {
        var extractor = ArgumentExtractor(arguments)
        let names = extractor.extractOption(named: "target")
        let isHelp = extractor.extractFlag(named: "help") > 0
        let rest = extractor.remainingArguments
        guard !isHelp, rest.count == 1, Self.commands.contains(rest[0])
        else {
            print(Self.usage)
            if isHelp { return }
            throw CommandFailure(description: "say what to do")
        }
        let targets =
            try names.isEmpty
            ? context.package.targets
            : context.package.targets(named: names)
        let tool = try context.tool(named: "linnet-schema").url
        var isDone = false
        for target in targets.compactMap({ $0 as? any SourceModuleTarget }) {
            guard let schemas = TargetSchemas(target) else { continue }
            isDone = true
            if rest[0] == "kit" {
                try run(tool, schemas.kitArguments(target, in: context.package))
                continue
            }
            for arguments in schemas.arguments(for: rest[0]) { try run(tool, arguments) }
        }
        if !isDone { throw CommandFailure(description: "no target has a .linnet file") }
    }

    private func run(_ tool: URL, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = tool
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        if process.terminationReason != .exit || process.terminationStatus != 0 {
            throw CommandFailure(description: "linnet-schema \(arguments[0]) failed, see above")
        }
    }
}

/// The schemas of a target, and their lock.
private struct TargetSchemas {
    let files: [String]
    let lock: String
    let isLocked: Bool

    init?(_ target: any SourceModuleTarget) {
        let urls = target.sourceFiles.map(\.url)
        let schemas = urls.filter { $0.pathExtension == "linnet" }
        guard let first = schemas.first else { return nil }
        files = schemas.map { $0.path(percentEncoded: false) }.sorted()
        let existing = urls.first { $0.lastPathComponent == "schema.lock" }
        isLocked = existing != nil
        let folder = first.deletingLastPathComponent()
        let isOneFolder = schemas.allSatisfy { $0.deletingLastPathComponent() == folder }
        lock =
            (existing
            ?? (isOneFolder ? folder : target.directoryURL).appending(path: "schema.lock"))
            .path(percentEncoded: false)
    }

    /// The kit stands beside the targets' folder, and finds Linnet where the package finds it.
    func kitArguments(_ target: any Target, in package: Package) throws -> [String] {
        let linnet = package.dependencies.map(\.package).first { dependency in
            dependency.products.contains { $0.name == "LinnetSchemaKit" }
        }
        guard
            let linnet = linnet
                ?? (package.products.contains { $0.name == "LinnetSchemaKit" } ? package : nil)
        else { throw CommandFailure(description: "the package does not depend on Linnet") }
        let folder = package.directoryURL.appending(path: target.name + "-kit")
        return [
            "kit", "--output", folder.path(percentEncoded: false), "--linnet",
            linnet.directoryURL.path(percentEncoded: false),
        ] + files
    }

    /// Of one run of the tool each.
    func arguments(for command: String) -> [[String]] {
        if command == "generate" {
            return files.map { file in
                let folder = URL(filePath: file).deletingLastPathComponent()
                return ["generate", "--output", folder.path(percentEncoded: false), file]
            }
        }
        let needsLock = isLocked || command != "check"
        return [[command] + (needsLock ? ["--lock", lock] : []) + files]
    }
}

private struct CommandFailure: Error, CustomStringConvertible {
    let description: String
}
