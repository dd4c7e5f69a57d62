// SPDX-License-Identifier: Apache-2.0

import LinnetSchema
import Testing

@Suite
struct SchemaLockTests {
    private static let order = "schema a version 1\n\nmessage Order = 1 {\n    id: u64\n}\n"

    @Test
    func `the text of a lock is read back as it was written`() throws {
        let lock = try ExampleSchemas.everything().lock(at: "schema.lock")
        #expect(lock.entries.map(\.path) == ["common.linnet", "everything.linnet"])
        let again = try SchemaLock(parsing: lock.text, path: "schema.lock")
        #expect(again == lock)
        let lines = lock.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lock.entries.allSatisfy { lines[$0.line - 1] == "file \"\($0.path)\"" })
    }

    @Test
    func `paths are those from the folder of the lock`() throws {
        let set = SchemaSet(["/p/a/x.linnet", "/p/a/b/y.linnet", "/p/c/z.linnet"]) { _ in
            Self.order
        }
        let lock = set.lock(at: "/p/a/schema.lock")
        #expect(lock.entries.map(\.path) == ["../c/z.linnet", "b/y.linnet", "x.linnet"])
        // The locked files are found where they are, though nobody compiled them now.
        let other = SchemaSet(["/p/a/x.linnet"]) { _ in Self.order }
        var asked: [String] = []
        let findings = other.findings(against: lock, at: "/p/a/schema.lock") { path in
            asked.append(path)
            return true
        }
        #expect(findings == [])
        #expect(asked == ["/p/c/z.linnet", "/p/a/b/y.linnet", "/p/a/x.linnet"])
    }

    @Test
    func `what is new but not locked is a warning, or an error where it is asked for`() throws {
        let old = SchemaSet(["a.linnet"]) { _ in Self.order }
        let lock = old.lock(at: "schema.lock")
        let raised = Self.order.replacing("version 1", with: "version 2")
        let new = SchemaSet(["a.linnet", "b.linnet"]) { $0 == "a.linnet" ? raised : Self.order }
        #expect(new.findings(against: lock, at: "schema.lock") { _ in true } == [])
        let warnings = new.unlocked(in: lock, at: "schema.lock", isError: false)
        #expect(warnings.map(\.path) == ["a.linnet", "b.linnet"])
        #expect(warnings.allSatisfy { $0.rule == "LOCK-STALE" && $0.severity == .warning })
        let errors = new.unlocked(in: lock, at: "schema.lock", isError: true)
        #expect(errors.allSatisfy { $0.severity == .error })
        #expect(old.unlocked(in: lock, at: "schema.lock", isError: true) == [])
    }

    @Test(arguments: [
        ("", 1), ("linnet-lock 2\n", 1), ("linnet-lock 1\nschema a version 1\n", 2),
        ("linnet-lock 1\nfile \"b\"\nfile \"a\"\n", 3),
        ("linnet-lock 1\nfile \"a\"\n\nfile \"a\"\n", 4),
    ])
    func `a damaged lock is refused at its line`(text: String, line: Int) {
        #expect {
            try SchemaLock(parsing: text, path: "schema.lock")
        } throws: { error in
            let diagnostic = (error as? SchemaLockError)?.diagnostic
            return diagnostic?.line == line && diagnostic?.rule == "LOCK-DAMAGED"
        }
    }

    @Test
    func `what a merge left in a lock is found at its line`() throws {
        let set = SchemaSet(["a.linnet"]) { _ in Self.order }
        let text = set.lock(at: "schema.lock").text
            .replacing("message", with: "<<<<<<< HEAD\nmessage")
        let lock = try SchemaLock(parsing: text, path: "schema.lock")
        let findings = set.findings(against: lock, at: "schema.lock") { _ in true }
        #expect(findings.map(\.rule) == ["LOCK-DAMAGED"])
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(findings.first.map { lines[$0.line - 1] } == "<<<<<<< HEAD")
    }
}
