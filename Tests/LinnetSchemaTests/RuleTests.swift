// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetSchema
import Testing

/// What the compiler says is what the files in Snapshots say. With LINNET_SNAPSHOTS=write in the
/// environment the files are written again.
@Suite
struct RuleTests {
    @Test(arguments: Rule.allCases.map(\.rawValue))
    func `a rule has an example, and what is said of it is known`(rule: String) throws {
        let result = SchemaCompiler.compile("\(rule).linnet", load: load)
        let found = result.rendered(result.diagnostics + result.level0Problems)
        #expect(found.contains("[\(rule)]\n"), "\(rule).linnet has no example")
        let file = snapshotFolder.appending(path: "\(rule).txt")
        if ProcessInfo.processInfo.environment["LINNET_SNAPSHOTS"] == "write" {
            try found.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(found == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test
    func `a file in Snapshots is one of a rule, or imported by one`() throws {
        let rules = Set(Rule.allCases.map(\.rawValue))
        for name in try FileManager.default.contentsOfDirectory(atPath: snapshotFolder.path()) {
            let stem = name.prefix { $0 != "." }
            let rule = stem.hasSuffix("-2") ? String(stem.dropLast(2)) : String(stem)
            #expect(rules.contains(rule), "\(name)")
        }
    }
}

private let snapshotFolder = URL(filePath: #filePath).appending(path: "../Snapshots").standardized

/// Files of Snapshots, and some that are made up.
private func load(_ path: String) -> String? {
    if path == "huge.linnet" { return String(repeating: " ", count: 1_048_577) }
    if path.hasPrefix("chain-"), let number = Int(path.dropFirst(6).prefix { $0 != "." }) {
        return "schema a version 1\nimport \"chain-\(number + 1).linnet\"\n"
    }
    // Strings from files lose a byte order mark, those from data keep it.
    let data = try? Data(contentsOf: snapshotFolder.appending(path: path))
    return data.map { String(decoding: $0, as: UTF8.self) }
}
