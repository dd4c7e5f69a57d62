// SPDX-License-Identifier: Apache-2.0

// The parts of the documentation that are not messages.

extension ReferenceBuilder {
    mutating func addTypes() {
        for declaration in schema.declarations {
            switch declaration {
            case .enumeration(let type):
                head(type.isClosed ? "Closed enum" : "Enum", type.name, type.documentation)
                page.paragraph(
                    type.isClosed
                        ? "\(type.storage.rawValue). Other numbers are refused."
                        : "\(type.storage.rawValue). Other numbers survive."
                )
                add(type.cases, "value")
            case .flags(let type):
                head("Flags", type.name, type.documentation)
                page.paragraph("\(type.storage.rawValue). Bits that have no name survive.")
                add(type.flags, "bit")
            case .bits(let type): add(type)
            case .structure(let type): add(type)
            case .union(let type): add(type)
            case .constant, .message, .binding: break
            }
        }
    }

    mutating func addConstants() {
        var rows: [[Cell]] = []
        for case .constant(let constant) in schema.declarations {
            rows.append(
                [
                    .code(constant.name), .code(constant.type?.schemaText ?? "string"),
                    .text(constant.value.schemaText),
                    .text(constant.documentation.joined(separator: " ")),
                ]
            )
        }
        guard !rows.isEmpty else { return }
        page.heading(2, "Constants")
        page.table(["name", "type", "value", ""], rows)
    }

    private mutating func head(_ kind: String, _ name: String, _ documentation: [String]) {
        page.heading(2, "\(kind) \(name)", anchor: name)
        page.documentation(documentation)
    }

    private mutating func add(_ cases: [NamedValue], _ column: String) {
        page.table(
            [column, "name", "since", ""],
            cases.map { value in
                [
                    .number(value.value), .code(value.name), .number(value.since),
                    .text(notes(value.deprecation, value.documentation)),
                ]
            }
        )
    }

    private mutating func add(_ type: BitFields) {
        head("Bits", type.name, type.documentation)
        let count = type.fields.reduce(0) { $0 + $1.bitCount }
        let isFull = count == type.storage.byteCount * 8
        page.paragraph("\(type.storage.rawValue).\(isFull ? "" : " The other bits are zero.")")
        page.table(
            ["bits", "name", ""],
            type.fields.map { field in
                let last = field.bitOffset + field.bitCount - 1
                let bits = field.bitCount == 1 ? "\(last)" : "\(field.bitOffset)-\(last)"
                return [
                    .text(bits), .code(field.name),
                    .text(field.documentation.joined(separator: " ")),
                ]
            }
        )
    }

    private mutating func add(_ type: Structure) {
        head("Struct", type.name, type.documentation)
        page.paragraph("\(type.byteCount) bytes. A struct never changes.")
        page.table(
            ["offset", "bytes", "name", "type", ""],
            type.fields.map { field in
                var place: [Cell] = ["", ""]
                if case .fixed(let offset, let byteCount) = field.place {
                    place = [.number(offset), .number(byteCount)]
                }
                let range = field.range.map {
                    "From \($0.lowest.schemaText) to \($0.highest.schemaText)."
                }
                let notes = (range.map { [$0] } ?? []) + field.documentation
                return place + [
                    .code(field.name), .code(field.typeText), .text(notes.joined(separator: " ")),
                ]
            }
        )
    }

    private mutating func add(_ type: Union) {
        head("Union", type.name, type.documentation)
        let tag = type.tagByteCount == 1 ? "1 byte" : "2 bytes"
        page.paragraph("A tag of \(tag), then the arm. What has another tag survives.")
        page.table(
            ["tag", "arm", "type", "since", ""],
            type.arms.map { arm in
                [
                    .number(arm.tag), .code(arm.name),
                    arm.type.map { .code($0.schemaText) } ?? "nothing", .number(arm.since),
                    .text(notes(arm.deprecation, arm.documentation)),
                ]
            }
        )
    }

    private func notes(_ deprecation: Deprecation?, _ documentation: [String]) -> String {
        ((deprecation.map { [$0.sentence] } ?? []) + documentation).joined(separator: " ")
    }
}
