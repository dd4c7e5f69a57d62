// SPDX-License-Identifier: Apache-2.0

package import LinnetMessages

/// What a schema says of the bytes of a message: a line for each field and each type that has a
/// name.
/// Two schemas whose lines are equal have the same messages.
package struct GoldenLayout {
    private var lines: [String] = []
    private var named: Set<String> = []
    private let version: UInt16

    private init(version: UInt16) {
        self.version = version
    }

    package static func lines(of message: TableMessage, version: UInt16) -> [String] {
        var layout = GoldenLayout(version: version)
        let shape = message.block.shape(ofVersion: version)
        layout.lines.append(
            "\(message.name) = \(message.number): \(shape.fixedByteCount) bytes, "
                + "\(shape.endCount) ends of \(message.endByteCount) bytes"
        )
        layout.add(message.block, path: "")
        return layout.lines
    }

    private mutating func add(_ block: TableBlock, path: String) {
        for field in block.fields where field.since <= version {
            let name = path + field.name
            var line = "\(name): \(field.type.text)\(field.isOptional ? "?" : "")"
            switch field.place {
            case .fixed(let offset): line += " at \(offset)"
            case .variable(let endIndex): line += " end \(endIndex)"
            }
            if let presence = field.presence {
                line += ", bit \(presence.mask.trailingZeroBitCount) of \(presence.offset)"
            }
            switch field.range {
            case .integers(let low, let high)?: line += ", \(low)...\(high)"
            case .floats(let low, let high)?: line += ", \(low)...\(high)"
            case nil: break
            }
            if field.defaultBits != 0 { line += ", default bits \(field.defaultBits)" }
            lines.append(line)
            add(field.type, path: name)
        }
    }

    private mutating func add(_ type: TableType, path: String) {
        switch type {
        case .array(let element, _), .list(let element, _): add(element, path: path)
        case .group(let block, _), .map(let block, _):
            let shape = block.shape(ofVersion: version)
            lines.append("\(path)[]: \(shape.fixedByteCount) bytes, \(shape.endCount) ends")
            add(block, path: path + "[].")
        case .enumeration(let type):
            let cases = type.names.sorted { $0.key < $1.key }.map { "\($0.value)=\($0.key)" }
            add(type.name, (type.isClosed ? "closed " : "open ") + type.storage.name, cases)
        case .flags(let type), .bits(let type):
            add(type.name, type.storage.name, type.members.map { "\($0.name)=\($0.value)" })
        case .union(let type):
            let arms = type.arms.map { "\($0.name)=\($0.tag) \($0.type?.text ?? "nothing")" }
            add(type.name, "union of \(type.tagByteCount)", arms)
            for arm in type.arms { if let type = arm.type { add(type, path: path) } }
        case .structure(let type):
            let fields = type.fields.map { "\($0.name): \($0.type.text)" }
            guard add(type.name, "\(type.byteCount) bytes", fields) else { return }
            for field in type.fields { add(field.type, path: path) }
        default: break
        }
    }

    /// `false` if it was added before.
    @discardableResult
    private mutating func add(_ name: String, _ kind: String, _ members: [String]) -> Bool {
        guard named.insert(name).inserted else { return false }
        lines.append("type \(name), \(kind): \(members.joined(separator: ", "))")
        return true
    }

    /// What became of the lines: those that are gone and those that are new.
    package static func difference(from old: [String], to new: [String]) -> [String] {
        new.difference(from: old).map { change in
            switch change {
            case .remove(_, let line, _): "- " + line
            case .insert(_, let line, _): "+ " + line
            }
        }
    }
}
