// SPDX-License-Identifier: Apache-2.0

import Testing

/// The pages of the documentation say what is compiled, what exists, and all of it.
struct PageTests {
    /// Scripts that pages name and that are not there, and why.
    private static let scriptExceptions: [String: String] = [:]

    private static let pages = Repository.current.paths(below: catalogPath).filter {
        $0.hasSuffix(".md")
    }.map { Page($0, Repository.current.texts[$0] ?? "") }

    @Test func `each block of Swift in a page is a part of a file that is compiled`() {
        let examples = Repository.current.swiftSources.filter {
            $0.path.hasPrefix("Tests/Examples/")
        }
        #expect(!Self.pages.isEmpty)
        for page in Self.pages {
            expectNone(strangeBlocks(of: page))
            expectNone(unbuiltBlocks(of: page, examples.map { Block(lines: $0.lines.map(\.text)) }))
        }
    }

    @Test func `each schema in a page is a part of one that examples are built of`() {
        let schemas = Repository.current.paths(below: "Tests/Examples").filter {
            $0.hasSuffix(".linnet")
        }.map { Block(text: Repository.current.texts[$0] ?? "") }
        let readme = Page("README.md", Repository.current.texts["README.md"] ?? "")
        for page in Self.pages + [readme] {
            expectNone(unbuiltBlocks(of: page, schemas, language: "linnet"))
        }
    }

    @Test func `each message of the compiler in a page is one that an example expects`() {
        let examples = Repository.current.paths(below: "Tests/Examples/Rejected").compactMap {
            Repository.current.texts[$0]
        }
        for page in Self.pages { expectNone(unexpectedMessages(of: page, examples)) }
    }

    @Test func `each script that a page runs exists`() {
        let found = Self.pages.flatMap { missingScripts(of: $0, Repository.current.holds) }
        expectNone(judge(found, exceptions: Self.scriptExceptions))
    }

    @Test(arguments: [
        ("Sources/Linnet/ServerConfiguration.swift", "ServerConfiguration"),
        ("Sources/Linnet/ClientConfiguration.swift", "ClientConfiguration"),
        ("Sources/LinnetTransports/TransportLimits.swift", "TransportLimits"),
        ("Sources/LinnetTransports/SocketOptions.swift", "SocketOptions"),
        ("Sources/LinnetCodec/PacketLimits.swift", "PacketLimits"),
        ("Sources/LinnetCodec/HTTP1Limits.swift", "HTTP1Limits"),
        ("Sources/LinnetBytes/PacketPool.swift", "PacketPool/Configuration"),
        ("Sources/LinnetBytes/PacketPool.swift", "PacketPool/BlockClass"),
        ("Sources/LinnetConnections/ConnectionDeadlines.swift", "ConnectionDeadlines"),
        ("Sources/LinnetConnections/CreditAccount.swift", "CreditLimits"),
    ])
    func `each setting has its line in the page of the configuration`(path: String, type: String) {
        let page = Repository.current.texts[catalogPath + "/Configuration.md"] ?? ""
        let name = type.split(separator: "/").last ?? ""
        let settings = storedProperties(of: name, in: Repository.current.texts[path] ?? "")
        #expect(!settings.isEmpty)
        expectNone(
            settings.filter { !page.contains("\n| ``\(type)/\($0)`` |") }.map {
                Violation(path, 1, "\(type).\($0) needs a line in \(catalogPath)/Configuration.md")
            }
        )
    }

    private static let planted = Page(
        "a.md",
        "# A\n```swift\nlet a = 1\nif a {\n}\n```\n\n```c\n```\n```sh\nTests/a b | .ci/c\n```\n"
            + "```text\nerror: b\n```\n```swift\nlet b\n```"
    )

    @Test func `blocks that are not compiled and languages that nobody checks are found`() {
        #expect(strangeBlocks(of: Self.planted).map(\.line) == [8])
        let example = Block(text: "func f() {\n    let a = 1\n    if a {\n    }\n}\nlet bc")
        #expect(unbuiltBlocks(of: Self.planted, [example]).map(\.line) == [16])
        #expect(unbuiltBlocks(of: Self.planted, []).map(\.line) == [2, 16])
        #expect(unbuiltBlocks(of: Self.planted, [], language: "sh").map(\.line) == [10])
    }

    @Test func `messages that nobody expects and scripts that do not exist are found`() {
        #expect(unexpectedMessages(of: Self.planted, ["// error: b"]).isEmpty)
        #expect(unexpectedMessages(of: Self.planted, ["// error: c"]).map(\.line) == [13])
        #expect(missingScripts(of: Self.planted) { _ in true }.isEmpty)
        let missing = missingScripts(of: Self.planted) { _ in false }
        #expect(missing.map(\.subject) == ["Tests/a", ".ci/c"])
    }

