// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetSchema
import Testing

/// Schemas that several suites look at.
enum ExampleSchemas {
    /// The files of Specs/cases/schema, with everything that the language has.
    static func everything() throws -> SchemaSet {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Specs/cases/schema")
        let set = SchemaSet(["everything.linnet"]) {
            try? String(contentsOf: folder.appending(path: $0), encoding: .utf8)
        }
        try #require(set.diagnostics.isEmpty, "\(set.rendered(set.diagnostics))")
        return set
    }

    static func schema(_ text: String) throws -> Schema {
        let set = SchemaSet(["a.linnet"]) { _ in text }
        return try #require(set.files.first, "\(set.rendered(set.diagnostics))").schema
    }

    /// Documentation, strings and messages of `@deprecated` that mean harm.
    static let hostile = #"""
        /// <script>alert(1)</script> ]]> --> | `x` [a](javascript:b) ![c](d) ${e} \(f) "g" 'h'
        /// # i
        schema evil version 2

        /// */ <img src=x onerror=y> &amp; \u{202E}
        const text: string = "</script><b> | `\u{202E}\u{0} \"q\" \\ \n'"

        /// | a | b |
        message Evil = 1 @deprecated(2, "</td><script>x</script> | y") {
            /// </code></td></table><script>z</script>
            id: u64 @deprecated(2, "\"]]></text><script>")
            /// - item
            /// + item
            note: string<=20
        }
        """#
}
