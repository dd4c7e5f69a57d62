// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct HTMLEmitterTests {
    @Test
    func `all elements are closed, and links lead somewhere`() throws {
        for file in try ExampleSchemas.everything().files {
            let text = HTMLEmitter(file.schema).text()
            #expect(unclosed(text) == [])
            let targets = Set(attributes("href=\"#", in: text))
            let anchors = Set(attributes("id=\"", in: text))
            #expect(targets.subtracting(anchors) == [])
            #expect(!text.contains("://"), "nothing is loaded")
        }
    }

    @Test
    func `the text of authors makes no markup`() throws {
        let text = HTMLEmitter(try ExampleSchemas.schema(ExampleSchemas.hostile)).text()
        #expect(unclosed(text) == [])
        for word in ["<script", "<img", "<b>", "\u{202E}", "onerror=y>"] {
            #expect(!text.contains(word), "\(word)")
        }
        #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    }

    @Test
    func `a large field is shortened, what is behind it is where it is`() throws {
        let schema = try ExampleSchemas.schema(
            """
            schema a version 1
            message Large = 1 { a: u8; blob: bytes[4096]; z: u8 }
            """
        )
        let text = HTMLEmitter(schema).text()
        #expect(text.contains("… 4064 bytes more"))
        #expect(text.contains(">4096</text>"))
        #expect(text.contains("<td class=\"number\">4105</td>"))
    }

    /// Names of elements that are opened but not closed in order.
    private func unclosed(_ text: String) -> [Substring] {
        var open: [Substring] = []
        for part in text.split(separator: "<").dropFirst() {
            let name = part.prefix { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "!" }
            let isWhole = part.prefix { $0 != ">" }.hasSuffix("/")
            if name == "!DOCTYPE" || name == "meta" || isWhole { continue }
            if name.hasPrefix("/") {
                if open.popLast() != name.dropFirst() { return [name] }
            } else {
                open.append(name)
            }
        }
        return open
    }

    private func attributes(_ start: String, in text: String) -> [Substring] {
        text.split(separator: start).dropFirst().map { $0.prefix { $0 != "\"" } }
    }
}
