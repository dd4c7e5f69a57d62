// SPDX-License-Identifier: Apache-2.0

/// Makes the documentation of a schema: what it declares, where each byte is, what came with which
/// version, who sends what.
struct ReferenceBuilder {
    typealias Inline = ReferencePage.Inline
    typealias Cell = ReferencePage.Cell

    let schema: Schema
    var page: ReferencePage

    init(_ schema: Schema) {
        self.schema = schema
        page = ReferencePage(title: schema.name.joined(separator: "."))
    }

    mutating func build() -> ReferencePage {
        let id = schema.id == 0 ? "" : ", id \(schema.id)"
        page.heading(1, page.title)
        page.paragraph("Version \(schema.version)\(id). Little-endian, nothing is padded.")
        page.documentation(schema.documentation)
        if !schema.imports.isEmpty {
            page.paragraph("Imports \(schema.imports.joined(separator: ", ")).")
        }
        addContents()
        for binding in schema.protocols { add(binding) }
        for message in schema.messages { add(message) }
        addTypes()
        addConstants()
        return page
    }

    private mutating func addContents() {
        let rows = schema.messages.map { message in
            let cost = schema.verifyCost(of: message)
            return [
                Cell([.link(code: message.name, anchor: message.name)]), .number(message.number),
                .number(message.since), .number(message.minByteCount),
                .number(message.maxByteCount),
                .number(cost.stepCount), .number(cost.textByteCount),
            ]
        }
        guard !rows.isEmpty else { return }
        page.heading(2, "Messages")
        page.table(
            [
                "message", "number", "since", "bytes, at least", "at most", "verify steps, at most",
                "bytes of text looked at",
            ],
            rows
        )
    }

    private mutating func add(_ binding: ProtocolBinding) {
        page.heading(2, "Protocol \(binding.name)", anchor: binding.name)
        page.documentation(binding.documentation)
        let magic = "0x" + String(binding.magic, radix: 16, uppercase: true)
        page.paragraph([
            .text("Magic "), .code(magic),
            .text(
                ", versions \(binding.versions.schemaText), packets of at most "
                    + "\(binding.maxPacketByteCount) bytes."
            ),
        ])
        let requests = binding.requests.map { request in
            [
                Cell.text(request.side.rawValue), Cell([name(request.message)]),
                Cell([name(request.response)]), Cell(list(request.errors)),
                .text(flags(request.isControl, request.isCorrelated)),
            ]
        }
        page.table(["requested by", "request", "response", "or an error", ""], requests)
        let sendings = binding.sendings.map { sending in
            [
                Cell.text(sending.side.rawValue), Cell([name(sending.message)]),
                .text(flags(sending.isControl, false)),
            ]
        }
        page.table(["sent by", "message", ""], sendings)
    }

    private func flags(_ isControl: Bool, _ isCorrelated: Bool) -> String {
        [isControl ? "control" : nil, isCorrelated ? "correlated" : nil].compactMap(\.self)
            .joined(separator: ", ")
    }

    private func list(_ names: [String]) -> [Inline] {
        Array(names.map { [name($0)] }.joined(separator: [.text(", ")]))
    }

    /// A link, if the page has the declaration.
    private func name(_ name: String) -> Inline {
        let isHere = schema.declarations.contains { $0.name == name }
        return isHere ? .link(code: name, anchor: name) : .code(name)
    }

    mutating func add(_ message: Message) {
        page.heading(2, "Message \(message.name) = \(message.number)", anchor: message.name)
        page.documentation(message.documentation)
        var notes: [String] = []
        if message.since > 1 { notes.append("Since version \(message.since).") }
        if let deprecation = message.deprecation { notes.append(deprecation.sentence) }
        if message.isWide { notes.append("Ends and counts have 4 bytes.") }
        page.paragraph(notes.joined(separator: " "))
        let rows = BlockRows(
            message.block,
            start: 8,
            endByteCount: message.endByteCount,
            isEntry: false
        )
        page.items.append(
            .diagram(
                diagram(
                    rows,
                    message.block,
                    "\(message.name), version \(schema.version)",
                    header: [
                        ("message", 2), ("version", 2), ("fixed", 2), ("ends", 2),
                    ]
                )
            )
        )
        add(message.block, rows, path: "", message.endByteCount)
    }

