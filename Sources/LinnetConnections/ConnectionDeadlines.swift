// SPDX-License-Identifier: Apache-2.0

/// How long a connection may wait for its peer. All connections of a server share these.
public struct ConnectionDeadlines: Hashable, Sendable {
    /// From the first byte of the connection until it is usable. 10 s by default: TCP repeats a
    /// lost SYN after 1, 3 and 7 s, and few people wait longer.
    public let opening: Duration
    /// From the first byte of a frame until its last. 60 s by default: a peer that needs longer for
    /// a megabyte has less than 140 kbit/s, and one that never ends its frame keeps a block of the
    /// pool. Time in which we did not read it does not count.
    ///
    /// The connection is closed gracefully then (``CloseReason/frameTimeout``), up to an eighth of
    /// the limit late, or 0.2 s if that is more. `nil`: a frame may take for ever.
    public let frame: Duration?
    /// How long nothing may come in or go out while no frame is with a worker and nothing waits to
    /// be written. `nil` by default: a connection may be silent for ever, which costs about 200
    /// bytes.
    ///
    /// It is closed gracefully then (``CloseReason/idleTimeout``), up to a sixteenth of the limit
    /// late, or 0.1 s if that is more.
    public let idle: Duration?
    /// How long outbound may stand at its limit, and how long the last of it may take to be
    /// written. 30 s by default: a megabyte in that time needs 280 kbit/s.
    public let write: Duration
    /// From our FIN until the peer's. 2 s by default: a slow round trip, one packet lost on it, and
    /// a peer that ends at once; a peer that does not end costs no more than that.
    public let linger: Duration
    /// From the request of a server that stops until the connection is released. 25 s by default:
    /// those who supervise processes commonly kill them after 30 s.
    public let drain: Duration

    /// None is negative. One that is too long to be told means that the wait has no end.
    public init(
        opening: Duration = .seconds(10),
        frame: Duration? = .seconds(60),
        idle: Duration? = nil,
        write: Duration = .seconds(30),
        linger: Duration = .seconds(2),
        drain: Duration = .seconds(25)
    ) {
        precondition(
            min(opening, write, linger, drain) >= .zero,
            "a deadline is not before its beginning"
        )
        precondition(
            frame ?? .seconds(1) > .zero && idle ?? .seconds(1) > .zero,
            "a frame and silence take time"
        )
        self.opening = opening
        self.frame = frame
        self.idle = idle
        self.write = write
        self.linger = linger
        self.drain = drain
    }

    /// The same with another deadline for the drain.
    package func draining(within limit: Duration) -> ConnectionDeadlines {
        ConnectionDeadlines(
            opening: opening,
            frame: frame,
            idle: idle,
            write: write,
            linger: linger,
            drain: limit
        )
    }
}
