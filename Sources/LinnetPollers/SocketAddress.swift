// SPDX-License-Identifier: Apache-2.0

package import Glibc
package import LinnetConnections

/// An address as the system takes and gives it: of IPv4, of IPv6, or the path of a Unix socket.
@safe
package struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()
    private var byteCount = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// No address: room for the one that ``fill(_:)`` writes.
    package init() {}

    /// A copy of an address that the system gave; `nil` if it is too long to be one.
    ///
    /// The caller proves that `byteCount` bytes can be read.
    @unsafe
    package init?(copying address: UnsafePointer<sockaddr>, byteCount: socklen_t) {
        guard byteCount <= self.byteCount else { return nil }
        self.byteCount = byteCount
        // SAFETY: the caller proves the length, which is not more than that of the storage.
        unsafe withUnsafeMutableBytes(of: &storage) {
            unsafe $0.copyMemory(
                from: UnsafeRawBufferPointer(start: address, count: Int(byteCount))
            )
        }
    }

    /// Of a Unix socket; `nil` if the path is empty, has a zero in it or more than
    /// ``maxPathByteCount`` bytes.
    package init?(path: String) {
        let path = Array(path.utf8)
        guard (1...Self.maxPathByteCount).contains(path.count), !path.contains(0) else {
            return nil
        }
        storage.ss_family = sa_family_t(AF_UNIX)
        byteCount = socklen_t(Self.pathOffset + path.count + 1)
        // SAFETY: the path fits into the structure, which fits into the storage; zeros follow it.
        unsafe withUnsafeMutableBytes(of: &storage) { bytes in
            unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[Self.pathOffset...])
                .copyBytes(from: path)
        }
    }

    private static var pathOffset: Int { MemoryLayout<sa_family_t>.size }

    /// Bytes that the path of a Unix socket may have: the system's field, but for the zero behind.
    package static var maxPathByteCount: Int { MemoryLayout<sockaddr_un>.size - pathOffset - 1 }

    /// `AF_INET`, `AF_INET6`, `AF_UNIX`.
    package var family: CInt { CInt(storage.ss_family) }

    /// Lends the address to a system call that reads it.
    package func withPointer<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        // SAFETY: the storage is as large as each kind of address, aligned for all, and lives
        // through the call.
        unsafe withUnsafeBytes(of: storage) { bytes in
            guard let base = bytes.baseAddress else {
                preconditionFailure("a structure has an address")
            }
            return unsafe body(base.assumingMemoryBound(to: sockaddr.self), byteCount)
        }
    }

    /// Lends the storage, and its length, to a system call that writes both.
    package mutating func fill(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt
    ) -> CInt {
        var byteCount = byteCount
        // SAFETY: as in `withPointer`; the system writes no more than the length allows.
        let result = unsafe withUnsafeMutableBytes(of: &storage) { bytes in
            guard let base = bytes.baseAddress else {
                preconditionFailure("a structure has an address")
            }
            return unsafe body(base.assumingMemoryBound(to: sockaddr.self), &byteCount)
        }
        self.byteCount = min(byteCount, self.byteCount)
        return result
    }

    /// The address as all of Linnet knows it. One of IPv4 that came through a socket of IPv6 is one
    /// of IPv4.
    package var peer: PeerAddress {
        // SAFETY: the storage is as large as both structures and aligned for them, and every bit
        // pattern is a valid value of theirs.
        switch family {
        case AF_UNIX: return .unix()
        case AF_INET:
            let address = unsafe withUnsafeBytes(of: storage) {
                unsafe $0.load(as: sockaddr_in.self)
            }
            return .ipv4(
                UInt32(bigEndian: address.sin_addr.s_addr),
                port: UInt16(bigEndian: address.sin_port)
            )
        case AF_INET6:
            let address = unsafe withUnsafeBytes(of: storage) {
                unsafe $0.load(as: sockaddr_in6.self)
            }
            let (upper, lower) = unsafe withUnsafeBytes(of: address.sin6_addr) { bytes in
                unsafe (
                    UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
            let port = UInt16(bigEndian: address.sin6_port)
            guard upper != 0 || lower >> 32 != 0xFFFF else {
                return .ipv4(UInt32(truncatingIfNeeded: lower), port: port)
            }
            return .ipv6(upper, lower, port: port, scope: address.sin6_scope_id)
        default: return .unknown
        }
    }
}
