// SPDX-License-Identifier: Apache-2.0

import Testing

/// The Tidy suite reads Swift as it is.
struct SwiftSourceTests {
    @Test func `every Swift file of the repository is understood`() {
        expectNone(
            Repository.current.swiftSources.compactMap { source in
                source.unmatchedBraceLine.map { line in
                    Violation(source.path, line, "a brace is alone: teach SwiftLexer this syntax")
                }
            }
        )
        #expect(SwiftSource(path: "a.swift", text: "{\n}}").unmatchedBraceLine == 2)
    }

    @Test func `code in comments, strings and regexes is not code`() {
        let text = ##"""
            a // b
            /* b /* b */ b */ c "b\"b" #"b"b\("# d
            """
            b { \(e("b")) "
            """ + f
            #/b"{/# g
            """##
        let source = SwiftSource(path: "a.swift", text: text)
        let words = source.tokens.filter { !$0.isString }.map(\.text)
        #expect(words == ["a", "c", "d", "e", "(", ")", ")", "+", "f", "g"])
        #expect(source.comments.map(\.text) == ["// b", "/* b /* b */ b */"])
        #expect(source.tokens.last == Token(text: "g", line: 6))
    }

    @Test func `functions are found from their keyword to their last brace`() {
        let text = """
            protocol P {
                func required() -> Int
                var property: Int { get }
            }
            struct S {
                var stored = [1].map { $0 }
                var plain: Int
                init(
                    closure: () -> Void = {}
                ) throws(E) {
                    self.init()
                    func local() { if true {} }
                }
                deinit {
                }
            }
            """
        typealias Function = SwiftSource.Function
        #expect(
            SwiftSource(path: "a.swift", text: text).functions == [
                Function(name: "var", lines: 3...3),
                Function(name: "init", lines: 8...13),
                Function(name: "local", lines: 12...12),
                Function(name: "deinit", lines: 14...15),
            ]
        )
    }

    @Test func `a list of exceptions covers what it names, and no longer than needed`() {
        let long = Violation("a.swift", 7, "too long")
        #expect(judge([long], exceptions: [:]) == [long])
        #expect(judge([long], exceptions: ["a.swift": "a reason"]).isEmpty)
        #expect(judge([], exceptions: ["a.swift": "a reason"]).map(\.path) == ["a.swift"])
    }

    @Test func `a violation names the file, the line and what to do`() {
        #expect("\(Violation("a.swift", 7, "do this"))" == "a.swift:7: do this")
    }
}
