// SPDX-License-Identifier: Apache-2.0

public import LinnetTransports

extension Server {
    /// As ``run(framing:stoppingWithin:started:makeHandler:)``, for a service: packets are those of
    /// its protocol.
    ///
    /// ```swift
    /// try server.run { _ in Board() }
    /// ```
    ///
    /// - Parameters:
    ///   - limit: as of ``stop(within:)``.
    ///   - started: called when the server listens, with where.
    ///   - makeService: called once on each worker, or on each reactor when services run inline:
    ///     what it makes is that thread's alone, and sees the connections of that thread.
    @inlinable
    public func run<S: Service & ~Copyable>(
        stoppingWithin limit: Duration? = nil,
        started: ([Endpoint]) -> Void = { _ in },
        makeService: @escaping @Sendable (_ index: Int) -> S
    ) throws {
        try run(framing: S.Wire.framing, stoppingWithin: limit, started: started) { index in
            ServiceHandler(makeService(index))
        }
    }

    /// As ``start(framing:makeHandler:)``, for a service: packets are those of its protocol.
    @inlinable
    public func start<S: Service & ~Copyable>(
        makeService: @escaping @Sendable (_ index: Int) -> S
    ) throws {
        try start(framing: S.Wire.framing) { index in ServiceHandler(makeService(index)) }
    }
}
