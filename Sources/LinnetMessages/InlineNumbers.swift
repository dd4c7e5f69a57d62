// SPDX-License-Identifier: Apache-2.0

/// A value that is one integer on the wire.
public protocol IntegerBacked: InlineValue, Hashable {
    associatedtype Storage: FixedWidthInteger & BitwiseCopyable & InlineValue
    init(storage: Storage)
    var storage: Storage { get }
}

extension IntegerBacked {
    @inlinable public static var byteCount: Int { Storage.byteCount }

    @inlinable
    @inline(__always)
    public init(reading bytes: RawSpan) {
        self.init(storage: Storage(reading: bytes))
    }

    @inlinable
    @inline(__always)
    public func write(to bytes: inout MutableRawSpan, at offset: Int) {
        storage.write(to: &bytes, at: offset)
    }
}

/// `decimal(T, e)`: a mantissa times ten to the power of a constant exponent.
@frozen
public struct FixedDecimal<Mantissa, let exponent: Int>: IntegerBacked, Comparable
where Mantissa: FixedWidthInteger & BitwiseCopyable & InlineValue {
    public var mantissa: Mantissa

    @inlinable
    public init(mantissa: Mantissa) {
        self.mantissa = mantissa
    }

    @inlinable public init(storage: Mantissa) { self.mantissa = storage }
    @inlinable public var storage: Mantissa { mantissa }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool {
        left.mantissa < right.mantissa
    }
}

/// A unit of time.
public protocol TimeUnit: Sendable, SendableMetatype {
    static var countPerSecond: Int64 { get }
}

/// The units of timestamps and durations.
public enum Nanoseconds: TimeUnit {
    @inlinable public static var countPerSecond: Int64 { 1_000_000_000 }
}

/// See ``Nanoseconds``.
public enum Microseconds: TimeUnit {
    @inlinable public static var countPerSecond: Int64 { 1_000_000 }
}

/// See ``Nanoseconds``.
public enum Milliseconds: TimeUnit {
    @inlinable public static var countPerSecond: Int64 { 1_000 }
}

/// See ``Nanoseconds``.
public enum Seconds: TimeUnit {
    @inlinable public static var countPerSecond: Int64 { 1 }
}

/// `timestamp(unit)`: units since 1970-01-01T00:00:00Z, without leap seconds.
@frozen
public struct Timestamp<Unit: TimeUnit>: IntegerBacked, Comparable {
    public var count: Int64

    @inlinable public init(_ count: Int64) { self.count = count }
    @inlinable public init(storage: Int64) { self.count = storage }
    @inlinable public var storage: Int64 { count }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.count < right.count }
}

/// `duration(unit)`.
@frozen
public struct TimeSpan<Unit: TimeUnit>: IntegerBacked, Comparable {
    public var count: Int64

    @inlinable public init(_ count: Int64) { self.count = count }
    @inlinable public init(storage: Int64) { self.count = storage }
    @inlinable public var storage: Int64 { count }

    /// The same as the standard library's duration. Exact.
    @inlinable
    public var duration: Duration {
        let (seconds, rest) = count.quotientAndRemainder(dividingBy: Unit.countPerSecond)
        return Duration(
            secondsComponent: seconds,
            attosecondsComponent: rest * (1_000_000_000_000_000_000 / Unit.countPerSecond)
        )
    }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.count < right.count }
}
