// SPDX-License-Identifier: Apache-2.0

/// What is known of a file before its names are.
struct ParsedFile {
    var tree: SyntaxFile
    var brokenNames: Set<String>
    var comments: [Comment]
    var findings: Findings
}

/// What could not be parsed has been reported; who catches this goes on behind it.
struct SyntaxFailure: Error {}

/// Tokens to a syntax tree (§2.2). Goes on behind the field or declaration in which something is
/// wrong. O(tokens); no input nests deeper than a fixed number of calls.
struct SchemaParser {
    let bytes: [UInt8]
    let tokens: [Token]
    let comments: [Comment]
    let findings: Findings
    /// Names of declarations that could not be parsed, or only in parts.
    var brokenNames: Set<String> = []
    /// Whether parts of the declaration are missing.
    var isDamaged = false
    var index = 0
    /// Groups around the current token.
    var groupDepth = 0

    init(_ bytes: [UInt8]) {
        let lexer = SchemaLexer(bytes)
        self.bytes = bytes
        tokens = lexer.tokens
        comments = lexer.comments
        findings = lexer.findings
    }

    /// Parses all of a file.
    static func parse(_ bytes: [UInt8]) -> ParsedFile {
        var parser = SchemaParser(bytes)
        let tree = parser.parseFile()
        return ParsedFile(
            tree: tree,
            brokenNames: parser.brokenNames,
            comments: parser.comments,
            findings: parser.findings
        )
    }

    private mutating func parseFile() -> SyntaxFile {
        var file = SyntaxFile()
        file.documentation = documentation()
        file.start = current.start
        do throws(SyntaxFailure) {
            try parseSchemaLine(&file)
        } catch {
            skipToDeclaration()
        }
        file.end = previousEnd
        while current.kind != .end {
            let start = index
            if skipSeparators() { continue }
            do throws(SyntaxFailure) {
                if isWord("import") {
                    try parseImport(&file)
                } else {
                    file.declarations.append(try parseDeclaration())
                }
            } catch {
                if index == start { index += 1 }
                skipToDeclaration()
            }
        }
        return file
    }

    private mutating func parseSchemaLine(_ file: inout SyntaxFile) throws(SyntaxFailure) {
        guard isWord("schema") else {
            throw fail(
                .schemaLine,
                "a file begins with its schema line",
                fix: "write `schema my.name version 1` first"
            )
        }
        index += 1
        repeat {
            file.name.append(try parseName(.value, "the schema"))
        } while skip(.dot)
        if skipWord("id") { file.id = try parseInteger("the schema's id") }
        guard skipWord("version") else {
            throw fail(
                .schemaLine,
                "the schema line says which version the schema has",
                fix: "write `version 1` at its end"
            )
        }
        file.version = try parseInteger("the version")
    }

    private mutating func parseImport(_ file: inout SyntaxFile) throws(SyntaxFailure) {
        let start = current.start
        index += 1
        guard current.kind == .string else {
            throw fail(
                .unexpectedToken,
                "`import` is followed by a path",
                fix: "write `import \"other.linnet\"`"
            )
        }
        if !file.declarations.isEmpty {
            findings.report(
                .importOrder,
                at: start,
                "imports stand before the declarations",
                fix: "move it below the schema line"
            )
        }
        let path = parseString()
        file.imports.append(SyntaxImport(path: path, start: start, end: previousEnd))
    }

    private mutating func parseDeclaration() throws(SyntaxFailure) -> SyntaxDeclaration {
        let documentation = documentation()
        let start = current.start
        if isWord("const") {
            let constant = try parseConstant()
            return SyntaxDeclaration(
                name: constant.name,
                documentation: constant.documentation,
                kind: .constant(constant),
                span: constant.span
            )
        }
        let isClosed = skipWord("closed")
        let keyword = currentText
        guard current.kind == .name, Self.keywords.contains(keyword), !isClosed || keyword == "enum"
        else { throw failAtDeclaration(isClosed) }
        index += 1
        let name = try parseName(.type, keyword == "enum" ? "an enum" : "a \(keyword)")
        var span = SyntaxSpan(start: start, end: start)
        isDamaged = true
        defer { if isDamaged { brokenNames.insert(name.text) } }
        let kind = try parseBody(of: keyword, isClosed, &span)
        span.end = previousEnd
        return SyntaxDeclaration(
            name: name,
            documentation: documentation,
            kind: kind,
            span: span
        )
    }

    private mutating func parseBody(
        of keyword: String,
        _ isClosed: Bool,
        _ span: inout SyntaxSpan
    ) throws(SyntaxFailure) -> SyntaxDeclaration.Kind {
        switch keyword {
        case "enum":
            let storage = try parseStorage(of: "an enum")
            return .enumeration(
                isClosed: isClosed,
                storage: storage,
                try parseCases(.number, &span)
            )
        case "flags":
            let storage = try parseStorage(of: "a set of flags")
            return .flags(storage: storage, try parseCases(.number, &span))
        case "bits":
            let storage = try parseStorage(of: "a bits type")
            return .bits(storage: storage, try parseCases(.width, &span))
        case "union":
            let storage = try parseStorage(of: "the tag of a union")
            return .union(storage: storage, try parseCases(.arm, &span))
        case "struct":
            return .structure(try parseMembers(&span))
        case "message":
            guard skip(.equals) else {
                throw fail(
                    .unexpectedToken,
                    "a message has a number, but here stands \(currentDescription)",
                    fix: "write `message Name = 1 {`"
                )
            }
            let number = try parseInteger("a message's number")
            let attributes = try parseAttributes()
            return .message(number, attributes, try parseMembers(&span))
        default:
            return .binding(try parseItems(&span))
        }
    }

    private func failAtDeclaration(_ isClosed: Bool) -> SyntaxFailure {
        guard !isClosed else {
            return fail(
                .unexpectedToken,
                "`closed` stands before `enum` only",
                fix: "write `closed enum`, or remove `closed`"
            )
        }
        return fail(
            .unexpectedToken,
            "a declaration begins here, but \(currentDescription) is no keyword of one",
            fix: nearest(to: currentText, in: Self.keywords + ["const", "import", "closed"])
                .map { "write `\($0)`" } ?? "write one of \(Self.keywords.joined(separator: ", "))"
        )
    }

    private mutating func parseStorage(of what: String) throws(SyntaxFailure) -> SyntaxName {
        guard skip(.colon), current.kind == .name else {
            throw fail(
                .unexpectedToken,
                "\(what) says its integer type, but here stands \(currentDescription)",
                fix: "write `: u8` behind the name"
            )
        }
        return takeName()
    }

    mutating func parseConstant() throws(SyntaxFailure) -> SyntaxConstant {
        let documentation = documentation()
        let start = current.start
        index += 1
        let name = try parseName(.value, "a constant")
        try expect(.colon, "a constant's type", fix: "write `const \(name.text): u32 = 1`")
        let type = try parseType(isConstant: true)
        try expect(.equals, "a constant's value", fix: "write `= ` and the value")
        let value = try parseValue()
        return SyntaxConstant(
            name: name,
            documentation: documentation,
            type: type,
            value: value,
            span: SyntaxSpan(start: start, end: previousEnd)
        )
    }

    static let keywords = [
        "enum", "flags", "bits", "struct", "union", "message", "protocol",
    ]
}
