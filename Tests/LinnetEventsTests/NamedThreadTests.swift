// SPDX-License-Identifier: Apache-2.0

import Foundation
import LinnetBytes
import LinnetEvents
import Testing

@Suite struct NamedThreadTests {
    @Test func `a thread runs once, and join waits for its end`() throws {
        let lines = Lines()
        try NamedThread(name: "once") { lines.append("ran") }.join()
        #expect(lines.all == ["ran"])
    }

    @Test(arguments: [
        ("linnet-work-0", "linnet-work-0"), ("", ""),
        ("fifteen letters", "fifteen letters"), ("sixteen letters!", "sixteen letters"),
    ])
    func `the system shows the first 15 bytes of the name`(name: String, shown: String) throws {
        #expect(try lines(of: "comm", name: name) == [shown])
    }

    @Test func `a thread stays on its processor`() throws {
        let status = try Self.lines(inFile: "/proc/self/status")
        let last = try #require(processors(of: status).last)
        let pinned = try lines(of: "status", name: "pinned", processor: last)
        #expect(processors(of: pinned) == [last])
    }

    @Test func `a thread without a processor may use any`() throws {
        let status = try Self.lines(inFile: "/proc/self/status")
        let free = try lines(of: "status", name: "free")
        #expect(processors(of: free) == processors(of: status))
    }

    @Test(arguments: [1_000, 1_024, 1 << 20, .max])
    func `a processor that is not there is an error, and the body is let go`(
        processor: Int
    ) throws {
        let lines = Lines()
        weak let witness: Lines?
        do {
            let kept = Lines()
            witness = kept
            #expect(throws: Errno(rawValue: EINVAL)) {
                _ = try NamedThread(name: "nowhere", processor: processor) {
                    lines.append("ran \(kept.all)")
                }
            }
        }
        #expect(lines.all.isEmpty)
        #expect(witness == nil)
    }

    @Test func `a thread is joined once`() async {
        await #expect(processExitsWith: trap) {
            let thread = try NamedThread(name: "joined") {}
            thread.join()
            thread.join()
        }
    }

    /// What a thread reads of itself in `/proc`, after it was made.
    private func lines(of file: String, name: String, processor: Int? = nil) throws -> [String] {
        let isMade = DispatchSemaphore(value: 0)
        let lines = Lines()
        let thread = try NamedThread(name: name, processor: processor) {
            isMade.wait()
            let found = try? NamedThreadTests.lines(inFile: "/proc/thread-self/\(file)")
            for line in found ?? [] { lines.append(line) }
        }
        isMade.signal()
        thread.join()
        return lines.all
    }

    private static func lines(inFile path: String) throws -> [String] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map(String.init)
    }

    /// The processors that a thread may use, from a line such as `Cpus_allowed_list: 0-2,5`.
    private func processors(of status: [String]) -> [Int] {
        let list = status.first { $0.hasPrefix("Cpus_allowed_list:") } ?? ""
        let ranges = list.split { $0 == ":" || $0 == "\t" || $0 == "," }.dropFirst()
        return ranges.flatMap { range in
            let ends = range.split(separator: "-").compactMap { Int($0) }
            return ends.isEmpty ? [] : Array(ends[0]...ends[ends.count - 1])
        }
    }
}

/// What a thread has to say.
private final class Lines: @unchecked Sendable {
    // Sendable: used under the lock only, one that the thread sanitizer understands.
    private let lock = NSLock()
    private var lines: [String] = []

    func append(_ line: String) { lock.withLock { lines.append(line) } }
    var all: [String] { lock.withLock { lines } }
}
