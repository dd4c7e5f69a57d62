// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetSchema
import Testing

/// Each rule of the compatibility gate has a file in Changes: a schema as it was, a change that the
/// rule finds with what it says, and a like one that nobody minds. With UPDATE_SNAPSHOTS=1 in the
/// environment what is said is written instead of compared.
@Suite
struct SchemaComparisonTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Changes")

    @Test
    func `each rule has a file, and each file a rule`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
        let rules = ChangeRule.allCases.map { "\($0.rawValue).linnet" }
        #expect(files.sorted() == rules.sorted())
        #expect(ChangeRule.allCases.allSatisfy { $0.rawValue.hasPrefix($0.category.rawValue) })
    }

    @Test(arguments: ChangeRule.allCases)
    func `a change is found, and its like that nobody minds is not`(_ rule: ChangeRule) throws {
        let url = Self.folder.appending(path: "\(rule.rawValue).linnet")
        let example = try ChangeExample(String(contentsOf: url, encoding: .utf8))
        let found = try findings(from: example.before, to: example.fails)
        #expect(found.diagnostics.contains { $0.rule == rule.rawValue })
        #expect(found.diagnostics.allSatisfy { $0.severity == .error })
        if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1" {
            var example = example
            example.says = found.text
            try example.text.write(to: url, atomically: false, encoding: .utf8)
        } else {
            #expect(found.text == example.says)
        }
        #expect(try findings(from: example.before, to: example.passes).text == "")
    }

    @Test
    func `the schema with everything is compatible with itself`() throws {
        let set = try ExampleSchemas.everything()
        #expect(set.files.map(\.source.path) == ["everything.linnet", "common.linnet"])
        let lock = try SchemaLock(parsing: set.lock(at: "schema.lock").text, path: "schema.lock")
        #expect(set.findings(against: lock, at: "schema.lock") { _ in true } == [])
        #expect(set.unlocked(in: lock, at: "schema.lock", isError: true) == [])
    }

    @Test
    func `the schema as it was in older versions is compatible with what it became`() throws {
        for file in try ExampleSchemas.everything().files {
            for version in 1...file.schema.version {
                let changes = SchemaComparison(
                    from: file.schema.asOf(version: version),
                    to: file.schema
                ).changes
                #expect(changes == [], "version \(version)")
            }
        }
    }

    @Test
    func `each field, case and message that is missing is noticed`() throws {
        let schema = try ExampleSchemas.everything().files[0].schema
        for (index, declaration) in schema.declarations.enumerated() {
            var shorter = schema
            shorter.declarations.remove(at: index)
            let changes = SchemaComparison(from: schema, to: shorter).changes
            #expect(!changes.isEmpty, "\(declaration.name)")
            guard case .message(let message) = declaration else { continue }
            for position in message.block.fields.indices {
                var message = message
                let name = message.block.fields.remove(at: position).name
                var other = schema
                other.declarations[index] = .message(message)
                let rules = SchemaComparison(from: schema, to: other).changes.map(\.rule)
                #expect(rules == [.wireFieldRemoved], "\(message.name).\(name)")
            }
        }
    }

    private func findings(
        from before: String,
        to after: String
    ) throws -> (diagnostics: [Diagnostic], text: String) {
        let old = SchemaSet(["a.linnet"]) { _ in before }
        try #require(old.files.count == 1, "\(old.rendered(old.diagnostics))")
        let lock = try SchemaLock(parsing: old.lock(at: "schema.lock").text, path: "schema.lock")
        let new = SchemaSet(after.isEmpty ? [] : ["a.linnet"]) { _ in after }
        // What only level 1 can do is found by the rules too.
        let errors = new.diagnostics.filter { $0.rule != "needs-level-1" }
        try #require(!errors.contains { $0.severity == .error }, "\(new.rendered(errors))")
        let found = new.findings(against: lock, at: "schema.lock") { _ in false }
        return (found, new.rendered(found))
    }
}

private struct ChangeExample {
    private var head: String
    var before: String
    var fails: String
    var says: String
    var passes: String

    init(_ text: String) throws {
        var parts: [String: String] = [:]
        var name = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("=== ") {
                name = String(line.dropFirst(4))
                parts[name] = ""
            } else {
                parts[name, default: ""] += line + "\n"
            }
        }
        head = parts[""] ?? ""
        before = try #require(parts["before"])
        fails = try #require(parts["fails"])
        says = try #require(parts["says"])
        passes = String(try #require(parts["passes"]).dropLast())
    }

    var text: String {
        "\(head)=== before\n\(before)=== fails\n\(fails)=== says\n\(says)=== passes\n\(passes)"
    }
}
