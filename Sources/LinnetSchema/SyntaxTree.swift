// SPDX-License-Identifier: Apache-2.0

// A file as it is written: names are not resolved, and places are offsets of bytes.

struct SyntaxName {
    var text: String
    var start: Int
}

struct SyntaxFile {
    var documentation: [String] = []
    var start = 0
    /// Of the schema line.
    var end = 0
    var name: [SyntaxName] = []
    var id: SyntaxNumber?
    var version: SyntaxNumber?
    var imports: [SyntaxImport] = []
    var declarations: [SyntaxDeclaration] = []
}

struct SyntaxImport {
    var path: SyntaxString
    var start: Int
    var end: Int
}

struct SyntaxString {
    var start: Int
    /// Between the quotation marks, as written.
    var source: String
    var value: String
}

struct SyntaxDeclaration {
    enum Kind {
        case constant(SyntaxConstant)
        case enumeration(isClosed: Bool, storage: SyntaxName, [SyntaxCase])
        case flags(storage: SyntaxName, [SyntaxCase])
        case bits(storage: SyntaxName, [SyntaxCase])
        case structure([SyntaxMember])
        case union(storage: SyntaxName, [SyntaxCase])
        case message(SyntaxNumber, [SyntaxAttribute], [SyntaxMember])
        case binding([SyntaxItem])
    }

    var name: SyntaxName
    var documentation: [String]
    var kind: Kind
    var span: SyntaxSpan
}

/// Where something begins and ends, and its braces are if it has any.
struct SyntaxSpan {
    var start: Int
    var end: Int
    var openBrace = 0
    var closeBrace = 0
}

struct SyntaxConstant {
    var name: SyntaxName
    var documentation: [String]
    var type: SyntaxType
    var value: SyntaxValue
    var span: SyntaxSpan
}

/// A case of an enum, a flag, a field of a bits type, or an arm.
struct SyntaxCase {
    var name: SyntaxName
    var documentation: [String]
    var type: SyntaxType?
    var number: SyntaxNumber
    var attributes: [SyntaxAttribute] = []
    var span: SyntaxSpan
}

enum SyntaxMember {
    case field(SyntaxField)
    case constant(SyntaxConstant)

    var name: SyntaxName {
        switch self {
        case .field(let field): field.name
        case .constant(let constant): constant.name
        }
    }

    var span: SyntaxSpan {
        switch self {
        case .field(let field): field.span
        case .constant(let constant): constant.span
        }
    }
}

struct SyntaxField {
    var name: SyntaxName
    var documentation: [String]
    var type: SyntaxType
    var range: (lowest: SyntaxNumber, highest: SyntaxNumber)?
    var value: SyntaxValue?
    var attributes: [SyntaxAttribute] = []
    var span: SyntaxSpan
}

struct SyntaxType {
    indirect enum Kind {
        /// Also `u8` and `bool`.
        case named(String)
        case decimal(SyntaxName, SyntaxNumber)
        /// `timestamp` or `duration`, and the unit.
        case time(String, SyntaxName)
        case fixedText(SyntaxBound)
        case fixedBytes(SyntaxBound)
        case array(SyntaxType, SyntaxBound)
        /// Without a bound in constants only.
        case text(SyntaxBound?)
        case bytes(SyntaxBound)
        case list(SyntaxType, SyntaxBound)
        case map(SyntaxType, SyntaxType, SyntaxBound)
        case group(SyntaxBound, [SyntaxMember], SyntaxSpan)
        /// What was wrong has been reported.
        case broken
    }

    var kind: Kind
    var start: Int
    /// Where the `?` stands.
    var question: Int?
}

enum SyntaxBound {
    case number(SyntaxNumber)
    case name(SyntaxName)
    case broken
}

enum SyntaxValue {
    case number(SyntaxNumber)
    case bool(Bool, start: Int)
    case string(SyntaxString)
    /// `.day`
    case enumCase(SyntaxName)
    case constant(SyntaxName)

    var start: Int {
        switch self {
        case .number(let number): number.start
        case .bool(_, let start): start
        case .string(let string): string.start
        case .enumCase(let name), .constant(let name): name.start
        }
    }
}

struct SyntaxAttribute {
    enum Kind: String, CaseIterable {
        // In the order of canonical formatting.
        case since, deprecated, wide, control, correlated
    }

    var kind: Kind
    var start: Int
    var number: SyntaxNumber?
    var message: SyntaxString?
}

/// A line of a protocol.
struct SyntaxItem {
    enum Kind {
        case magic(SyntaxNumber)
        case version(SyntaxNumber, SyntaxNumber?)
        case max(SyntaxNumber)
        case sends(ProtocolBinding.Side, [SyntaxName])
        case requests(ProtocolBinding.Side, SyntaxName, SyntaxName, [SyntaxName])
    }

    var kind: Kind
    var attributes: [SyntaxAttribute] = []
    var span: SyntaxSpan
}
