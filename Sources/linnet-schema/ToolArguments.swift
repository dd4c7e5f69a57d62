// SPDX-License-Identifier: Apache-2.0

/// What the program is to do.
struct ToolArguments {
    enum Command: String, CaseIterable {
        case generate, check, lock, diff, kit
    }

    static let usage = """
        USAGE
          linnet-schema generate --output DIR [--lock LOCK] FILES   writes DIR/NAME.swift
          linnet-schema check [--lock LOCK] FILES                   says what is wrong
          linnet-schema lock --lock LOCK FILES                      accepts all changes
          linnet-schema diff --lock LOCK FILES                      says what differs
          linnet-schema kit --output DIR --linnet PLACE FILES       writes a package of tests

        Files are `.linnet` files, locks `schema.lock`. `linnetctl schema` can do more.

        """

    var command: Command
    var output = ""
    var lock: String?
    /// Where a kit finds Linnet: a path or a URL.
    var linnet: String?
    var files: [String] = []

    /// - Parameter arguments: without the name of the program.
    init(_ arguments: ArraySlice<String>) throws(ToolFailure) {
        var rest = arguments
        let name = rest.popFirst() ?? ""
        if ["help", "--help", "-h"].contains(name) {
            ToolFiles.print(Self.usage)
            throw ToolFailure(exitCode: 0)
        }
        guard let command = Command(rawValue: name) else {
            let says = name.isEmpty ? "say what to do" : "`\(name)` is no command"
            throw ToolFailure.usage(says)
        }
        self.command = command
        while let argument = rest.popFirst() {
            switch argument {
            case "--output":
                guard let value = rest.popFirst() else { throw .usage("--output needs a folder") }
                output = value
            case "--linnet":
                guard let value = rest.popFirst() else { throw .usage("--linnet needs a place") }
                linnet = value
            case "--lock":
                guard let value = rest.popFirst() else { throw .usage("--lock needs a file") }
                lock = value
            default:
                if argument.hasPrefix("-") { throw .usage("`\(argument)` is no option") }
                files.append(argument)
            }
        }
        if [.generate, .kit].contains(command), output.isEmpty {
            throw .usage("\(command) needs --output")
        }
        if command == .kit, linnet == nil { throw .usage("kit needs --linnet") }
        if [.lock, .diff].contains(command), lock == nil {
            throw .usage("\(command) needs --lock")
        }
        if files.isEmpty { throw .usage("name at least one .linnet file") }
    }
}

/// Why the program ends before its end, and what to say.
struct ToolFailure: Error {
    var exitCode: Int32
    var message: String

    init(exitCode: Int32, _ message: String = "") {
        self.exitCode = exitCode
        self.message = message
    }

    static func usage(_ says: String) -> ToolFailure {
        ToolFailure(exitCode: 64, "linnet-schema: error: \(says)\n\(ToolArguments.usage)")
    }
}
