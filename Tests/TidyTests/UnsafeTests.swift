// SPDX-License-Identifier: Apache-2.0

import Testing

/// Unsafe code is rare, marked and proved.
struct UnsafeTests {
    @Test func `unsafe code stands only in the listed files`() {
        let found = Repository.current.swiftSources.compactMap(firstUnsafeCode)
        expectNone(judge(found, exceptions: unsafeFiles, listedIn: "TidyTests/UnsafeFiles.swift"))
    }

    @Test func `each function with unsafe code says why it is safe`() {
        for source in Repository.current.swiftSources {
            expectNone(unprovedCode(in: source) + unprovedSendability(in: source))
        }
    }

    @Test(arguments: [
        "let a = unsafe b()", "@unsafe func a() {}", "struct A: @unchecked Sendable {}",
        "let a: UnsafeMutablePointer<Int>", "let a: UnsafeRawBufferPointer",
        "let a: OpaquePointer", "nonisolated(unsafe) var a = 1", "let a: Unmanaged<B>",
    ])
    func `each kind of unsafe code is found`(text: String) {
        let planted = SwiftSource(path: "a.swift", text: "// unsafe\n" + text)
        #expect(firstUnsafeCode(in: planted)?.line == 2)
    }

    @Test(arguments: [
        ("func a() {\n    // SAFETY: b lives.\n    unsafe b()\n}", [Int]()),
        ("// SAFETY: b lives.\nvar a: Int { unsafe b() }", []),
        (
            "// SAFETY: b lives.\nfunc a() {}\nfunc c() {\n    unsafe b()\n    unsafe d()\n}",
            [4]
        ),
        ("let a = unsafe b()", [1]),
        ("func a() { unsafe b() }\n// SAFETY of all below: b.\nfunc c() { unsafe b() }", [1]),
        ("let a = unsafe b {\n    // SAFETY: b lives.\n    unsafe $0\n}", []),
        ("@unsafe func a() {}", []),
    ])
    func `a lack of proof is found`(text: String, lines: [Int]) {
        #expect(unprovedCode(in: SwiftSource(path: "a.swift", text: text)).map(\.line) == lines)
    }

    @Test func `a lack of proof for a type that is Sendable without a check is found`() {
        func lines(_ text: String) -> [Int] {
            unprovedSendability(in: SwiftSource(path: "a.swift", text: text)).map(\.line)
        }
        #expect(lines("struct A: @unchecked Sendable {}\n// Other words.") == [1])
        #expect(
            lines("struct A: @unchecked Sendable {\n    // Sendable: nothing changes.\n}") == []
        )
    }
}

private func firstUnsafeCode(in source: SwiftSource) -> Violation? {
    let token = source.tokens.first { token in
        ["unsafe", "Unmanaged", "OpaquePointer"].contains(token.text)
            || token.text.hasPrefix("Unsafe") && token.text.contains("Pointer")
    }
    let lines = [token?.line, source.lines(of: ["@", "unchecked", "Sendable"]).first]
    return lines.compactMap(\.self).min().map { line in
        Violation(
            source.path,
            line,
            "do without unsafe code, or list the file in UnsafeFiles.swift"
        )
    }
}

/// Functions and stored properties with an `unsafe` expression, but no `SAFETY` comment in or
/// directly above them and no `SAFETY of all below` before them.
private func unprovedCode(in source: SwiftSource) -> [Violation] {
    let proofs = source.comments.filter { $0.text.contains("SAFETY") }
    let proofOfAll = proofs.first { $0.text.contains("SAFETY of all below") }?.line ?? Int.max
    var violations: [Violation] = []
    var unproved: Set<ClosedRange<Int>> = []
    for index in source.tokens.indices where source.tokens[index].text == "unsafe" {
        let line = source.tokens[index].line
        let isAttribute = index > 0 && source.tokens[index - 1].text == "@"
        if isAttribute || line > proofOfAll { continue }
        let function = source.functions.first { $0.lines.contains(line) }?.lines
        let closure = source.blocks.first { $0.lowerBound == line }
        let lines = function ?? closure ?? line...line
        let place = source.firstLineOfIntroduction(to: lines.lowerBound)...lines.upperBound
        if proofs.contains(where: { place.contains($0.line) }) { continue }
        guard unproved.insert(place).inserted else { continue }
        let advice = "say in a `// SAFETY:` comment which bound, owner and lifetime make this safe"
        violations.append(Violation(source.path, line, advice))
    }
    return violations
}

/// `@unchecked Sendable` without a `// Sendable:` comment directly above or below.
private func unprovedSendability(in source: SwiftSource) -> [Violation] {
    source.lines(of: ["@", "unchecked", "Sendable"]).filter { line in
        let place = source.firstLineOfIntroduction(to: line)...line + 1
        return !source.comments.contains {
            $0.text.hasPrefix("// Sendable:") && place.contains($0.line)
        }
    }.map { line in
        Violation(source.path, line, "say in a `// Sendable:` comment above or below why it is")
    }
}
