// SPDX-License-Identifier: Apache-2.0

// LinnetSchema: the schema language. It owns the text of `.linnet` files, their rules, the layout
// of messages, the lock file, and what is generated from them.
//
//     text --Lexer, Parser--> SyntaxTree --Checker--> Schema (this file) --emitters--> Swift, JSON,
//     Markdown, HTML \--SchemaComparison--> findings
//
// Promises: no input crashes it; all errors of a file come in one run; the same schema gives the
// same bytes of output. It imports nothing, so that the tool that runs in users' builds is small.

/// A checked schema: every name is resolved, every rule of Specs/schema.md §2 holds, every field
/// has its place (§3).
public struct Schema: Sendable, Hashable {
    /// `market.trading`.
    public var name: [String]
    /// Tells schemas apart in tools; not on the wire. 0 if the file does not say.
    public var id: UInt16
    public var version: UInt16
    public var documentation: [String] = []
    /// Paths of the files that the file imports, as written.
    public var imports: [String] = []
    /// Everything that the file declares, in order.
    public var declarations: [Declaration] = []
    /// What comes from imported files, directly and indirectly. Their Swift is generated from them.
    public var imported: [Declaration] = []

    public init(name: [String], id: UInt16, version: UInt16) {
        self.name = name
        self.id = id
        self.version = version
    }

    /// The declaration of that name, also of an imported file. O(declarations).
    public func declaration(named name: String) -> Declaration? {
        declarations.first { $0.name == name } ?? imported.first { $0.name == name }
    }

    /// The messages that the file declares.
    public var messages: [Message] {
        declarations.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }

    /// The protocols that the file declares.
    public var protocols: [ProtocolBinding] {
        declarations.compactMap { if case .binding(let binding) = $0 { binding } else { nil } }
    }
}

/// One declaration of a file.
public enum Declaration: Sendable, Hashable {
    case constant(Constant)
    case enumeration(Enumeration)
    case flags(FlagSet)
    case bits(BitFields)
    case structure(Structure)
    case union(Union)
    case message(Message)
    case binding(ProtocolBinding)

    public var name: String {
        switch self {
        case .constant(let value): value.name
        case .enumeration(let value): value.name
        case .flags(let value): value.name
        case .bits(let value): value.name
        case .structure(let value): value.name
        case .union(let value): value.name
        case .message(let value): value.name
        case .binding(let value): value.name
        }
    }
}

/// A value that the generated code names and that has no bytes.
public struct Constant: Sendable, Hashable {
    public var name: String
    public var documentation: [String] = []
    /// `.integer`, `.float`, `.bool`, or `nil` for a string.
    public var type: FieldType?
    public var value: Literal

    public init(name: String, type: FieldType?, value: Literal) {
        self.name = name
        self.type = type
        self.value = value
    }
}

/// A value in the text of a schema.
public enum Literal: Sendable, Hashable {
    case integer(Int128)
    /// As `f64`; the text is kept so that `f32` and decimals are exact.
    case number(Double, text: String)
    case bool(Bool)
    case string(String)
    /// The case of an enum.
    case enumCase(String)
}

/// What `@deprecated` says.
public struct Deprecation: Sendable, Hashable {
    public var since: UInt16
    public var message: String?

    public init(since: UInt16, message: String?) {
        self.since = since
        self.message = message
    }
}
