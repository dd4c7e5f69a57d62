// SPDX-License-Identifier: Apache-2.0

// Types (§2.2).

extension SchemaParser {
    /// Lists and maps in one another are wrong, but take calls to find out.
    private static let maxTypeDepth = 16

    mutating func parseType(isConstant: Bool = false, depth: Int = 0) throws(SyntaxFailure)
        -> SyntaxType
    {
        guard depth < Self.maxTypeDepth else {
            throw fail(.elementType, "types are nested too deep", fix: "use a group")
        }
        var type = SyntaxType(kind: .broken, start: current.start)
        type.kind = try parseBaseType(isConstant, depth)
        while isNext(.openBracket) { try parseArray(&type) }
        if isNext(.question) {
            if depth > 0 {
                findings.report(
                    .optionalPlace,
                    at: current.start,
                    "elements, keys and values of maps are never absent",
                    fix: "remove `?`"
                )
            } else {
                type.question = current.start
            }
            while skip(.question) {}
        }
        return type
    }

    private mutating func parseArray(_ type: inout SyntaxType) throws(SyntaxFailure) {
        let place = current.start
        index += 1
        let bound = try parseBound()
        try expect(.closeBracket, "the end of the array's bound", fix: "write `]`")
        switch type.kind {
        case .broken: break
        case .array:
            findings.report(
                .arrayElement,
                at: place,
                "an array of arrays",
                fix: "declare a struct with the inner array, and write an array of it"
            )
            type.kind = .broken
        case .text, .bytes, .list, .map, .group:
            findings.report(
                .arrayElement,
                at: place,
                "an array's elements have a fixed size",
                fix: "write a list such as `[str[8]]<=16`, or a group"
            )
            type.kind = .broken
        default: type.kind = .array(type, bound)
        }
    }

    private mutating func parseBaseType(
        _ isConstant: Bool,
        _ depth: Int
    ) throws(SyntaxFailure) -> SyntaxType.Kind {
        if isNext(.openBracket) { return try parseListOrMap(depth) }
        guard current.kind == .name, !isAtNextMember else {
            throw failMissing(
                .typeExpected,
                "a type is",
                fix: "write a type such as `u32` or `string<=32`"
            )
        }
        let name = takeName()
        switch name.text {
        case "string":
            if isConstant, !isNext(.atMost) { return .text(nil) }
            return try parseText(name)
        case "bytes":
            if skip(.openBracket) {
                let bound = try parseBound()
                try expect(.closeBracket, "the end of the size", fix: "write `]`")
                return .fixedBytes(bound)
            }
            return .bytes(try parseMaximum("`bytes`", at: name.start, fix: "write `bytes<=64`"))
        case "str":
            return try parseFixedText(name)
        case "decimal":
            let fix = "write `decimal(i64, -4)`"
            try expect(.openParenthesis, "the integer type of the decimal", fix: fix)
            guard current.kind == .name else {
                throw fail(.typeExpected, "a decimal's mantissa has an integer type", fix: fix)
            }
            let storage = takeName()
            try expect(.comma, "the exponent of ten", fix: fix)
            let exponent = try parseInteger("the exponent of ten")
            try expect(.closeParenthesis, "the end of the decimal", fix: "write `)`")
            return .decimal(storage, exponent)
        case "timestamp", "duration":
            let fix = "write `\(name.text)(ns)`, or us, ms, s"
            try expect(.openParenthesis, "the unit", fix: fix)
            guard current.kind == .name else {
                throw fail(.unknownUnit, "the unit is missing", fix: fix)
            }
            let unit = takeName()
            try expect(.closeParenthesis, "the end of the unit", fix: "write `)`")
            return .time(name.text, unit)
        case "group":
            return try parseGroup(at: name.start, depth)
        default:
            return .named(name.text)
        }
    }

    private mutating func parseText(_ name: SyntaxName) throws(SyntaxFailure) -> SyntaxType.Kind {
        guard isNext(.openBracket) else {
            return .text(try parseMaximum("`string`", at: name.start, fix: "write `string<=32`"))
        }
        findings.report(
            .boundMissing,
            at: name.start,
            "`string` is followed by `<=` and the most bytes it may have",
            fix: "write `string<=8`, or `str[8]` for a fixed size"
        )
        index += 1
        _ = try parseBound()
        _ = skip(.closeBracket)
        return .broken
    }

    private mutating func parseFixedText(_ name: SyntaxName) throws(SyntaxFailure)
        -> SyntaxType.Kind
    {
        guard skip(.openBracket) else {
            findings.report(
                .boundMissing,
                at: name.start,
                "`str` is followed by its size in brackets",
                fix: "write `str[8]`, or `string<=8` for a size that varies"
            )
            if skip(.atMost) { _ = try parseBound() }
            return .broken
        }
        let bound = try parseBound()
        try expect(.closeBracket, "the end of the size", fix: "write `]`")
        return .fixedText(bound)
    }

    private mutating func parseListOrMap(_ depth: Int) throws(SyntaxFailure) -> SyntaxType.Kind {
        let start = current.start
        index += 1
        let element = try parseType(depth: depth + 1)
        guard skip(.colon) else {
            try expect(.closeBracket, "the end of the list's element", fix: "write `]`")
            let source = String(decoding: bytes[start..<previousEnd], as: UTF8.self)
            let bound = try parseMaximum("a list", at: start, fix: "write `\(source)<=100`")
            return .list(element, bound)
        }
        let value = try parseType(depth: depth + 1)
        try expect(.closeBracket, "the end of the map's value", fix: "write `]`")
        let source = String(decoding: bytes[start..<previousEnd], as: UTF8.self)
        let bound = try parseMaximum("a map", at: start, fix: "write `\(source)<=100`")
        return .map(element, value, bound)
    }

    private mutating func parseGroup(
        at start: Int,
        _ depth: Int
    ) throws(SyntaxFailure) -> SyntaxType.Kind {
        let bound = try parseMaximum("a group", at: start, fix: "write `group<=16 {`")
        var span = SyntaxSpan(start: start, end: start)
        guard depth == 0 else {
            findings.report(
                .elementType,
                at: start,
                "a group is a field of its own, not part of another type",
                fix: "write `name: group<=16 {`"
            )
            if isNext(.openBrace) { skipOneOrBraces() }
            return .broken
        }
        guard groupDepth < 8 else {
            findings.report(
                .groupDepth,
                at: start,
                "groups are at most 8 deep",
                fix: "make the inner one a message of its own"
            )
            if isNext(.openBrace) { skipOneOrBraces() }
            return .broken
        }
        groupDepth += 1
        defer { groupDepth -= 1 }
        let members = try parseMembers(&span)
        span.end = previousEnd
        return .group(bound, members, span)
    }

    /// `<=` and a bound.
    private mutating func parseMaximum(
        _ what: String,
        at start: Int,
        fix: String
    ) throws(SyntaxFailure) -> SyntaxBound {
        guard skip(.atMost) else {
            findings.report(.boundMissing, at: start, "\(what) has no bound", fix: fix)
            return .broken
        }
        return try parseBound()
    }

    private mutating func parseBound() throws(SyntaxFailure) -> SyntaxBound {
        if current.kind == .name, !isAtNextMember { return .name(takeName()) }
        guard current.kind == .number else {
            throw failMissing(
                .boundMissing,
                "a bound is",
                fix: "write an integer or the name of a constant"
            )
        }
        let number = try parseInteger("a bound")
        return number.isBroken ? .broken : .number(number)
    }
}
