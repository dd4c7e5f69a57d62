// SPDX-License-Identifier: Apache-2.0

/// The targets that a `Package.swift` declares, read as text.
struct Manifest {
    struct Target {
        /// `target`, `executableTarget`, `testTarget`, `systemLibrary` or `plugin`.
        var kind: String
        var name = ""
        /// Names of targets, and of other packages' products.
        var dependencies: [String] = []
        var folder = ""
        /// Where it is declared.
        var line: Int
        /// Products that are plugins look like targets, but have targets.
        fileprivate var isProduct = false

        /// What an `import` calls it.
        var moduleName: String { name.replacing("-", with: "_") }
        var isInSources: Bool { folder.hasPrefix("Sources/") }
    }

    let path: String
    private(set) var targets: [Target] = []

    private static let kinds: Set = [
        "target", "executableTarget", "testTarget", "systemLibrary", "plugin",
    ]

    init(_ source: SwiftSource) {
        path = source.path
        var rest = source.tokens[...]
        while let token = rest.popFirst() {
            let next = rest.prefix(2).map(\.text)
            guard token.text == ".", next.count == 2, Self.kinds.contains(next[0]), next[1] == "("
            else { continue }
            rest = rest.dropFirst(2)
            let target = Self.target(kind: next[0], line: token.line, takenFrom: &rest)
            if !target.isProduct { targets.append(target) }
        }
    }

    /// Reads the arguments of a target's declaration, with its last parenthesis.
    private static func target(
        kind: String,
        line: Int,
        takenFrom rest: inout ArraySlice<Token>
    ) -> Target {
        var target = Target(kind: kind, line: line)
        var depth = 1
        var label = ""
        var innerLabel = ""
        while depth > 0, let token = rest.popFirst() {
            switch token.text {
            case "(", "[": depth += 1
            case ")", "]": depth -= 1
            default: break
            }
            if rest.first?.text == ":" {
                if depth == 1 { label = token.text }
                innerLabel = token.text
            }
            if label == "targets" { target.isProduct = true }
            guard token.isString else { continue }
            let text = String(token.text.dropFirst().dropLast())
            switch (label, depth, innerLabel) {
            case ("name", 1, _): target.name = text
            case ("path", 1, _): target.folder = text
            case ("dependencies", 2, _), ("dependencies", 3, "name"):
                target.dependencies.append(text)
            default: break
            }
        }
        if target.folder.isEmpty {
            target.folder = (kind == "testTarget" ? "Tests/" : "Sources/") + target.name
        }
        return target
    }
}
