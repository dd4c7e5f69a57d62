// SPDX-License-Identifier: Apache-2.0

/// The bytes of a header, a fixed part and ends, and the regions behind them, to be drawn.
struct ByteDiagram {
    enum Kind: String {
        case header, presence, field, end, region
    }

    struct Part {
        var name: String
        var byteCount: Int
        var kind: Kind
    }

    var title: String
    /// Back to back, from offset 0.
    var parts: [Part]
    /// Names of variable fields in order, and what bounds them.
    var regions: [(name: String, type: String)]

    /// What stands in a row of 16 bytes: a part and how many of its bytes.
    struct Piece {
        var part: Int
        /// From 0 to 15.
        var column: Int
        var byteCount: Int
        /// Whether the part began in a row before.
        var isContinued: Bool
    }

    struct Row {
        var offset: Int
        /// Bytes of one part that were left out before this row.
        var skippedByteCount = 0
        var pieces: [Piece]
    }

    static let rowByteCount = 16

    /// Where one part fills many rows alone, those between its first and its last are left out.
    /// O(rows).
    var rows: [Row] {
        var rows: [Row] = []
        var offset = 0
        for (index, part) in parts.enumerated() {
            var rest = part.byteCount
            while rest > 0 {
                let column = offset % Self.rowByteCount
                if column == 0 {
                    // One full row is shown, and what ends the part.
                    let full = rest / Self.rowByteCount
                    if rest < part.byteCount, full > 2 {
                        let skipped = (full - 1) * Self.rowByteCount
                        offset += skipped
                        rest -= skipped
                        rows.append(Row(offset: offset, skippedByteCount: skipped, pieces: []))
                    } else {
                        rows.append(Row(offset: offset, pieces: []))
                    }
                }
                let count = min(rest, Self.rowByteCount - column)
                rows[rows.count - 1].pieces.append(
                    Piece(
                        part: index,
                        column: column,
                        byteCount: count,
                        isContinued: rest < part.byteCount
                    )
                )
                rest -= count
                offset += count
            }
        }
        return rows
    }
}
