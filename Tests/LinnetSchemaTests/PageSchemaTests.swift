// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetSchema
import Testing

/// What the pages of the documentation say of schemas: Tests/Examples has the files.
@Suite
struct PageSchemaTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardizedFileURL

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    private func set(_ path: String, as name: String) throws -> SchemaSet {
        let text = try text(path)
        return SchemaSet([name]) { $0 == name ? text : nil }
    }

    @Test func `the schemas of pages and examples compile`() throws {
        let examples = Self.root.appending(path: "Tests/Examples").path()
        let paths = try FileManager.default.subpathsOfDirectory(atPath: examples).filter {
            $0.hasSuffix(".linnet") && !$0.contains(".build/")
        }
        #expect(paths.count >= 5)
        for path in paths {
            let set = try set("Tests/Examples/\(path)", as: path)
            #expect(set.rendered(set.diagnostics) == "")
            #expect(set.files.count == 1)
        }
    }

    @Test func `the page on evolution shows a change that is allowed, and one that is not`() throws
    {
        let lock = try set("Tests/Examples/Evolving/orders.linnet", as: "orders.linnet")
            .lock(at: "schema.lock")
        func findings(_ path: String) throws -> String {
            let set = try set(path, as: "orders.linnet")
            let all = set.findings(against: lock, at: "schema.lock") { $0 == "orders.linnet" }
            return set.rendered(all)
        }
        #expect(try findings("Tests/Examples/Sources/orders/orders.linnet") == "")
        let page = try text("Sources/Linnet/Linnet.docc/Evolving.md")
        let found = try findings("Tests/Examples/Rejected/orders.linnet")
        #expect(page.contains("```text\n\(found)```"))
    }

    @Test func `the page for beginners shows what is said of a mistake`() throws {
        let text = try text("Tests/Examples/FiveMinutes/Sources/hello/hello.linnet")
            .replacing("string<=40", with: "text<=40")
        let set = SchemaSet(["hello.linnet"]) { _ in text }
        let said = set.diagnostics.first.map { set.rendered([$0]) } ?? "nothing"
        let page = try self.text("Sources/Linnet/Linnet.docc/Schemas.md")
        #expect(page.contains("```text\n\(said)```"))
    }
}
