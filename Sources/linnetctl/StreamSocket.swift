// SPDX-License-Identifier: Apache-2.0

package import Foundation
internal import Glibc
package import Linnet
internal import LinnetPollers

/// A connected socket whose calls wait, for what is done once and in order.
///
/// Each call waits no longer than until its deadline. The socket is closed when the value ends.
///
/// Thread: one at a time.
package struct StreamSocket: ~Copyable {
    private let descriptor: CInt

    /// Connects to the first address of the endpoint that answers.
    package init(to endpoint: Endpoint, before deadline: MonotonicInstant) throws(TransportError) {
        var addresses = try endpoint.addresses(for: .connect)[...]
        while true {
            let address = addresses.removeFirst()
            do throws(TransportError) {
                descriptor = try Self.connect(to: address, of: endpoint, before: deadline)
                return
            } catch {
                if addresses.isEmpty { throw error }
            }
        }
    }

    deinit {
        _ = Glibc.close(descriptor)
    }

    private static func connect(
        to address: SocketAddress,
        of endpoint: Endpoint,
        before deadline: MonotonicInstant
    ) throws(TransportError) -> CInt {
        let socket = try ConnectingSocket(to: address, of: endpoint, options: SocketOptions())
        let descriptor = socket.descriptor.rawValue
        guard !socket.isConnected else { return descriptor }
        var error = CInt(0)
        if waitUntilReady(descriptor, for: POLLOUT, before: deadline) {
            var byteCount = socklen_t(MemoryLayout<CInt>.size)
            // SAFETY: the kernel writes one integer.
            unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &byteCount)
        } else {
            error = ETIMEDOUT
        }
        guard error != 0 else { return descriptor }
        _ = Glibc.close(descriptor)
        throw .failed(.connect, endpoint, Errno(rawValue: error))
    }

    /// Sends all of the bytes.
    package func send(_ bytes: Data, before deadline: MonotonicInstant) throws(Errno) {
        var rest = bytes[...]
        while !rest.isEmpty {
            // SAFETY: the kernel reads as many bytes as there are.
            let sent = unsafe rest.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    descriptor,
                    bytes.baseAddress,
                    bytes.count,
                    CInt(MSG_NOSIGNAL)
                )
            }
            if sent >= 0 {
                rest = rest.dropFirst(sent)
            } else if errno == EAGAIN {
                try wait(for: POLLOUT, before: deadline)
            } else if errno != EINTR {
                throw .last
            }
        }
    }

    /// Waits for bytes.
    ///
    /// - Returns: some that have arrived, at most `maxByteCount`; none if the peer's FIN has.
    package func receive(
        atMost maxByteCount: Int = 65_536,
        before deadline: MonotonicInstant
    ) throws(Errno) -> Data {
        var bytes = Data(count: maxByteCount)
        while true {
            // SAFETY: the kernel writes no more bytes than there are.
            let received = unsafe bytes.withUnsafeMutableBytes { bytes in
                unsafe recv(descriptor, bytes.baseAddress, bytes.count, 0)
            }
            if received >= 0 { return bytes.prefix(received) }
            if errno == EAGAIN {
                try wait(for: POLLIN, before: deadline)
            } else if errno != EINTR {
                throw .last
            }
        }
    }

    /// Says that nothing more is sent.
    package func endSending() {
        _ = shutdown(descriptor, CInt(SHUT_WR))
    }

    private func wait(for events: CInt, before deadline: MonotonicInstant) throws(Errno) {
        guard Self.waitUntilReady(descriptor, for: events, before: deadline) else {
            throw Errno(rawValue: ETIMEDOUT)
        }
    }

    /// - Returns: false if the time is over.
    private static func waitUntilReady(
        _ descriptor: CInt,
        for events: CInt,
        before deadline: MonotonicInstant
    ) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let left = MonotonicInstant.now().duration(to: deadline).inSeconds
            let milliseconds = CInt(min(max(0, (left * 1_000).rounded(.up)), 1e9))
            // SAFETY: the kernel reads and writes the one request.
            let count = unsafe poll(&request, 1, milliseconds)
            if count > 0 { return true }
            if count == 0, milliseconds == 0 { return false }
        }
    }
}
