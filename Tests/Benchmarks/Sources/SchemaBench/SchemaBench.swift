// SPDX-License-Identifier: Apache-2.0

// SchemaBench is what all Swift programs of ../../schemas have in common: the four messages and
// their values, the interface of a measurement, and the loops that measure. A program lists its
// benches in `SchemaProgram` and does nothing else.

/// One of the messages that all encode.
public enum SchemaMessage: String, CaseIterable, Sendable {
    case car
    case marketData = "market-data"
    case fooBar = "foo-bar"
    case log

    /// How many records of it there are. They are encoded one by one, a message each.
    public var recordCount: Int { self == .log ? LogValues.count : 1 }

    /// The sum of all records. That of `fooBar` is the one that its authors have published.
    var sum: UInt64 {
        switch self {
        case .car: 6_548
        case .marketData: 118_558
        case .fooBar: 218_812_692_406_581_874
        case .log: 50_712_490_076
        }
    }
}

/// One message, encoded and read by one peer. To add one is to conform and to list it in the
/// program's `SchemaProgram`.
///
/// A sum is over all fields of a message, wrapping: integers, flags, enums and letters as they are
/// (sign extended), booleans as 0 and 1, floats without their fraction, each entry's fields,
/// lists without their count; of a string its length in bytes and, but in `fooBar`, its first byte.
/// Letters of a fixed length are a string. A sum that is not its message's ends the program.
public protocol SchemaBench: ~Copyable {
    /// As the table names it, and the command line.
    static var peer: String { get }
    static var message: SchemaMessage { get }
    /// Whether `decode` and `read` measure something; else only `encode` is called.
    static var decodes: Bool { get }
    /// Whether a field can be read without a look at the others; else `read` is never called.
    static var readsUnverified: Bool { get }

    /// Takes the values in the form that its library wants them, and encodes each record once into
    /// storage of its own, which `decode` and `read` get.
    init()

    /// Encodes a record from plain values, as a program does that has a message to send, where the
    /// library permits into a buffer that is reused.
    ///
    /// - Returns: the bytes on the wire.
    mutating func encode(_ index: Int) -> Int

    /// Verifies (parses) an encoded record as far as hostile bytes demand, and reads every field.
    ///
    /// - Returns: the sum.
    mutating func decode(_ index: Int) -> UInt64

    /// Reads every field of an encoded record that is known to be right.
    ///
    /// - Returns: the sum.
    mutating func read(_ index: Int) -> UInt64
}

extension SchemaBench where Self: ~Copyable {
    @inlinable public static var decodes: Bool { true }
    @inlinable public static var readsUnverified: Bool { true }
}
