// SPDX-License-Identifier: Apache-2.0

// TidyTests checks the project's rules that no compiler checks: it reads the files of the
// repository as text and names each place that breaks a rule. Every rule is a function from text to
// violations, and a test with planted text shows that it can fail. It imports nothing of Linnet.

import Foundation
import Testing

/// The files of this repository, read once.
struct Repository: Sendable {
    static let current = Repository(
        root: URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    )

    /// All files, relative to the root, without those that tools make. Committed code that protoc
    /// has generated is such a file.
    let paths: [String]
    /// What is in those that are UTF-8 text.
    let texts: [String: String]
    let swiftSources: [SwiftSource]
    /// The root's `Package.swift`.
    let manifest: Manifest

    private static let madeByTools: Set = [".build", ".git", ".swiftpm", "__pycache__"]

    init(root: URL) {
        var paths: [String] = []
        let files = FileManager.default.enumerator(atPath: root.path)
        while let path = files?.nextObject() as? String {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if Self.madeByTools.contains(name) || path == "Fuzz/out" {
                files?.skipDescendants()
            } else if name.hasSuffix(".pb.swift") {
                continue
            } else if files?.fileAttributes?[.type] as? FileAttributeType == .typeRegular {
                paths.append(path)
            }
        }
        self.paths = paths.sorted()
        var texts: [String: String] = [:]
        for path in paths {
            let data = try? Data(contentsOf: root.appending(path: path))
            texts[path] = data.flatMap { String(data: $0, encoding: .utf8) }
        }
        self.texts = texts
        swiftSources = self.paths.filter { $0.hasSuffix(".swift") }.map { path in
            SwiftSource(path: path, text: texts[path] ?? "")
        }
        manifest = Manifest(
            SwiftSource(path: "Package.swift", text: texts["Package.swift"] ?? "")
        )
    }

    /// Swift, C and scripts, by path.
    var code: [(path: String, text: String)] {
        let suffixes = [".swift", ".c", ".h", ".py", ".sh"]
        return paths.compactMap { path in
            guard let text = texts[path] else { return nil }
            let isCode = text.hasPrefix("#!") || suffixes.contains { path.hasSuffix($0) }
            return isCode ? (path, text) : nil
        }
    }

    /// The paths below a folder such as `Sources/LinnetCodec`.
    func paths(below folder: String) -> [String] {
        paths.filter { $0.hasPrefix(folder + "/") }
    }

    /// Whether there is such a file, or a folder with files in it.
    func holds(_ path: String) -> Bool {
        paths.contains(path) || paths.contains { $0.hasPrefix(path + "/") }
    }
}

extension String {
    /// The text's lines with their numbers, from 1.
    var numberedLines: [(number: Int, text: Substring)] {
        split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, text in
            (index + 1, text)
        }
    }

    /// `packets.json` of `Specs/cases/packets.json`.
    var fileName: String { split(separator: "/").last.map(String.init) ?? self }
}

/// A place that breaks a rule, and what to do about it.
struct Violation: Equatable, CustomStringConvertible {
    var path: String
    var line: Int
    var advice: String
    /// What a list of exceptions calls it: by default its path.
    var subject: String

    init(_ path: String, _ line: Int, _ advice: String, subject: String? = nil) {
        self.path = path
        self.line = line
        self.advice = advice
        self.subject = subject ?? path
    }

    var description: String { "\(path):\(line): \(advice)" }
}

/// The violations that no exception covers, and the exceptions that cover none.
///
/// - Parameter exceptions: the reason for each, by subject.
func judge(
    _ violations: [Violation],
    exceptions: [String: String],
    listedIn list: String = #fileID
) -> [Violation] {
    let subjects = Set(violations.map(\.subject))
    let uncovered = violations.filter { exceptions[$0.subject] == nil }
    let stale = exceptions.keys.filter { !subjects.contains($0) }.sorted()
    return uncovered
        + stale.map { Violation($0, 1, "needs no exception now: take it off the list in \(list)") }
}

/// Records each violation as an issue of the running test.
func expectNone(_ violations: [Violation], sourceLocation: SourceLocation = #_sourceLocation) {
    for violation in violations {
        Issue.record("\(violation)", sourceLocation: sourceLocation)
    }
}
