// SPDX-License-Identifier: Apache-2.0

// Structs and unions.

extension SwiftEmitter {
    func emit(_ type: Structure, to text: inout SwiftText) {
        text.line("")
        text.documentation(type.documentation)
        text.line("@frozen")
        text.block("public struct \(type.name): InlineValue, Hashable") { text in
            for constant in type.constants { emit(constant, to: &text) }
            for field in type.fields {
                text.documentation(field.documentation)
                let name = SwiftNames.field(field.name)
                text.line("public var \(name): \(swiftType(field.type, entry: ""))")
            }
            text.line("")
            text.line("@inlinable")
            emitInitializer(type.fields, to: &text)
            text.line("")
            text.line("@inlinable public static var byteCount: Int { \(type.byteCount) }")
            emitReading(type, to: &text)
            emitWriting(type, to: &text)
            emitChecks(type, to: &text)
        }
    }

    /// The initializer with an argument for each field.
    func emitInitializer(_ fields: [Field], to text: inout SwiftText) {
        let arguments = fields.map { field in
            let type = swiftType(field.type, entry: SwiftNames.entry(field.name))
            let mark = field.isOptional ? "?" : ""
            return "\(SwiftNames.field(field.name)): \(type)\(mark) = \(initialValue(field))"
        }
        guard !fields.isEmpty else { return text.line("public init() {}") }
        text.call("public init", arguments, " {")
        text.indented { text in
            for field in fields {
                let name = SwiftNames.field(field.name)
                text.assignment("self.\(storedName(field))", name)
            }
        }
        text.line("}")
    }

    private func emitReading(_ type: Structure, to text: inout SwiftText) {
        text.line("")
        text.line("@inlinable")
        text.line("@inline(__always)")
        text.block("public init(reading bytes: RawSpan)") { text in
            for field in type.fields {
                let name = SwiftNames.field(field.name)
                text.assignment("self.\(name)", "bytes.value(at: \(field.offset))")
            }
        }
    }

    private func emitWriting(_ type: Structure, to text: inout SwiftText) {
        text.line("")
        text.line("@inlinable")
        text.line("@inline(__always)")
        text.block("public func write(to bytes: inout MutableRawSpan, at offset: Int)") { text in
            for field in type.fields {
                let name = SwiftNames.field(field.name)
                let prefix = ["bytes", "offset"].contains(field.name) ? "self." : ""
                let offset = field.offset == 0 ? "offset" : "offset + \(field.offset)"
                text.line("\(prefix)\(name).write(to: &bytes, at: \(offset))")
            }
        }
    }

    private func emitChecks(_ type: Structure, to text: inout SwiftText) {
        let checks = type.fields.filter { !isAlwaysValid($0) }.flatMap { field in
            let name = swiftType(field.type, entry: "")
            var checks: [String] = []
            if !isAlwaysValid(field.type) {
                checks.append("bytes.holds(\(name).self, at: \(field.offset))")
            }
            if let range = rangeExpression(field) {
                checks.append("bytes.holds(\(name).self, in: \(range), at: \(field.offset))")
            }
            return checks
        }
        guard !checks.isEmpty else { return }
        text.line("")
        text.line("@inlinable public static var isAlwaysValid: Bool { false }")
        if type.fields.contains(where: { hasRange($0) }) {
            text.line("@inlinable public static var hasRange: Bool { true }")
        }
        text.line("")
        text.line("@inlinable")
        text.line("@inline(__always)")
        text.block("public static func isValid(_ bytes: RawSpan) -> Bool") {
            guard checks.count != 1 else { return $0.line(checks[0]) }
            emit(checks.map { SwiftCall($0) }, orElse: "false", result: "true", to: &$0)
        }
    }

    /// Conditions that all must hold, and what the function returns, as its end.
    func emit(
        _ checks: [SwiftCall],
        orElse failure: String,
        result: String,
        to text: inout SwiftText
    ) {
        guard !checks.isEmpty else { return text.line(result) }
        text.line("guard")
        text.indented { text in
            for (index, check) in checks.enumerated() {
                var check = check
                if index < checks.count - 1 {
                    if check.arguments == nil { check.head += "," } else { check.tail += "," }
                }
                text.call(check)
            }
        }
        text.line("else { return \(failure) }")
        text.line("return \(result)")
    }

    // MARK: - What needs a check

    /// Whether any bytes are a value of the field.
    func isAlwaysValid(_ field: Field) -> Bool { field.range == nil && isAlwaysValid(field.type) }

    /// Whether any bytes are a value of the fixed type.
    func isAlwaysValid(_ type: FieldType) -> Bool {
        switch type {
        case .integer, .float, .decimal, .timestamp, .duration, .fixedBytes, .flags: return true
        case .array(let element, _): return isAlwaysValid(element)
        case .enumeration(let name):
            guard case .enumeration(let type) = declaration(name) else { return false }
            return !type.isClosed
        case .bits(let name):
            guard case .bits(let type) = declaration(name) else { return false }
            return type.fields.reduce(0) { $0 + $1.bitCount } == type.storage.byteCount * 8
        case .structure(let name):
            guard case .structure(let type) = declaration(name) else { return false }
            return type.fields.allSatisfy { isAlwaysValid($0) }
        case .bool, .fixedText, .text, .bytes, .list, .union, .group, .map: return false
        }
    }

    /// Whether a value of the field can be out of a range.
    private func hasRange(_ field: Field) -> Bool {
        func hasRange(_ type: FieldType) -> Bool {
            switch type {
            case .array(let element, _): return hasRange(element)
            case .structure(let name):
                guard case .structure(let type) = declaration(name) else { return false }
                return type.fields.contains { self.hasRange($0) }
            default: return false
            }
        }
        return field.range != nil || hasRange(field.type)
    }

    func rangeExpression(_ field: Field) -> String? {
        guard let range = field.range else { return nil }
        let lowest = typedBound(range.lowest, field.type)
        let highest = typedBound(range.highest, field.type)
        return "\(lowest)...\(highest)"
    }

    /// Numbers are literals: their type is known from the argument before.
    private func typedBound(_ literal: Literal, _ type: FieldType) -> String {
        let value = expression(literal, type)
        return value.hasPrefix(".") ? typed(value, type) : value
    }
}

extension Field {
    /// Of a fixed field.
    var offset: Int {
        if case .fixed(let offset, _) = place { offset } else { 0 }
    }

    /// Of a variable field.
    var endIndex: Int {
        if case .variable(let endIndex) = place { endIndex } else { 0 }
    }
}
