// SPDX-License-Identifier: Apache-2.0

// LinnetBytes owns memory: mapped regions, the packet pool and its leases, and the only unaligned
// loads and stores of the project. It promises that no block is reachable after its release, that
// nothing grows beyond the limits of its configuration, and that no call blocks or allocates after
// the pool was made. It imports CLinnet alone; no Foundation.

internal import Glibc

/// An error of the operating system: the number that `errno` had.
public struct Errno: Error, RawRepresentable, BitwiseCopyable, Hashable, Sendable {
    public let rawValue: CInt

    public init(rawValue: CInt) {
        self.rawValue = rawValue
    }

    /// The error of the system call that just failed on this thread.
    package static var last: Errno {
        Errno(rawValue: errno)
    }

    /// No memory, address space or mapping is left. The C name is `ENOMEM`.
    public static var noMemory: Errno { Errno(rawValue: ENOMEM) }

    /// The system cannot do this with such a value. The C name is `EINVAL`.
    public static var invalidArgument: Errno { Errno(rawValue: EINVAL) }
}

extension Errno: CustomStringConvertible {
    /// The system's own words, and the number: `Cannot allocate memory (12)`.
    public var description: String {
        // SAFETY: strerror returns nil or a NUL-terminated string that is valid until this thread
        // calls it again; it is copied before that.
        guard let words = unsafe strerror(rawValue) else { return "errno \(rawValue)" }
        return unsafe "\(String(cString: words)) (\(rawValue))"
    }
}
