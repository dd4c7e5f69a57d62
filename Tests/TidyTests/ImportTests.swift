// SPDX-License-Identifier: Apache-2.0

import Testing

/// Imports follow the path of a packet.
struct ImportTests {
    @Test func `Package.swift declares the targets in the order of the design`() {
        expectNone(orderViolations(in: Repository.current.manifest))
    }

    @Test func `each file of Sources belongs to a target`() {
        let paths = Repository.current.paths(below: "Sources")
        expectNone(strayViolations(paths, in: Repository.current.manifest))
    }

    @Test
    func `a target imports what it declares, declares what it imports, and both stand above it`() {
        let manifest = Repository.current.manifest
        for target in manifest.targets {
            let sources = Repository.current.swiftSources.filter {
                $0.path.hasPrefix(target.folder + "/")
            }
            expectNone(importViolations(of: target, in: manifest, sources))
        }
    }

    @Test func `a target out of order and one that the design does not know are found`() {
        let manifest = Manifest(
            SwiftSource(
                path: "Package.swift",
                text: """
                    .plugin(name: "Product", targets: ["Extra"]),
                    .target(name: "LinnetCodec"),
                    .target(name: "LinnetBytes"),
                    .target(name: "Extra"),
                    .target(name: "CTestSupport", path: "Tests/CTestSupport"),
                    """
            )
        )
        #expect(orderViolations(in: manifest).map(\.line) == [3, 4])
        let paths = ["Sources/LinnetCodec/A.swift", "Sources/Gone/A.swift", "Sources/A.swift"]
        #expect(strayViolations(paths, in: manifest).map(\.path) == Array(paths.dropFirst()))
    }

    @Test(arguments: [
        ("import LinnetBytes", [String]()),
        ("import LinnetBytes\n@testable internal import struct LinnetMessages.A", ["above"]),
        ("import LinnetBytes\nimport CLinnet", ["declare"]),
        ("", ["remove"]),
        ("import LinnetBytes\nimport Foundation", ["Foundation"]),
        ("import LinnetBytes\nimport Logging", ["Foundation", "declare"]),
    ])
    func `wrong imports and dependencies are found`(text: String, advice: [String]) {
        let manifest = Manifest(
            SwiftSource(
                path: "Package.swift",
                text: """
                    .target(name: "CLinnet"),
                    .target(name: "LinnetBytes"),
                    .target(name: "LinnetCodec", dependencies: ["LinnetBytes"]),
                    .target(
                        name: "LinnetMessages",
                        dependencies: [.product(name: "Logging", package: "swift-log")]
                    )
                    """
            )
        )
        #expect(manifest.targets[3].dependencies == ["Logging"])
        let source = SwiftSource(path: "Sources/LinnetCodec/A.swift", text: text)
        let found = importViolations(of: manifest.targets[2], in: manifest, [source])
        #expect(found.count == advice.count)
        #expect(zip(found, advice).allSatisfy { $0.advice.contains($1) }, "\(found)")
    }
}

/// The targets of Sources, in the order of the design's table: a target imports those before it.
private let order = [
    "CLinnet", "CZlib", "LinnetBytes", "LinnetCodec", "LinnetMessages", "LinnetSchemaKit",
    "LinnetConnections",
    "LinnetEvents", "LinnetPollers", "LinnetTransports", "LinnetSimulation", "Linnet",
    "LinnetSchema", "linnet-schema", "LinnetSchemaPlugin", "LinnetSchemaCommand",
    "LinnetConformance", "linnetctl",
]
/// Modules of the toolchain that every target may import.
private let systemModules: Set = ["Glibc", "Synchronization"]
/// Modules of the toolchain that no target below the front door may import.
private let largeModules: Set = ["Dispatch", "Foundation", "PackagePlugin", "Testing"]

private func orderViolations(in manifest: Manifest) -> [Violation] {
    var highest = -1
    var violations: [Violation] = []
    for target in manifest.targets where target.isInSources {
        guard let place = order.firstIndex(of: target.name), place > highest else {
            let advice = "\(target.name) does not stand where the design's table has it: move it"
            violations.append(Violation(manifest.path, target.line, advice))
            continue
        }
        highest = place
    }
    return violations
}

private func strayViolations(_ paths: [String], in manifest: Manifest) -> [Violation] {
    paths.filter { path in !manifest.targets.contains { path.hasPrefix($0.folder + "/") } }
        .map { Violation($0, 1, "is in no target's folder: declare the target or delete the file") }
}

private func importViolations(
    of target: Manifest.Target,
    in manifest: Manifest,
    _ sources: [SwiftSource]
) -> [Violation] {
    let place = order.firstIndex(of: target.name) ?? order.endIndex
    let isBelowFrontDoor = target.isInSources && place < order.firstIndex(of: "Linnet") ?? 0
    let targets = Dictionary(manifest.targets.map { ($0.moduleName, $0) }) { first, _ in first }
    let declared = Set(target.dependencies.map { $0.replacing("-", with: "_") })
    var unused = declared
    var violations: [Violation] = []
    for source in sources {
        for (module, line) in imports(in: source) where !systemModules.contains(module) {
            unused.remove(module)
            func report(_ advice: String) {
                violations.append(Violation(source.path, line, advice))
            }
            let name = targets[module]?.name ?? module
            if target.isInSources, let other = order.firstIndex(of: name), other >= place {
                report("\(module) does not stand above \(target.name): turn the import round")
                continue
            }
            if isBelowFrontDoor, targets[module] == nil {
                report("no Foundation and no package below Linnet: do without \(module)")
            }
            if !declared.contains(module), !largeModules.contains(module) {
                report("declare \(module) as a dependency of \(target.name) in Package.swift")
            }
        }
    }
    // Plugins and tests may depend on a program to run it.
    let isRunner = ["plugin", "testTarget"].contains(target.kind)
    for module in unused.sorted() where !(isRunner && targets[module]?.kind == "executableTarget") {
        let advice = "no file of \(target.name) imports \(module): remove the dependency"
        violations.append(Violation(manifest.path, target.line, advice))
    }
    return violations
}

/// The modules that a file imports.
private func imports(in source: SwiftSource) -> [(module: String, line: Int)] {
    let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
    return source.tokens.indices.compactMap { index in
        guard source.tokens[index].text == "import" else { return nil }
        let names = source.tokens[(index + 1)...].prefix(2).map(\.text)
        let name = names.first.map { kinds.contains($0) ? names.last ?? $0 : $0 }
        return name.map { ($0, source.tokens[index].line) }
    }
}
