// SPDX-License-Identifier: Apache-2.0

// Constants, defaults and ranges (§2.3.6 to §2.3.8).

extension SchemaChecker {
    /// Checks the constants of the file.
    mutating func checkConstants() {
        let constants = own.compactMap { declaration -> SyntaxConstant? in
            if case .constant(let constant) = declaration.kind { constant } else { nil }
        }
        for (name, constant) in resolve(constants) {
            names.entries[name]?.declaration = constant.map(Declaration.constant)
        }
    }

    /// Checks constants that may name each other, and others. Not recursive: a file may have a
    /// chain of many thousands.
    mutating func resolve(_ constants: [SyntaxConstant]) -> [String: Constant?] {
        let all = Dictionary(
            constants.map { ($0.name.text, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        var resolved: [String: Constant?] = [:]
        for constant in constants {
            var chain: [SyntaxConstant] = []
            var inChain: Set<String> = []
            var next: SyntaxConstant? = constant
            while let link = next, resolved[link.name.text] == nil {
                guard inChain.insert(link.name.text).inserted else {
                    findings.report(
                        .constantCycle,
                        at: link.name.start,
                        "the value of `\(link.name.text)` depends on itself",
                        fix: "write the value"
                    )
                    resolved[link.name.text] = .some(nil)
                    break
                }
                chain.append(link)
                if case .constant(let name) = link.value {
                    next = all[name.text]
                } else {
                    next = nil
                }
            }
            for link in chain.reversed() where resolved[link.name.text] == nil {
                resolved[link.name.text] = .some(self.constant(link, among: resolved))
            }
        }
        return resolved
    }

    private mutating func constant(
        _ syntax: SyntaxConstant,
        among resolved: [String: Constant?]
    ) -> Constant? {
        var type: FieldType?
        switch syntax.type.kind {
        case .broken: return nil
        case .text(nil) where syntax.type.question == nil: type = nil
        case .named(let name) where syntax.type.question == nil:
            guard let scalar = FieldType(scalar: name) else { fallthrough }
            type = scalar
        default:
            findings.report(
                .constantType,
                at: syntax.type.start,
                "a constant is an integer, a float, a `bool` or a `string`",
                fix: "write one of `u8` to `i64`, `f32`, `f64`, `bool`, `string`"
            )
            return nil
        }
        guard let written = literal(syntax.value, among: resolved),
            let value = convert(written, to: type, at: syntax.value.start)
        else { return nil }
        var constant = Constant(name: syntax.name.text, type: type, value: value)
        constant.documentation = syntax.documentation
        return constant
    }

    /// A value as written, or that of the constant that it names.
    mutating func literal(
        _ value: SyntaxValue,
        among resolved: [String: Constant?] = [:]
    ) -> Literal? {
        switch value {
        case .number(let number): return number.literal
        case .bool(let value, _): return .bool(value)
        case .string(let string): return .string(string.value)
        case .enumCase(let name): return .enumCase(name.text)
        case .constant(let name):
            if let constant = resolved[name.text] { return constant?.value }
            return constant(named: name)?.value
        }
    }

    /// The constant of the blocks around or of the file, of that name. Reports if there is none.
    mutating func constant(named name: SyntaxName) -> Constant? {
        for block in blockConstants.reversed() {
            if let constant = block[name.text] { return constant }
        }
        if let entry = names.entries[name.text] {
            if case .constant(let constant)? = entry.declaration { return constant }
            if entry.kind == nil || entry.kind == .constant { return nil }
        }
        findings.report(
            .unknownConstant,
            at: name.start,
            "there is no constant `\(name.text)`",
            fix: (nearest(to: name.text, in: blockConstants.lazy.flatMap(\.keys))
                ?? nearestName(to: name.text) { $0 == .constant }).map { "write `\($0)`" }
        )
        return nil
    }

    /// The value as one of that type, a string if `nil`. Reports what does not fit.
    mutating func convert(_ literal: Literal, to type: FieldType?, at offset: Int) -> Literal? {
        switch (type, literal) {
        case (nil, .string), (.bool?, .bool): return literal
        case (.integer(let kind)?, .integer(let value)):
            if kind.range.contains(value) { return literal }
        case (.timestamp?, .integer(let value)), (.duration?, .integer(let value)):
            if IntegerKind.i64.range.contains(value) { return literal }
        case (.float(let byteCount)?, .integer), (.float(let byteCount)?, .number):
            let text = literal.text
            let isFinite = byteCount == 4 ? Float(text)?.isFinite : Double(text)?.isFinite
            if let value = Double(text), isFinite == true { return .number(value, text: text) }
        case (.decimal(let kind, let exponent)?, .integer),
            (.decimal(let kind, let exponent)?, .number):
            if let mantissa = literal.mantissa(exponent: exponent), kind.range.contains(mantissa) {
                return literal
            }
        case (.enumeration(let name)?, .enumCase(let name2)):
            guard let enumeration = names.enumeration(name) else { return nil }
            if enumeration.cases.contains(where: { $0.name == name2 }) { return literal }
            findings.report(
                .unknownCase,
                at: offset,
                "`\(name)` has no case `.\(name2)`",
                fix: nearest(to: name2, in: enumeration.cases.map(\.name)).map { "write `.\($0)`" }
            )
            return nil
        default:
            reportMismatch(literal, type, at: offset)
            return nil
        }
        findings.report(
            .valueRange,
            at: offset,
            "\(literal.text) does not fit \(type.map(name) ?? "")",
            fix: type.flatMap(valuesOf).map { "write a value \($0)" }
        )
        return nil
    }

    private mutating func reportMismatch(_ literal: Literal, _ type: FieldType?, at offset: Int) {
        var fix: String?
        if case .enumeration(let name)? = type, let first = names.enumeration(name)?.cases.first {
            var value = first
            if case .integer(let number) = literal {
                value = names.enumeration(name)?.cases.first { Int128($0.value) == number } ?? first
            }
            fix = "write the case, such as `.\(value.name)`"
        }
        findings.report(
            .valueType,
            at: offset,
            "\(literal.text) is no value of \(type.map(name) ?? "`string`")",
            fix: fix ?? type.flatMap(valuesOf).map { "write a value \($0)" }
        )
    }

    /// For messages.
    func name(of type: FieldType) -> String {
        switch type {
        case .integer(let kind): "`\(kind.rawValue)`"
        case .float(let byteCount): "`f\(byteCount * 8)`"
        case .bool: "`bool`"
        case .decimal(let kind, let exponent): "`decimal(\(kind.rawValue), \(exponent))`"
        case .timestamp(let unit): "`timestamp(\(unit.rawValue))`"
        case .duration(let unit): "`duration(\(unit.rawValue))`"
        case .enumeration(let name), .flags(let name), .bits(let name), .structure(let name),
            .union(let name):
            "`\(name)`"
        case .fixedText, .text: "text"
        case .fixedBytes, .bytes: "bytes"
        case .array: "an array"
        case .list: "a list"
        case .map: "a map"
        case .group: "a group"
        }
    }

    private func valuesOf(_ type: FieldType) -> String? {
        switch type {
        case .integer(let kind): "from \(kind.range.lowerBound) to \(kind.range.upperBound)"
        case .timestamp, .duration:
            "from \(IntegerKind.i64.range.lowerBound) to \(IntegerKind.i64.range.upperBound)"
        case .bool: "such as `true` or `false`"
        case .decimal(let kind, let exponent):
            "that is a multiple of 10^\(exponent), in the range of `\(kind.rawValue)` times that"
        case .float(let byteCount):
            byteCount == 4 ? "from -3.4e38 to 3.4e38" : "from -1.79e308 to 1.79e308"
        default: nil
        }
    }
}

extension SyntaxNumber {
    /// `nil` if it is broken.
    var literal: Literal? {
        if let integer { return .integer(integer) }
        return double.map { .number($0, text: text) }
    }
}

extension Literal {
    /// As written in a schema.
    var text: String {
        switch self {
        case .integer(let value): String(value)
        case .number(_, let text): text
        case .bool(let value): String(value)
        case .string: "a string"
        case .enumCase(let name): ".\(name)"
        }
    }
}

extension FieldType {
    /// The type that a word of the language names, if it is an integer, a float or `bool`.
    init?(scalar name: String) {
        switch name {
        case "f32": self = .float(byteCount: 4)
        case "f64": self = .float(byteCount: 8)
        case "bool": self = .bool
        default:
            guard let kind = IntegerKind(rawValue: name) else { return nil }
            self = .integer(kind)
        }
    }
}
