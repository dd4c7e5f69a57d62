// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import LinnetConnections
internal import LinnetPollers
internal import LinnetTransports

extension Endpoint {
    /// The addresses to connect to, in the order in which to try them.
    ///
    /// A name is looked up on a thread that may wait for the network; if it takes too long, that
    /// thread goes on alone, and what it finds is thrown away.
    ///
    /// - Throws: `TransportError`, `CancellationError`.
    func lookUp(before deadline: MonotonicInstant) async throws -> [SocketAddress] {
        guard asksNetwork else { return try addresses(for: .connect) }
        let promise = Promise<Lookup>()
        DispatchQueue.global().async {
            do throws(TransportError) {
                promise.keep(.found(try addresses(for: .connect)))
            } catch {
                promise.keep(.failed(error))
            }
        }
        let late = Lookup.failed(
            .cannotResolve(self, reason: "there was no answer within the time given")
        )
        switch await promise.value(before: deadline, late: late, cancelled: .cancelled) {
        case .found(let addresses): return addresses
        case .failed(let error): throw error
        case .cancelled: throw CancellationError()
        }
    }

    /// Whether the host is a name rather than an address.
    private var asksNetwork: Bool {
        guard case .tcp(let host, _) = self else { return false }
        let isAddress =
            host.contains(":")
            || host.utf8.allSatisfy { byte in
                byte == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            }
        return !isAddress
    }

    private enum Lookup: Sendable {
        case found([SocketAddress])
        case failed(TransportError)
        case cancelled
    }
}
