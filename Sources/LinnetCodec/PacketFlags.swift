// SPDX-License-Identifier: Apache-2.0

/// The flags of a packet. Specs/protocol.md 2.4.
@frozen
public struct PacketFlags: OptionSet, BitwiseCopyable, Hashable, Sendable {
    public let rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Bit 0, a hint: the payload will be kept by its receiver.
    @inlinable public static var detach: PacketFlags { PacketFlags(rawValue: 1 << 0) }
    /// Bit 1: a CRC-32 of the payload follows it.
    @inlinable public static var payloadChecksum: PacketFlags { PacketFlags(rawValue: 1 << 1) }

    /// Bits 12 to 15, which are the application's.
    @inlinable public static var application: PacketFlags { PacketFlags(rawValue: 0xF000) }

    /// What level 0 knows; any other bit is an error.
    @inlinable public static var level0: PacketFlags {
        [.detach, .payloadChecksum, .application]
    }

    /// One of the application's four bits.
    /// - Parameter index: 0 to 3, which are bits 12 to 15.
    @inlinable
    public static func application(_ index: Int) -> PacketFlags {
        precondition((0...3).contains(index), "the application has the four bits 0 to 3")
        return PacketFlags(rawValue: 1 << (12 + UInt16(index)))
    }

    /// Bytes of the trailer that these flags announce: 0 or 4.
    @inlinable
    package var trailerByteCount: Int {
        contains(.payloadChecksum) ? 4 : 0
    }
}

extension PacketFlags {
    /// Names of all sixteen bits, lowest first, as the spec has them.
    public static let bitNames = [
        "detach", "payloadChecksum", "compressed", "control", "stream", "request", "response",
        "failure", "more", "reserved9", "reserved10", "reserved11", "application0", "application1",
        "application2", "application3",
    ]
}

extension PacketFlags {
    /// The names of the bits that are set, lowest first.
    public var names: [String] {
        (0..<16).filter { rawValue & (1 << $0) != 0 }.map { Self.bitNames[$0] }
    }
}

extension PacketFlags: CustomStringConvertible {
    /// The names of the bits that are set: `payloadChecksum, application0`; `none` if there are
    /// none.
    public var description: String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}