    @Test func `stored properties are told from others`() {
        let text = """
            public struct A {
                public var a = 1
                public let b: Int
                public var c: Int { 1 }
                let d: Int
                public static let e = 1
                struct B {
                    public var f: Int
                }
            }
            public struct B {
                public var g: Int
            """
        #expect(storedProperties(of: "A", in: text) == ["a", "b"])
        #expect(storedProperties(of: "C", in: text).isEmpty)
    }
}

private let catalogPath = "Sources/Linnet/Linnet.docc"

/// Lines without the indentation that they share.
private struct Block {
    var lines: [Substring]

    init(lines: [Substring]) {
        let filled = lines.filter { !$0.allSatisfy { $0 == " " } }
        let indentation = filled.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        self.lines = lines.map { $0.dropFirst(indentation) }
    }

    init(text: String) {
        self.init(lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    }

    /// Whether its lines stand there one behind the other, further in or not.
    func isPart(of other: Block) -> Bool {
        guard let first = lines.first, lines.count <= other.lines.count else { return false }
        return (0...other.lines.count - lines.count).contains { start in
            guard other.lines[start].hasSuffix(first) else { return false }
            return Block(lines: Array(other.lines[start..<start + lines.count])).lines == lines
        }
    }
}

/// A page and its fenced blocks.
private struct Page {
    struct Fence {
        var language: Substring
        /// Of its first fence.
        var line: Int
        var block: Block
    }

    let path: String
    private(set) var fences: [Fence] = []

    init(_ path: String, _ text: String) {
        self.path = path
        var open: (language: Substring, line: Int)?
        var lines: [Substring] = []
        for (number, line) in text.numberedLines {
            if !line.hasPrefix("```") {
                lines.append(line)
            } else if let fence = open {
                fences.append(
                    Fence(language: fence.language, line: fence.line, block: Block(lines: lines))
                )
                open = nil
            } else {
                open = (line.dropFirst(3), number)
                lines = []
            }
        }
    }

    func fences(in language: String) -> [Fence] { fences.filter { $0.language == language } }
}

private func strangeBlocks(of page: Page) -> [Violation] {
    page.fences.filter { !["swift", "linnet", "sh", "text"].contains($0.language) }.map {
        Violation(page.path, $0.line, "a block is swift, linnet, sh or text, which are checked")
    }
}

private func unbuiltBlocks(
    of page: Page,
    _ examples: [Block],
    language: String = "swift"
) -> [Violation] {
    page.fences(in: language).filter { fence in
        !examples.contains { fence.block.isPart(of: $0) }
    }.map {
        Violation(page.path, $0.line, "no file of Tests/Examples has these lines: copy them")
    }
}

private func unexpectedMessages(of page: Page, _ examples: [String]) -> [Violation] {
    page.fences(in: "text").flatMap { fence in
        fence.block.lines.filter { $0.hasPrefix("error: ") }.filter { message in
            !examples.contains { $0.contains("// \(message)") }
        }.map { _ in
            Violation(page.path, fence.line, "no file of Tests/Examples/Rejected expects that")
        }
    }
}

private func missingScripts(of page: Page, _ exists: (String) -> Bool) -> [Violation] {
    page.fences(in: "sh").flatMap { fence in
        fence.block.lines.flatMap { $0.split(separator: " ") }
            .filter { ["Tests/", ".ci/", "Fuzz/", "Specs/"].contains(where: $0.hasPrefix) }
            .filter { !exists(String($0)) }
            .map { Violation(page.path, fence.line, "\($0) is not there", subject: String($0)) }
    }
}

/// The names of the public stored properties that a public struct declares itself.
private func storedProperties(of type: Substring, in text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = lines.firstIndex {
        $0.drop { $0 == " " }.hasPrefix("public struct \(type)")
            && $0.split { !$0.isLetter && !$0.isNumber }.contains(type)
    }
    guard let start else { return [] }
    let indentation = String(lines[start].prefix { $0 == " " })
    let members = lines[(start + 1)...].prefix { $0 != indentation + "}" }
    return members.filter { line in
        ["var", "let"].contains { line.hasPrefix("\(indentation)    public \($0) ") }
            && !line.contains("{")
    }.map { line in
        String(line.dropFirst(indentation.count + 15).prefix { $0.isLetter || $0.isNumber })
    }
}
