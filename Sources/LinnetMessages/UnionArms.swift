// SPDX-License-Identifier: Apache-2.0

// The names of a union's arms, to find a value in place: `leg[.strike]`. Generated code adds them
// as static members, as with VariableFields.

/// The name of an arm of a fixed type.
@frozen
public struct ValueArm<Value: UnionValue, Payload: InlineValue>: Sendable {
    @usableFromInline let tag: UInt16
    @inlinable public init(tag: UInt16) { self.tag = tag }
}

/// The name of an arm that is a `string<=N`.
@frozen
public struct TextArm<Value: UnionValue>: Sendable {
    @usableFromInline let tag: UInt16
    @inlinable public init(tag: UInt16) { self.tag = tag }
}

/// The name of an arm that is a `bytes<=N`.
@frozen
public struct BytesArm<Value: UnionValue>: Sendable {
    @usableFromInline let tag: UInt16
    @inlinable public init(tag: UInt16) { self.tag = tag }
}

extension UnionView {
    /// The value, or `nil` if it is of another arm.
    @inlinable
    public subscript<Payload>(arm: ValueArm<Value, Payload>) -> Payload? {
        tag == arm.tag ? Payload(reading: payload) : nil
    }

    /// The text, in place, or `nil` if the value is of another arm.
    @inlinable
    public subscript(arm: TextArm<Value>) -> TextView? {
        @_lifetime(copy self)
        get {
            guard tag == arm.tag else { return nil }
            return TextView(payload)
        }
    }

    /// The bytes, in place, or `nil` if the value is of another arm.
    @inlinable
    public subscript(arm: BytesArm<Value>) -> RawSpan? {
        @_lifetime(copy self)
        get {
            guard tag == arm.tag else { return nil }
            return payload
        }
    }
}
