// SPDX-License-Identifier: Apache-2.0

public import LinnetBytes
public import LinnetCodec
public import LinnetConnections

/// What a reactor tells a worker about a connection: plain data that fits into a cell of a queue.
///
/// A frame's event holds one reference of the block in which the payload stands: who takes the
/// event must release it.
@frozen
@usableFromInline
package struct Event: BitwiseCopyable, Sendable {
    @frozen
    @usableFromInline
    package enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// Comes before everything else of its connection.
        case opened
        /// A frame; comes between `opened` and `inputEnded` or `closed`.
        case frame
        /// The connection ends gracefully, behind the frames before. `reason` says why.
        case inputEnded
        /// The connection has ended abortively. Frames still queued before it are dropped.
        case closed
        /// The server begins to stop.
        case stopping
        /// The worker ends.
        case stop
    }

    @usableFromInline package let id: ConnectionID
    @usableFromInline package let block: Block
    /// Of the payload within the block.
    @usableFromInline package let offset: UInt32
    @usableFromInline package let byteCount: UInt32
    @usableFromInline package let kind: Kind
    @usableFromInline package let prefersOwnBlock: Bool
    /// The framing's metadata; in the events that end a connection the reason.
    @usableFromInline package let metadata: RawMetadata

    @inlinable
    init(
        _ kind: Kind,
        id: ConnectionID,
        block: Block = .none,
        payload: Range<Int> = 0..<0,
        prefersOwnBlock: Bool = false,
        metadata: RawMetadata = RawMetadata()
    ) {
        self.kind = kind
        self.id = id
        self.block = block
        self.offset = UInt32(truncatingIfNeeded: payload.lowerBound)
        self.byteCount = UInt32(truncatingIfNeeded: payload.count)
        self.prefersOwnBlock = prefersOwnBlock
        self.metadata = metadata
    }

    @inlinable
    package static func opened(_ id: ConnectionID) -> Event { Event(.opened, id: id) }

    /// - Parameter failureIndex: of the framing's failure that ended it.
    package static func inputEnded(
        _ id: ConnectionID,
        _ reason: CloseReason,
        failure failureIndex: Int? = nil
    ) -> Event {
        let number = UInt64(failureIndex.map { $0 + 1 } ?? 0)
        return Event(.inputEnded, id: id, metadata: RawMetadata((reason.rawValue, number)))
    }

    package static func closed(_ id: ConnectionID, _ reason: CloseReason) -> Event {
        Event(.closed, id: id, metadata: RawMetadata(reason.rawValue))
    }

    package static var stopping: Event { Event(.stopping, id: ConnectionID(rawValue: 0)) }
    package static var stop: Event { Event(.stop, id: ConnectionID(rawValue: 0)) }

    /// Why the connection ends: of `inputEnded` and `closed`.
    @usableFromInline
    package var reason: CloseReason {
        guard let reason = CloseReason(rawValue: metadata.load()) else {
            preconditionFailure("an event that ends a connection has a reason")
        }
        return reason
    }

    /// The framing's failure that ended the input: of `inputEnded`.
    @usableFromInline
    package var failureIndex: Int? {
        let (_, number) = metadata.load(as: (UInt64, UInt64).self)
        return number == 0 ? nil : Int(number) - 1
    }
}

/// The metadata of any framing as plain bytes.
@frozen
@usableFromInline
package struct RawMetadata: BitwiseCopyable, Sendable {
    @usableFromInline var words: (UInt64, UInt64, UInt64) = (0, 0, 0)

    @inlinable
    package init() {}

    /// Keeps a value of at most ``maxFrameMetadataByteCount`` bytes.
    @inlinable
    @inline(__always)
    package init<Value: BitwiseCopyable>(_ value: Value) {
        precondition(MemoryLayout<Value>.size <= maxFrameMetadataByteCount)
        // SAFETY: the words have room for the value, as was checked.
        unsafe withUnsafeMutableBytes(of: &words) {
            unsafe $0.storeBytes(of: value, as: Value.self)
        }
    }

    /// The value that was kept. The caller asks for the type that it is.
    @inlinable
    @inline(__always)
    package func load<Value: BitwiseCopyable>(as type: Value.Type = Value.self) -> Value {
        precondition(MemoryLayout<Value>.size <= maxFrameMetadataByteCount)
        // SAFETY: the words have as many bytes as the value; every framing's metadata is plain data
        // and was kept as the same type.
        return unsafe withUnsafeBytes(of: words) { unsafe $0.loadUnaligned(as: Value.self) }
    }
}
