// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LinnetBytes
package import LinnetPollers

/// How the sockets of a server or a client behave.
public struct SocketOptions: Sendable, Hashable {
    /// Whether what is written leaves at once (TCP_NODELAY). On, because packets are written
    /// together anyway: to wait for more would only delay the last of them, by up to 40 ms.
    public var noDelay = true

    /// Connections that may wait to be accepted. 4096, because that is where Linux cuts it off by
    /// default (`net.core.somaxconn`), and a storm of clients that reconnect should find room.
    public var backlog = 4096

    /// Whether the system asks a silent peer from time to time if it is still there. Off, because a
    /// protocol with a heartbeat finds out sooner; for one without.
    public var keepAlive: KeepAlive?

    /// Bytes that the kernel may hold for the application to receive; it takes twice as many for
    /// its own records. `nil`: the system's choice, which grows with the speed of the connection; a
    /// number switches that off.
    public var receiveBufferByteCount: Int?

    /// The same for bytes on their way to the peer.
    public var sendBufferByteCount: Int?

    public init() {}

    /// Questions to a silent peer. A connection whose peer is gone breaks after
    /// `idle + interval * count`.
    public struct KeepAlive: Sendable, Hashable {
        /// How long the peer is silent before the first. Whole seconds, 1 to 32767.
        public var idle: Duration
        /// From one to the next. Whole seconds, 1 to 32767.
        public var interval: Duration
        /// How many go unanswered before the connection is broken, 1 to 127.
        public var count: Int

        /// By default a peer that is gone is found out within a minute and a half.
        public init(
            idle: Duration = .seconds(60),
            interval: Duration = .seconds(10),
            count: Int = 3
        ) {
            self.idle = idle
            self.interval = interval
            self.count = count
        }
    }
}

extension SocketOptions {
    /// Sets all of this but for the backlog. Those of TCP are left out for a Unix socket.
    ///
    /// A listener passes them on to each connection that it accepts, without a system call. The
    /// sizes of the buffers count only if they are set before a socket listens or connects.
    ///
    /// - Throws: `Errno`: `EINVAL` for numbers that the system does not take.
    package func apply(to descriptor: Descriptor, isTCP: Bool) throws(Errno) {
        if let receiveBufferByteCount {
            try descriptor.set(SOL_SOCKET, SO_RCVBUF, to: receiveBufferByteCount)
        }
        if let sendBufferByteCount {
            try descriptor.set(SOL_SOCKET, SO_SNDBUF, to: sendBufferByteCount)
        }
        guard isTCP else { return }
        if noDelay { try descriptor.set(Self.tcp, TCP_NODELAY, to: 1) }
        guard let keepAlive else { return }
        try descriptor.set(Self.tcp, TCP_KEEPIDLE, to: Int(keepAlive.idle.components.seconds))
        try descriptor.set(Self.tcp, TCP_KEEPINTVL, to: Int(keepAlive.interval.components.seconds))
        try descriptor.set(Self.tcp, TCP_KEEPCNT, to: keepAlive.count)
        try descriptor.set(SOL_SOCKET, SO_KEEPALIVE, to: 1)
    }

    private static var tcp: CInt { CInt(IPPROTO_TCP) }
}

extension Descriptor {
    /// Sets an option that is a number.
    func set(_ level: CInt, _ option: CInt, to value: Int) throws(Errno) {
        var value = CInt(clamping: value)
        // SAFETY: the kernel reads one integer.
        let result = unsafe setsockopt(
            rawValue,
            level,
            option,
            &value,
            socklen_t(MemoryLayout<CInt>.size)
        )
        guard result == 0 else { throw .last }
    }
}

/// Lets this process have as many descriptors as it may, and so as many connections.
///
/// Most systems start a process with 1024 for the sake of programs that use `select`, and allow it
/// many more. It is the whole process that this changes.
///
/// - Returns: the limit as it is now, and the highest that the process may set. They differ only if
///   the system has refused.
public func raiseDescriptorLimit() -> (soft: Int, hard: Int) {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    // SAFETY: the kernel writes the structure.
    guard unsafe getrlimit(resource, &limit) == 0 else { return (0, 0) }
    var raised = limit
    raised.rlim_cur = limit.rlim_max
    // SAFETY: the kernel reads the structure.
    if unsafe setrlimit(resource, &raised) == 0 { limit = raised }
    return (Int(clamping: limit.rlim_cur), Int(clamping: limit.rlim_max))
}
