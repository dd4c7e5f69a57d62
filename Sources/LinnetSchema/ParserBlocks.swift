// SPDX-License-Identifier: Apache-2.0

// What stands in braces (§2.2).

extension SchemaParser {
    enum CaseKind { case number, width, arm }

    /// Parses `{`, what stands between separators, and `}`. Goes on behind what fails.
    private mutating func parseBraces<Part>(
        _ span: inout SyntaxSpan,
        _ parse: (inout SchemaParser) throws(SyntaxFailure) -> Part
    ) throws(SyntaxFailure) -> [Part] {
        span.openBrace = current.start
        isDamaged = false
        try expect(.openBrace, "what belongs to it", fix: "write `{`")
        var parts: [Part] = []
        var isDamaged = false
        defer { self.isDamaged = isDamaged }
        while true {
            if skipSeparators() { continue }
            span.closeBrace = current.start
            if skip(.closeBrace) { return parts }
            if current.kind == .end || current.isFirstOnLine && isAtDeclaration {
                findings.report(
                    .braceMissing,
                    at: span.openBrace,
                    "the brace is not closed",
                    fix: "write `}` before \(currentDescription)"
                )
                isDamaged = true
                return parts
            }
            let start = index
            do throws(SyntaxFailure) {
                parts.append(try parse(&self))
                if self.isDamaged { isDamaged = true }
            } catch {
                isDamaged = true
                skipMember(from: start)
            }
        }
    }

    mutating func parseMembers(_ span: inout SyntaxSpan) throws(SyntaxFailure) -> [SyntaxMember] {
        try parseBraces(&span) { parser throws(SyntaxFailure) in
            if parser.isWord("const"), parser.tokens[parser.index + 1].kind == .name {
                return .constant(try parser.parseConstant())
            }
            return .field(try parser.parseField())
        }
    }

    private mutating func parseField() throws(SyntaxFailure) -> SyntaxField {
        let documentation = documentation()
        let start = current.start
        let name = try parseName(.value, "a field")
        try expect(.colon, "a field's type", fix: "write `\(name.text): u32`")
        var field = SyntaxField(
            name: name,
            documentation: documentation,
            type: try parseType(),
            span: SyntaxSpan(start: start, end: start)
        )
        // A field may not be called `in`, but its author has not heard of it yet.
        if isWord("in"), !isNext(.colon, after: 1) {
            index += 1
            let lowest = try parseNumber("the lower end of a range")
            try expect(.ellipsis, "the upper end of the range", fix: "write `in 0...10`")
            let highest = try parseNumber("the upper end of a range")
            field.range = (lowest, highest)
        }
        if skip(.equals) { field.value = try parseValue() }
        field.attributes = try parseAttributes()
        field.span.end = previousEnd
        return field
    }

    mutating func parseCases(
        _ kind: CaseKind,
        _ span: inout SyntaxSpan
    ) throws(SyntaxFailure) -> [SyntaxCase] {
        try parseBraces(&span) { parser throws(SyntaxFailure) in
            try parser.parseCase(kind)
        }
    }

    private mutating func parseCase(_ kind: CaseKind) throws(SyntaxFailure) -> SyntaxCase {
        let documentation = documentation()
        let start = current.start
        let what =
            switch kind {
            case .number: "a case"
            case .width: "a bit field"
            case .arm: "an arm"
            }
        let name = try parseName(.value, what)
        var type: SyntaxType?
        if kind == .width {
            try expect(.colon, "its number of bits", fix: "write `\(name.text): 4`")
        } else {
            if kind == .arm, skip(.colon) { type = try parseType() }
            try expect(.equals, "the value of \(what)", fix: "write `\(name.text) = 1`")
        }
        let number = try parseInteger("the value of \(what)")
        return SyntaxCase(
            name: name,
            documentation: documentation,
            type: type,
            number: number,
            attributes: try parseAttributes(),
            span: SyntaxSpan(start: start, end: previousEnd)
        )
    }

    mutating func parseItems(_ span: inout SyntaxSpan) throws(SyntaxFailure) -> [SyntaxItem] {
        try parseBraces(&span) { parser throws(SyntaxFailure) in
            try parser.parseItem()
        }
    }

    private mutating func parseItem() throws(SyntaxFailure) -> SyntaxItem {
        let start = current.start
        let kind = try parseItemKind()
        let attributes = try parseAttributes()
        return SyntaxItem(
            kind: kind,
            attributes: attributes,
            span: SyntaxSpan(start: start, end: previousEnd)
        )
    }

    private mutating func parseItemKind() throws(SyntaxFailure) -> SyntaxItem.Kind {
        if skipWord("magic") { return .magic(try parseInteger("the magic")) }
        if skipWord("version") {
            let first = try parseInteger("the version")
            return .version(first, skip(.ellipsis) ? try parseInteger("the last version") : nil)
        }
        if skipWord("max") { return .max(try parseInteger("the largest packet")) }
        guard let side = ProtocolBinding.Side(rawValue: currentText) else {
            throw fail(
                .unexpectedToken,
                "a line of a protocol begins here, but \(currentDescription) does not begin one",
                fix: nearest(to: currentText, in: ["magic", "version", "max", "client", "server"])
                    .map { "write `\($0)`" }
            )
        }
        index += 1
        if skipWord("sends") { return .sends(side, try parseMessageNames()) }
        guard skipWord("requests") else {
            throw fail(
                .unexpectedToken,
                "a side `sends` or `requests`, but here stands \(currentDescription)",
                fix: nearest(to: currentText, in: ["sends", "requests"]).map { "write `\($0)`" }
            )
        }
        let message = try parseMessageName()
        try expect(.arrow, "the response", fix: "write `\(message.text) -> Response`")
        let response = try parseMessageName()
        return .requests(
            side,
            message,
            response,
            skipWord("else") ? try parseMessageNames() : []
        )
    }

    private mutating func parseMessageNames() throws(SyntaxFailure) -> [SyntaxName] {
        var names = [try parseMessageName()]
        while isNext(.comma), tokens[index + 1].kind == .name,
            bytes[tokens[index + 1].start].isCapital
        {
            index += 1
            names.append(takeName())
        }
        return names
    }

    private mutating func parseMessageName() throws(SyntaxFailure) -> SyntaxName {
        guard current.kind == .name else {
            throw fail(
                .nameExpected,
                "the name of a message is missing before \(currentDescription)"
            )
        }
        return takeName()
    }
}
