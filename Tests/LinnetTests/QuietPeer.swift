// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linnet
import LinnetPollers
import LinnetTransports
import Testing

/// A socket that listens and does nothing more unless it is told to.
struct QuietPeer: ~Copyable {
    private let socket: ListeningSocket
    var endpoint: Endpoint { socket.endpoint }

    /// - Parameter backlog: connections that wait beside the first.
    init(at endpoint: Endpoint, backlog: Int = 16) throws {
        var options = SocketOptions()
        options.backlog = backlog
        socket = try ListeningSocket(at: endpoint, options: options)
    }

    /// Takes a connection that waits, once there is one; `nil` after a while.
    borrowing func accept() async -> Connection? {
        guard await socket.descriptor.hasInput() else { return nil }
        return Connection(Descriptor(rawValue: Glibc.accept(socket.descriptor.rawValue, nil, nil)))
    }

    struct Connection: ~Copyable {
        private let descriptor: Descriptor

        init(_ descriptor: Descriptor) {
            self.descriptor = descriptor
        }

        deinit {
            Glibc.close(descriptor.rawValue)
        }

        /// Closes so that the peer is reset.
        consuming func reset() {
            var option = linger(l_onoff: 1, l_linger: 0)
            // SAFETY: the kernel reads the structure.
            unsafe setsockopt(
                descriptor.rawValue,
                SOL_SOCKET,
                SO_LINGER,
                &option,
                socklen_t(MemoryLayout<linger>.size)
            )
        }

        borrowing func send(_ bytes: [UInt8]) {
            // SAFETY: the kernel reads the array.
            _ = unsafe Glibc.send(descriptor.rawValue, bytes, bytes.count, 0)
        }

        /// How many bytes come until the end.
        borrowing func byteCountUntilEnd() async -> Int {
            var buffer = [UInt8](repeating: 0, count: 4_096)
            var sum = 0
            while await descriptor.hasInput() {
                // SAFETY: the kernel writes into the array.
                let count = unsafe recv(descriptor.rawValue, &buffer, buffer.count, 0)
                guard count > 0 else { return sum }
                sum += count
            }
            return -1
        }
    }
}

extension Descriptor {
    /// Waits for input without blocking a thread; false after a long time.
    fileprivate func hasInput() async -> Bool {
        await waitUntil("input") {
            var entry = pollfd(fd: rawValue, events: Int16(POLLIN), revents: 0)
            // SAFETY: the kernel reads and writes the structure.
            return unsafe poll(&entry, 1, 0) == 1
        }
    }
}
