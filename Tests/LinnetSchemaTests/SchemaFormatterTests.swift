// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetSchema
import Testing

@Suite
struct SchemaFormatterTests {
    @Test(arguments: ["everything.linnet", "common.linnet"])
    func `a schema in canonical form stays as it is`(name: String) throws {
        let text = try String(contentsOf: caseFolder.appending(path: name), encoding: .utf8)
        #expect(SchemaFormatter.format(text, path: name).text == text)
    }

    @Test
    func `text becomes canonical and means the same`() throws {
        let source = """
            // License.


            /// About
            /// all.
            schema  a . b   version 2 ; import "x.linnet" // why
            import "y.linnet"
            const a:u8=0x1F; const b : string = "a\\u{20AC}"
            // Apart.

            /// One.
            closed enum E:u8{a=0;b=1@deprecated(2,"x")@since(2)} // all
            message M=1@wide{// of M
            /// f
              a:u8 in 0 ... 5=1,b:[u8:string<=5]<=5 // of b


            // of c
              c: // inside
                group<=2{x:u8}@since(2) /// later
              d: u8? @since(2)

            // last
            }
            protocol P{magic 1;client sends M,N;server requests M->N else O,
            Q @correlated @control}
            // The end.
            """
        let formatted = SchemaFormatter.format(source, path: "a")
        #expect(formatted.diagnostics == [])
        #expect(formatted.text == canonical)
        #expect(SchemaFormatter.format(canonical, path: "a").text == canonical)
    }

    @Test
    func `text that cannot be parsed is not formatted`() {
        let result = SchemaFormatter.format("schema a version 1 message", path: "a")
        #expect(result.text == nil)
        #expect(result.diagnostics.map(\.rule) == ["name-expected"])
    }
}

private let canonical = """
    // License.

    /// About
    /// all.
    schema a.b version 2

    import "x.linnet" // why
    import "y.linnet"

    const a: u8 = 0x1F
    const b: string = "a\\u{20AC}"

    // Apart.

    /// One.
    closed enum E: u8 {
        a = 0
        b = 1 @since(2) @deprecated(2, "x")
    } // all

    message M = 1 @wide { // of M
        /// f
        a: u8 in 0...5 = 1
        b: [u8: string<=5]<=5 // of b

        // of c
        // inside
        c: group<=2 {
            x: u8
        } @since(2) /// later
        d: u8? @since(2)

        // last
    }

    protocol P {
        magic 1
        client sends M, N
        server requests M -> N else O, Q @control @correlated
    }

    // The end.

    """
