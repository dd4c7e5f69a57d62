// SPDX-License-Identifier: Apache-2.0

/// Which payloads a framing can send: plain data, so that who gathers payloads for a connection
/// need not know its framing.
@frozen
public struct SendLimits: BitwiseCopyable, Hashable, Sendable {
    /// The longest payload in bytes, when nothing stands behind it.
    public let maxPayloadByteCount: Int
    /// The flags that a frame may have.
    public let allowedFlags: UInt16
    /// The flags of which each makes something stand behind the payload, and how many bytes that
    /// has; they are taken from the longest payload.
    public let backFlags: UInt16
    public let backByteCount: Int
    /// Room that is left in front of a payload: the most bytes that are written there.
    public let frontByteCount: Int

    /// - Parameter backFlags: all flags if something stands behind every payload.
    @inlinable
    public init(
        maxPayloadByteCount: Int,
        allowedFlags: UInt16 = 0,
        frontByteCount: Int = 0,
        backFlags: UInt16 = 0,
        backByteCount: Int = 0
    ) {
        self.frontByteCount = frontByteCount
        self.maxPayloadByteCount = maxPayloadByteCount
        self.allowedFlags = allowedFlags
        self.backFlags = backFlags
        self.backByteCount = backByteCount
    }

    /// Any payload with any flags.
    @inlinable public static var unlimited: SendLimits {
        SendLimits(maxPayloadByteCount: Int.max, allowedFlags: UInt16.max)
    }

    /// Whether a payload of `byteCount` bytes may be sent with such flags. O(1).
    @inlinable
    public func allows(byteCount: Int, flags: UInt16) -> Bool {
        flags & ~allowedFlags == 0
            && byteCount <= maxPayloadByteCount - backByteCount(flags: flags)
    }

    /// The most bytes that stand behind a payload with such flags. O(1).
    @inlinable
    public func backByteCount(flags: UInt16) -> Int {
        backFlags == .max || flags & backFlags != 0 ? backByteCount : 0
    }
}
