// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import LinnetBytes
internal import LinnetConnections
package import LinnetPollers

/// A socket that listens, closed when the value ends. A Unix socket's file goes with it.
package struct ListeningSocket: ~Copyable {
    package let descriptor: Descriptor
    /// Where it listens: the real port if the system has chosen it.
    package let endpoint: Endpoint
    private let address: SocketAddress
    private let options: SocketOptions
    private let file: SocketFile?

    /// Opens, binds and listens.
    ///
    /// Of several addresses it takes the first that this machine has. The file of a Unix socket at
    /// which nobody listens any more is replaced; two processes that do so at the same moment may
    /// replace each other's.
    ///
    /// - Parameter isShared: whether siblings may listen at the same port, each with a backlog of
    ///   its own among which the kernel spreads connections (SO_REUSEPORT). Not for Unix sockets.
    package init(
        at endpoint: Endpoint,
        options: SocketOptions,
        isShared: Bool = false
    ) throws(TransportError) {
        var failure: TransportError?
        for address in try endpoint.addresses(for: .listen) {
            do throws(TransportError) {
                self = try Self(at: address, of: endpoint, options, isShared: isShared)
                return
            } catch {
                failure = failure ?? error
                if !error.isLackOfAddress { break }
            }
        }
        throw failure ?? .cannotResolve(endpoint, reason: "no address")
    }

    /// Another socket at the port of this one, which is shared.
    package borrowing func makeSibling() throws(TransportError) -> ListeningSocket {
        precondition(file == nil, "the reactors of a Unix socket share the socket itself")
        return try Self(at: address, of: endpoint, options, isShared: true)
    }

    private init(
        at address: SocketAddress,
        of endpoint: Endpoint,
        _ options: SocketOptions,
        isShared: Bool
    ) throws(TransportError) {
        let descriptor: Descriptor
        let bound: (address: SocketAddress, file: SocketFile?)
        do throws(Errno) {
            descriptor = try Descriptor(openedFor: address)
        } catch {
            throw .failed(.listen, endpoint, error)
        }
        do throws(Errno) {
            bound = try descriptor.listen(at: address, of: endpoint, options, isShared: isShared)
        } catch {
            close(descriptor.rawValue)
            throw .failed(.listen, endpoint, error)
        }
        self.descriptor = descriptor
        self.address = bound.address
        self.file = bound.file
        self.options = options
        self.endpoint = endpoint.replacingPort(with: bound.address.peer)
    }

    /// Refuses connections from now on, those in the backlog too; the descriptor stays.
    package borrowing func endListening() {
        // It fails only for a socket that does not listen.
        _ = shutdown(descriptor.rawValue, CInt(SHUT_RDWR))
    }

    deinit {
        // First the file: nobody shall find it and be refused.
        file?.remove()
        close(descriptor.rawValue)
    }
}

extension TransportError {
    /// Whether another address of the same host may do. A port in use there is no such case: the
    /// server would listen where nobody looks for it.
    fileprivate var isLackOfAddress: Bool {
        guard case .failed(_, _, let error) = self else { return false }
        return [EAFNOSUPPORT, EADDRNOTAVAIL].contains(error.rawValue)
    }
}

extension Endpoint {
    /// With the port that a socket was given.
    fileprivate func replacingPort(with bound: PeerAddress) -> Endpoint {
        switch self {
        case .tcp(let host, _): .tcp(host: host, port: bound.port)
        case .unix: self
        }
    }
}

extension Descriptor {
    fileprivate func listen(
        at address: SocketAddress,
        of endpoint: Endpoint,
        _ options: SocketOptions,
        isShared: Bool
    ) throws(Errno) -> (address: SocketAddress, file: SocketFile?) {
        let isTCP = address.family != AF_UNIX
        try options.apply(to: self, isTCP: isTCP)
        // A restarted server need not wait until the connections of the one before are forgotten.
        // For a Unix socket the kernel ignores it.
        try set(SOL_SOCKET, SO_REUSEADDR, to: 1)
        if isTCP && isShared { try set(SOL_SOCKET, SO_REUSEPORT, to: 1) }
        if address.family == AF_INET6 { try set(CInt(IPPROTO_IPV6), IPV6_V6ONLY, to: 0) }
        let file = try bind(to: address, of: endpoint)
        do throws(Errno) {
            guard Glibc.listen(rawValue, CInt(clamping: options.backlog)) == 0 else { throw .last }
            return (try boundAddress(), file)
        } catch {
            file?.remove()
            throw error
        }
    }

    /// Binds, and says which file that has made if it has.
    private func bind(
        to address: SocketAddress,
        of endpoint: Endpoint
    ) throws(Errno) -> SocketFile? {
        if tryToBind(to: address) != 0 {
            let error = Errno.last
            guard error.rawValue == EADDRINUSE, case .unix(let path) = endpoint,
                let file = SocketFile(at: path), file.isStale(address)
            else { throw error }
            file.remove()
            guard tryToBind(to: address) == 0 else { throw .last }
        }
        guard case .unix(let path) = endpoint else { return nil }
        return SocketFile(at: path)
    }

    private func tryToBind(to address: SocketAddress) -> CInt {
        // SAFETY: the kernel reads the address during the call.
        unsafe address.withPointer { unsafe Glibc.bind(rawValue, $0, $1) }
    }

    private func boundAddress() throws(Errno) -> SocketAddress {
        var address = SocketAddress()
        // SAFETY: the kernel writes an address that is no longer than the storage.
        let result = unsafe address.fill { unsafe getsockname(rawValue, $0, $1) }
        guard result == 0 else { throw .last }
        return address
    }
}

/// The file of a Unix socket, known again by its inode.
private struct SocketFile {
    private let path: String
    private let device: dev_t
    private let inode: ino_t

    /// `nil` if there is none, or it is no socket.
    init?(at path: String) {
        var status = stat()
        // SAFETY: the system reads the string and writes the structure.
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else {
            return nil
        }
        self.path = path
        device = status.st_dev
        inode = status.st_ino
    }

    /// Whether nobody listens any more: a socket with a full backlog answers otherwise.
    func isStale(_ address: SocketAddress) -> Bool {
        guard let probe = try? Descriptor(openedFor: address) else { return false }
        defer { close(probe.rawValue) }
        // SAFETY: the kernel reads the address during the call.
        return unsafe address.withPointer { unsafe connect(probe.rawValue, $0, $1) } != 0
            && errno == ECONNREFUSED
    }

    /// Removes the file, unless another stands in its place.
    func remove() {
        guard let now = Self(at: path), now.device == device, now.inode == inode else { return }
        // SAFETY: the system reads the string.
        unsafe unlink(path)
    }
}
