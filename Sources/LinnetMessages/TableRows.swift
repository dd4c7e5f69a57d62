// SPDX-License-Identifier: Apache-2.0

// What a SchemaTable consists of. The words are those of Specs/schema.md.

/// A message.
package struct TableMessage: Sendable {
    package var name: String
    package var number: UInt16
    /// The version in which it came.
    package var since: UInt16
    /// That of the schema: what the reader knows.
    package var schemaVersion: UInt16
    /// Bytes of ends and counts: 2 or 4.
    package var endByteCount: Int
    package var maxByteCount: Int
    package var block: TableBlock
}

/// Fields, and how many bytes and ends they had in each version.
package final class TableBlock: Sendable {
    package struct Shape: Sendable {
        package var since: UInt16
        package var fixedByteCount: Int
        package var endCount: Int
    }

    package let fields: [TableField]
    /// Oldest first, never empty.
    package let shapes: [Shape]

    init(fields: [TableField], shapes: [Shape]) {
        self.fields = fields
        self.shapes = shapes
    }

    /// The shape in a version; of newer ones than known, today's.
    package func shape(ofVersion version: UInt16) -> Shape {
        shapes.last { $0.since <= version } ?? shapes[0]
    }

    package func field(named name: String) -> TableField? {
        fields.first { $0.name == name }
    }
}

/// A field of a block or of a struct.
package struct TableField: Sendable {
    package enum Place: Sendable {
        case fixed(offset: Int)
        case variable(endIndex: Int)
    }

    package struct PresenceBit: Sendable {
        package var offset: Int
        package var mask: UInt8
        /// At the first field of a presence byte: the bits that fields have.
        package var openedBits: UInt8?
    }

    /// Both ends included.
    package enum Range: Sendable {
        case integers(Int128, Int128)
        case floats(Double, Double)
    }

    package var name: String
    package var type: TableType
    package var place: Place
    package var since: UInt16 = 1
    package var isOptional = false
    package var presence: PresenceBit?
    /// The bytes of the default as a little-endian number.
    package var defaultBits: UInt64 = 0
    package var range: Range?
}

/// Bytes of an integer and whether it has a sign.
package struct TableInteger: Sendable, Hashable {
    package var byteCount: Int
    package var isSigned: Bool

    package var name: String { (isSigned ? "i" : "u") + "\(byteCount * 8)" }

    /// The number that the bits are.
    package func value(_ bits: UInt64) -> Int128 {
        guard isSigned else { return Int128(bits) }
        let unused = UInt64(64 - byteCount * 8)
        return Int128(Int64(bitPattern: bits << unused) >> Int64(unused))
    }

    package var range: ClosedRange<Int128> {
        let bitCount = Int128(byteCount * 8)
        return isSigned
            ? -(1 << (bitCount - 1))...(1 << (bitCount - 1)) - 1
            : 0...(1 << bitCount) - 1
    }
}

/// A type of a field.
package indirect enum TableType: Sendable {
    case integer(TableInteger)
    case float(byteCount: Int)
    case bool
    case decimal(TableInteger, exponent: Int)
    case timestamp(unit: String)
    case duration(unit: String)
    case fixedText(byteCount: Int)
    case fixedBytes(byteCount: Int)
    case array(TableType, count: Int)
    case enumeration(TableEnumeration)
    case flags(TableNames)
    case bits(TableNames)
    case structure(TableStructure)
    case text(maxByteCount: Int)
    case bytes(maxByteCount: Int)
    case list(TableType, maxCount: Int)
    case union(TableUnion)
    case group(TableBlock, maxCount: Int)
    case map(TableBlock, maxCount: Int)

    /// Bytes in the fixed part; 0 of variable types.
    package var byteCount: Int {
        switch self {
        case .integer(let kind), .decimal(let kind, _): kind.byteCount
        case .float(let byteCount), .fixedText(let byteCount), .fixedBytes(let byteCount):
            byteCount
        case .bool: 1
        case .timestamp, .duration: 8
        case .array(let element, let count): element.byteCount * count
        case .enumeration(let type): type.storage.byteCount
        case .flags(let type), .bits(let type): type.storage.byteCount
        case .structure(let type): type.byteCount
        case .text, .bytes, .list, .union, .group, .map: 0
        }
    }

    package var isVariable: Bool {
        switch self {
        case .text, .bytes, .list, .union, .group, .map: true
        default: false
        }
    }

    package var isStructure: Bool {
        if case .structure = self { true } else { false }
    }

    /// Whether any bytes are a value.
    package var isAlwaysValid: Bool {
        switch self {
        case .integer, .float, .decimal, .timestamp, .duration, .fixedBytes, .flags: true
        case .array(let element, _): element.isAlwaysValid
        case .enumeration(let type): !type.isClosed
        case .structure(let type):
            type.fields.allSatisfy { $0.range == nil && $0.type.isAlwaysValid }
        default: false
        }
    }

    /// The integer that the bytes of a number are; `nil` of other types.
    package var integer: TableInteger? {
        switch self {
        case .integer(let kind), .decimal(let kind, _): kind
        case .timestamp, .duration: TableInteger(byteCount: 8, isSigned: true)
        case .enumeration(let type): type.storage
        case .flags(let type), .bits(let type): type.storage
        default: nil
        }
    }
}

package final class TableEnumeration: Sendable {
    package let name: String
    package let isClosed: Bool
    package let storage: TableInteger
    package let numbers: [String: UInt64]
    package let names: [UInt64: String]

    init(name: String, isClosed: Bool, storage: TableInteger, cases: [(String, UInt64)]) {
        self.name = name
        self.isClosed = isClosed
        self.storage = storage
        numbers = Dictionary(cases, uniquingKeysWith: { first, _ in first })
        names = Dictionary(cases.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
}

/// Flags with the numbers of their bits, or bit fields with their widths; in order.
package final class TableNames: Sendable {
    package let name: String
    package let storage: TableInteger
    package let members: [(name: String, value: Int)]

    init(name: String, storage: TableInteger, members: [(name: String, value: Int)]) {
        self.name = name
        self.storage = storage
        self.members = members
    }
}

package final class TableStructure: Sendable {
    package let name: String
    package let byteCount: Int
    package let fields: [TableField]

    init(name: String, byteCount: Int, fields: [TableField]) {
        self.name = name
        self.byteCount = byteCount
        self.fields = fields
    }
}

package final class TableUnion: Sendable {
    package struct Arm: Sendable {
        package var name: String
        package var tag: UInt16
        /// `nil` if the arm carries nothing.
        package var type: TableType?
    }

    package let name: String
    package let tagByteCount: Int
    package let arms: [Arm]

    init(name: String, tagByteCount: Int, arms: [Arm]) {
        self.name = name
        self.tagByteCount = tagByteCount
        self.arms = arms
    }

    package func arm(tagged tag: UInt16) -> Arm? { arms.first { $0.tag == tag } }
    package func arm(named name: String) -> Arm? { arms.first { $0.name == name } }
}
