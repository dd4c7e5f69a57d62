// SPDX-License-Identifier: Apache-2.0

import Testing

/// No file is left over.
struct StaleFileTests {
    /// Test files that mirror no source file, and why.
    private static let mirrorExceptions = [
        "Tests/LinnetBytesTests/InterleaverTests.swift": "tests the interleaver itself",
        "Tests/LinnetBytesTests/InterleavingSearchTests.swift": "tests the interleaver itself",
        "Tests/LinnetBytesTests/PoolInterleavingTests.swift": "all orders of several structures",
        "Tests/LinnetConnectionsTests/ConnectionTableInterleavingTests.swift": "all orders",
        "Tests/LinnetConnectionsTests/ConnectionTableStressTests.swift": "threads, apart",
        "Tests/LinnetBytesTests/PacketPoolSanitizerTests.swift": "only under the sanitizer",
        "Tests/LinnetBytesTests/PacketPoolStressTests.swift": "threads, apart from the plain tests",
        "Tests/LinnetEventsTests/EventQueueInterleavingTests.swift": "all orders",
        "Tests/LinnetEventsTests/EventQueueStressTests.swift": "threads, apart",
        "Tests/LinnetEventsTests/CostTests.swift": "counts what all of the way costs",
        "Tests/LinnetEventsTests/OrderingTests.swift": "the promises of all parts together",
        "Tests/LinnetPollersTests/CostTests.swift": "counts what a round of the loop costs",
        "Tests/LinnetTransportsTests/ReactorPressureTests.swift": "limits that are reached",
        "Tests/LinnetMessagesTests/GeneratedCodeTests.swift": "what generated code does with bytes",
        "Tests/LinnetSchemaTests/ToolTests.swift": "runs the program of builds",
        "Tests/LinnetTests/ServerCrossingTests.swift": "several reactors of a server",
        "Tests/LinnetTests/ServerCostTests.swift": "counts what a packet costs end to end",
        "Tests/LinnetTests/ServerClosingTests.swift": "all ways of closing, over sockets",
        "Tests/LinnetTests/ServerEchoTests.swift": "what goes in comes out, over sockets",
        "Tests/LinnetTests/ServerFramingTests.swift": "the wires of others, over sockets",
        "Tests/LinnetTests/ServerHTTPTests.swift": "requests, over sockets",
        "Tests/LinnetTests/ServerHostilityTests.swift": "peers that mean no good",
        "Tests/LinnetTests/ServerLeakTests.swift": "what thousands of connections leave behind",
        "Tests/LinnetTests/ServerStopTests.swift": "beginnings and ends of a server",
        "Tests/LinnetTests/ServerPressureTests.swift": "queues, lists and sockets that are full",
        "Tests/LinnetTests/ServerStartTests.swift": "how servers begin, and end unasked",
        "Tests/LinnetCodecTests/StreamParserMisuseTests.swift": "what must end the process",
        "Tests/LinnetCodecTests/RegressionTests.swift": "inputs that a fuzzer found",
        "Tests/LinnetCodecTests/CostTests.swift": "counts what all of the packet path costs",
        "Tests/LinnetCodecTests/DifferentialTests.swift": "compares all of the codec with another",
        "Tests/LinnetSchemaTests/SchemaMutationTests.swift": "damaged files, against all of it",
        "Tests/LinnetSchemaTests/PageSchemaTests.swift": "what the documentation says of schemas",
        "Tests/LinnetCodecTests/SpecCasesTests.swift": "runs Specs/cases against all of the codec",
    ]

    @Test func `FooTests.swift of a library has a Foo.swift to test`() {
        let libraries = Repository.current.manifest.targets.filter { $0.kind == "target" }
        let found = mirrorViolations(
            Repository.current.paths,
            libraries: Set(libraries.map(\.name))
        )
        expectNone(judge(found, exceptions: Self.mirrorExceptions))
    }

    @Test func `each file of Specs is named by another file`() {
        // This suite names files in order to check them, which is no use of them.
        let texts = Repository.current.texts.filter { !$0.key.hasPrefix("Tests/TidyTests/") }
        let specs = Repository.current.paths(below: "Specs")
        expectNone(specs.flatMap { unnamedViolations($0, in: texts) })
    }

