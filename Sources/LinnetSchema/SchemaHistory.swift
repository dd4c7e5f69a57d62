// SPDX-License-Identifier: Apache-2.0

extension Schema {
    /// The schema as it was: what came after that version is left out. Places do not change,
    /// because what is new stands behind what is old (Specs/schema.md §5.1). O(schema).
    public func asOf(version: UInt16) -> Schema {
        guard version < self.version else { return self }
        var schema = self
        schema.version = version
        schema.declarations = declarations.compactMap { $0.asOf(version) }
        schema.imported = imported.compactMap { $0.asOf(version) }
        return schema
    }
}

extension Declaration {
    fileprivate func asOf(_ version: UInt16) -> Declaration? {
        switch self {
        case .enumeration(var type):
            type.cases.removeAll { $0.since > version }
            return .enumeration(type)
        case .flags(var type):
            type.flags.removeAll { $0.since > version }
            return .flags(type)
        case .union(var type):
            type.arms.removeAll { $0.since > version }
            return .union(type)
        case .message(var message):
            guard message.since <= version else { return nil }
            message.block = message.block.asOf(version)
            return .message(message)
        case .constant, .bits, .structure, .binding:
            return self
        }
    }
}

extension Block {
    fileprivate func asOf(_ version: UInt16) -> Block {
        var block = self
        block.fields = fields.filter { $0.since <= version }.map { field in
            var field = field
            switch field.type {
            case .group(let group): field.type = .group(group.asOf(version))
            case .map(let group): field.type = .map(group.asOf(version))
            default: break
            }
            return field
        }
        block.shapes.removeAll { $0.since > version }
        block.presenceBytes.removeAll { $0.since > version }
        return block
    }
}

extension Group {
    fileprivate func asOf(_ version: UInt16) -> Group {
        var group = self
        group.block = block.asOf(version)
        return group
    }
}
