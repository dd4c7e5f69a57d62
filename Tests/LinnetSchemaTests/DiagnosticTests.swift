// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct DiagnosticTests {
    @Test
    func `a diagnostic shows its line, a caret and what to do`() {
        let source = "one\n\ttwo three\r\nfour"
        let diagnostic = Diagnostic(
            severity: .warning,
            rule: "a-rule",
            message: "no three",
            fix: "write `3`",
            path: "a.linnet",
            line: 2,
            column: 6
        )
        #expect(
            diagnostic.rendered(source) == """
                a.linnet:2:6: warning: no three [a-rule]
                    \ttwo three
                    \t    ^
                fix: write `3`

                """
        )
    }

    @Test
    func `what steers terminals is not shown`() {
        let text = "schema a version 1\nmessage A = 1 { a\u{1B}[2J\u{202E}: u8 }"
        let result = SchemaCompiler.compile("a\u{7}") { _ in text }
        let rendered = result.rendered(result.diagnostics)
        let bad = rendered.unicodeScalars.filter {
            $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}"
        }
        #expect(bad.isEmpty)
        #expect(rendered.contains("a?[2J?"))
    }

    @Test
    func `a long line is shown around the place only`() {
        let text = "schema a version 1 \(String(repeating: "const x: u8 = 1 ", count: 20_000))"
        let result = SchemaCompiler.compile("a") { _ in text }
        #expect(result.diagnostics.count == 100)
        #expect(result.rendered(result.diagnostics).utf8.count < 100 * 500)
    }

    @Test
    func `columns count scalars, not bytes`() throws {
        let text = "schema a version 1\nconst a: string = \"äöü€\" const b: u8 = 256"
        let found = SchemaCompiler.compile("a") { _ in text }.diagnostics
        #expect(found.map(\.column) == [40])
    }
}
