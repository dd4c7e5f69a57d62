// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes

/// Payloads with their length before each.
///
/// A length that is longer than the maximum is refused as soon as it is there; what a connection
/// holds follows what has arrived, not what was announced.
///
/// Cost: a few instructions for each frame; nothing is allocated.
@frozen
public struct LengthPrefixedFraming: Framing, Hashable {
    /// Bytes of the length.
    @frozen
    public enum Width: Int, Hashable, Sendable, CaseIterable {
        case one = 1
        case two = 2
        case three = 3
        case four = 4
        case eight = 8
    }

    /// Which byte of the length comes first.
    @frozen
    public enum ByteOrder: String, Hashable, Sendable, CaseIterable {
        /// The most significant, as in the protocols of the Internet.
        case big
        /// The least significant.
        case little
    }

    /// What the length counts.
    @frozen
    public enum LengthCount: String, Hashable, Sendable, CaseIterable {
        /// The bytes behind the length.
        case payload
        /// These and its own.
        case wholeFrame = "whole-frame"
    }

    public let width: Width
    public let byteOrder: ByteOrder
    public let lengthCounts: LengthCount
    /// The longest payload in bytes, in and out; no more than the width can say.
    public let maxPayloadByteCount: Int

    /// - Parameter maxPayloadByteCount: 0 to 2,147,483,639. 1,048,568 by default: with the widest
    ///   length that is 1 MiB, the largest block of a pool by default.
    @inlinable
    public init(
        width: Width,
        byteOrder: ByteOrder = .big,
        lengthCounts: LengthCount = .payload,
        maxPayloadByteCount: Int = 1_048_568
    ) {
        precondition(
            maxPayloadByteCount >= 0 && maxPayloadByteCount <= Int(Int32.max) - 8,
            "a payload and its length have at most 2,147,483,647 bytes"
        )
        let ownByteCount = lengthCounts == .wholeFrame ? width.rawValue : 0
        let maxLength = UInt64.max >> UInt64(64 - 8 * width.rawValue)
        self.width = width
        self.byteOrder = byteOrder
        self.lengthCounts = lengthCounts
        self.maxPayloadByteCount = min(
            maxPayloadByteCount,
            Int(clamping: maxLength - UInt64(ownByteCount))
        )
    }

    /// Why the bytes are not a frame.
    @frozen
    public enum Failure: Error, Hashable, Sendable {
        /// The length is that of more than `maxPayloadByteCount` bytes.
        case tooLong(length: UInt64)
        /// The length counts itself and is less than its own bytes.
        case tooShort(length: UInt64)
        /// The direction ended within a frame.
        case truncated
    }

    @inlinable public var initialState: NoState { NoState() }
    @inlinable public var maxFrameByteCount: Int { width.rawValue + maxPayloadByteCount }

    /// O(1), does not allocate.
    @inlinable
    public func nextFrame(
        in bytes: RawSpan,
        state: inout NoState
    ) throws(Failure) -> FrameStep<NoMetadata> {
        let front = width.rawValue
        guard bytes.byteCount >= front else { return .incomplete }
        let length = length(at: bytes)
        // No more than the maximum is converted: a peer may write any number.
        guard length >= UInt64(ownByteCount) else { throw .tooShort(length: length) }
        let announced = length - UInt64(ownByteCount)
        guard announced <= UInt64(maxPayloadByteCount) else { throw .tooLong(length: length) }
        let byteCount = front + Int(announced)
        guard bytes.byteCount >= byteCount else { return .incomplete }
        return .frame(byteCount: byteCount, payload: front..<byteCount, metadata: NoMetadata())
    }

    public func failure(atEndBehind bytes: RawSpan, state: NoState) -> Failure? {
        bytes.isEmpty ? nil : .truncated
    }

    @inlinable public var maxFrontByteCount: Int { width.rawValue }