    @Test func `the program in the README is the one that is built`() {
        let program = "Tests/Examples/Sources/prices/main.swift"
        let texts = Repository.current.texts
        let code = texts[program]?.drop { $0 != "\n" }.drop { $0 == "\n" } ?? "no program"
        #expect(
            texts["README.md"]?.contains("```swift\n\(code)```") == true,
            "copy \(program) without its first lines into the README"
        )
    }

    @Test func `each path of the README's map exists`() {
        let text = Repository.current.texts["README.md"] ?? ""
        expectNone(mapViolations(text, exists: Repository.current.holds))
    }

    @Test func `a test file without its source file is found`() {
        let paths = [
            "Sources/A/Foo.swift", "Tests/ATests/FooTests.swift", "Tests/ATests/BarTests.swift",
            "Tests/ATests/Bar.swift", "Tests/OtherTests/BarTests.swift",
        ]
        let found = mirrorViolations(paths, libraries: ["A"])
        #expect(found.map(\.path) == ["Tests/ATests/BarTests.swift"])
    }

    @Test func `a file of Specs that nobody names is found`() {
        let texts = [
            "Specs/a.md": "a.md, b.md", "Specs/b.md": "c/README.md", "Specs/c/README.md": "",
            "README.md": "README.md",
        ]
        #expect(unnamedViolations("Specs/a.md", in: texts).count == 1)
        #expect(unnamedViolations("Specs/b.md", in: texts).isEmpty)
        #expect(unnamedViolations("Specs/c/README.md", in: texts).isEmpty)
        #expect(unnamedViolations("Specs/d/README.md", in: texts).count == 1)
    }

    @Test func `a map that is missing or names what is not there is found`() {
        let map = "# A\n```\nPackage.swift b\n\nSources/A/ c\n    d\nGone e\n```\n"
        let found = mapViolations(map) { ["Package.swift", "Sources/A"].contains($0) }
        #expect(found.map(\.line) == [7])
        #expect(mapViolations("# A\n```\nswift build\n```\n") { _ in true }.map(\.line) == [1])
    }
}

private func mirrorViolations(_ paths: [String], libraries: Set<String>) -> [Violation] {
    paths.filter { $0.hasPrefix("Tests/") && $0.hasSuffix("Tests.swift") }.compactMap { path in
        let library = String(path.split(separator: "/")[1].dropLast("Tests".count))
        guard libraries.contains(library) else { return nil }
        let folder = "Sources/\(library)/"
        let name = "/\(path.fileName.dropLast("Tests.swift".count)).swift"
        if paths.contains(where: { $0.hasPrefix(folder) && $0.hasSuffix(name) }) { return nil }
        return Violation(
            path,
            1,
            "\(folder) has no \(name.dropFirst()): name the test for its source"
        )
    }
}

private func unnamedViolations(_ path: String, in texts: [String: String]) -> [Violation] {
    // A README is named by its folder, since there are many.
    let parts = path.split(separator: "/")
    let isPage = path.fileName == "README.md"
    let names = isPage ? [parts.suffix(2), parts.dropLast()] : [parts.suffix(1)]
    let isNamed = texts.contains { other, text in
        other != path && names.contains { text.contains($0.joined(separator: "/")) }
    }
    return isNamed ? [] : [Violation(path, 1, "no other file names it: link it or delete it")]
}

/// The map is the fenced block that begins with `Package.swift`; each of its lines begins with a
/// path, or with a space when it continues the one before.
private func mapViolations(_ text: String, exists: (String) -> Bool) -> [Violation] {
    let lines = text.numberedLines
    let start = lines.indices.dropLast().first { index in
        lines[index].text.hasPrefix("```") && lines[index + 1].text.hasPrefix("Package.swift")
    }
    guard let start else {
        return [
            Violation("README.md", 1, "add a map: a fenced block that begins with Package.swift")
        ]
    }
    return lines[(start + 1)...].prefix { !$0.text.hasPrefix("```") }.compactMap { line in
        guard let path = line.text.prefix(while: { $0 != " " }).split(separator: " ").first else {
            return nil
        }
        let name = String(path.hasSuffix("/") ? path.dropLast() : path)
        if exists(name) { return nil }
        return Violation("README.md", line.number, "\(name) is not there: mend the map")
    }
}
