// SPDX-License-Identifier: Apache-2.0

/// Writes the documentation of a schema as one HTML page without scripts, and without anything from
/// elsewhere. What authors wrote stays text: it is escaped.
public struct HTMLEmitter {
    private let schema: Schema

    public init(_ schema: Schema) {
        self.schema = schema
    }

    /// The text. Ends with a newline. O(fields).
    public func text() -> String {
        var builder = ReferenceBuilder(schema)
        let page = builder.build()
        let body = page.items.map(text).joined(separator: "\n")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(Self.escaped(page.title))</title>
            <style>
            \(HTMLStyle.text)
            </style>
            </head>
            <body>
            <nav>
            \(contents(page))
            </nav>
            <main>
            \(body)
            </main>
            </body>
            </html>

            """
    }

    private func contents(_ page: ReferencePage) -> String {
        let links = page.items.compactMap { item -> String? in
            guard case .heading(2, let text, let anchor?) = item else { return nil }
            return "<a href=\"#\(anchorName(anchor))\">\(Self.escaped(text))</a>"
        }
        return "<strong>\(Self.escaped(page.title))</strong>\n" + links.joined(separator: "\n")
    }

    private func text(_ item: ReferencePage.Item) -> String {
        switch item {
        case .heading(let level, let text, let anchor):
            let id = anchor.map { " id=\"\(anchorName($0))\"" } ?? ""
            return "<h\(level)\(id)>\(Self.escaped(text))</h\(level)>"
        case .paragraph(let content): return "<p>\(text(content))</p>"
        case .table(let head, let rows):
            let cells = head.map { "<th>\(Self.escaped($0))</th>" }.joined()
            let lines = rows.map { row in "<tr>\(row.map(text).joined())</tr>" }
            return """
                <div class="table"><table>
                <thead><tr>\(cells)</tr></thead>
                <tbody>
                \(lines.joined(separator: "\n"))
                </tbody>
                </table></div>
                """
        case .diagram(let diagram): return DiagramDrawing(diagram).text
        }
    }

    private func text(_ cell: ReferencePage.Cell) -> String {
        "<td\(cell.isNumber ? " class=\"number\"" : "")>\(text(cell.content))</td>"
    }

    private func text(_ content: [ReferencePage.Inline]) -> String {
        content.map { part in
            switch part {
            case .text(let text): Self.escaped(text)
            case .code(let text): "<code>\(Self.escaped(text))</code>"
            case .link(let text, let anchor):
                "<a href=\"#\(anchorName(anchor))\"><code>\(Self.escaped(text))</code></a>"
            }
        }.joined()
    }

    /// Text for content and for attributes.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default:
                switch scalar.properties.generalCategory {
                // Neither control characters nor those that turn text round.
                case .control, .format:
                    result += scalar == "\n" || scalar == "\t" ? " " : "\u{FFFD}"
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
