// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LinnetBytes
package import LinnetPollers

/// A socket that connects, or has done so at once; who takes it closes it.
package struct ConnectingSocket: BitwiseCopyable, Sendable {
    package let descriptor: Descriptor
    /// If not, its first completion says that it is over, and `Poller.connectionError` how it went.
    package let isConnected: Bool

    /// Begins to connect, and does not wait.
    ///
    /// - Parameters:
    ///   - address: one of the endpoint's addresses; if it fails now or later, the next is tried.
    ///   - endpoint: what an error is about.
    package init(
        to address: SocketAddress,
        of endpoint: Endpoint,
        options: SocketOptions
    ) throws(TransportError) {
        let descriptor: Descriptor
        do throws(Errno) {
            descriptor = try Descriptor(openedFor: address)
        } catch {
            throw .failed(.connect, endpoint, error)
        }
        do throws(Errno) {
            try options.apply(to: descriptor, isTCP: address.family != AF_UNIX)
            // SAFETY: the kernel reads the address during the call.
            let result = unsafe address.withPointer {
                unsafe connect(descriptor.rawValue, $0, $1)
            }
            // A signal does not end the attempt.
            guard result == 0 || errno == EINPROGRESS || errno == EINTR else { throw .last }
            self.descriptor = descriptor
            isConnected = result == 0
        } catch {
            close(descriptor.rawValue)
            throw .failed(.connect, endpoint, error)
        }
    }
}

extension Descriptor {
    /// A stream socket of the address's family, which does not block and is closed on exec.
    init(openedFor address: SocketAddress) throws(Errno) {
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let number = socket(address.family, kind, 0)
        guard number >= 0 else { throw .last }
        self.init(rawValue: number)
    }
}
