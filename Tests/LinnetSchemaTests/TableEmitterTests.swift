// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct TableEmitterTests {
    private func schema(_ text: String) throws -> Schema {
        let result = SchemaCompiler.compile("a.linnet") { _ in text }
        return try #require(result.schema, "\(result.rendered(result.diagnostics))")
    }

    @Test
    func `types stand before what uses them, and defaults as bits`() throws {
        let schema = try schema(
            """
            schema a.b version 2
            closed enum Side: u8 { buy = 1 sell = 2 }
            message Order = 7 {
                side: Side = .sell
                price: decimal(i32, -2) = -12.5
                rate: f32? in 0...1
                note: string<=8
                fills: group<=3 { at: timestamp(ns) quantity: u16 in 1...9 = 1 } @since(2)
            }
            """
        )
        let expected = """
            linnet 1 a.b 2
            enum Side closed u8 buy=1 sell=2
            block 2:10:0
            .at timestamp:ns 0 @2
            .quantity u16 8 @2 =1 r1:9
            block 1:10:1 2:10:2
            .side Side 0 =2
            .price decimal:i32:-2 1 =4294966046
            .rate f32 6 ? p5:0 m1 r0:4607182418800017408
            .note string:8 e0
            .fills group:3:0 e1 @2
            message Order 7 1 1 2 66

            """
        #expect(TableEmitter(schema).text == expected)
    }

    @Test
    func `the text is ASCII without quotes, whatever the names are`() {
        var schema = Schema(name: ["a\"b"], id: 0, version: 1)
        let field = Field(
            name: "é\n\\(x)",
            type: .integer(.u8),
            place: .fixed(offset: 0, byteCount: 1)
        )
        let shape = Shape(since: 1, fixedByteCount: 1, endCount: 0)
        let message = Message(
            name: "M \u{1F426}",
            number: 1,
            isWide: false,
            block: Block(fields: [field], shapes: [shape]),
            maxByteCount: 9
        )
        schema.declarations = [.message(message)]
        let text = TableEmitter(schema).text
        #expect(text.contains(".%c3%a9%0a%5c%28x%29 u8 0\n"))
        let isPlain = text.utf8.allSatisfy {
            $0 == 0x0A || ($0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C)
        }
        #expect(isPlain)
        #expect(text.split(separator: "\n").count == 4)
    }
}
