// SPDX-License-Identifier: Apache-2.0

#if os(Linux)
    internal import CLinnet
    internal import Glibc
    package import LinnetBytes
    package import LinnetConnections

    /// The poller of Linux: epoll, and the plain system calls of sockets.
    ///
    /// A stream is registered once, edge-triggered, for input, output and ends together: no system
    /// call is made to change what it waits for. Listeners are level-triggered, so that a backlog
    /// is reported until it is empty. A waker is edge-triggered: each signal is a new edge, and
    /// nobody has to read it.
    ///
    /// Cost: one `epoll_wait` for up to 256 completions; one system call for each transfer. Nothing
    /// is allocated after `init`.
    @safe
    package struct EpollPoller: ~Copyable, Sendable {
        private let descriptor: CInt
        private let memory: MappedRegion
        private var eventCount = 0
        /// Whether the system lacks `epoll_pwait2`, and limits are whole milliseconds.
        private var hasCoarseLimits = false

        /// More completions than that come with the next wait. A batch of 256 makes the cost of the
        /// wait small beside that of its transfers, and delays none of them for long.
        private static let maxEventCount = 256

        /// - Throws: `Errno`: `EMFILE` or `ENFILE` when there is no descriptor left, `ENOMEM`.
        package init() throws(Errno) {
            // SAFETY: only the size of the structure is asked for.
            let stride = unsafe MemoryLayout<epoll_event>.stride
            let memory = try MappedRegion(
                byteCount: Self.maxEventCount * stride,
                hasGuardPage: false
            )
            let descriptor = epoll_create1(CInt(EPOLL_CLOEXEC))
            guard descriptor >= 0 else { throw Errno.last }
            self.memory = memory
            self.descriptor = descriptor
        }

        deinit {
            _ = Glibc.close(descriptor)
        }

        /// The events of the last wait.
        private var events: UnsafeMutablePointer<epoll_event> {
            // SAFETY: the region has room for `maxEventCount` of them, is aligned to a page, and
            // holds nothing else; it lives as long as the poller.
            unsafe memory.base.assumingMemoryBound(to: epoll_event.self)
        }
    }

    extension EpollPoller: Poller {
        package var now: MonotonicInstant { .now() }

        package mutating func watch(
            _ descriptor: Descriptor,
            as kind: WatchKind,
            token: UInt64
        ) throws(Errno) {
            let interest =
                switch kind {
                case .stream: Self.streamInterest
                case .listener: Self.listenerInterest
                case .waker: EPOLLIN.rawValue | EPOLLET.rawValue
                }
            try add(descriptor, interest, token)
        }

        /// Removes the listener from the epoll, or adds it again: the interest of one that others
        /// share cannot be modified. What waits in the backlog is then reported anew.
        package mutating func setListening(
            _ listens: Bool,
            _ descriptor: Descriptor,
            token: UInt64
        ) throws(Errno) {
            if listens {
                try add(descriptor, Self.listenerInterest, token)
            } else {
                forget(descriptor)
            }
        }

        package mutating func forget(_ descriptor: Descriptor) {
            // It fails for a listener that does not listen.
            _ = epoll_ctl(self.descriptor, EPOLL_CTL_DEL, descriptor.rawValue, nil)
        }

        private static var streamInterest: UInt32 {
            EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        }

        /// `EPOLLEXCLUSIVE` costs a listener that nobody shares nothing.
        private static var listenerInterest: UInt32 { EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue }

        private func add(
            _ descriptor: Descriptor,
            _ interest: UInt32,
            _ token: UInt64
        ) throws(Errno) {
            var event = unsafe epoll_event(events: interest, data: epoll_data_t(u64: token))
            // SAFETY: the kernel reads the event during the call.
            let result = unsafe epoll_ctl(
                self.descriptor,
                EPOLL_CTL_ADD,
                descriptor.rawValue,
                &event
            )
            guard result == 0 else { throw Errno.last }
        }
    }

    extension EpollPoller {
        package mutating func wait(atMost limit: Duration?) -> Int {
            let count =
                if let limit, limit > .zero {
                    waitForEvents(atMost: limit)
                } else {
                    // SAFETY: the kernel writes at most as many events as there is room for.
                    unsafe epoll_wait(
                        descriptor,
                        events,
                        CInt(Self.maxEventCount),
                        limit == nil ? -1 : 0
                    )
                }
            precondition(count >= 0 || errno == EINTR, "the poller's descriptor was closed")
            eventCount = max(0, Int(count))
            return eventCount
        }

        /// Limits are rounded up: to nanoseconds, or to milliseconds on an older system.
        private mutating func waitForEvents(atMost limit: Duration) -> CInt {
            if !hasCoarseLimits {
                // SAFETY: the kernel writes at most as many events as there is room for.
                let count = unsafe linnet_epoll_wait(
                    descriptor,
                    events,
                    CInt(Self.maxEventCount),
                    limit.rounded(upTo: .nanoseconds(1))
                )
                // Filters of containers say EPERM of calls that they do not know.
                guard count < 0, errno == ENOSYS || errno == EPERM else { return count }
                hasCoarseLimits = true
            }
            let milliseconds = CInt(clamping: limit.rounded(upTo: .milliseconds(1)))
            // SAFETY: as above.
            return unsafe epoll_wait(descriptor, events, CInt(Self.maxEventCount), milliseconds)
        }

        package func completion(_ index: Int) -> Completion {
            precondition(index >= 0 && index < eventCount, "the last wait has found fewer")
            // SAFETY: the kernel has written so many events.
            let event = unsafe events + index
            let (token, events) = unsafe (linnet_epoll_token(event), linnet_epoll_kinds(event))
            var kinds: Completion.Kinds = []
            if events & EPOLLIN.rawValue != 0 { kinds.insert(.input) }
            if events & EPOLLOUT.rawValue != 0 { kinds.insert(.output) }
            // Both sides have sent FIN if the kernel says HUP and no error.
            if events & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 {
                kinds.formUnion([.input, .ended])
            }
            if events & EPOLLERR.rawValue != 0 { kinds.formUnion([.input, .broken]) }
            return Completion(token: token, kinds: kinds)
        }
    }

    extension EpollPoller {
        package mutating func receive(
            from descriptor: Descriptor,
            into buffer: UnsafeMutableRawBufferPointer
        ) -> Transfer {
            while true {
                // SAFETY: the kernel writes at most as many bytes as the buffer has.
                let count = unsafe linnet_receive(
                    descriptor.rawValue,
                    buffer.baseAddress,
                    buffer.count
                )
                if count >= 0 { return .bytes(count) }
                if let end = Self.transferEnd { return end }
            }
        }

        package mutating func send(
            _ pieces: UnsafeBufferPointer<SendPiece>,
            to descriptor: Descriptor
        ) -> Transfer {
            while true {
                // SAFETY: the caller proves that the pieces can be read.
                let count = unsafe sendOnce(pieces, to: descriptor)
                if count >= 0 { return .bytes(count) }
                if let end = Self.transferEnd { return end }
            }
        }

        private func sendOnce(
            _ pieces: UnsafeBufferPointer<SendPiece>,
            to descriptor: Descriptor
        ) -> Int {
            // SAFETY: the caller of `send` proves that the pieces can be read; the kernel does so
            // during the call.
            if pieces.count == 1 {
                let piece = unsafe pieces[0]
                return unsafe linnet_send(descriptor.rawValue, piece.base, piece.byteCount)
            }
            // A piece is two words, as an `iovec` is; the kernel takes no more of them at once.
            let count = min(pieces.count, Self.maxPieceCount)
            return unsafe linnet_send_pieces(descriptor.rawValue, pieces.baseAddress, count)
        }

        /// The `IOV_MAX` of Linux.
        private static let maxPieceCount = 1024

        /// What a transfer that failed has come to; `nil` if a signal came between.
        private static var transferEnd: Transfer? {
            switch errno {
            case EINTR: nil
            case EAGAIN: .wouldBlock
            case let error: .failed(Errno(rawValue: error))
            }
        }

        package mutating func accept(from listener: Descriptor) -> Acceptance {
            var address = SocketAddress()
            while true {
                // SAFETY: the kernel writes an address that is no longer than the storage.
                let accepted = unsafe address.fill {
                    unsafe linnet_accept(listener.rawValue, $0, $1)
                }
                if accepted >= 0 {
                    let peer =
                        address.family == AF_UNIX
                        ? .unix(processID: linnet_peer_process(accepted)) : address.peer
                    return .connection(Descriptor(rawValue: accepted), peer)
                }
                let error = Errno.last
                switch error.rawValue {
                case EINTR: continue
                case EAGAIN: return .none
                case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted(error)
                // What accept(2) says to take like `EAGAIN`: errors of the network that stand
                // before a connection, and a firewall's refusal.
                case ECONNABORTED, EPROTO, EPERM, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET,
                    EHOSTUNREACH, ENETUNREACH, ETIMEDOUT:
                    return .gone
                default: return .failed(error)
                }
            }
        }

        package mutating func connectionError(of descriptor: Descriptor) -> Errno? {
            var error: CInt = 0
            var byteCount = socklen_t(MemoryLayout<CInt>.size)
            // SAFETY: the kernel writes one integer.
            let result = unsafe getsockopt(
                descriptor.rawValue,
                SOL_SOCKET,
                SO_ERROR,
                &error,
                &byteCount
            )
            if result != 0 { return .last }
            return error == 0 ? nil : Errno(rawValue: error)
        }

        package mutating func shutDownSending(_ descriptor: Descriptor) {
            // It fails only for a socket that is broken, of which the loop is told otherwise.
            _ = shutdown(descriptor.rawValue, CInt(SHUT_WR))
        }

        package mutating func prepareToAbort(_ descriptor: Descriptor) {
            var abortive = linger(l_onoff: 1, l_linger: 0)
            // SAFETY: the kernel reads the structure during the call. It fails only for a socket
            // that is broken already.
            _ = unsafe setsockopt(
                descriptor.rawValue,
                SOL_SOCKET,
                SO_LINGER,
                &abortive,
                socklen_t(MemoryLayout<linger>.size)
            )
        }

        package mutating func close(_ descriptor: Descriptor) {
            // Linux has freed the number whatever `close` says, unless it was not open.
            let result = Glibc.close(descriptor.rawValue)
            precondition(result == 0 || errno != EBADF, "a descriptor is closed once")
        }
    }
#endif
