// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// A value with a fixed size on the wire: a fixed field, an element of a list or an array, a field
/// of a struct (Specs/schema.md §2.3).
public protocol InlineValue: Sendable {
    /// Its bytes on the wire.
    static var byteCount: Int { get }
    /// Whether any bytes are a value.
    static var isAlwaysValid: Bool { get }
    /// Whether a value can be out of a range, as a struct with ranges can: then it is looked at
    /// when it is written.
    static var hasRange: Bool { get }
    /// What stands at the beginning of the bytes, which are valid. Traps if they are too few.
    init(reading bytes: RawSpan)
    /// Writes the value at an offset. Traps if there is no room.
    func write(to bytes: inout MutableRawSpan, at offset: Int)
    /// Whether these ``byteCount`` bytes are a value (§4.2).
    static func isValid(_ bytes: RawSpan) -> Bool
}

extension InlineValue {
    @inlinable public static var isAlwaysValid: Bool { true }
    @inlinable public static var hasRange: Bool { false }
    @inlinable public static func isValid(_ bytes: RawSpan) -> Bool { true }
}

extension InlineValue where Self: FixedWidthInteger & BitwiseCopyable {
    @inlinable public static var byteCount: Int { MemoryLayout<Self>.size }

    @inlinable
    @inline(__always)
    public init(reading bytes: RawSpan) {
        self = bytes.loadLittleEndian(at: 0)
    }

    @inlinable
    @inline(__always)
    public func write(to bytes: inout MutableRawSpan, at offset: Int) {
        bytes.storeLittleEndian(self, at: offset)
    }
}

extension UInt8: InlineValue {}
extension UInt16: InlineValue {}
extension UInt32: InlineValue {}
extension UInt64: InlineValue {}
extension Int8: InlineValue {}
extension Int16: InlineValue {}
extension Int32: InlineValue {}
extension Int64: InlineValue {}

extension Float: InlineValue {
    @inlinable public static var byteCount: Int { 4 }

    @inlinable
    @inline(__always)
    public init(reading bytes: RawSpan) {
        self.init(bitPattern: UInt32(reading: bytes))
    }

    @inlinable
    @inline(__always)
    public func write(to bytes: inout MutableRawSpan, at offset: Int) {
        bitPattern.write(to: &bytes, at: offset)
    }
}

extension Double: InlineValue {
    @inlinable public static var byteCount: Int { 8 }

    @inlinable
    @inline(__always)
    public init(reading bytes: RawSpan) {
        self.init(bitPattern: UInt64(reading: bytes))
    }

    @inlinable
    @inline(__always)
    public func write(to bytes: inout MutableRawSpan, at offset: Int) {
        bitPattern.write(to: &bytes, at: offset)
    }
}

extension Bool: InlineValue {
    @inlinable public static var byteCount: Int { 1 }
    @inlinable public static var isAlwaysValid: Bool { false }

    @inlinable
    @inline(__always)
    public init(reading bytes: RawSpan) {
        self = UInt8(reading: bytes) != 0
    }

    @inlinable
    @inline(__always)
    public func write(to bytes: inout MutableRawSpan, at offset: Int) {
        UInt8(self ? 1 : 0).write(to: &bytes, at: offset)
    }

    @inlinable
    @inline(__always)
    public static func isValid(_ bytes: RawSpan) -> Bool {
        UInt8(reading: bytes) <= 1
    }
}
