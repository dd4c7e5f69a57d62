// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinnetBytes
import LinnetPollers

/// The end of a connection that no poller watches. It is closed once.
protocol FarEnd {
    /// Says how many bytes there was room for.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int
    /// Waits until so many bytes are there, or the end.
    func receive(atLeast byteCount: Int) -> [UInt8]
    /// Waits until the other end has sent FIN or RST, and takes all before it.
    func takeEnd() -> End
    func finish()
    func reset()
    func close()
}

enum End {
    case finished, reset
}

extension SimulatedPeer: FarEnd {
    func takeEnd() -> End {
        waitForEnd()
        _ = receive()
        return isBroken ? .reset : .finished
    }
}

/// A socket of the system, which blocks.
struct SocketFarEnd: FarEnd {
    let descriptor: CInt

    func send(_ bytes: [UInt8]) -> Int {
        // SAFETY: the kernel reads the bytes during the call.
        unsafe Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }

    func receive(atLeast byteCount: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < byteCount, let more = receiveSome(), !more.isEmpty { bytes += more }
        return bytes
    }

    func takeEnd() -> End {
        while let more = receiveSome() {
            if more.isEmpty { return .finished }
        }
        return .reset
    }

    /// `nil` behind RST, nothing behind FIN.
    private func receiveSome() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        // SAFETY: the kernel writes at most as many bytes as there are.
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        return count < 0 ? nil : Array(buffer.prefix(count))
    }

    func finish() {
        shutdown(descriptor, CInt(SHUT_WR))
    }

    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        // SAFETY: the kernel reads the structure.
        _ = unsafe setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_LINGER,
            &option,
            socklen_t(MemoryLayout<linger>.size)
        )
        // The number stays in use until `close`.
        _ = dup2(0, descriptor)
    }

    func close() {
        Glibc.close(descriptor)
    }
}
