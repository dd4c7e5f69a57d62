// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LinnetBytes

extension Errno {
    /// The peer broke the connection, whichever call learns of it.
    var isReset: Bool { [ECONNRESET, EPIPE, ECONNABORTED].contains(rawValue) }

    static var noBufferSpace: Errno { Errno(rawValue: ENOBUFS) }
    static var timedOut: Errno { Errno(rawValue: ETIMEDOUT) }
    static var canceled: Errno { Errno(rawValue: ECANCELED) }
}
