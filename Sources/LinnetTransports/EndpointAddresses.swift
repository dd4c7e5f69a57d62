// SPDX-License-Identifier: Apache-2.0

internal import Glibc
package import LinnetPollers

extension Endpoint {
    /// The addresses that the endpoint stands for, in the order in which to try them: at least one.
    ///
    /// To listen at a name, those of IPv4 come first, because that is where clients look most
    /// often; for every address of this machine that of IPv6 does, which takes connections of IPv4
    /// as well. To connect, the order is the system's (RFC 6724).
    ///
    /// Cost: may ask the network for a name, and blocks until it has answered. Thread: any, but for
    /// a reactor's.
    package func addresses(
        for attempt: TransportError.Attempt
    ) throws(TransportError) -> [SocketAddress] {
        switch self {
        case .unix(let path):
            guard let address = SocketAddress(path: path) else {
                throw .wrongPath(self, maxByteCount: SocketAddress.maxPathByteCount)
            }
            return [address]
        case .tcp(let host, let port):
            let found = try lookUp(host, port, for: attempt)
            guard attempt == .listen else { return found }
            let first = host.isEmpty ? AF_INET6 : AF_INET
            return found.filter { $0.family == first } + found.filter { $0.family != first }
        }
    }

    private func lookUp(
        _ host: String,
        _ port: UInt16,
        for attempt: TransportError.Attempt
    ) throws(TransportError) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = attempt == .listen ? AI_PASSIVE : 0
        var list: UnsafeMutablePointer<addrinfo>?
        // SAFETY: the system reads the strings and the hints, and makes a list that is freed below.
        let error = unsafe getaddrinfo(host.isEmpty ? nil : host, String(port), &hints, &list)
        guard error == 0 else {
            // SAFETY: the system's text is constant.
            let reason = unsafe gai_strerror(error).map { unsafe String(cString: $0) }
            throw .cannotResolve(self, reason: reason ?? "error \(error)")
        }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next?.pointee {
            // SAFETY: the list lives until the end of this function.
            if let bytes = unsafe entry.ai_addr,
                let address = unsafe SocketAddress(copying: bytes, byteCount: entry.ai_addrlen)
            {
                addresses.append(address)
            }
            unsafe next = entry.ai_next
        }
        guard !addresses.isEmpty else { throw .cannotResolve(self, reason: "no address") }
        return addresses
    }
}
