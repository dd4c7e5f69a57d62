// SPDX-License-Identifier: Apache-2.0

/// A file as the caller gives it.
public struct SourceFile: Sendable, Hashable {
    public var path: String
    public var text: String

    public init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}

/// A finding before its place is known as line and column.
struct Finding {
    var severity = Diagnostic.Severity.error
    var rule: Rule
    /// In bytes from the start of the file.
    var offset: Int
    var message: String
    var fix: String?
}

/// What is wrong with one file. Lexer, parser and checker of the file share it.
final class Findings {
    /// So many are enough for a person, and the compiler's work stays proportional to the file.
    static let maxCount = 100

    private(set) var all: [Finding] = []
    /// What a tool that binds level 0 refuses (§2.5.2).
    private(set) var aboveLevel0: [Finding] = []

    var hasErrors: Bool { all.contains { $0.severity == .error } }
    /// More are not kept.
    var isFull: Bool { all.count >= Findings.maxCount }

    /// The message and the fix are not computed if nobody would see them.
    func report(
        _ rule: Rule,
        at offset: Int,
        _ message: @autoclosure () -> String,
        fix: @autoclosure () -> String? = nil
    ) {
        guard !isFull else { return }
        all.append(Finding(rule: rule, offset: offset, message: message(), fix: fix()))
    }

    func warn(_ rule: Rule, at offset: Int, _ message: String, fix: String? = nil) {
        guard !isFull else { return }
        all.append(
            Finding(severity: .warning, rule: rule, offset: offset, message: message, fix: fix)
        )
    }

    func needsLevel1(at offset: Int, _ message: String, fix: String?) {
        guard aboveLevel0.count < Findings.maxCount else { return }
        aboveLevel0.append(
            Finding(rule: .needsLevel1, offset: offset, message: message, fix: fix)
        )
    }
}

extension [Finding] {
    /// Sorted by place, with lines and columns. O(bytes + findings).
    func diagnostics(path: String, bytes: [UInt8]) -> [Diagnostic] {
        var line = 1
        var column = 1
        var offset = 0
        let sorted = enumerated().sorted {
            ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset)
        }
        return sorted.map { _, finding in
            while offset < Swift.min(finding.offset, bytes.count) {
                if bytes[offset] == UInt8(ascii: "\n") {
                    line += 1
                    column = 1
                } else if bytes[offset] & 0xC0 != 0x80 {
                    column += 1
                }
                offset += 1
            }
            return Diagnostic(
                severity: finding.severity,
                rule: finding.rule.rawValue,
                message: finding.message,
                fix: finding.fix,
                path: path,
                line: line,
                column: column
            )
        }
    }
}
