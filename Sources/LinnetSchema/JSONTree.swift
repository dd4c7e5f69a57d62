// SPDX-License-Identifier: Apache-2.0

/// JSON as it is written (RFC 8259).
enum JSONTree {
    // A tuple in its place is, to the compiler, a circular reference in some orders of the files.
    struct Member {
        var name: String
        var value: JSONTree
    }

    case object([Member])
    case array([JSONTree])
    case string(String)
    case number(Int)
    case bool(Bool)

    static func members(_ members: [(String, JSONTree)]) -> JSONTree {
        .object(members.map { Member(name: $0, value: $1) })
    }

    /// Two spaces for each level. Ends with a newline.
    var text: String {
        var text = ""
        write(to: &text, indent: "")
        return text + "\n"
    }

    private func write(to text: inout String, indent: String) {
        let inner = indent + "  "
        switch self {
        case .object(let members) where !members.isEmpty:
            text += "{\n"
            for (position, member) in members.enumerated() {
                text += "\(inner)\(Self.quoted(member.name)): "
                member.value.write(to: &text, indent: inner)
                text += position == members.count - 1 ? "\n" : ",\n"
            }
            text += "\(indent)}"
        case .array(let elements) where !elements.isEmpty:
            text += "[\n"
            for (position, element) in elements.enumerated() {
                text += inner
                element.write(to: &text, indent: inner)
                text += position == elements.count - 1 ? "\n" : ",\n"
            }
            text += "\(indent)]"
        case .object: text += "{}"
        case .array: text += "[]"
        case .string(let value): text += Self.quoted(value)
        case .number(let value): text += "\(value)"
        case .bool(let value): text += "\(value)"
        }
    }

    private static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            // Line separators end a line of JavaScript; the others are not allowed.
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
