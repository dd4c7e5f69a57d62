// SPDX-License-Identifier: Apache-2.0

/// A diagram of bytes as SVG: rows of 16 bytes, and the regions behind them.
struct DiagramDrawing {
    private static let byteWidth = 46
    private static let rowHeight = 34
    private static let left = 56
    private static let top = 20

    private let diagram: ByteDiagram
    private let rows: [ByteDiagram.Row]

    init(_ diagram: ByteDiagram) {
        self.diagram = diagram
        rows = diagram.rows
    }

    var text: String {
        let width = Self.left + ByteDiagram.rowByteCount * Self.byteWidth + 2
        var height = Self.top
        var body: [String] = []
        for column in 0..<ByteDiagram.rowByteCount where !rows.isEmpty {
            let x = Self.left + column * Self.byteWidth + Self.byteWidth / 2
            body.append(label("\(column)", x: x, y: 13, "axis"))
        }
        for row in rows {
            if row.skippedByteCount > 0 {
                let says = "… \(row.skippedByteCount) bytes more"
                body.append(label(says, x: Self.left + 60, y: height + 14, "axis"))
                height += 22
            }
            let y = height + Self.rowHeight / 2 + 4
            body.append(label("\(row.offset)", x: Self.left - 22, y: y, "axis"))
            body += row.pieces.flatMap { draw($0, y: height) }
            height += Self.rowHeight + 4
        }
        height = drawRegions(y: height, &body, width: width)
        guard !body.isEmpty else { return "" }
        let title = HTMLEmitter.escaped(diagram.title)
        return """
            <figure class="bytes"><svg viewBox="0 0 \(width) \(height)" width="\(width)" \
            height="\(height)" role="img" aria-label="Bytes of \(title)">
            \(body.joined(separator: "\n"))
            </svg></figure>
            """
    }

    private func draw(_ piece: ByteDiagram.Piece, y: Int) -> [String] {
        let part = diagram.parts[piece.part]
        let x = Self.left + piece.column * Self.byteWidth
        let width = piece.byteCount * Self.byteWidth
        let name = piece.isContinued ? "… \(part.name)" : part.name
        let says = part.kind == .presence ? "presence bits" : part.name
        let count = part.byteCount == 1 ? "1 byte" : "\(part.byteCount) bytes"
        return [
            "<rect class=\"\(part.kind.rawValue)\" x=\"\(x)\" y=\"\(y)\" width=\"\(width - 2)\" "
                + "height=\"\(Self.rowHeight)\" rx=\"3\"><title>\(HTMLEmitter.escaped(says)), "
                + "\(count)</title></rect>",
            label(
                fitting(name, width: width - 6),
                x: x + width / 2 - 1,
                y: y + Self.rowHeight / 2 + 4,
                "name"
            ),
        ]
    }

    /// The regions in a line, or in several.
    private func drawRegions(y: Int, _ body: inout [String], width: Int) -> Int {
        var x = Self.left
        var y = y + (diagram.regions.isEmpty ? 0 : 6)
        for (index, region) in diagram.regions.enumerated() {
            let text = "\(region.name): \(region.type)"
            let boxWidth = min(max(80, text.count * 8 + 20), width - Self.left - 2)
            if x + boxWidth > width, x > Self.left {
                x = Self.left
                y += Self.rowHeight + 4
            }
            if index == 0 {
                body.append(label("tail", x: Self.left - 22, y: y + 21, "axis"))
            }
            body.append(
                "<rect class=\"region\" x=\"\(x)\" y=\"\(y)\" width=\"\(boxWidth - 2)\" "
                    + "height=\"\(Self.rowHeight)\" rx=\"14\"/>"
            )
            body.append(
                label(
                    fitting(text, width: boxWidth - 12),
                    x: x + boxWidth / 2 - 1,
                    y: y + Self.rowHeight / 2 + 4,
                    "name"
                )
            )
            x += boxWidth + 2
        }
        return y + (diagram.regions.isEmpty ? 0 : Self.rowHeight + 4)
    }

    /// As much of a name as there is room for.
    private func fitting(_ name: String, width: Int) -> String {
        let room = width / 7
        return name.count <= room ? name : name.prefix(max(1, room - 1)) + "…"
    }

    private func label(_ text: String, x: Int, y: Int, _ style: String) -> String {
        "<text class=\"\(style)\" x=\"\(x)\" y=\"\(y)\">\(HTMLEmitter.escaped(text))</text>"
    }
}
