// SPDX-License-Identifier: Apache-2.0

/// The parts of a block in the order of their bytes: presence bytes, fixed fields, ends.
struct BlockRows {
    enum Content {
        case presence(PresenceByte, [Field])
        case field(Field)
        /// `nil`: where an entry's regions begin.
        case end(Field?)
    }

    struct Row {
        var offset: Int
        var byteCount: Int
        var content: Content
    }

    let rows: [Row]

    /// - Parameters:
    ///   - start: the offset of the block, 8 in messages.
    ///   - isEntry: whether the first end says where the entry begins.
    init(_ block: Block, start: Int, endByteCount: Int, isEntry: Bool) {
        var rows: [Row] = block.presenceBytes.map { byte in
            let fields = block.fields.filter { $0.presence?.offset == byte.offset }
            return Row(
                offset: start + byte.offset,
                byteCount: 1,
                content: .presence(
                    byte,
                    fields.sorted { ($0.presence?.bit ?? 0) < ($1.presence?.bit ?? 0) }
                )
            )
        }
        var variable: [Field] = []
        for field in block.fields {
            switch field.place {
            case .fixed(let offset, let byteCount):
                rows.append(
                    Row(offset: start + offset, byteCount: byteCount, content: .field(field))
                )
            case .variable: variable.append(field)
            }
        }
        rows.sort { $0.offset < $1.offset }
        var offset = start + block.fixedByteCount
        var ends: [Field?] = variable
        if isEntry, !variable.isEmpty { ends.insert(nil, at: 0) }
        for field in ends {
            rows.append(Row(offset: offset, byteCount: endByteCount, content: .end(field)))
            offset += endByteCount
        }
        self.rows = rows
    }
}
