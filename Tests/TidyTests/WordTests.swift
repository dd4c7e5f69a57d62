// SPDX-License-Identifier: Apache-2.0

import Testing

/// Words that do not belong here are not here.
struct WordTests {
    @Test func `no Swift file uses a word that its place forbids`() {
        for source in Repository.current.swiftSources {
            let place = Place(of: source.path, in: Repository.current.manifest)
            expectNone(forbiddenWords(in: source, place))
        }
    }

    @Test func `a condition on the platform wraps a whole file`() {
        expectNone(Repository.current.swiftSources.flatMap(lateConditions))
    }

    @Test func `no C, script or comment holds a marker of unfinished work, or a fence`() {
        for (path, text) in Repository.current.code where !path.hasSuffix(".swift") {
            expectNone(markerViolations(path, lines: text.numberedLines))
        }
        for source in Repository.current.swiftSources {
            let comments = source.comments.map { (number: $0.line, text: $0.text[...]) }
            expectNone(markerViolations(source.path, lines: comments))
        }
    }

    @Test(arguments: [
        ("a = try! b()", [Place.library, .program, .test, .manifest]),
        ("a = b as! C", [.library, .program, .test, .manifest]),
        ("fatalError()", [.library, .program, .test, .manifest]),
        ("preconditionFailure( )", [.library, .program, .test, .manifest]),
        ("atomicMemoryFence(ordering: .releasing)", [.library, .program, .test, .manifest]),
        ("print(1)", [.library]),
        ("Thread.sleep(forTimeInterval: 1)", [.test]),
        ("try await Task.sleep(for: .seconds(1))", [.test]),
        ("usleep(1)", [.test]),
        ("@Test(.disabled())", [.test]),
        ("withKnownIssue {}", [.test]),
        (".unsafeFlags([])", [.manifest]),
        ("\"-Ounchecked\"", [.manifest]),
        ("try !a && b as? C // try! print(1) \"fatalError()\"", []),
    ])
    func `each forbidden word is found where it is forbidden`(text: String, places: [Place]) {
        for place in Place.allCases {
            let found = forbiddenWords(in: SwiftSource(path: "a.swift", text: "\n" + text), place)
            #expect(found.map(\.line) == (places.contains(place) ? [2] : []), "\(place)")
        }
    }

    @Test func `a marker is found as a word of its own`() {
        for word in markers.keys {
            let found = markerViolations("a.c", lines: "a\n/* \(word): b */".numberedLines)
            #expect(found.map(\.line) == [2])
            #expect(markerViolations("a.c", lines: "a\(word)b".numberedLines).isEmpty)
        }
    }

    @Test func `a place is known by its path`() {
        let manifest = Manifest(
            SwiftSource(path: "Package.swift", text: ".executableTarget(name: \"A\")")
        )
        let places = [
            "Fuzz/Package.swift": Place.manifest, "Sources/A/a.swift": .program,
            "Sources/B/a.swift": .library, "Tests/ATests/a.swift": .test, "Fuzz/a.swift": .program,
        ]
        for (path, place) in places {
            #expect(Place(of: path, in: manifest) == place, "\(path)")
        }
    }

    @Test func `a condition on the platform within a file is found`() {
        func lines(_ text: String) -> [Int] {
            lateConditions(in: SwiftSource(path: "a.swift", text: text)).map(\.line)
        }
        #expect(lines("#if os(Linux)\nimport A\nstruct B {}\n#endif") == [])
        #expect(lines("struct B {\n#if DEBUG\n#endif\n}") == [])
        #expect(lines("struct B {\n#if os(Linux)\n#endif\n}") == [2])
        #expect(lines("func b() {}\n#if DEBUG && !os(Linux)\n#endif") == [2])
    }
}

/// Where a Swift file stands, which decides what it may say.
enum Place: CaseIterable {
    case library, program, test, manifest

    init(of path: String, in manifest: Manifest) {
        let isProgram = manifest.targets.contains {
            ["executableTarget", "plugin"].contains($0.kind) && path.hasPrefix($0.folder + "/")
        }
        switch path.prefix(while: { $0 != "/" }) {
        case _ where path.fileName == "Package.swift": self = .manifest
        case "Sources" where !isProgram: self = .library
        case "Tests": self = .test
        default: self = .program
        }
    }
}

private let markers = [
    "TODO": "do it now, or open an issue",
    "FIXME": "do it now, or open an issue",
    "XXX": "do it now, or open an issue",
    "atomic_thread_fence": "order the accesses themselves, sanitizers see no fences",
]

private let forbidden: [(words: [String], places: [Place], advice: String)] = [
    (["try!"], Place.allCases, "use `try` and throw on"),
    (["as!"], Place.allCases, "use `as?` and handle nil"),
    (["fatalError", "(", ")"], Place.allCases, "say in a sentence who did what wrong"),
    (["preconditionFailure", "(", ")"], Place.allCases, "say in a sentence who did what wrong"),
    (["atomicMemoryFence"], Place.allCases, "order the accesses, sanitizers see no fences"),
    (["print", "("], [.library], "a library does not print: return or throw it"),
    (["sleep", "("], [.test], "wait for the thing, not for the time"),
    (["usleep", "("], [.test], "wait for the thing, not for the time"),
    (["nanosleep", "("], [.test], "wait for the thing, not for the time"),
    ([".", "disabled", "("], [.test], "mend the test or delete it"),
    (["withKnownIssue"], [.test], "mend the issue"),
    (["unsafeFlags"], [.manifest], "nobody could depend on the package by version: do without"),
    (["\"-Ounchecked\""], [.manifest], "checks stay on: do without"),
]

private func forbiddenWords(in source: SwiftSource, _ place: Place) -> [Violation] {
    forbidden.filter { $0.places.contains(place) }.flatMap { rule in
        source.lines(of: rule.words).map { line in
            Violation(source.path, line, "no `\(rule.words.joined())` here: \(rule.advice)")
        }
    }
}

private func markerViolations(
    _ path: String,
    lines: [(number: Int, text: Substring)]
) -> [Violation] {
    lines.flatMap { line in
        let words = line.text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
        return words.compactMap { word in
            markers[word].map { Violation(path, line.number, "no \(word) here: \($0)") }
        }
    }
}

/// Conditions on `os` behind a file's first declaration: they wrap whole files only.
private func lateConditions(in source: SwiftSource) -> [Violation] {
    let declarations: Set = [
        "struct", "class", "enum", "actor", "protocol", "extension", "func", "var", "let",
        "typealias",
    ]
    let first = source.tokens.first { declarations.contains($0.text) }?.line ?? Int.max
    let lines = source.lines(of: ["#", "if"]) + source.lines(of: ["#", "elseif"])
    let platforms = Set(source.lines(of: ["os", "("]))
    return lines.filter { $0 > first && platforms.contains($0) }.map { line in
        Violation(source.path, line, "`#if os` wraps whole files: give each platform its own file")
    }
}
