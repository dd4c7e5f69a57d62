// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct LayoutEmitterTests {
    @Test
    func `a message is a head and tables`() throws {
        let schema = try ExampleSchemas.schema(
            """
            schema market version 2
            message Order = 12 {
                id: u64
                note: string<=32
                fills: group<=3 { count: u32 in 0...9; at: i64 }
                stop: u16? @since(2)
            }
            message Ping = 13 { }
            """
        )
        #expect(
            LayoutEmitter(schema).text(of: ["Order"]) == """
                Order = 12
                  23 to 97 bytes; verifying takes at most 15 steps and a look at 32 bytes of text

                    offset  bytes  name          type  since
                         8      8  id            u64       1
                        16      1  presence                2  bit 0: stop
                        17      2  stop          u16?      2
                        19      2  end of note             1
                        21      2  end of fills            1

                    region  name   type        since
                         1  note   string<=32      1
                         2  fills  group<=3        1

                    since version  fixed  ends  new
                                1      8     2  id, note, fills
                                2     11     2  stop

                  Entries of fills

                    offset  bytes  name   type  since
                         0      4  count  u32       1  From 0 to 9.
                         4      8  at     i64       1

                """
        )
        #expect(
            LayoutEmitter(schema).text().hasSuffix(
                """

                Ping = 13
                  8 to 8 bytes; verifying takes at most 4 steps and a look at 0 bytes of text

                """
            )
        )
    }
}
