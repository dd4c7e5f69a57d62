// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// `str[N]`: UTF-8 of at most `capacity` bytes, without zero bytes, in place.
@frozen
public struct FixedText<let capacity: Int>: InlineValue {
    @usableFromInline var storage: InlineArray<capacity, UInt8>

    /// No text.
    @inlinable
    public init() {
        storage = InlineArray(repeating: 0)
    }

    /// The text, or `nil` if it has more than `capacity` bytes of UTF-8 or a zero byte.
    @inlinable
    public init?(_ text: some StringProtocol) {
        self.init()
        var count = 0
        for byte in text.utf8 {
            guard count < capacity, byte != 0 else { return nil }
            storage[count] = byte
            count += 1
        }
    }

    /// The bytes of the text.
    @inlinable public var count: Int {
        @inline(__always)
        get { capacity <= 8 ? min(byteCountBeforeZero(word), capacity) : longCount }
    }

    /// All bytes, if they are at most eight.
    @inlinable var word: UInt64 {
        @inline(__always)
        get {
            var word: UInt64 = 0
            for index in 0..<capacity { word |= UInt64(storage[index]) << UInt64(index * 8) }
            return word
        }
    }

    @usableFromInline var longCount: Int {
        var count = 0
        while count < capacity, storage[count] != 0 { count += 1 }
        return count
    }

    @inlinable public var isEmpty: Bool { capacity == 0 || storage[0] == 0 }

    /// A byte of the UTF-8; beyond ``count``, 0.
    @inlinable public subscript(index: Int) -> UInt8 { storage[index] }

    @inlinable public static var byteCount: Int { capacity }
    @inlinable public static var isAlwaysValid: Bool { false }

    @inlinable
    @inline(__always)
    public init(reading bytes: RawSpan) {
        // SAFETY: this overload checks the bounds; any bytes are an array of bytes.
        storage = unsafe bytes.unsafeLoadUnaligned(as: InlineArray<capacity, UInt8>.self)
    }

    @inlinable
    @inline(__always)
    public func write(to bytes: inout MutableRawSpan, at offset: Int) {
        bytes.storeBytes(of: storage, toByteOffset: offset, as: InlineArray<capacity, UInt8>.self)
    }

    @inlinable
    @inline(__always)
    public static func isValid(_ bytes: RawSpan) -> Bool {
        isPaddedText(bytes, byteCount: capacity)
    }
}

extension FixedText: Hashable, Comparable {
    @inlinable
    public static func == (left: Self, right: Self) -> Bool {
        for index in 0..<capacity where left.storage[index] != right.storage[index] {
            return false
        }
        return true
    }

    /// Byte by byte, as keys of maps are sorted (Specs/schema.md §3.6).
    @inlinable
    public static func < (left: Self, right: Self) -> Bool {
        for index in 0..<capacity where left.storage[index] != right.storage[index] {
            return left.storage[index] < right.storage[index]
        }
        return false
    }

    @inlinable
    public func hash(into hasher: inout Hasher) {
        for index in 0..<capacity { hasher.combine(storage[index]) }
    }
}

extension FixedText: ExpressibleByStringLiteral, CustomStringConvertible {
    /// Traps if the literal does not fit: it is ours, not a peer's.
    @inlinable
    @inline(__always)
    public init(stringLiteral text: StaticString) {
        self.init()
        let bytes = RawSpan(text: text)
        precondition(bytes.byteCount <= capacity, "the text has more bytes than its field")
        for index in 0..<bytes.byteCount { storage[index] = bytes.byte(at: index) }
    }

    public var description: String {
        String(decoding: (0..<count).map { storage[$0] }, as: UTF8.self)
    }
}
