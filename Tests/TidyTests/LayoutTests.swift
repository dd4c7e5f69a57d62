// SPDX-License-Identifier: Apache-2.0

import Testing

/// The repository is laid out as agreed.
struct LayoutTests {
    /// DocC wants the title of a page on its first line.
    @Test func `each source and script names its license on its first line, a page there or last`()
    {
        for path in Repository.current.paths {
            expectNone(licenseViolations(path, text: Repository.current.texts[path] ?? ""))
        }
    }

    @Test func `the top level holds what everybody expects there, and nothing else`() {
        expectNone(topLevelViolations(Repository.current.paths))
    }

    @Test func `the changelog has a place for the next change`() {
        expectNone(changelogViolations(Repository.current.texts["CHANGELOG.md"] ?? ""))
    }

    @Test(arguments: [
        ("a.swift", "// SPDX-License-Identifier: Apache-2.0\n", true),
        (
            "Package.swift",
            "// swift-tools-version: 6.2\n// SPDX-License-Identifier: Apache-2.0", true
        ),
        ("a", "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n", true),
        ("a.json", "{}", true),
        ("a.swift", "", false),
        ("a.md", "# A\n<!-- SPDX-License-Identifier: Apache-2.0 -->\n", false),
        ("a.docc/a.md", "# A\n\n<!-- SPDX-License-Identifier: Apache-2.0 -->\n", true),
        ("a.docc/a.md", "<!-- SPDX-License-Identifier: Apache-2.0 -->\n\n# A\n", false),
        ("a", "#!/bin/sh\n\n# SPDX-License-Identifier: Apache-2.0\n", false),
    ])
    func `a license that is missing or comes late is found`(
        path: String,
        text: String,
        isRight: Bool
    ) {
        #expect(licenseViolations(path, text: text).isEmpty == isRight)
    }

    @Test func `a stranger on the top level and a changelog without its section are found`() {
        let paths = [".gitignore", "Sources/A/a.swift", "notes.txt", "build/a"]
        #expect(topLevelViolations(paths).map(\.path) == ["notes.txt", "build/a"])
        #expect(changelogViolations("# Changelog\n\n## [Unreleased]\n").isEmpty)
        #expect(changelogViolations("# Changelog\n\n## [0.1.0]\n").count == 1)
    }
}

private func licenseViolations(_ path: String, text: String) -> [Violation] {
    let lines = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    let hasHead = ["#!", "// swift-tools-version", "<?xml"].contains { text.hasPrefix($0) }
    let kinds = [".swift", ".c", ".h", ".modulemap", ".py", ".sh", ".md", ".yml", ".linnet"]
    guard hasHead || kinds.contains(where: { path.hasSuffix($0) }) else { return [] }
    let place = hasHead ? 1 : 0
    let license = "SPDX-License-Identifier: Apache-2.0"
    if path.contains(".docc/"), path.hasSuffix(".md") {
        if text.hasSuffix("\n\n<!-- \(license) -->\n") { return [] }
        return [Violation(path, 1, "put a comment `\(license)` on the last line")]
    }
    if lines.count > place, lines[place].contains(license) { return [] }
    return [Violation(path, place + 1, "put a comment `\(license)` on this line")]
}

private func topLevelViolations(_ paths: [String]) -> [Violation] {
    let expected: Set<Substring> = [
        "Package.swift", "Package.resolved", "Sources", "Tests", "Fuzz", "Specs", "README.md",
        "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md",
    ]
    return paths.filter { path in
        let name = path.prefix { $0 != "/" }
        return !name.hasPrefix(".") && !expected.contains(name)
    }.map { Violation($0, 1, "does not belong on the top level: move it where its reader looks") }
}

private func changelogViolations(_ text: String) -> [Violation] {
    if text.numberedLines.contains(where: { $0.text == "## [Unreleased]" }) { return [] }
    return [Violation("CHANGELOG.md", 1, "add the section `## [Unreleased]` (Keep a Changelog)")]
}
