// SPDX-License-Identifier: Apache-2.0

/// Canonical formatting: 4 spaces, one field or case on each line, one blank line between
/// declarations, attributes in one order, no `;` and no `,` that means nothing.
public enum SchemaFormatter {
    /// The text in canonical form; `nil`, and why, if it cannot be parsed. Names need not resolve.
    ///
    /// Comments stay, and blank lines that group fields, one at most. The formatted text compiles
    /// to the same schema, and formatted again it is the same. O(bytes).
    public static func format(
        _ text: String,
        path: String
    ) -> (text: String?, diagnostics: [Diagnostic]) {
        guard text.utf8.count <= SchemaCompiler.maxFileByteCount else {
            let result = SchemaCompiler.compile(path) { _ in text }
            return (nil, result.diagnostics)
        }
        let bytes = Array(text.utf8)
        let parsed = SchemaParser.parse(bytes)
        let diagnostics = parsed.findings.all.diagnostics(path: path, bytes: bytes)
        guard !parsed.findings.hasErrors else { return (nil, diagnostics) }
        var printer = SchemaPrinter(bytes: bytes, comments: parsed.comments[...])
        printer.write(parsed.tree)
        return (printer.text, diagnostics)
    }
}

/// Prints a tree line by line, and the comments between.
private struct SchemaPrinter {
    let bytes: [UInt8]
    /// Those that are not printed yet.
    var comments: ArraySlice<Comment>
    var text = ""
    private var depth = 0
    /// Where what was printed last ends in the source.
    private var lastEnd = 0
    /// Whether the next line begins a block, where no blank line stands.
    private var isFirst = true

    init(bytes: [UInt8], comments: ArraySlice<Comment>) {
        self.bytes = bytes
        self.comments = comments
    }

    mutating func write(_ file: SyntaxFile) {
        let name = file.name.map(\.text).joined(separator: ".")
        let id = file.id.map { " id \(source($0))" } ?? ""
        let version = file.version.map { " version \(source($0))" } ?? ""
        printLine("schema \(name)\(id)\(version)", from: file.start, to: file.end)
        for (index, item) in file.imports.enumerated() {
            let line = "import \"\(item.path.source)\""
            printLine(line, from: item.start, to: item.end, isApart: index == 0)
        }
        var isAfterConstant = false
        for declaration in file.declarations {
            if case .constant = declaration.kind {
                write(declaration, isApart: !isAfterConstant)
                isAfterConstant = true
            } else {
                write(declaration, isApart: true)
                isAfterConstant = false
            }
        }
        printComments(before: bytes.count, isApart: true)
    }

    private mutating func write(_ declaration: SyntaxDeclaration, isApart: Bool) {
        let name = declaration.name.text
        let span = declaration.span
        switch declaration.kind {
        case .constant(let constant):
            printLine(source(constant), from: span.start, to: span.end, isApart: isApart)
        case .enumeration(let isClosed, let storage, let cases):
            let word = isClosed ? "closed enum" : "enum"
            printBlock("\(word) \(name): \(storage.text)", span) { $0.write(cases, isWidth: false) }
        case .flags(let storage, let cases):
            printBlock("flags \(name): \(storage.text)", span) { $0.write(cases, isWidth: false) }
        case .bits(let storage, let cases):
            printBlock("bits \(name): \(storage.text)", span) { $0.write(cases, isWidth: true) }
        case .union(let storage, let cases):
            printBlock("union \(name): \(storage.text)", span) { $0.write(cases, isWidth: false) }
        case .structure(let members):
            printBlock("struct \(name)", span) { $0.write(members) }
        case .message(let number, let attributes, let members):
            let header = "message \(name) = \(source(number))\(source(attributes))"
            printBlock(header, span) { $0.write(members) }
        case .binding(let items):
            printBlock("protocol \(name)", span) { printer in
                for item in items {
                    let line = printer.source(item.kind) + printer.source(item.attributes)
                    printer.printLine(line, from: item.span.start, to: item.span.end)
                }
            }
        }
    }

    private mutating func write(_ cases: [SyntaxCase], isWidth: Bool) {
        for item in cases {
            let type = item.type.map { ": \(source($0))" } ?? ""
            let separator = isWidth ? ":" : " ="
            let value = "\(separator) \(source(item.number))\(source(item.attributes))"
            printLine(item.name.text + type + value, from: item.span.start, to: item.span.end)
        }
    }

    private mutating func write(_ members: [SyntaxMember]) {
        for member in members {
            switch member {
            case .constant(let constant):
                printLine(source(constant), from: constant.span.start, to: constant.span.end)
            case .field(let field):
                write(field)
            }
        }
    }

    private mutating func write(_ field: SyntaxField) {
        var rest = field.type.question == nil ? "" : "?"
        if let range = field.range {
            rest += " in \(source(range.lowest))...\(source(range.highest))"
        }
        if let value = field.value { rest += " = \(source(value))" }
        rest += source(field.attributes)
        if case .group(let bound, let members, let span) = field.type.kind {
            var whole = span
            whole.start = field.span.start
            whole.end = field.span.end
            let header = "\(field.name.text): group<=\(source(bound))"
            printBlock(header, whole, end: rest, isApart: false) { $0.write(members) }
        } else {
            let line = "\(field.name.text): \(source(field.type))\(rest)"
            printLine(line, from: field.span.start, to: field.span.end)
        }
    }

    // MARK: Lines

