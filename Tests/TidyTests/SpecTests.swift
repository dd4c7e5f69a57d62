// SPDX-License-Identifier: Apache-2.0

import Testing

/// The specs, their cases and the code agree.
struct SpecTests {
    private static let spec = Specification(Repository.current.texts[specPath] ?? "")
    private static let schemaSpec = Specification(Repository.current.texts[schemaSpecPath] ?? "")

    @Test func `each section that code or spec cites exists`() {
        for path in ["Sources", "Specs"].flatMap(Repository.current.paths) {
            let text = Repository.current.texts[path] ?? ""
            expectNone(citationViolations(path, text: text, in: Self.spec, Self.schemaSpec))
        }
    }

    @Test func `the cases of section 9 and of packets.json are the same`() throws {
        let cases = try Case.all(in: Repository.current.texts[casesPath] ?? "")
        #expect(!cases.isEmpty)
        expectNone(caseViolations(cases, in: Self.spec))
    }

    @Test func `each error and each flag has a case of its own`() throws {
        let cases = try Case.all(in: Repository.current.texts[casesPath] ?? "")
        #expect(!Self.spec.errorNames.isEmpty)
        expectNone(coverageViolations(cases, in: Self.spec))
    }

    private static let planted = """
        ## 2. The packet
        ### 4.2 Errors
        | `bad-magic` | `magic` | 0 | §2 |
        - **4.2.1** Text
        ## 9. Test vectors
        #### one
        Title (§4.2.1).
        ```
        4c4e4e5401000100
        4c
        ```
        Delivered: nothing. Then `bad-magic` in `magic` at offset 0 (§2).
        """

    @Test func `a section that does not exist is found where it is cited`() {
        let spec = Specification(Self.planted)
        let schemas = Specification("## 7. Limits")
        #expect(spec.sections == ["2", "4.2", "4.2.1", "9"])
        let text = "protocol.md 2 to 4.2.\nprotocol.md 3\n(§4.2.1), §4.2.2\nprotocol.md 2 to 5"
        #expect(
            citationViolations("a.swift", text: text, in: spec, schemas).map(\.line) == [2, 3, 4]
        )
    }

    @Test func `code about schemas cites their spec, and either spec can be named`() {
        let spec = Specification(Self.planted)
        let schemas = Specification("## 7. Limits")
        for path in ["Sources/LinnetMessages/a.swift", "Specs/reference/linnet_schema.py"] {
            let text = "§7\n§2\nprotocol.md §2\nprotocol.md §7"
            #expect(citationViolations(path, text: text, in: spec, schemas).map(\.line) == [2, 4])
        }
        let text = "§7\n§2\nSpecs/schema.md §7\nschema.md 2"
        #expect(citationViolations("a.swift", text: text, in: spec, schemas).map(\.line) == [1, 4])
    }

    @Test func `cases that differ, are not there, or cite what is not there are found`() {
        let spec = Specification(Self.planted)
        let error = Case.Failure(name: "bad-magic", field: "magic", offset: 0, section: "2")
        let right = Case(id: "one", section: "4.2.1", stream: "4c4e4e5401000100 4c", error: error)
        #expect(caseViolations([right], in: spec).isEmpty)
        #expect(caseViolations([], in: spec).map(\.path) == [specPath])
        for keyPath in [\Case.id, \.section, \.stream] {
            var wrong = right
            wrong[keyPath: keyPath] = "00"
            #expect(!caseViolations([wrong], in: spec).isEmpty, "\(keyPath)")
        }
        var clean = right
        clean.error = nil
        #expect(caseViolations([clean], in: spec).count == 1)
    }

    @Test func `errors and flags without a case are found`() {
        let spec = Specification(Self.planted)
        #expect(spec.errorNames == ["bad-magic"])
        let error = Case.Failure(name: "bad-magic", field: "magic", offset: 0, section: "2")
        let one = Case(id: "one", section: "2", stream: "4c4e4e5401000100 4c", error: error)
        #expect(coverageViolations([one], in: spec).count == 15)
        #expect(coverageViolations([], in: spec).count == 17)
    }
}

private let specPath = "Specs/protocol.md"
private let schemaSpecPath = "Specs/schema.md"
private let casesPath = "Specs/cases/packets.json"

/// A section is one of the spec that is named before it; otherwise the path says which.
private func citationViolations(
    _ path: String,
    text: String,
    in spec: Specification,
    _ schemaSpec: Specification
) -> [Violation] {
    let isAboutSchemas = path.contains("LinnetMessages") || path.lowercased().contains("schema")
    let citation =
        #/(?:(protocol|schema)\.md §?|§)(\d+(?:\.\d+)*)(?: to (\d+(?:\.\d+)*))?/#
    let cites = ["§", "protocol.md ", "schema.md "]
    return text.numberedLines.filter { line in cites.contains { line.text.contains($0) } }
        .flatMap { number, line in
            line.matches(of: citation).flatMap { match in
                let isOfSchemas = match.1.map { $0 == "schema" } ?? isAboutSchemas
                let sections = (isOfSchemas ? schemaSpec : spec).sections
                return [match.2, match.3].compactMap(\.self)
                    .filter { !sections.contains(String($0)) }
                    .map {
                        let place = isOfSchemas ? schemaSpecPath : specPath
                        return Violation(
                            path,
                            number,
                            "\(place) has no section \($0): cite another"
                        )
                    }
            }
        }
}

private func caseViolations(_ cases: [Case], in spec: Specification) -> [Violation] {
    var violations: [Violation] = []
    for one in cases {
        func report(_ advice: String) {
            violations.append(Violation(casesPath, one.line, "case \(one.id): \(advice)"))
        }
        if !spec.sections.contains(one.section) {
            report("\(specPath) has no section \(one.section): cite another")
        }
        guard let vector = spec.vectors[one.id] else {
            report("add it to section 9 of \(specPath)")
            continue
        }
        if vector.hexadecimal != one.hexadecimal {
            report("make the bytes those of \(specPath):\(vector.line)")
        }
        if !vector.text.contains(one.ending) {
            report("let \(specPath):\(vector.line) say: \(one.ending)")
        }
    }
    let ids = Set(cases.map(\.id))
    for (id, vector) in spec.vectors where !ids.contains(id) {
        violations.append(Violation(specPath, vector.line, "add case \(id) to \(casesPath)"))
    }
    return violations
}

private func coverageViolations(_ cases: [Case], in spec: Specification) -> [Violation] {
    let errors = Set(cases.compactMap(\.error?.name))
    let flags = Set(cases.compactMap(\.flags))
    let lacks =
        spec.errorNames.filter { !errors.contains($0) }.map { "ends in `\($0)`" }
        + (0..<16).filter { !flags.contains(1 << $0) }.map { "has only the flag of bit \($0)" }
    return lacks.map { Violation(casesPath, 1, "add a case that \($0)") }
}