    private func diagram(
        _ rows: BlockRows,
        _ block: Block,
        _ title: String,
        header: [(String, Int)]
    ) -> ByteDiagram {
        var parts = header.map { ByteDiagram.Part(name: $0.0, byteCount: $0.1, kind: .header) }
        for row in rows.rows {
            switch row.content {
            case .presence:
                parts.append(ByteDiagram.Part(name: "?", byteCount: 1, kind: .presence))
            case .field(let field):
                parts.append(
                    ByteDiagram.Part(name: field.name, byteCount: row.byteCount, kind: .field)
                )
            case .end(let field):
                let name = field.map { "\($0.name) ends" } ?? "begins"
                parts.append(ByteDiagram.Part(name: name, byteCount: row.byteCount, kind: .end))
            }
        }
        let regions = block.fields.filter { $0.type.isVariable }
            .map { (name: $0.name, type: $0.typeText) }
        return ByteDiagram(title: title, parts: parts, regions: regions)
    }

    /// The tables of a block, then those of the groups in it.
    private mutating func add(_ block: Block, _ rows: BlockRows, path: String, _ endByteCount: Int)
    {
        page.table(
            ["offset", "bytes", "name", "type", "since", ""],
            rows.rows.map { row in
                let cells: [Cell] = [.number(row.offset), .number(row.byteCount)]
                switch row.content {
                case .presence(_, let fields):
                    let bits = fields.map { "bit \($0.presence?.bit ?? 0): \($0.name)" }
                    let since = fields.first?.since ?? 1
                    return cells + [
                        .text("presence"), "", .number(since),
                        .text(bits.joined(separator: ", ")),
                    ]
                case .field(let field): return cells + self.cells(field)
                case .end(let field?):
                    return cells + [
                        Cell([.text("end of "), .code(field.name)]), "", .number(field.since), "",
                    ]
                case .end(nil):
                    return cells + [.text("where the entry's regions begin"), "", "", ""]
                }
            }
        )
        let variable = block.fields.filter { $0.type.isVariable }
        page.table(
            ["region", "name", "type", "since", ""],
            variable.enumerated().map { [.number($0 + 1)] + cells($1) }
        )
        addVersions(block)
        for field in variable {
            switch field.type {
            case .group(let group), .map(let group):
                let name = path.isEmpty ? field.name : "\(path).\(field.name)"
                page.heading(3, "Entries of \(name)")
                let count = "At most \(group.maxCount) entries"
                page.paragraph(
                    "\(count). Behind a header of \(endByteCount + 4) bytes (count, fixed, ends) "
                        + "stand the blocks of all entries, then their regions."
                )
                let rows = BlockRows(
                    group.block,
                    start: 0,
                    endByteCount: endByteCount,
                    isEntry: true
                )
                page.items.append(
                    .diagram(diagram(rows, group.block, "an entry of \(name)", header: []))
                )
                add(group.block, rows, path: name, endByteCount)
            default: break
            }
        }
    }

    private func cells(_ field: Field) -> [Cell] {
        [
            .code(field.name), Cell([typeName(field)]), .number(field.since),
            .text(notes(field)),
        ]
    }

    private func typeName(_ field: Field) -> Inline {
        if let name = field.type.declarationName,
            schema.declarations.contains(where: { $0.name == name })
        {
            return .link(code: field.typeText, anchor: name)
        }
        return .code(field.typeText)
    }

    private func notes(_ field: Field) -> String {
        var notes: [String] = []
        if let range = field.range {
            notes.append("From \(range.lowest.schemaText) to \(range.highest.schemaText).")
        }
        if let value = field.defaultValue { notes.append("Default \(value.schemaText).") }
        if let deprecation = field.deprecation { notes.append(deprecation.sentence) }
        return (notes + field.documentation).joined(separator: " ")
    }

    /// What the block was in each version, if it changed.
    private mutating func addVersions(_ block: Block) {
        guard block.shapes.count > 1 else { return }
        page.table(
            ["since version", "fixed", "ends", "new"],
            block.shapes.map { shape in
                let names = block.fields.filter { $0.since == shape.since }.map(\.name)
                return [
                    .number(shape.since), .number(shape.fixedByteCount), .number(shape.endCount),
                    .text(names.joined(separator: ", ")),
                ]
            }
        )
    }
}

extension Deprecation {
    var sentence: String {
        let why = message.map { ": \($0)" } ?? ""
        return "Deprecated since version \(since)\(why)."
    }
}

extension FieldType {
    /// The type that is named, also of elements.
    var declarationName: String? {
        switch self {
        case .enumeration(let name), .flags(let name), .bits(let name), .structure(let name),
            .union(let name):
            name
        case .array(let element, _), .list(let element, _): element.declarationName
        default: nil
        }
    }
}
