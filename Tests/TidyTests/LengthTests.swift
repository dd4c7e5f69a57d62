// SPDX-License-Identifier: Apache-2.0

import Testing

/// Files, functions and lines are short.
struct LengthTests {
    private static let maxFileLineCount = 400
    private static let maxFunctionLineCount = 70
    private static let maxColumnCount = 100

    /// What may be longer, and why: a path for a file, `path: name` for a function, `path: lines`
    /// for the lines of a file.
    private static let exceptions: [String: String] = [:]

    @Test func `no file of code, no function and no line of Swift is too long`() {
        let files = Repository.current.code.compactMap { longFile($0.path, text: $0.text) }
        let sources = Repository.current.swiftSources
        let inside = sources.flatMap { longFunctions(in: $0) + longLines(in: $0) }
        expectNone(judge(files + inside, exceptions: Self.exceptions))
    }

    @Test(arguments: [0, 1])
    func `one line too many is found, the last that is allowed is not`(excess: Int) {
        let file = String(repeating: "a\n", count: Self.maxFileLineCount + excess)
        #expect((longFile("a.c", text: file) != nil) == (excess == 1))

        let body = String(repeating: "a\n", count: Self.maxFunctionLineCount - 2 + excess)
        let function = SwiftSource(path: "a.swift", text: "func f() {\n\(body)}")
        #expect(longFunctions(in: function).map(\.subject) == (excess == 1 ? ["a.swift: f"] : []))

        let line = String(repeating: "é", count: Self.maxColumnCount + excess)
        let lines = longLines(in: SwiftSource(path: "a.swift", text: "\n" + line))
        #expect(lines.map(\.line) == (excess == 1 ? [2] : []))
    }

    private func longFile(_ path: String, text: String) -> Violation? {
        let count = text.utf8.count { $0 == UInt8(ascii: "\n") }
        guard count > Self.maxFileLineCount else { return nil }
        return Violation(path, count, "\(count) lines are too many: split it by what it does")
    }

    private func longFunctions(in source: SwiftSource) -> [Violation] {
        source.functions.filter { $0.lines.count > Self.maxFunctionLineCount }.map { function in
            Violation(
                source.path,
                function.lines.lowerBound,
                "`\(function.name)` has \(function.lines.count) lines: split it",
                subject: "\(source.path): \(function.name)"
            )
        }
    }

    private func longLines(in source: SwiftSource) -> [Violation] {
        source.lines.filter { $0.text.count > Self.maxColumnCount }.map { line in
            Violation(
                source.path,
                line.number,
                "\(line.text.count) columns are too many: break the line at \(Self.maxColumnCount)",
                subject: "\(source.path): lines"
            )
        }
    }
}
