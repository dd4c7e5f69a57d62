// SPDX-License-Identifier: Apache-2.0

/// Where the names of a file stand.
struct SchemaPlaces {
    private let tree: SyntaxFile
    private let bytes: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
        tree = SchemaParser.parse(bytes).tree
    }

    /// Line and column, from 1, of what the path names, or of the last thing around it that is
    /// there. O(bytes).
    func place(of path: [String]) -> (line: Int, column: Int) {
        let before = bytes.prefix(offset(of: path))
        let lineStart = (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        // What continues a scalar is no column.
        return (line, before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1)
    }

    private func offset(of path: [String]) -> Int {
        guard let name = path.first,
            let declaration = tree.declarations.first(where: { $0.name.text == name })
        else { return tree.name.first?.start ?? tree.start }
        let rest = path.dropFirst()
        let inside =
            switch declaration.kind {
            case .constant: nil as Int?
            case .enumeration(_, _, let cases), .flags(_, let cases), .bits(_, let cases),
                .union(_, let cases):
                cases.first { $0.name.text == rest.first }?.name.start
            case .structure(let members), .message(_, _, let members):
                offset(of: rest, in: members)
            case .binding(let items):
                items.first { $0.isNamed(rest.first) }?.span.start
            }
        return inside ?? declaration.name.start
    }

    private func offset(of path: ArraySlice<String>, in members: [SyntaxMember]) -> Int? {
        guard let name = path.first,
            let member = members.first(where: { $0.name.text == name })
        else { return nil }
        if case .field(let field) = member, case .group(_, let members, _) = field.type.kind {
            return offset(of: path.dropFirst(), in: members) ?? member.name.start
        }
        return member.name.start
    }
}

extension SyntaxItem {
    /// Whether it is of that keyword, or says what becomes of that message.
    fileprivate func isNamed(_ name: String?) -> Bool {
        switch kind {
        case .magic: name == "magic"
        case .version: name == "version"
        case .max: name == "max"
        case .sends(_, let names): names.contains { $0.text == name }
        case .requests(_, let request, _, _): request.text == name
        }
    }
}
