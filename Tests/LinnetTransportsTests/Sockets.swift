// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import LinnetBytes
import LinnetPollers
import LinnetTransports

/// A path that no other test uses, short enough for a socket.
func makeSocketPath() -> String {
    NSTemporaryDirectory() + "linnet-\(UUID().uuidString.prefix(13))"
}

extension Descriptor {
    func option(_ level: CInt, _ option: CInt) -> Int? {
        var value: CInt = 0
        var byteCount = socklen_t(MemoryLayout<CInt>.size)
        // SAFETY: the kernel writes one integer.
        let result = unsafe getsockopt(rawValue, level, option, &value, &byteCount)
        return result == 0 ? Int(value) : nil
    }

    func accept() -> Descriptor? {
        Descriptor(rawValue: Glibc.accept(rawValue, nil, nil)).ifOpen
    }

    var ifOpen: Descriptor? { rawValue < 0 ? nil : self }

    /// Whether the socket has connected, once it has found out.
    func waitUntilConnected() -> Errno? {
        var entry = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        // SAFETY: the kernel reads and writes the structure.
        _ = unsafe poll(&entry, 1, -1)
        return option(SOL_SOCKET, SO_ERROR).flatMap {
            $0 == 0 ? nil : Errno(rawValue: CInt($0))
        }
    }

    func close() {
        Glibc.close(rawValue)
    }
}

/// A socket that connects to the first address of an endpoint; the caller closes it.
func connect(
    to endpoint: Endpoint,
    options: SocketOptions = SocketOptions()
) throws -> ConnectingSocket {
    try ConnectingSocket(
        to: endpoint.addresses(for: .connect)[0],
        of: endpoint,
        options: options
    )
}

/// What making a socket throws.
func failure(_ body: () throws(TransportError) -> Void) -> TransportError? {
    do throws(TransportError) {
        try body()
        return nil
    } catch {
        return error
    }
}
