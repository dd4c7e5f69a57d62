// SPDX-License-Identifier: Apache-2.0

import Glibc
import LinnetBytes
import LinnetPollers
import Testing

/// A poller, a listener for it to watch, and a way to connect to that.
struct PollerWorld {
    let poller: any PollerBox
    let listener: Descriptor
    let connect: () throws -> any FarEnd
    /// A socket that connects to where nobody listens, for the poller.
    let connectToNobody: () throws -> Descriptor

    enum Kind: CaseIterable {
        case tcp, unix, simulated

        func make() throws -> PollerWorld {
            switch self {
            case .tcp: try PollerWorld(at: SocketAddress.anyPort())
            case .unix: try PollerWorld(at: SocketAddress.anyName())
            case .simulated: try PollerWorld(SimulatedNetwork(clock: .virtual))
            }
        }
    }

    private init(_ network: SimulatedNetwork) throws {
        let listener = network.listen()
        poller = Boxed(try SimulatedPoller(network))
        self.listener = listener
        connect = { network.connect(to: listener) }
        connectToNobody = { network.startConnecting(to: Descriptor(rawValue: 0)) }
    }

    private init(at address: SocketAddress) throws {
        let flags = CInt(SOCK_NONBLOCK.rawValue)
        let (listener, bound) = try address.bound(flags: flags)
        try #require(listen(listener, 4096) == 0)
        poller = Boxed(try EpollPoller())
        self.listener = Descriptor(rawValue: listener)
        connect = { SocketFarEnd(descriptor: try bound.connected()) }
        connectToNobody = {
            let (_, bound) = try address.bound(flags: 0)
            return Descriptor(rawValue: try bound.connected(flags: flags))
        }
    }
}

extension PollerWorld {
    static let listenerToken: UInt64 = 1
    static let streamToken: UInt64 = 2

    /// The next connection, watched under ``streamToken``, and the first report of it was taken.
    func connection() throws -> (near: Descriptor, far: any FarEnd) {
        let far = try connect()
        guard case .connection(let near, _) = poller.accept(from: listener) else {
            throw NothingAccepted()
        }
        try poller.watch(near, as: .stream, token: Self.streamToken)
        #expect(poller.waitFor(.output, of: Self.streamToken) == .output)
        return (near, far)
    }

    func end(_ descriptors: Descriptor...) {
        for descriptor in descriptors + [listener] {
            poller.forget(descriptor)
            poller.close(descriptor)
        }
    }

    private struct NothingAccepted: Error {}
}

extension SocketAddress {
    /// 127.0.0.1, at a port that the system chooses.
    static func anyPort() throws -> SocketAddress {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = (0x7F00_0001 as UInt32).bigEndian
        return try #require(SocketAddress(reading: address))
    }

    /// A Unix socket without a file, whose name the system chooses.
    static func anyName() throws -> SocketAddress {
        try #require(SocketAddress(reading: sa_family_t(AF_UNIX)))
    }

    init?<Structure>(reading structure: Structure) {
        // SAFETY: the structure begins as each address does, and its size is told.
        let address = unsafe withUnsafeBytes(of: structure) { bytes -> SocketAddress? in
            guard let base = bytes.baseAddress else { return nil }
            return unsafe SocketAddress(
                copying: base.assumingMemoryBound(to: sockaddr.self),
                byteCount: socklen_t(bytes.count)
            )
        }
        guard let address else { return nil }
        self = address
    }

    /// A socket with small buffers, so that tests fill them soon.
    private func opened(flags: CInt) -> CInt {
        let descriptor = socket(family, CInt(SOCK_STREAM.rawValue) | flags, 0)
        var byteCount: CInt = 8192
        let size = socklen_t(MemoryLayout<CInt>.size)
        for option in [SO_RCVBUF, SO_SNDBUF] {
            // SAFETY: the kernel reads one integer.
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, option, &byteCount, size)
        }
        return descriptor
    }

    /// A socket of this address, and the address that it got.
    func bound(flags: CInt) throws -> (descriptor: CInt, address: SocketAddress) {
        let descriptor = opened(flags: flags)
        // SAFETY: the kernel reads the address, then writes one that is no longer than its room.
        try #require(unsafe withPointer { unsafe bind(descriptor, $0, $1) } == 0)
        var bound = SocketAddress()
        try #require(unsafe bound.fill { unsafe getsockname(descriptor, $0, $1) } == 0)
        return (descriptor, bound)
    }

    /// A socket that connects, or has, to this address.
    func connected(flags: CInt = 0) throws -> CInt {
        let descriptor = opened(flags: flags)
        // SAFETY: the kernel reads the address.
        let result = unsafe withPointer { unsafe Glibc.connect(descriptor, $0, $1) }
        try #require(result == 0 || errno == EINPROGRESS)
        return descriptor
    }
}