    private mutating func printBlock(
        _ header: String,
        _ span: SyntaxSpan,
        end: String = "",
        isApart: Bool = true,
        _ body: (inout SchemaPrinter) -> Void
    ) {
        printLine(header + " {", from: span.start, to: span.openBrace + 1, isApart: isApart)
        depth += 1
        isFirst = true
        body(&self)
        // Comments behind the brace too, if more of the field follows there: else they would move
        // once more the next time.
        printComments(before: span.closeBrace)
        printComments(before: span.end, isInside: true)
        depth -= 1
        isFirst = true
        printLine("}" + end, from: span.closeBrace, to: span.end)
    }

    /// Prints the comments before it, the line, and the comment behind it.
    private mutating func printLine(
        _ line: String,
        from start: Int,
        to end: Int,
        isApart: Bool = false
    ) {
        var isApart = isApart
        let hadComments = comments.first.map { $0.start < end } ?? false
        printComments(before: start, isApart: isApart)
        printComments(before: end, isApart: isApart && lastEnd < start, isInside: true)
        if hadComments { isApart = false }
        begin(at: start, isApart: isApart)
        text += line
        lastEnd = end
        if let comment = comments.first, isBehind(comment) {
            text += " " + source(comment)
            lastEnd = comment.end
            comments.removeFirst()
        }
        text += "\n"
    }

    /// Comments inside of a field, say, are moved before it: they document nothing there, and must
    /// not begin to.
    private mutating func printComments(
        before end: Int,
        isApart: Bool = false,
        isInside: Bool = false
    ) {
        var isApart = isApart
        while let comment = comments.first, comment.start < end {
            comments.removeFirst()
            begin(at: comment.start, isApart: isApart)
            isApart = false
            let line = source(comment)
            text += (isInside && comment.isDocumentation ? String(line.dropFirst()) : line) + "\n"
            lastEnd = comment.end
        }
    }

    /// A blank line if one is due, then the indentation.
    private mutating func begin(at start: Int, isApart: Bool) {
        if !isFirst, isApart || hasBlankLine(before: start) { text += "\n" }
        isFirst = false
        text += String(repeating: "    ", count: depth)
    }

    private func hasBlankLine(before start: Int) -> Bool {
        guard lastEnd < start else { return false }
        return bytes[lastEnd..<start].lazy.filter { $0 == UInt8(ascii: "\n") }.prefix(2).count == 2
    }

    /// Whether the comment stands behind what was printed last, on its line.
    private func isBehind(_ comment: Comment) -> Bool {
        guard lastEnd <= comment.start else { return false }
        return bytes[lastEnd..<comment.start].allSatisfy { " \t\r;,".utf8.contains($0) }
    }

    private func source(_ comment: Comment) -> String {
        String(decoding: bytes[comment.start..<comment.end], as: UTF8.self)
    }

    private func source(_ number: SyntaxNumber) -> String {
        String(decoding: bytes[number.start..<number.end], as: UTF8.self)
    }
}

// MARK: Parts of lines

extension SchemaPrinter {
    private func source(_ constant: SyntaxConstant) -> String {
        "const \(constant.name.text): \(source(constant.type))"
            + "\(constant.type.question == nil ? "" : "?") = \(source(constant.value))"
    }

    /// Without the `?`.
    private func source(_ type: SyntaxType) -> String {
        switch type.kind {
        case .named(let name): name
        case .decimal(let storage, let exponent): "decimal(\(storage.text), \(source(exponent)))"
        case .time(let word, let unit): "\(word)(\(unit.text))"
        case .fixedText(let bound): "str[\(source(bound))]"
        case .fixedBytes(let bound): "bytes[\(source(bound))]"
        case .array(let element, let bound): "\(source(element))[\(source(bound))]"
        case .text(let bound): bound.map { "string<=\(source($0))" } ?? "string"
        case .bytes(let bound): "bytes<=\(source(bound))"
        case .list(let element, let bound): "[\(source(element))]<=\(source(bound))"
        case .map(let key, let value, let bound):
            "[\(source(key)): \(source(value))]<=\(source(bound))"
        case .group, .broken: ""
        }
    }

    private func source(_ bound: SyntaxBound) -> String {
        switch bound {
        case .number(let number): source(number)
        case .name(let name): name.text
        case .broken: ""
        }
    }

    private func source(_ value: SyntaxValue) -> String {
        switch value {
        case .number(let number): source(number)
        case .bool(let value, _): String(value)
        case .string(let string): "\"\(string.source)\""
        case .enumCase(let name): ".\(name.text)"
        case .constant(let name): name.text
        }
    }

    private func source(_ attributes: [SyntaxAttribute]) -> String {
        var text = ""
        for kind in SyntaxAttribute.Kind.allCases {
            for attribute in attributes where attribute.kind == kind {
                text += " @\(kind.rawValue)"
                guard let number = attribute.number else { continue }
                let message = attribute.message.map { ", \"\($0.source)\"" } ?? ""
                text += "(\(source(number))\(message))"
            }
        }
        return text
    }

    private func source(_ item: SyntaxItem.Kind) -> String {
        switch item {
        case .magic(let number): "magic \(source(number))"
        case .version(let first, let last):
            "version \(source(first))" + (last.map { "...\(source($0))" } ?? "")
        case .max(let number): "max \(source(number))"
        case .sends(let side, let messages):
            "\(side.rawValue) sends \(messages.map(\.text).joined(separator: ", "))"
        case .requests(let side, let message, let response, let errors):
            "\(side.rawValue) requests \(message.text) -> \(response.text)"
                + (errors.isEmpty ? "" : " else \(errors.map(\.text).joined(separator: ", "))")
        }
    }
}
