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

    @inlinable
    public init(
        maxPayloadByteCount: Int,
        allowedFlags: UInt16 = 0,
        backFlags: UInt16 = 0,
        backByteCount: Int = 0
    ) {
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
        let behind = flags & backFlags == 0 ? 0 : backByteCount
        return flags & ~allowedFlags == 0 && byteCount <= maxPayloadByteCount - behind
    }
}
