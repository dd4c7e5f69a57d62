// SPDX-License-Identifier: Apache-2.0

// Names, numbers, strings, values and attributes (§2.1, §2.2).

extension SchemaParser {
    enum NameKind {
        /// Types, messages, protocols.
        case type
        case value
    }

    /// Takes the current token as the name of `what`; wrong names are reported and taken all the
    /// same.
    mutating func parseName(_ kind: NameKind, _ what: String) throws(SyntaxFailure) -> SyntaxName {
        guard current.kind == .name else {
            if current.kind == .number {
                throw fail(
                    .nameExpected,
                    "the name of \(what) stands here, and names do not begin with a digit",
                    fix: "begin it with a letter"
                )
            }
            throw failMissing(.nameExpected, "the name of \(what) is")
        }
        let name = takeName()
        let first = bytes[name.start]
        if name.text.utf8.count > 64 {
            findings.report(
                .nameLength,
                at: name.start,
                "a name has at most 64 characters, this one has \(name.text.utf8.count)",
                fix: "shorten it"
            )
        } else if kind == .type ? !first.isCapital : first.isCapital || !first.isLetter {
            let size = kind == .type ? "capital" : "small"
            findings.report(
                .nameCase,
                at: name.start,
                "the name of \(what) begins with a \(size) letter",
                fix: recased(name.text, kind).map { "write `\($0)`" }
            )
        } else if Self.reserved.contains(name.text) {
            findings.report(
                .nameReserved,
                at: name.start,
                "`\(name.text)` is a word of the language and no name",
                fix: "write `\(name.text)Value`, or another name"
            )
        }
        return name
    }

    /// A token that is known to be a name.
    mutating func takeName() -> SyntaxName {
        let name = SyntaxName(text: currentText, start: current.start)
        index += 1
        return name
    }

    private func recased(_ name: String, _ kind: NameKind) -> String? {
        let stem = name.drop { $0 == "_" }
        guard let first = stem.first, first.isLetter else { return nil }
        return (kind == .type ? first.uppercased() : first.lowercased()) + stem.dropFirst()
    }

    static let reserved = ["const", "in", "true", "false"]

    mutating func parseNumber(_ what: String) throws(SyntaxFailure) -> SyntaxNumber {
        guard current.kind == .number else {
            throw fail(
                .unexpectedToken,
                "\(what) is a number, but here stands \(currentDescription)"
            )
        }
        let (start, end) = (current.start, current.end)
        let source = bytes[start..<end]
        let text = currentText
        index += 1
        let digits = source.filter { $0 != UInt8(ascii: "_") }
        let broken = SyntaxNumber(start: start, end: end, text: text)
        guard source.count <= SchemaLexer.maxNumberByteCount, hasForm(digits, source) else {
            findings.report(
                .numberForm,
                at: start,
                "`\(text.prefix(40))` is no number",
                fix: "write digits such as `1_000`, `0x1F`, `-2` or `1.5e-3`"
            )
            return broken
        }
        let plain = String(decoding: digits, as: UTF8.self)
        let isHexadecimal = digits.contains(UInt8(ascii: "x"))
        let isInteger = isHexadecimal || digits.allSatisfy { $0.isDigit || $0 == UInt8(ascii: "-") }
        guard isInteger else {
            return SyntaxNumber(
                start: start,
                end: end,
                text: plain,
                double: Double(plain) ?? .infinity
            )
        }
        let isNegative = digits.first == UInt8(ascii: "-")
        let magnitude = digits.dropFirst((isNegative ? 1 : 0) + (isHexadecimal ? 2 : 0))
        let signed = (isNegative ? "-" : "") + String(decoding: magnitude, as: UTF8.self)
        guard let integer = Int128(signed, radix: isHexadecimal ? 16 : 10) else {
            findings.report(.numberForm, at: start, "`\(text)` is beyond every type")
            return broken
        }
        return SyntaxNumber(
            start: start,
            end: end,
            text: String(integer),
            integer: integer,
            double: Double(String(integer))
        )
    }

