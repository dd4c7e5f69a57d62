// SPDX-License-Identifier: Apache-2.0

extension SwiftEmitter {
    func emit(_ union: Union, to text: inout SwiftText) {
        text.line("")
        text.documentation(union.documentation)
        text.block("public enum \(union.name): UnionValue") { text in
            for arm in union.arms {
                text.documentation(arm.documentation)
                emit(arm.deprecation, to: &text)
                let payload = arm.type.map { "(\(swiftType($0, entry: "")))" } ?? ""
                text.line("case \(SwiftNames.arm(arm.name))\(payload)")
            }
            text.line("/// An arm that this version of the schema does not know, and its bytes.")
            text.line("case unknown(tag: UInt16, [UInt8])")
            text.line("")
            text.line("@inlinable public static var tagByteCount: Int { \(union.tagByteCount) }")
            emitTag(union, to: &text)
            emitChecks(union, to: &text)
            emitCopying(union, to: &text)
            emitWriting(union, to: &text)
        }
        emitArms(union, to: &text)
    }

    private func emitTag(_ union: Union, to text: inout SwiftText) {
        text.line("")
        text.block("public var tag: UInt16") { text in
            text.line("switch self {")
            for arm in union.arms {
                text.line("case .\(SwiftNames.arm(arm.name)): \(Self.number(arm.tag))")
            }
            text.line("case .unknown(let tag, _): tag")
            text.line("}")
        }
    }

    private func emitChecks(_ union: Union, to text: inout SwiftText) {
        text.line("")
        text.line("@inlinable")
        text.block("public static func isValid(_ union: UnionView<Self>) -> Bool") { text in
            text.line("switch union.tag {")
            for arm in union.arms {
                let check =
                    switch arm.type {
                    case nil: "union.payload.isEmpty"
                    case .text(let max): "union.holdsText(max: \(Self.number(max)))"
                    case .bytes(let max): "union.payload.byteCount <= \(Self.number(max))"
                    case .some(let type): "union.holds(\(swiftType(type, entry: "")).self)"
                    }
                text.line("case \(Self.number(arm.tag)): \(check)")
            }
            text.line("default: true")
            text.line("}")
        }
    }

    private func emitCopying(_ union: Union, to text: inout SwiftText) {
        text.line("")
        if union.arms.contains(where: { $0.deprecation != nil }) {
            text.line("// Deprecated only because it names arms that are. Call `value` of a view.")
            text.line("@available(*, deprecated, message: \"some of its arms are\")")
        }
        text.block("public init(_ union: UnionView<Self>)") { text in
            text.line("switch union.tag {")
            for arm in union.arms {
                let payload =
                    switch arm.type {
                    case nil: ""
                    case .text: "(String(copying: union.text))"
                    case .bytes: "([UInt8](copying: union.payload))"
                    case .some(let type):
                        "(\(swiftType(type, entry: ""))(reading: union.payload))"
                    }
                let name = SwiftNames.arm(arm.name)
                text.line("case \(Self.number(arm.tag)): self = .\(name)\(payload)")
            }
            text.line("default:")
            text.indented { text in
                text.line("self = .unknown(tag: union.tag, [UInt8](copying: union.payload))")
            }
            text.line("}")
        }
    }

    private func emitWriting(_ union: Union, to text: inout SwiftText) {
        text.line("")
        text.block("public func write(to payload: inout UnionWriter)") { text in
            text.line("switch self {")
            for arm in union.arms {
                let name = SwiftNames.arm(arm.name)
                switch arm.type {
                case nil:
                    text.line("case .\(name): break")
                case .text(let max):
                    let number = Self.number(max)
                    text.line(
                        "case .\(name)(let value): payload.put(value.utf8, max: \(number))"
                    )
                case .bytes(let max):
                    let number = Self.number(max)
                    text.line("case .\(name)(let value): payload.put(value, max: \(number))")
                case .some:
                    text.line("case .\(name)(let value): payload.put(value)")
                }
            }
            text.line("case .unknown(_, let bytes): payload.put(bytes)")
            text.line("}")
        }
    }

    /// The names by which a view's arms are found in place.
    private func emitArms(_ union: Union, to text: inout SwiftText) {
        let name = swiftType(named: union.name)
        for arm in union.arms {
            guard let type = arm.type else { continue }
            var requirements = ["Value == \(name)"]
            let arms: String
            switch type {
            case .text: arms = "TextArm"
            case .bytes: arms = "BytesArm"
            default:
                arms = "ValueArm"
                requirements.append("Payload == \(swiftType(type, entry: ""))")
            }
            text.line("")
            text.extensionOf(arms, where: requirements) { text in
                text.documentation(arm.documentation)
                emit(arm.deprecation, to: &text)
                text.accessor(
                    "@inlinable public static var \(SwiftNames.arm(arm.name)): Self",
                    SwiftCall("Self", ["tag: \(Self.number(arm.tag))"])
                )
            }
        }
    }

    static func number(_ value: UInt16) -> String { SwiftNames.number(Int128(value)) }
    static func number(_ value: Int) -> String { SwiftNames.number(Int128(value)) }
}
