// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct MarkdownEmitterTests {
    @Test
    func `a message is a table of offsets`() throws {
        let schema = try ExampleSchemas.schema(
            """
            schema market version 2
            /// An order.
            message Order = 12 {
                id: u64
                /// Upwards.
                price: u32? in 1...9
                note: string<=32
                stop: u16 = 7 @since(2)
            }
            """
        )
        let text = MarkdownEmitter(schema).text()
        #expect(text.hasPrefix("# market\n\nVersion 2. Little-endian, nothing is padded.\n\n"))
        #expect(
            text.contains(
                """
                ## <a id="type-Order"></a>Message Order = 12

                An order.

                | offset | bytes | name | type | since |  |
                | ---: | ---: | --- | --- | ---: | --- |
                | 8 | 8 | `id` | `u64` | 1 |  |
                | 16 | 1 | presence |  | 1 | bit 0: price |
                | 17 | 4 | `price` | `u32?` | 1 | From 1 to 9. Upwards. |
                | 21 | 2 | `stop` | `u16` | 2 | Default 7. |
                | 23 | 2 | end of `note` |  | 1 |  |

                | region | name | type | since |  |
                | ---: | --- | --- | ---: | --- |
                | 1 | `note` | `string<=32` | 1 |  |

                | since version | fixed | ends | new |
                | ---: | ---: | ---: | --- |
                | 1 | 13 | 1 | id, price, note |
                | 2 | 15 | 1 | stop |
                """
            )
        )
    }

    @Test
    func `the text of authors makes no markup`() throws {
        let text = MarkdownEmitter(try ExampleSchemas.schema(ExampleSchemas.hostile)).text()
        let markup = text.split(separator: "<").dropFirst().filter {
            !$0.hasPrefix("a id=\"type-") && !$0.hasPrefix("/a>") && !$0.hasPrefix("=20")
        }
        #expect(markup.isEmpty, "\(markup)")
        #expect(!text.contains("[a]("))
        #expect(!text.contains("\n# i"))
        // Each row of a table has as many cells as its head.
        for table in text.split(separator: "\n\n") where table.hasPrefix("|") {
            let counts = table.split(separator: "\n").map {
                $0.replacing("\\|", with: "").count { $0 == "|" }
            }
            #expect(Set(counts).count == 1, "\(table)")
        }
    }
}