    /// Writes the length.
    @inlinable
    public func writeFront(
        of payload: RawSpan,
        flags: UInt16,
        state: inout NoState,
        into front: inout MutableRawSpan
    ) -> Int {
        precondition(payload.byteCount <= maxPayloadByteCount, "the length has room for its number")
        store(UInt64(payload.byteCount + ownByteCount), to: &front)
        return width.rawValue
    }
}

extension LengthPrefixedFraming {
    /// What the length counts beside the payload.
    @inlinable var ownByteCount: Int { lengthCounts == .wholeFrame ? width.rawValue : 0 }

    /// The length at the front of the bytes, of which there are enough.
    @inlinable
    func length(at bytes: RawSpan) -> UInt64 {
        switch (width, byteOrder) {
        case (.one, _): UInt64(bytes.loadLittleEndian(at: 0, as: UInt8.self))
        case (.two, .big): UInt64(bytes.loadBigEndian(at: 0, as: UInt16.self))
        case (.two, .little): UInt64(bytes.loadLittleEndian(at: 0, as: UInt16.self))
        case (.three, .big):
            UInt64(bytes.loadBigEndian(at: 0, as: UInt16.self)) << 8
                | UInt64(bytes.loadLittleEndian(at: 2, as: UInt8.self))
        case (.three, .little):
            UInt64(bytes.loadLittleEndian(at: 0, as: UInt16.self))
                | UInt64(bytes.loadLittleEndian(at: 2, as: UInt8.self)) << 16
        case (.four, .big): UInt64(bytes.loadBigEndian(at: 0, as: UInt32.self))
        case (.four, .little): UInt64(bytes.loadLittleEndian(at: 0, as: UInt32.self))
        case (.eight, .big): bytes.loadBigEndian(at: 0)
        case (.eight, .little): bytes.loadLittleEndian(at: 0)
        }
    }

    @inlinable
    func store(_ length: UInt64, to front: inout MutableRawSpan) {
        switch (width, byteOrder) {
        case (.one, _): front.storeLittleEndian(UInt8(truncatingIfNeeded: length), at: 0)
        case (.two, .big): front.storeBigEndian(UInt16(truncatingIfNeeded: length), at: 0)
        case (.two, .little): front.storeLittleEndian(UInt16(truncatingIfNeeded: length), at: 0)
        case (.three, .big):
            front.storeBigEndian(UInt16(truncatingIfNeeded: length >> 8), at: 0)
            front.storeLittleEndian(UInt8(truncatingIfNeeded: length), at: 2)
        case (.three, .little):
            front.storeLittleEndian(UInt16(truncatingIfNeeded: length), at: 0)
            front.storeLittleEndian(UInt8(truncatingIfNeeded: length >> 16), at: 2)
        case (.four, .big): front.storeBigEndian(UInt32(truncatingIfNeeded: length), at: 0)
        case (.four, .little): front.storeLittleEndian(UInt32(truncatingIfNeeded: length), at: 0)
        case (.eight, .big): front.storeBigEndian(length, at: 0)
        case (.eight, .little): front.storeLittleEndian(length, at: 0)
        }
    }
}

extension LengthPrefixedFraming {
    public static var failureNames: [String] {
        ["length-too-long", "length-too-short", "frame-truncated"]
    }

    public static func failureIndex(_ failure: Failure) -> Int {
        switch failure {
        case .tooLong: 0
        case .tooShort: 1
        case .truncated: 2
        }
    }
}

extension LengthPrefixedFraming.Failure: CustomStringConvertible {
    public var description: String {
        let name = LengthPrefixedFraming.failureNames[LengthPrefixedFraming.failureIndex(self)]
        return switch self {
        case .tooLong(let length): "\(name): a length of \(length) is more than the maximum"
        case .tooShort(let length): "\(name): a length of \(length) does not count its own bytes"
        case .truncated: "\(name): the stream ended within a frame"
        }
    }
}
