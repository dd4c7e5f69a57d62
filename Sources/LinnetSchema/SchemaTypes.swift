// SPDX-License-Identifier: Apache-2.0

/// An integer type of the language.
public enum IntegerKind: String, Sendable, Hashable, CaseIterable {
    case u8, u16, u32, u64, i8, i16, i32, i64

    public var byteCount: Int {
        switch self {
        case .u8, .i8: 1
        case .u16, .i16: 2
        case .u32, .i32: 4
        case .u64, .i64: 8
        }
    }

    public var isSigned: Bool { rawValue.hasPrefix("i") }

    /// All values of the type.
    public var range: ClosedRange<Int128> {
        let bitCount = byteCount * 8
        return isSigned
            ? -(Int128(1) << (bitCount - 1))...(Int128(1) << (bitCount - 1)) - 1
            : 0...(Int128(1) << bitCount) - 1
    }
}

/// A unit of time.
public enum TimeUnit: String, Sendable, Hashable, CaseIterable {
    case ns, us, ms, s
}

/// The type of a field (Specs/schema.md §2.3). Named types are found with
/// ``Schema/declaration(named:)``.
public indirect enum FieldType: Sendable, Hashable {
    // Fixed: these have a size.
    case integer(IntegerKind)
    /// `f32` or `f64`.
    case float(byteCount: Int)
    case bool
    case decimal(IntegerKind, exponent: Int)
    case timestamp(TimeUnit)
    case duration(TimeUnit)
    case fixedText(byteCount: Int)
    case fixedBytes(byteCount: Int)
    case array(FieldType, count: Int)
    case enumeration(String)
    case flags(String)
    case bits(String)
    case structure(String)
    // Variable: these have an end and a region.
    case text(maxByteCount: Int)
    case bytes(maxByteCount: Int)
    case list(FieldType, maxCount: Int)
    case union(String)
    case group(Group)
    /// A group whose entries have the fields `key` and `value`, sorted by key.
    case map(Group)

    public var isVariable: Bool {
        switch self {
        case .text, .bytes, .list, .union, .group, .map: true
        default: false
        }
    }
}

/// An enum. Open ones accept every number.
public struct Enumeration: Sendable, Hashable {
    public var name: String
    public var documentation: [String] = []
    public var isClosed: Bool
    public var storage: IntegerKind
    public var cases: [NamedValue]

    public init(name: String, isClosed: Bool, storage: IntegerKind, cases: [NamedValue]) {
        self.name = name
        self.isClosed = isClosed
        self.storage = storage
        self.cases = cases
    }
}

/// A case of an enum, or a flag with the number of its bit.
public struct NamedValue: Sendable, Hashable {
    public var name: String
    public var documentation: [String] = []
    public var value: UInt64
    public var since: UInt16 = 1
    public var deprecation: Deprecation?

    public init(name: String, value: UInt64) {
        self.name = name
        self.value = value
    }
}

/// A set of flags. Bits without a name survive.
public struct FlagSet: Sendable, Hashable {
    public var name: String
    public var documentation: [String] = []
    public var storage: IntegerKind
    /// The value of each is the number of its bit.
    public var flags: [NamedValue]

    public init(name: String, storage: IntegerKind, flags: [NamedValue]) {
        self.name = name
        self.storage = storage
        self.flags = flags
    }
}

/// Bit fields packed into an integer, from bit 0 up.
public struct BitFields: Sendable, Hashable {
    public struct Field: Sendable, Hashable {
        public var name: String
        public var documentation: [String] = []
        public var bitOffset: Int
        public var bitCount: Int

        public init(name: String, bitOffset: Int, bitCount: Int) {
            self.name = name
            self.bitOffset = bitOffset
            self.bitCount = bitCount
        }
    }

    public var name: String
    public var documentation: [String] = []
    public var storage: IntegerKind
    public var fields: [Field]

    public init(name: String, storage: IntegerKind, fields: [Field]) {
        self.name = name
        self.storage = storage
        self.fields = fields
    }
}

/// A struct: fixed fields back to back, the same for ever.
public struct Structure: Sendable, Hashable {
    public var name: String
    public var documentation: [String] = []
    /// Their places count from the start of the struct; none is optional.
    public var fields: [Field]
    public var constants: [Constant] = []
    public var byteCount: Int

    public init(name: String, fields: [Field], byteCount: Int) {
        self.name = name
        self.fields = fields
        self.byteCount = byteCount
    }
}

/// A union: a tag and the value of one arm. Tags that are not known survive.
public struct Union: Sendable, Hashable {
    public struct Arm: Sendable, Hashable {
        public var name: String
        public var documentation: [String] = []
        public var tag: UInt16
        /// A fixed type, `.text` or `.bytes`; `nil` if the arm carries nothing.
        public var type: FieldType?
        public var since: UInt16 = 1
        public var deprecation: Deprecation?

        public init(name: String, tag: UInt16, type: FieldType?) {
            self.name = name
            self.tag = tag
            self.type = type
        }
    }

    public var name: String
    public var documentation: [String] = []
    /// 1 or 2.
    public var tagByteCount: Int
    public var arms: [Arm]

    public init(name: String, tagByteCount: Int, arms: [Arm]) {
        self.name = name
        self.tagByteCount = tagByteCount
        self.arms = arms
    }
}
