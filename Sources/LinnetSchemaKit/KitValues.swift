// SPDX-License-Identifier: Apache-2.0

public import LinnetMessages

// The values of fixed fields that every schema has.

extension KitValue where Self: FixedWidthInteger {
    @inlinable
    @inline(__always)
    public func kitWalk(into walk: inout KitWalk) {
        walk.add(UInt64(truncatingIfNeeded: self))
    }
}

extension KitValue where Self: IntegerBacked {
    @inlinable
    @inline(__always)
    public func kitWalk(into walk: inout KitWalk) {
        walk.add(UInt64(truncatingIfNeeded: storage))
    }
}

extension UInt8: KitValue {}
extension UInt16: KitValue {}
extension UInt32: KitValue {}
extension UInt64: KitValue {}
extension Int8: KitValue {}
extension Int16: KitValue {}
extension Int32: KitValue {}
extension Int64: KitValue {}
extension FixedDecimal: KitValue {}
extension Timestamp: KitValue {}
extension TimeSpan: KitValue {}

extension Float: KitValue {
    @inlinable
    @inline(__always)
    public func kitWalk(into walk: inout KitWalk) {
        walk.add(UInt64(bitPattern))
    }
}

extension Double: KitValue {
    @inlinable
    @inline(__always)
    public func kitWalk(into walk: inout KitWalk) {
        walk.add(bitPattern)
    }
}

extension Bool: KitValue {
    @inlinable
    @inline(__always)
    public func kitWalk(into walk: inout KitWalk) {
        walk.add(self ? 1 : 0)
    }
}

extension FixedText: KitValue {
    @inlinable
    public func kitWalk(into walk: inout KitWalk) {
        walk.add(UInt64(truncatingIfNeeded: count))
        if walk.isThorough { walk.add(UInt64(truncatingIfNeeded: description.utf8.count)) }
    }
}

extension FixedArray: KitValue where Element: KitValue {
    @inlinable
    public func kitWalk(into walk: inout KitWalk) {
        for index in indices { self[index].kitWalk(into: &walk) }
    }
}
