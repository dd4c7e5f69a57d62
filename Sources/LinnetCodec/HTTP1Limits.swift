// SPDX-License-Identifier: Apache-2.0

/// What a request may have at most. Who asks for more is answered with the status that says so.
@frozen
public struct HTTP1Limits: Hashable, Sendable {
    /// The longest line of a head, or of a chunk's size, without its CRLF. 8,192 by default, more
    /// than the 8,000 that RFC 9112 3 asks for. Status 414 for the request line, 431 for a header,
    /// 400 for the size of a chunk.
    public let maxLineByteCount: Int
    /// Headers, with those behind a chunked body. 100 by default, as other servers have it. Status
    /// 431.
    public let maxHeaderCount: Int
    /// The longest head, from the method to the empty line and with it. 16,384 by default. Status
    /// 431.
    public let maxHeadByteCount: Int
    /// The longest body as it stands on the wire: with the sizes and extensions of its chunks, and
    /// the headers behind it. 1,000,000 by default, so that a request fits into a block of 1 MiB.
    /// Status 413.
    public let maxBodyByteCount: Int

    /// No limit is negative.
    ///
    /// - Parameters:
    ///   - maxLineByteCount: at most 1,000,000,000.
    ///   - maxHeaderCount: at most 65,534.
    ///   - maxHeadByteCount: at most 65,535.
    ///   - maxBodyByteCount: at most 1,000,000,000.
    public init(
        maxLineByteCount: Int = 8_192,
        maxHeaderCount: Int = 100,
        maxHeadByteCount: Int = 16_384,
        maxBodyByteCount: Int = 1_000_000
    ) {
        precondition(
            min(maxLineByteCount, maxHeaderCount, maxBodyByteCount) >= 0,
            "a limit is not negative"
        )
        precondition(
            (1...Int(UInt16.max)).contains(maxHeadByteCount),
            "a head has at most 65,535 bytes"
        )
        precondition(
            max(maxLineByteCount, maxBodyByteCount) <= 1_000_000_000,
            "a line and a body have at most 1,000,000,000 bytes"
        )
        // One more line is counted before there are too many.
        precondition(maxHeaderCount < Int(UInt16.max), "there are at most 65,534 headers")
        self.maxLineByteCount = maxLineByteCount
        self.maxHeaderCount = maxHeaderCount
        self.maxHeadByteCount = maxHeadByteCount
        self.maxBodyByteCount = maxBodyByteCount
    }
}
