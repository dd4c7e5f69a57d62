// SPDX-License-Identifier: Apache-2.0

// LinnetMessages: what code generated from schemas runs on. It owns views over verified bytes, the
// verifier, the writer and its builders, and the values that fixed fields have. The bytes are those
// of Specs/schema.md §3.
//
//     RawSpan --MessageView(verifying:)--> MessageView --load, subscript--> values, spans
//     MessageBuilder or a value --MessageWriter--> OutputRawSpan
//
// Promises: after verifying, a fixed field is one unaligned load without a check; nothing here
// allocates unless it says so; no bytes of a peer trap. It imports LinnetBytes alone.

/// What has a fixed part and ends: a message or an entry of a group (Specs/schema.md §1.2).
///
/// Conformances are generated.
public protocol Block: Sendable, Hashable, SendableMetatype {
    /// The message that the block is part of, or itself.
    associatedtype Root: Message
    /// The phase in which a builder of this block begins.
    associatedtype Start

    /// Bytes of the fixed part, in the version of the generated code.
    static var fixedByteCount: Int { get }
    /// Ends, an entry's first one included, in the version of the generated code.
    static var endCount: Int { get }
    /// Bytes of the fixed part in the oldest version: fields within need no look at the version.
    static var oldestFixedByteCount: Int { get }
    /// Ends in the oldest version.
    static var oldestEndCount: Int { get }
    /// Whether it is an entry of a group.
    static var isEntry: Bool { get }
    /// Whether it is an entry of a map.
    static var isMap: Bool { get }
    /// Whether any bytes of the right shape are valid: no field needs a look.
    static var isAlwaysValid: Bool { get }
    /// The ends that must not be empty, as bits by their index: those of unions without `?`.
    static var requiredEnds: UInt64 { get }

    /// The shape in an older version (§5.1). Not called for versions in which there was none. Cold.
    static func shape(ofVersion version: UInt16) -> BlockShape
    /// Checks the fields in order. Where the last known region ends in the tail; -1 if a field is
    /// wrong.
    static func verify(_ fields: BlockVerifier<Self>) -> Int
    /// Writes the fixed fields that have defaults into a part that is all zero.
    static func writeDefaults(_ fields: inout MessageWriter<Self>)
    /// Whether the entry's key is above that of the one before: of maps only.
    static func isAscending(_ previous: MessageView<Self>, _ next: MessageView<Self>) -> Bool

    /// Copies all fields. Allocates for texts, bytes, lists and groups.
    init(_ view: MessageView<Self>)
    /// Writes all fields.
    func write(to fields: inout MessageWriter<Self>)
}

extension Block {
    @inlinable public static var isMap: Bool { false }
    @inlinable public static var isAlwaysValid: Bool { false }
    @inlinable public static var requiredEnds: UInt64 { 0 }
    @inlinable public static func writeDefaults(_ fields: inout MessageWriter<Self>) {}
    @inlinable public static func isAscending(
        _ previous: MessageView<Self>,
        _ next: MessageView<Self>
    ) -> Bool { true }
    /// Bytes of an end.
    @inlinable public static var endByteCount: Int { Root.isWide ? 4 : 2 }
    /// Bytes of an entry's block.
    @inlinable public static var stride: Int { fixedByteCount + endCount * endByteCount }
}

/// The shape of a block in some version.
@frozen
public struct BlockShape: Sendable, Hashable {
    public var fixedByteCount: Int
    public var endCount: Int

    @inlinable
    public init(fixedByteCount: Int, endCount: Int) {
        self.fixedByteCount = fixedByteCount
        self.endCount = endCount
    }
}

/// A message of a schema: the generated value conforms to it.
///
/// Any message may be thrown: the `else` of a protocol says which are errors.
public protocol Message: Block, CustomStringConvertible, Error {
    /// Its number on the wire.
    static var number: UInt16 { get }
    /// The version of the schema that the code was generated from.
    static var version: UInt16 { get }
    /// The version in which the message came.
    static var oldestVersion: UInt16 { get }
    /// Whether ends and counts have 4 bytes.
    static var isWide: Bool { get }
    /// The longest message that the bounds permit, header included, in bytes.
    static var maxByteCount: Int { get }
    /// The description of the schema that the message is part of.
    static var schema: SchemaTable { get }
}

extension Message {
    @inlinable public static var isEntry: Bool { false }

    /// The header of a message of this version, as one number.
    @inlinable static var header: UInt64 {
        UInt64(number) | UInt64(version) << 16 | UInt64(fixedByteCount) << 32
            | UInt64(endCount) << 48
    }
}

/// Bytes before the fixed part.
@usableFromInline let headerByteCount = 8