    /// `digits` is `source` without its `_`.
    private func hasForm(_ digits: [UInt8], _ source: ArraySlice<UInt8>) -> Bool {
        for (position, byte) in source.enumerated() where byte == UInt8(ascii: "_") {
            let place = source.startIndex + position
            let isBetween =
                position > 0 && place + 1 < source.endIndex
                && source[place - 1].isHexadecimal && source[place + 1].isHexadecimal
            guard isBetween else { return false }
        }
        var rest = digits[...]
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        if rest.starts(with: "0x".utf8) {
            let digits = rest.dropFirst(2)
            return !digits.isEmpty && digits.allSatisfy(\.isHexadecimal)
        }
        func takeDigits() -> Bool {
            let count = rest.prefix(while: \.isDigit).count
            rest = rest.dropFirst(count)
            return count > 0
        }
        guard takeDigits() else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            guard takeDigits() else { return false }
        }
        if let sign = rest.first, sign | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            if let sign = rest.first, [UInt8(ascii: "-"), UInt8(ascii: "+")].contains(sign) {
                rest.removeFirst()
            }
            guard takeDigits() else { return false }
        }
        return rest.isEmpty
    }

    mutating func parseInteger(_ what: String) throws(SyntaxFailure) -> SyntaxNumber {
        let number = try parseNumber(what)
        if number.integer == nil, !number.isBroken {
            findings.report(
                .unexpectedToken,
                at: number.start,
                "\(what) is an integer, not `\(number.text)`"
            )
            return SyntaxNumber(start: number.start, end: number.end, text: number.text)
        }
        return number
    }

    /// The current token is a string.
    mutating func parseString() -> SyntaxString {
        let start = current.start
        var source = bytes[(start + 1)..<current.end]
        if source.last == UInt8(ascii: "\"") { source.removeLast() }
        index += 1
        var value: [UInt8] = []
        var rest = source
        while let byte = rest.popFirst() {
            if byte < 0x20 || byte == 0x7F {
                findings.report(
                    .stringEscape,
                    at: rest.startIndex - 1,
                    "a string has no control characters",
                    fix: "write `\\u{\(String(byte, radix: 16, uppercase: true))}`"
                )
            }
            guard byte == UInt8(ascii: "\\") else {
                value.append(byte)
                continue
            }
            let place = rest.startIndex - 1
            if let scalar = unescape(&rest) {
                value += Array(String(Character(scalar)).utf8)
            } else {
                findings.report(
                    .stringEscape,
                    at: place,
                    "no such escape in a string",
                    fix: #"write `\"`, `\\`, `\n`, `\t` or `\u{20AC}`"#
                )
            }
        }
        return SyntaxString(
            start: start,
            source: String(decoding: source, as: UTF8.self),
            value: String(decoding: value, as: UTF8.self)
        )
    }

    /// What stands behind a backslash.
    private func unescape(_ rest: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
        switch rest.popFirst() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard rest.first == UInt8(ascii: "{") else { return nil }
            let digits = rest.dropFirst().prefix { $0.isHexadecimal }
            let isClosed =
                digits.endIndex < rest.endIndex && rest[digits.endIndex] == UInt8(ascii: "}")
            guard isClosed, (1...6).contains(digits.count) else { return nil }
            rest = rest[(digits.endIndex + 1)...]
            return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
                .flatMap(Unicode.Scalar.init)
        default: return nil
        }
    }

    mutating func parseValue() throws(SyntaxFailure) -> SyntaxValue {
        let start = current.start
        switch isAtNextMember ? .end : current.kind {
        case .number:
            return .number(try parseNumber("a value"))
        case .string:
            return .string(parseString())
        case .symbol(.dot):
            index += 1
            return .enumCase(try parseName(.value, "a case"))
        case .name:
            if skipWord("true") { return .bool(true, start: start) }
            if skipWord("false") { return .bool(false, start: start) }
            return .constant(takeName())
        default:
            throw failMissing(
                .unexpectedToken,
                "a value is",
                fix: "write a number, `true`, `\"text\"`, `.case` or the name of a constant"
            )
        }
    }

    mutating func parseAttributes() throws(SyntaxFailure) -> [SyntaxAttribute] {
        var attributes: [SyntaxAttribute] = []
        while skip(.at) {
            let start = tokens[index - 1].start
            let names = SyntaxAttribute.Kind.allCases.map(\.rawValue)
            guard current.kind == .name else {
                throw fail(.unknownAttribute, "the name of an attribute is missing behind `@`")
            }
            let name = takeName()
            guard let kind = SyntaxAttribute.Kind(rawValue: name.text) else {
                findings.report(
                    .unknownAttribute,
                    at: start,
                    "no attribute is called `@\(name.text)`",
                    fix: nearest(to: name.text, in: names).map { "write `@\($0)`" }
                )
                if isNext(.openParenthesis) { skipParentheses() }
                continue
            }
            var attribute = SyntaxAttribute(kind: kind, start: start)
            try parseArguments(of: &attribute)
            if attributes.contains(where: { $0.kind == kind }) {
                findings.report(
                    .duplicateAttribute,
                    at: start,
                    "`@\(name.text)` stands here twice",
                    fix: "remove one of them"
                )
            } else {
                attributes.append(attribute)
            }
        }
        return attributes
    }

    private mutating func parseArguments(
        of attribute: inout SyntaxAttribute
    ) throws(SyntaxFailure) {
        let name = attribute.kind.rawValue
        guard attribute.kind == .since || attribute.kind == .deprecated else { return }
        try expect(.openParenthesis, "the version of `@\(name)`", fix: "write `@\(name)(2)`")
        attribute.number = try parseInteger("the version of `@\(name)`")
        if attribute.kind == .deprecated, skip(.comma) {
            guard current.kind == .string else {
                throw fail(
                    .unexpectedToken,
                    "the second thing in `@deprecated` is a string",
                    fix: "write `@deprecated(2, \"use other\")`"
                )
            }
            attribute.message = parseString()
        }
        try expect(.closeParenthesis, "the end of `@\(name)`", fix: "write `)`")
    }

    private mutating func skipParentheses() {
        while current.kind != .end, !isNext(.closeParenthesis), !current.isFirstOnLine {
            index += 1
        }
        _ = skip(.closeParenthesis)
    }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool {
        isDigit || UInt8(ascii: "a") <= self | 0x20 && self | 0x20 <= UInt8(ascii: "f")
    }
}
