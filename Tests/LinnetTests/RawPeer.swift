// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import LinnetBytes
import LinnetPollers
import LinnetTestSupport
import LinnetTransports
import Testing

/// A client in plain blocking system calls, which shares nothing with the server that it tests but
/// the look-up of addresses. No call waits for longer than the limit.
///
/// Thread: one at a time.
final class RawPeer: @unchecked Sendable {
    // Sendable: a test hands it from one thread to another, which orders what they do.
    private(set) var descriptor: CInt
    /// The number of the next packet.
    private var nextSeq: UInt64 = 0

    /// How a direction ended.
    enum End { case finished, reset, silent }

    init(
        _ endpoint: Endpoint,
        receiveBufferByteCount: Int? = nil,
        sendBufferByteCount: Int? = nil,
        limit: Int = 30
    ) throws {
        let address = try endpoint.addresses(for: .connect)[0]
        descriptor = socket(address.family, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        try #require(descriptor >= 0, "socket: \(errno)")
        let time = timeval(tv_sec: limit, tv_usec: 0)
        set(SO_RCVTIMEO, to: time)
        set(SO_SNDTIMEO, to: time)
        if let receiveBufferByteCount { set(SO_RCVBUF, to: CInt(receiveBufferByteCount)) }
        if let sendBufferByteCount { set(SO_SNDBUF, to: CInt(sendBufferByteCount)) }
        var one: CInt = 1
        // SAFETY: the kernel reads one integer, then the address, during the calls.
        unsafe setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        let result = unsafe address.withPointer { unsafe connect(descriptor, $0, $1) }
        guard result == 0 else { throw Errno.last }
    }

    deinit { close() }

    private func set<Value>(_ option: CInt, to value: Value) {
        // SAFETY: the kernel reads the value during the call.
        _ = unsafe withUnsafePointer(to: value) {
            unsafe setsockopt(
                descriptor,
                SOL_SOCKET,
                option,
                $0,
                socklen_t(MemoryLayout<Value>.size)
            )
        }
    }

    /// Sends all, as far as the peer takes it within the limit.
    ///
    /// - Returns: how many bytes.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Int {
        var sent = 0
        while sent < bytes.count {
            // SAFETY: the array lives through the call, and `sent` is within it.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor,
                    UnsafeRawBufferPointer(rebasing: buffer[sent...]).baseAddress,
                    buffer.count - sent,
                    CInt(MSG_NOSIGNAL)
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return sent }
            sent += count
        }
        return sent
    }

    /// Sends the next packet.
    func send(payload: [UInt8], flags: UInt16 = 0) {
        send(next(payload, flags: flags))
    }

    /// The next packet of this direction, to be sent.
    func next(_ payload: [UInt8], flags: UInt16 = 0) -> [UInt8] {
        defer { nextSeq += 1 }
        return NaiveEncoder(payload: payload, flags: flags, seq: nextSeq).bytes
    }

    /// What comes, up to `byteCount` bytes; fewer if the direction ends before or stays silent.
    func receive(_ byteCount: Int) -> [UInt8] {
        var end: End = .silent
        return receive(atMost: byteCount, &end)
    }

    /// All that comes until the direction ends.
    func receiveToEnd() -> (bytes: [UInt8], end: End) {
        var end: End = .silent
        let bytes = receive(atMost: .max, &end)
        return (bytes, end)
    }

    private func receive(atMost byteCount: Int, _ end: inout End) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: min(byteCount, 65_536))
        while bytes.count < byteCount {
            let limit = min(chunk.count, byteCount - bytes.count)
            // SAFETY: the kernel writes at most as many bytes as the array has.
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe recv(descriptor, $0.baseAddress, limit, 0)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 {
                end = count == 0 ? .finished : errno == EAGAIN ? .silent : .reset
                break
            }
            bytes += chunk[..<count]
        }
        return bytes
    }

    /// Sends FIN.
    func finish() {
        shutdown(descriptor, CInt(SHUT_WR))
    }

    /// Sends RST.
    func reset() {
        set(SO_LINGER, to: linger(l_onoff: 1, l_linger: 0))
        close()
    }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }
}

/// Waits until `condition` is true; returns false if it is not within the limit, which is far
/// longer than it may take.
func waitUntil(within limit: Duration = .seconds(300), _ condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + limit
    while !condition() {
        if ContinuousClock.now > end { return false }
        poll(nil, 0, 1)
    }
    return true
}
