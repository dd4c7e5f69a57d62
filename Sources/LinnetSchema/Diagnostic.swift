// SPDX-License-Identifier: Apache-2.0

/// Something that is wrong with a file, or that its author should know.
public struct Diagnostic: Sendable, Hashable {
    public enum Severity: String, Sendable, Hashable { case error, warning }

    public var severity: Severity
    /// Stays the same from release to release: `unknown-type`.
    public var rule: String
    /// One sentence without a full stop.
    public var message: String
    /// What to do, if the compiler can tell: "write `string<=32`".
    public var fix: String?
    public var path: String
    /// From 1; 0 if the file could not be read.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int

    public init(
        severity: Severity,
        rule: String,
        message: String,
        fix: String?,
        path: String,
        line: Int,
        column: Int
    ) {
        self.severity = severity
        self.rule = rule
        self.message = message
        self.fix = fix
        self.path = path
        self.line = line
        self.column = column
    }

    /// As people read it: where and what, the line with a caret, what to do. Ends with a newline.
    ///
    /// Control characters become `?`, so that a file cannot steer a terminal. O(bytes of `source`).
    public func rendered(_ source: String) -> String {
        let place = line > 0 ? ":\(line):\(column)" : ""
        var text = "\(printable(path))\(place): \(severity.rawValue): "
        text += "\(printable(message)) [\(rule)]\n"
        if let excerpt = excerpt(of: source) { text += excerpt }
        if let fix { text += "fix: \(printable(fix))\n" }
        return text
    }

    /// The line and the caret below it, at most 100 characters around the place.
    private func excerpt(of source: String) -> String? {
        guard line > 0 else { return nil }
        let newline = UInt8(ascii: "\n")
        var rest = source.utf8[...]
        for _ in 1..<line {
            guard let end = rest.firstIndex(of: newline) else { return nil }
            rest = rest[rest.index(after: end)...]
        }
        let text = String(rest.prefix { $0 != newline }) ?? ""
        let first = max(0, column - 80)
        let window = text.unicodeScalars.dropFirst(first).prefix(100)
        var shown = ""
        var below = ""
        for (position, scalar) in window.enumerated() where scalar != "\r" {
            shown.unicodeScalars.append(isPrintable(scalar) || scalar == "\t" ? scalar : "?")
            if first + position < column - 1 { below += scalar == "\t" ? "\t" : " " }
        }
        return "    \(shown)\n    \(below)^\n"
    }
}

private func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: false
    default: true
    }
}

/// Without what steers a terminal.
func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
        result.unicodeScalars.append(isPrintable(scalar) ? scalar : "?")
    }
    return result
}
