// SPDX-License-Identifier: Apache-2.0

extension BuildState.Place {
    /// The field that stands there, as `Car.fuelFigures.usage`; of code without a table, the type's
    /// name alone. Cold.
    func path<Owner: Block>(in owner: Owner.Type) -> String {
        let root = "\(Owner.Root.self)"
        guard let message = Owner.Root.schema.message(number: Owner.Root.number) else {
            return "\(Owner.self)"
        }
        // The entries of `fuelFigures` are `Car.FuelFiguresEntry`.
        let types = String(reflecting: Owner.self)
            .dropFirst(String(reflecting: Owner.Root.self).count)
            .split(separator: ".")
        var block = message.block
        var path = root
        for type in types {
            guard let field = block.fields.first(where: { $0.entryTypeName == type }),
                let entries = field.type.entries
            else { return "\(Owner.self)" }
            block = entries
            path += "." + field.name
        }
        guard let field = block.fields.first(where: { isPlace(of: $0) }) else { return path }
        return path + "." + field.name
    }

    private func isPlace(of field: TableField) -> Bool {
        switch (self, field.place) {
        case (.fixed(let offset), .fixed(let fieldOffset)): offset == fieldOffset
        case (.end(let index), .variable(let endIndex)): index == endIndex
        default: false
        }
    }
}

extension TableField {
    /// The name that generated code gives to the type of a group's entries.
    fileprivate var entryTypeName: String {
        name.prefix(1).uppercased() + name.dropFirst() + "Entry"
    }
}

extension TableType {
    /// The block of a group's or map's entries.
    fileprivate var entries: TableBlock? {
        switch self {
        case .group(let block, _), .map(let block, _): block
        default: nil
        }
    }
}
