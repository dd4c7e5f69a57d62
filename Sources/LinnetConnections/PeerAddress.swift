// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Who is at the other end of a connection: plain data, 24 bytes.
///
/// Prints as tools expect it: `127.0.0.1:7400`, `[fe80::1]:7400`, `unix`, `unix (process 17)`.
public struct PeerAddress: BitwiseCopyable, Hashable, Sendable {
    /// The kinds of address.
    public enum Family: UInt8, BitwiseCopyable, Sendable {
        /// Not known, or not known yet.
        case unknown
        case ipv4
        case ipv6
        /// A Unix socket: a process of this machine.
        case unix
    }

    public let family: Family
    /// Of IPv4 and IPv6; 0 otherwise.
    public let port: UInt16
    /// The scope of a link-local IPv6 address, the process of a Unix socket; 0 otherwise.
    private let detail: UInt32
    private let upper: UInt64
    private let lower: UInt64

    private init(family: Family, port: UInt16, detail: UInt32, upper: UInt64, lower: UInt64) {
        self.family = family
        self.port = port
        self.detail = detail
        self.upper = upper
        self.lower = lower
    }

    public static let unknown = PeerAddress(
        family: .unknown,
        port: 0,
        detail: 0,
        upper: 0,
        lower: 0
    )

    /// - Parameter address: the four bytes as people write them, the first in the upper bits.
    public static func ipv4(_ address: UInt32, port: UInt16) -> PeerAddress {
        PeerAddress(family: .ipv4, port: port, detail: 0, upper: 0, lower: UInt64(address))
    }

    /// - Parameters:
    ///   - upper: the first eight bytes as people write them, the first in the upper bits.
    ///   - lower: the other eight.
    ///   - scope: the number of the interface, for a link-local address.
    public static func ipv6(
        _ upper: UInt64,
        _ lower: UInt64,
        port: UInt16,
        scope: UInt32 = 0
    ) -> PeerAddress {
        PeerAddress(family: .ipv6, port: port, detail: scope, upper: upper, lower: lower)
    }

    /// - Parameter processID: 0 if it is not known.
    public static func unix(processID: UInt32 = 0) -> PeerAddress {
        PeerAddress(family: .unix, port: 0, detail: processID, upper: 0, lower: 0)
    }

    /// The four bytes of an IPv4 address, the first in the upper bits.
    public var ipv4: UInt32? { family == .ipv4 ? UInt32(truncatingIfNeeded: lower) : nil }

    /// The sixteen bytes of an IPv6 address in two halves, the first byte in the upper bits.
    public var ipv6: (upper: UInt64, lower: UInt64)? { family == .ipv6 ? (upper, lower) : nil }

    /// The interface of a link-local IPv6 address.
    public var scope: UInt32? { family == .ipv6 && detail != 0 ? detail : nil }

    /// The process at the other end of a Unix socket, if it is known.
    public var processID: UInt32? { family == .unix && detail != 0 ? detail : nil }

    /// The address as three words, and back.
    package var words: (UInt64, UInt64, UInt64) {
        (UInt64(detail) << 32 | UInt64(port) << 16 | UInt64(family.rawValue), upper, lower)
    }

    package init(words: (UInt64, UInt64, UInt64)) {
        family = Family(rawValue: UInt8(truncatingIfNeeded: words.0)) ?? .unknown
        port = UInt16(truncatingIfNeeded: words.0 >> 16)
        detail = UInt32(truncatingIfNeeded: words.0 >> 32)
        upper = words.1
        lower = words.2
    }
}

extension PeerAddress: CustomStringConvertible {
    public var description: String {
        switch family {
        case .unknown: return "unknown"
        case .unix: return detail == 0 ? "unix" : "unix (process \(detail))"
        case .ipv4:
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: lower >> (24 - 8 * $0)) }
            return bytes.map(String.init).joined(separator: ".") + ":\(port)"
        case .ipv6:
            let scope = detail == 0 ? "" : "%\(detail)"
            return "[\(ipv6Text)\(scope)]:\(port)"
        }
    }

    /// The address in the form of RFC 5952, by the system.
    private var ipv6Text: String {
        var bytes = (upper.bigEndian, lower.bigEndian)
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        // SAFETY: the system reads the 16 bytes and writes at most as many characters as it is
        // told, with a zero at the end.
        let end = unsafe inet_ntop(AF_INET6, &bytes, &text, socklen_t(text.count))
        guard unsafe end != nil else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
